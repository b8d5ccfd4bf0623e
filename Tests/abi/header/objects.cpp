// Objects, exceptions and answers of deepidv.hpp, without a network.
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <new>

#include "deepidv.hpp"

using deepidv::status;

#define ASSERT(condition) \
  do \
    if (!(condition)) { \
      std::cerr << __LINE__ << ": " << #condition << std::endl; \
      std::exit(1); \
    } \
  while (0)

// Runs a call that must throw this class, and returns the exception.
template <class Error, class Call> Error thrown(Call call)
{
  try {
    call();
  } catch (const Error &error) {
    return error;
  }
  std::cerr << "nothing was thrown" << std::endl;
  std::exit(1);
}

// How many allocations of C++ still succeed, or -1 for all. The library does not use these.
static int allocations = -1;

void *operator new(std::size_t size)
{
  void *memory = allocations == 0 ? nullptr : std::malloc(size ? size : 1);
  if (!memory)
    throw std::bad_alloc();
  if (allocations > 0)
    allocations--;
  return memory;
}

void operator delete(void *memory) noexcept { std::free(memory); }
void operator delete(void *memory, std::size_t) noexcept { std::free(memory); }

// Runs a call with so few allocations, and says whether it threw bad_alloc.
template <class Call> bool runs_out(int count, Call call)
{
  allocations = count;
  try {
    call();
    allocations = -1;
  } catch (const std::bad_alloc &) {
    allocations = -1;
    return true;
  }
  return false;
}

static void objects_move()
{
  deepidv::config first{ { "api_key", "dk_1" } }, second;
  deepidv_config *pointer = first.get();
  second = std::move(first);
  ASSERT(second.get() == pointer && first.get() == nullptr);
  deepidv::config &same = second;
  second = std::move(same);
  ASSERT(second.get() == pointer);
  deepidv::client client(second);
  second = deepidv::config();
  ASSERT(client.fd() >= 0);
  deepidv_client_free(client.release());
}

static void a_refused_argument_names_its_field()
{
  deepidv::session_request request;
  auto refused = thrown<deepidv::argument_error>([&] { request.json("{\"phone\": \"1\"}"); });
  ASSERT(refused.code() == status::phone && refused.field() == "phone" && !refused.details());
  ASSERT(thrown<deepidv::argument_error>([&] { request.validate(); }).field() == "first_name");
  ASSERT(thrown<deepidv::argument_error>([&] { request.first_name(std::string("a\0b", 3)); }).code()
      == status::nul);
}

static void a_failed_operation_has_a_result()
{
  deepidv::client client(deepidv::config{ { "api_key", "dk_1" } });
  const deepidv::session_request request;
  auto error = thrown<deepidv::error>([&] { client.session_create(request); });
  ASSERT(error.details() && error.field() == "first_name");
  ASSERT(error.details()->status() == status::required && !error.details()->session_id());
  client.close();
  ASSERT(thrown<deepidv::client_error>([&] { client.session_retrieve("s"); }).code() == status::closed);
}

// Nobody listens there.
static deepidv::client unconnected()
{
  const std::string url = "http://127.0.0.1:1";
  return deepidv::client(
      deepidv::config{ { "api_key", "dk_1" }, { "base_url", url }, { "timeout_ms", "300" } });
}

// Memory for the exception is allocated before the operation, so that no outcome is replaced by bad_alloc.
static void no_failure_is_replaced_by_bad_alloc()
{
  deepidv::client client(unconnected());
  const std::string id = "s";
  bool failed = false;
  for (int count = 0; !failed; count++) {
    ASSERT(count < 10);
    const auto before = client.stats().submitted;
    const bool out = runs_out(count, [&] {
      try {
        client.session_retrieve(id);
      } catch (const deepidv::network_error &error) {
        failed = error.details() && error.details()->get();
      }
    });
    ASSERT(out != failed && client.stats().submitted == before + (failed ? 1 : 0));
  }
}

static void no_completion_is_replaced_by_bad_alloc()
{
  deepidv::client client(unconnected());
  client.session_retrieve_submit("s", 7);
  ASSERT(client.wait(10000) == status::ok);
  ASSERT(runs_out(0, [&] { client.next(); }));
  deepidv::completion completion = client.next();
  ASSERT(completion && completion.tag() == 7);
  bool failed = false;
  ASSERT(!runs_out(0, [&] {
    try {
      completion.result().throw_if_failed();
    } catch (const deepidv::network_error &error) {
      failed = error.details() && error.details()->get();
    }
  }));
  ASSERT(failed);
}

static void a_result_from_c_keeps_its_details()
{
  deepidv::client client(unconnected());
  deepidv_result *owned = nullptr;
  deepidv_session_retrieve(client.get(), "s", DEEPIDV_NTS, &owned);
  deepidv::result result(owned);
  bool failed = false;
  ASSERT(!runs_out(0, [&] {
    try {
      result.throw_if_failed();
    } catch (const deepidv::network_error &error) {
      failed = !error.details();
    }
  }));
  ASSERT(failed && result.get() == owned);
  ASSERT(thrown<deepidv::network_error>([&] { result.throw_if_failed(); }).details()->get() == owned);
}

static void an_answer_is_no_exception()
{
  deepidv::client client(deepidv::config{ { "api_key", "dk_1" } });
  const deepidv::completion none = client.next();
  ASSERT(!none && none.code() == status::empty);
  ASSERT(client.wait(0) == status::timeout);
  const auto parsed = deepidv::redirect_parse("?session_id=a&session_id=b");
  ASSERT(!parsed && parsed.code == status::repeated);
  const auto redirect = deepidv::redirect_parse("?session_id=a");
  ASSERT(redirect && deepidv::redirect_matches("?session_id=a", redirect.value, "b") == status::mismatch);
}

static void a_long_text_is_not_cut()
{
  const std::string value(5000, 'x');
  const auto described = deepidv::redirect_describe("?session_id=" + value);
  ASSERT(described && described.value.find(value) != std::string::npos);
}

static void what_tells_a_forger_nothing()
{
  deepidv::webhook_secrets secrets;
  secrets.add("whsec_1");
  auto forged = thrown<deepidv::untrusted_error>([&] { secrets.webhook_open("", "{}"); });
  auto malformed = thrown<deepidv::untrusted_error>([&] { secrets.webhook_open("whsec_1", "{}"); });
  ASSERT(forged.code() != malformed.code() && std::strcmp(forged.what(), malformed.what()) == 0);
}

static void an_unknown_outcome_must_not_be_repeated()
{
  ASSERT(deepidv::repeats(status::outcome_unknown) == deepidv::repeat::never);
  ASSERT(deepidv::repeats(status::not_sent) == deepidv::repeat::safe);
  ASSERT(deepidv::repeats(status::bad_request) == deepidv::repeat::unspecified);
}

int main()
{
  objects_move();
  a_refused_argument_names_its_field();
  a_failed_operation_has_a_result();
  no_failure_is_replaced_by_bad_alloc();
  no_completion_is_replaced_by_bad_alloc();
  a_result_from_c_keeps_its_details();
  an_answer_is_no_exception();
  a_long_text_is_not_cut();
  what_tells_a_forger_nothing();
  an_unknown_outcome_must_not_be_repeated();
}
