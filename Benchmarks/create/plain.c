#define _GNU_SOURCE
#include "plain.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

static char url[512];
static struct curl_slist *headers;

waiting *make_waiting(unsigned number)
{
  const uint64_t submitted = now_ns();
  cJSON *json = cJSON_CreateObject();
  uint64_t random[2];
  waiting *waiting;
  char text[64], *body;
  size_t length;

  cJSON_AddStringToObject(json, "first_name", FIRST_NAME);
  snprintf(text, sizeof text, LAST_NAME, number);
  cJSON_AddStringToObject(json, "last_name", text);
  snprintf(text, sizeof text, EMAIL, number);
  cJSON_AddStringToObject(json, "email", text);
  cJSON_AddStringToObject(json, "phone", PHONE);
  if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
    give_up("no random bits");
  snprintf(
      text, sizeof text, "didv_%016llx%016llx", (unsigned long long)random[0], (unsigned long long)random[1]);
  cJSON_AddStringToObject(json, "external_id", text);
  cJSON_AddStringToObject(json, "workflow_id", WORKFLOW_ID);
  cJSON_AddStringToObject(json, "redirect_url", REDIRECT_URL);
  body = cJSON_PrintUnformatted(json);
  cJSON_Delete(json);
  length = strlen(body);
  waiting = malloc(sizeof *waiting + length + 1);
  waiting->next = NULL;
  waiting->submitted = submitted;
  waiting->length = length;
  memcpy(waiting->body, body, length + 1);
  cJSON_free(body);
  return waiting;
}

static size_t keep(char *bytes, size_t size, size_t count, void *context)
{
  transfer *transfer = context;

  count *= size;
  if (transfer->count + count + 1 > transfer->capacity) {
    transfer->capacity = (transfer->count + count + 1) * 2;
    transfer->answer = realloc(transfer->answer, transfer->capacity);
  }
  memcpy(transfer->answer + transfer->count, bytes, count);
  transfer->count += count;
  transfer->answer[transfer->count] = '\0';
  return count;
}

void transfer_make(transfer *transfer, const job *job)
{
  memset(transfer, 0, sizeof *transfer);
  if (!headers) {
    snprintf(url, sizeof url, "%s/v1/sessions", job->url);
    headers = curl_slist_append(headers, "x-api-key: dk_benchmark");
    headers = curl_slist_append(headers, "Content-Type: application/json");
    headers = curl_slist_append(headers, "Accept: application/json");
    headers = curl_slist_append(headers, "Expect:");
  }
  transfer->easy = curl_easy_init();
  curl_easy_setopt(transfer->easy, CURLOPT_URL, url);
  curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(transfer->easy, CURLOPT_USERAGENT, "plain C");
  curl_easy_setopt(transfer->easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
  curl_easy_setopt(transfer->easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(transfer->easy, CURLOPT_TIMEOUT_MS, 60000L);
  curl_easy_setopt(transfer->easy, CURLOPT_WRITEFUNCTION, keep);
  curl_easy_setopt(transfer->easy, CURLOPT_WRITEDATA, transfer);
  curl_easy_setopt(transfer->easy, CURLOPT_PRIVATE, transfer);
  if (job->ca && *job->ca)
    curl_easy_setopt(transfer->easy, CURLOPT_CAINFO, job->ca);
  curl_easy_setopt(transfer->easy, CURLOPT_FRESH_CONNECT, job->reuse ? 0L : 1L);
  curl_easy_setopt(transfer->easy, CURLOPT_FORBID_REUSE, job->reuse ? 0L : 1L);
}

void transfer_begin(transfer *transfer, waiting *waiting)
{
  transfer->sent = waiting;
  transfer->count = 0;
  curl_easy_setopt(transfer->easy, CURLOPT_POSTFIELDSIZE, (long)waiting->length);
  curl_easy_setopt(transfer->easy, CURLOPT_POSTFIELDS, (void *)waiting->body);
}

void transfer_end(transfer *transfer, CURLcode code)
{
  long status = 0;
  cJSON *json;

  if (code != CURLE_OK)
    give_up(curl_easy_strerror(code));
  curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
  if (status != 200)
    give_up("the HTTP status is not 200");
  json = cJSON_Parse(transfer->answer);
  measure_one(transfer->sent->submitted, cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, "id")),
      cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, "session_url")));
  cJSON_Delete(json);
  free(transfer->sent);
  transfer->sent = NULL;
}

void transfer_free(transfer *transfer)
{
  curl_easy_cleanup(transfer->easy);
  free(transfer->answer);
}
