#include "post.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

void post_prepare(void) { curl_global_init(CURL_GLOBAL_DEFAULT); }

static size_t discard(char *bytes, size_t size, size_t count, void *unused)
{
  (void)bytes;
  (void)unused;
  return size * count;
}

static int append(struct curl_slist **list, const char *header)
{
  struct curl_slist *longer = curl_slist_append(*list, header);
  if (longer == NULL)
    return 0;
  *list = longer;
  return 1;
}

void post_json(const char *url, const char *signature, const void *body, size_t size, long timeout_ms,
    int check_peer, struct post_result *result)
{
  char signed_header[512];
  char problem[CURL_ERROR_SIZE] = "";
  struct curl_slist *headers = NULL;
  CURL *curl = curl_easy_init();
  CURLcode code = CURLE_OUT_OF_MEMORY;

  memset(result, 0, sizeof *result);
  snprintf(signed_header, sizeof signed_header, "deepidv-signature: %s", signature);
  if (curl != NULL && append(&headers, "Content-Type: application/json") && append(&headers, "Expect:")
      && append(&headers, signed_header)) {
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "deepidv-emulator");
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)size);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, timeout_ms);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, check_peer ? 1L : 0L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, check_peer ? 2L : 0L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, discard);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, problem);
    code = curl_easy_perform(curl);
    if (code == CURLE_OK)
      curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &result->status);
  }
  if (code != CURLE_OK) {
    snprintf(result->problem, sizeof result->problem, "%s",
        problem[0] != '\0' ? problem : curl_easy_strerror(code));
  }
  curl_slist_free_all(headers);
  if (curl != NULL)
    curl_easy_cleanup(curl);
}
