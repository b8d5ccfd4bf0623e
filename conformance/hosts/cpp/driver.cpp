// The conformance driver in C++11, over deepidv.hpp.

#include <functional>
#include <iostream>
#include <map>
#include <sstream>
#include <vector>

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "deepidv.hpp"

using deepidv::client;
using deepidv::result;
using deepidv::session_request;
using deepidv::status;
using fields = std::vector<std::string>;

static client new_client()
{
  deepidv::config config;
  config.from_env();
  return client(config);
}

static session_request new_request(const std::string &json)
{
  session_request request;
  request.json(json);
  return request;
}

static std::string name(status code) { return deepidv::status_name(code); }

static std::string name(const deepidv::error &error)
{
  return error.name() + (error.field().empty() ? "" : "\t" + error.field());
}

// Runs a call that returns nothing, and returns its status.
static std::string status_of(const std::function<void()> &call)
{
  call();
  return name(status::ok);
}

static void submit(client &client, const std::string &prefix, unsigned count, const std::string &json)
{
  session_request request = new_request(json);
  for (unsigned tag = 1; tag <= count; tag++)
    client.session_create_submit(request.external_id(prefix + "-" + std::to_string(tag)), tag);
}

static std::string take(client &client, unsigned count)
{
  pollfd watched = { client.fd(), POLLIN, 0 };
  unsigned long long taken = 0, tags = 0, sessions = 0;
  while (taken < count && poll(&watched, 1, -1) > 0)
    while (deepidv::completion done = client.next()) {
      taken++;
      tags += done.tag();
      sessions += done.result().session_id().has_value();
    }
  std::ostringstream line;
  line << taken << " completions, tags " << tags << ", " << sessions << " sessions";
  return line.str();
}

static std::string many(client &client, const fields &field)
{
  submit(client, "many", std::stoul(field[1]), field[2]);
  return take(client, std::stoul(field[1]));
}

// C++ has no collector: each request is freed at the end of its scope.
static std::string collect(client &client, const fields &field)
{
  submit(client, "collect", std::stoul(field[1]), field[2]);
  for (int garbage = 0; garbage < 1000; garbage++)
    new_request(field[2]);
  return take(client, std::stoul(field[1]));
}

static std::string cancel(client &client, const std::string &id)
{
  const auto op = client.session_retrieve_submit(id, 1);
  const auto waited = client.take(op, 50);
  client.cancel(op);
  return name(waited.code()) + "\t" + name(client.take(op, -1).status());
}

static std::string matches(const std::string &url, const std::string &id)
{
  const auto parsed = deepidv::redirect_parse(url);
  return name(parsed ? deepidv::redirect_matches(url, parsed.value, id) : parsed.code);
}

static std::string webhook(const fields &field)
{
  deepidv::webhook_secrets secrets;
  secrets.add(field[1]);
  return secrets.webhook_open(field[2], field[3]).describe().value();
}

// The result outlives its client.
static std::string order(const std::string &json)
{
  return new_client().session_create(new_request(json)).describe().value();
}

static std::string forked(client &client, const std::string &json)
{
  const session_request request = new_request(json);
  const pid_t child = fork();
  if (child == 0) {
    try {
      client.session_create(request);
      _exit(0);
    } catch (const deepidv::error &error) {
      _exit(static_cast<int>(error.code()));
    }
  }
  int ended = 0;
  waitpid(child, &ended, 0);
  return name(static_cast<status>(WEXITSTATUS(ended)));
}

static std::string version()
{
  const auto number = deepidv::abi_version();
  return std::to_string(number >> 16) + "." + std::to_string(number & 0xFFFF);
}

static std::string redirect(const std::string &url)
{
  const auto described = deepidv::redirect_describe(url);
  return described ? described.value : name(described.code);
}

static std::string run(client &client, const fields &field)
{
  using deepidv::decision;
  const std::string &command = field[0];
  if (command == "version")
    return version();
  if (command == "redirect")
    return redirect(field[1]);
  if (command == "matches")
    return matches(field[1], field[2]);
  if (command == "webhook")
    return webhook(field);
  if (command == "option")
    return status_of([&] { deepidv::config().set(field[1], field[2]); });
  if (command == "check")
    return status_of([&] { new_request(field[1]).validate(); });
  if (command == "nul")
    return status_of([&] { new_request(field[1]).first_name(std::string("a\0b", 3)); });
  if (command == "many")
    return many(client, field);
  if (command == "collect")
    return collect(client, field);
  if (command == "cancel")
    return cancel(client, field[1]);
  if (command == "order")
    return order(field[1]);
  if (command == "fork")
    return forked(client, field[1]);
  const std::map<std::string, std::function<result()>> calls = {
    { "create", [&] { return client.session_create(new_request(field[1])); } },
    { "find", [&] { return client.session_find_or_create(new_request(field[1])); } },
    { "retrieve", [&] { return client.session_retrieve(field[1]); } },
    { "list", [&] { return client.session_list(field[1], std::stoul(field[2])); } },
    { "update",
        [&] {
          return client.session_update_status(
              field[1], field[2] == "VERIFIED" ? decision::verified : decision::rejected);
        } },
    { "confirm", [&] { return client.redirect_confirm(field[1], field[2]); } },
    { "reconcile", [&] { return client.session_reconcile(field[1]); } },
  };
  return calls.at(command)().describe().value();
}

int main()
{
  client client = new_client();
  std::string line, text;
  while (std::getline(std::cin, line)) {
    fields field;
    for (std::istringstream rest(line + "\t"); std::getline(rest, text, '\t');)
      field.push_back(text);
    try {
      std::cout << run(client, field) << std::endl;
    } catch (const deepidv::error &error) {
      std::cout << (error.details() ? error.details()->describe().value() : name(error)) << std::endl;
    }
  }
}
