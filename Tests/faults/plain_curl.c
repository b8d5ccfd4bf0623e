/*
 * The same creates with libcurl as most programs use it: one reused handle per thread, and a status that depends
 * only on libcurl's error code and the HTTP status.
 *
 *   plain_curl BASE_URL COUNT PREFIX SEED THREADS TIMEOUT_MS[,TIMEOUT_MS...] [ca_file=PATH]
 *
 * Prints one line per create, like soak_driver. The status follows libcurl's manual: OK for a 2xx with an id,
 * refused for a 4xx, not sent if connecting or sending failed, otherwise unknown. The cause is the CURLcode.
 */

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "soak_bodies.h"

enum { THREAD_LIMIT = 256, TIMEOUT_LIMIT = 8, ANSWER_LIMIT = 1 << 20 };

static const char *url, *prefix, *ca_file;
static uint64_t count, seed, next_number;
static long timeouts[TIMEOUT_LIMIT];
static size_t timeout_count;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

typedef struct {
  size_t length;
  char text[ANSWER_LIMIT + 1];
} answer;

static size_t keep(char *data, size_t size, size_t members, void *context)
{
  answer *to = context;
  size_t length = size * members;
  if (length > ANSWER_LIMIT - to->length)
    return 0;
  memcpy(to->text + to->length, data, length);
  to->length += length;
  return length;
}

static char *body(uint64_t number)
{
  char *name = soak_name(seed, number);
  char *escaped = malloc(2 * strlen(name) + 1), *to = escaped;
  if (escaped == NULL)
    abort();
  for (const char *from = name; *from; from++) {
    if (*from == '"')
      *to++ = '\\';
    *to++ = *from;
  }
  *to = 0;
  size_t room = 2 * strlen(escaped) + 400;
  char *text = malloc(room);
  if (text == NULL)
    abort();
  snprintf(text, room,
      "{\"first_name\": \"%s\", \"last_name\": \"%s\", \"email\": \"ada@example.com\","
      " \"phone\": \"+15192223333\", \"external_id\": \"%s%" PRIu64 "\"}",
      escaped, escaped, prefix, number);
  free(escaped);
  free(name);
  return text;
}

static const char *report(CURLcode code, long status, int has_id)
{
  if (code == CURLE_OK && status >= 200 && status < 300 && has_id)
    return "OK";
  if (status == 429)
    return "E_RATE_LIMITED";
  if (status >= 400 && status < 500 && status != 408)
    return "E_REFUSED";
  if (code == CURLE_COULDNT_CONNECT || code == CURLE_SSL_CONNECT_ERROR || code == CURLE_SEND_ERROR) {
    return "E_NOT_SENT";
  }
  return "E_OUTCOME_UNKNOWN";
}

static void *work(void *context)
{
  (void)context;
  CURL *easy = curl_easy_init();
  answer *received = malloc(sizeof *received);
  struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
  headers = curl_slist_append(headers, "x-api-key: dk_emulator");
  if (easy == NULL || received == NULL || headers == NULL)
    abort();
  char target[200];
  snprintf(target, sizeof target, "%s/v1/sessions", url);
  curl_easy_setopt(easy, CURLOPT_URL, target);
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, keep);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, received);
  if (ca_file != NULL)
    curl_easy_setopt(easy, CURLOPT_CAINFO, ca_file);
  for (;;) {
    pthread_mutex_lock(&lock);
    uint64_t number = next_number++;
    pthread_mutex_unlock(&lock);
    if (number >= count)
      break;
    char *text = body(number);
    received->length = 0;
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, text);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, timeouts[number % timeout_count]);
    CURLcode code = curl_easy_perform(easy);
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    received->text[received->length] = 0;
    char *id = strstr(received->text, "\"id\":\"");
    if (id != NULL) {
      id += strlen("\"id\":\"");
      char *end = strchr(id, '"');
      /* A truncated response has no closing quote. */
      if (end != NULL && end > id)
        *end = 0;
      else
        id = NULL;
    }
    pthread_mutex_lock(&lock);
    printf("%s%" PRIu64 " %s %d %ld 1 %s\n", prefix, number, report(code, status, id != NULL), (int)code,
        status, id != NULL ? id : "-");
    pthread_mutex_unlock(&lock);
    free(text);
  }
  curl_slist_free_all(headers);
  curl_easy_cleanup(easy);
  free(received);
  return NULL;
}

int main(int argc, char **argv)
{
  if (argc < 7)
    return 2;
  url = argv[1];
  count = strtoull(argv[2], NULL, 10);
  prefix = argv[3];
  seed = strtoull(argv[4], NULL, 10);
  size_t threads = strtoull(argv[5], NULL, 10);
  for (char *timeout = strtok(argv[6], ","); timeout && timeout_count < TIMEOUT_LIMIT;
      timeout = strtok(NULL, ",")) {
    timeouts[timeout_count++] = atol(timeout);
  }
  for (char **option = argv + 7; *option != NULL; option++) {
    if (strncmp(*option, "ca_file=", 8) == 0)
      ca_file = *option + 8;
  }
  if (timeout_count == 0 || threads == 0 || threads > THREAD_LIMIT)
    return 2;
  curl_global_init(CURL_GLOBAL_DEFAULT);
  pthread_t running[THREAD_LIMIT];
  for (size_t index = 0; index < threads; index++) {
    if (pthread_create(&running[index], NULL, work, NULL) != 0)
      abort();
  }
  for (size_t index = 0; index < threads; index++)
    pthread_join(running[index], NULL);
  return 0;
}
