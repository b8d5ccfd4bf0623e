#include "get.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

/* Keeps what fits and accepts the rest, so that a long body is not an error. */
static size_t keep(char *bytes, size_t size, size_t count, void *context)
{
  struct get_result *result = context;
  size_t room = sizeof result->body - result->size;
  size_t kept = size * count < room ? size * count : room;

  memcpy(result->body + result->size, bytes, kept);
  result->size += kept;
  return size * count;
}

void get_http(const char *url, long timeout_ms, struct get_result *result)
{
  char problem[CURL_ERROR_SIZE] = "";
  CURL *curl = curl_easy_init();
  CURLcode code = CURLE_OUT_OF_MEMORY;

  memset(result, 0, sizeof *result);
  if (curl != NULL) {
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http");
    curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "deepidv-emulator");
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, timeout_ms);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    /* Containers often have a proxy in their environment, which cannot reach the loopback address. */
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, result);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, problem);
    code = curl_easy_perform(curl);
    if (code == CURLE_OK)
      curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &result->status);
  }
  if (code != CURLE_OK) {
    snprintf(result->problem, sizeof result->problem, "%s",
        problem[0] != '\0' ? problem : curl_easy_strerror(code));
  }
  if (curl != NULL)
    curl_easy_cleanup(curl);
}
