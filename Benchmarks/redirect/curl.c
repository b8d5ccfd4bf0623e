/*
 * Gets the query with curl_url_get, splits it with memchr because libcurl has no function
 * for that, and decodes names and values with curl_easy_unescape.
 */

#include "parser.h"

#include <string.h>

#include <curl/curl.h>

static int is(const char *text, int length, const char *word)
{
  return (size_t)length == strlen(word) && memcmp(text, word, (size_t)length) == 0;
}

void with_curl(const char *url, size_t length, int decode, answer *out)
{
  CURLU *handle = curl_url();
  char *query = NULL, *at, *end;

  (void)length;
  (void)decode;
  out->status = out->reason = 0;
  out->id_length = 0;
  if (curl_url_set(handle, CURLUPART_URL, url, 0) == CURLUE_OK)
    curl_url_get(handle, CURLUPART_QUERY, &query, 0);
  for (at = query; at && *at; at = *end ? end + 1 : end) {
    char *equals, *name, *value;
    int name_length, value_length;

    end = strchr(at, '&');
    if (!end)
      end = at + strlen(at);
    equals = memchr(at, '=', (size_t)(end - at));
    if (!equals || equals == at || end == equals + 1)
      continue;
    name = curl_easy_unescape(NULL, at, (int)(equals - at), &name_length);
    if (is(name, name_length, "status") || is(name, name_length, "reason")
        || is(name, name_length, "session_id")) {
      value = curl_easy_unescape(NULL, equals + 1, (int)(end - equals - 1), &value_length);
      if (name_length == 10 && !out->id_length && value_length <= (int)sizeof out->id) {
        out->id_length = (size_t)value_length;
        memcpy(out->id, value, out->id_length);
      } else if (name[0] == 's' && name_length == 6 && !out->status) {
        out->status = status_code(value, (size_t)value_length);
      } else if (name[0] == 'r' && !out->reason) {
        out->reason = reason_code(value, (size_t)value_length);
      }
      curl_free(value);
    }
    curl_free(name);
  }
  curl_free(query);
  curl_url_cleanup(handle);
}
