// The binding for R, over deepidv.hpp: objects are external pointers, and exceptions conditions of the class deepidv_error.

#include <Rcpp.h>
#include <sys/wait.h>
#include <unistd.h>

#include "deepidv.hpp"

using Rcpp::XPtr;
using client = XPtr<deepidv::client>;
using request = XPtr<deepidv::session_request>;
using result = XPtr<deepidv::result>;

// Text for R, marked as UTF-8.
static Rcpp::String utf8(const std::string &text) { return Rcpp::String(text, CE_UTF8); }

// Calls a function of the library; an exception becomes a list with its status, field and result.
template <class Call> static SEXP guarded(Call call)
{
  try {
    return call();
  } catch (const deepidv::error &error) {
    Rcpp::List condition = Rcpp::List::create(Rcpp::_["message"] = error.what(),
        Rcpp::_["status"] = error.name(), Rcpp::_["field"] = error.field(), Rcpp::_["result"] = R_NilValue);
    if (error.details())
      condition["result"] = utf8(error.details()->describe().value());
    condition.attr("class") = Rcpp::CharacterVector::create("deepidv_error", "error", "condition");
    return condition;
  }
}

static SEXP described(const deepidv::result &result) { return Rcpp::wrap(utf8(result.describe().value())); }
static SEXP named(deepidv::status status) { return Rcpp::wrap(deepidv::status_name(status)); }

// [[Rcpp::export]]
SEXP new_client()
{
  return guarded([] {
    deepidv::config config;
    config.from_env();
    return client(new deepidv::client(config));
  });
}

// [[Rcpp::export]]
SEXP new_request(std::string json)
{
  return guarded([&] {
    std::unique_ptr<deepidv::session_request> made(new deepidv::session_request());
    made->json(json);
    return request(made.release());
  });
}

// [[Rcpp::export]]
int abi_version() { return static_cast<int>(deepidv::abi_version()); }

// [[Rcpp::export]]
SEXP redirect_describe(std::string url)
{
  return guarded([&] {
    const auto described = deepidv::redirect_describe(url);
    return described ? Rcpp::wrap(utf8(described.value)) : named(described.code);
  });
}

// [[Rcpp::export]]
SEXP redirect_matches(std::string url, std::string id)
{
  return guarded([&] {
    const auto parsed = deepidv::redirect_parse(url);
    return named(parsed ? deepidv::redirect_matches(url, parsed.value, id) : parsed.code);
  });
}

// [[Rcpp::export]]
SEXP webhook_describe(std::string secret, std::string signature, std::string body)
{
  return guarded([&] {
    deepidv::webhook_secrets secrets;
    secrets.add(secret);
    return Rcpp::wrap(utf8(secrets.webhook_open(signature, body).describe().value()));
  });
}

// [[Rcpp::export]]
SEXP config_set(std::string name, std::string value)
{
  return guarded([&] { return deepidv::config().set(name, value), named(deepidv::status::ok); });
}

// [[Rcpp::export]]
SEXP request_validate(request it)
{
  return guarded([&] { return it->validate(), named(deepidv::status::ok); });
}

// A text of R cannot contain NUL, so this takes bytes.
// [[Rcpp::export]]
SEXP request_set_first_name(request it, Rcpp::RawVector bytes)
{
  return guarded(
      [&] { return it->first_name(std::string(bytes.begin(), bytes.end())), named(deepidv::status::ok); });
}

// [[Rcpp::export]]
SEXP session_create(client it, request body)
{
  return guarded([&] { return described(it->session_create(*body)); });
}

// [[Rcpp::export]]
SEXP session_find_or_create(client it, request body)
{
  return guarded([&] { return described(it->session_find_or_create(*body)); });
}

// [[Rcpp::export]]
SEXP session_retrieve(client it, std::string id)
{
  return guarded([&] { return described(it->session_retrieve(id)); });
}

// [[Rcpp::export]]
SEXP session_list(client it, std::string external_id, unsigned limit)
{
  return guarded([&] { return described(it->session_list(external_id, limit)); });
}

// [[Rcpp::export]]
SEXP session_update_status(client it, std::string id, bool verified)
{
  const auto decision = verified ? deepidv::decision::verified : deepidv::decision::rejected;
  return guarded([&] { return described(it->session_update_status(id, decision)); });
}

// [[Rcpp::export]]
SEXP redirect_confirm(client it, std::string url, std::string id)
{
  return guarded([&] { return described(it->redirect_confirm(url, id)); });
}

// [[Rcpp::export]]
SEXP session_reconcile(client it, std::string token)
{
  return guarded([&] { return described(it->session_reconcile(token)); });
}

// [[Rcpp::export]]
SEXP session_create_submit(client it, request body, std::string external_id, double tag)
{
  return guarded([&] {
    body->external_id(external_id);
    return Rcpp::wrap(static_cast<double>(it->session_create_submit(*body, static_cast<uint64_t>(tag))));
  });
}

// Waits for completions, in short steps so that R can be interrupted, and takes all that there are.
// [[Rcpp::export]]
SEXP take_completions(client it)
{
  return guarded([&] {
    while (it->wait(100) == deepidv::status::timeout)
      Rcpp::checkUserInterrupt();
    std::vector<double> tags;
    std::vector<bool> created;
    while (deepidv::completion done = it->next()) {
      tags.push_back(static_cast<double>(done.tag()));
      created.push_back(done.result().session_id().has_value());
    }
    return Rcpp::DataFrame::create(Rcpp::_["tag"] = tags, Rcpp::_["created"] = created);
  });
}

// [[Rcpp::export]]
SEXP retrieve_and_cancel(client it, std::string id)
{
  return guarded([&] {
    const auto op = it->session_retrieve_submit(id, 1);
    const auto waited = it->take(op, 50);
    it->cancel(op);
    const auto status = it->take(op, -1).status();
    return Rcpp::CharacterVector::create(deepidv::status_name(waited.code()), deepidv::status_name(status));
  });
}

// [[Rcpp::export]]
SEXP create_and_free_client(client it, request body)
{
  return guarded([&] {
    const auto kept = it->session_create(*body);
    it.release();
    body.release();
    return described(kept);
  });
}

// [[Rcpp::export]]
SEXP create_in_fork(client it, request body)
{
  const pid_t child = fork();
  if (child == 0) {
    deepidv_result *none = nullptr;
    _exit(deepidv_session_create(it->get(), body->get(), &none));
  }
  int ended = 0;
  waitpid(child, &ended, 0);
  return named(static_cast<deepidv::status>(WEXITSTATUS(ended)));
}
