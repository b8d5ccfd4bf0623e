// Both URL classes of ada with url_search_params, and url_search_params alone.

#include "ada.h"

#include <cstring>

extern "C" {
#include "parser.h"
}

static void read(std::string_view query, answer *out)
{
  ada::url_search_params params(query);
  auto status = params.get("status"), reason = params.get("reason"), id = params.get("session_id");

  out->status = status ? status_code(status->data(), status->size()) : 0;
  out->reason = reason ? reason_code(reason->data(), reason->size()) : 0;
  out->id_length = 0;
  if (id && id->size() <= sizeof out->id) {
    out->id_length = id->size();
    std::memcpy(out->id, id->data(), id->size());
  }
}

template <class URL> static void with(const char *url, size_t length, answer *out)
{
  auto parsed = ada::parse<URL>(std::string_view(url, length));

  if (parsed)
    read(parsed->get_search(), out);
}

extern "C" void with_ada_url(const char *url, size_t length, int, answer *out)
{
  with<ada::url>(url, length, out);
}

extern "C" void with_ada_aggregator(const char *url, size_t length, int, answer *out)
{
  with<ada::url_aggregator>(url, length, out);
}

extern "C" void with_ada_search_params(const char *url, size_t length, int, answer *out)
{
  std::string_view text(url, length);
  size_t start = text.find('?'), end = text.find('#');

  read(start < end ? text.substr(start, end - start) : std::string_view(), out);
}
