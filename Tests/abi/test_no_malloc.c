/* Reading redirects and results allocates no memory, and a webhook only the memory that it owns. */

#define _GNU_SOURCE

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "create.h"
#include "libc_memory.h"
#include "peer.h"

static unsigned long calls;

/* Every library in the process uses these definitions instead of those of the C library. */

void *malloc(size_t size) { return calls++, __libc_malloc(size); }

void *calloc(size_t count, size_t size) { return calls++, __libc_calloc(count, size); }

void *realloc(void *memory, size_t size) { return calls++, __libc_realloc(memory, size); }

void free(void *memory)
{
  /* Freeing nothing is no use of memory. */
  calls += memory != NULL;
  __libc_free(memory);
}

void *aligned_alloc(size_t alignment, size_t size) { return calls++, __libc_memalign(alignment, size); }

int posix_memalign(void **memory, size_t alignment, size_t size)
{
  calls++;
  *memory = __libc_memalign(alignment, size);
  return *memory ? 0 : ENOMEM;
}

static const char *const urls[] = {
  "https://yourapp.com/verify-callback?session_id=sess_abc&status=success",
  "https://yourapp.com/verify-callback?session_id=sess_abc&status=failed&reason=document_unreadable",
  "/cb?a=b&session%5Fid=s%65ss_abc&status=abandoned&reason=user_cancelled#top",
  "session_id=sess_abc&session_id=sess_def&status=%ff%00&reason=something+new",
  "?%&=&+&session_id=%",
};

static const char session_url[] =
    "https://verify.deepidv.com/session/s%20t?oid=o&redirect_url=https%3A%2F%2Fa";

/* Otherwise the test would prove nothing. */
static void the_counter_counts(void **state)
{
  deepidv_config *config = NULL;
  unsigned long before = calls;

  (void)state;
  assert_status(deepidv_config_new(&config), DEEPIDV_OK);
  assert_true(calls > before);
  before = calls;
  deepidv_config_free(config);
  assert_true(calls > before);
}

static void a_million_redirects(void **state)
{
  enum { ROUNDS = 1000000 };
  unsigned long before, used, matched = 0, decoded = 0, found = 0, params = 0, i;

  (void)state;
  before = calls;
  for (i = 0; i < ROUNDS; i++) {
    const char *url = urls[i % COUNT(urls)];
    deepidv_redirect redirect;
    deepidv_param param = { { 0, 0 }, { 0, 0 }, 0, { 0, 0, 0 } };
    deepidv_session_url parts;
    deepidv_span span;
    char text[128];
    size_t length;

    deepidv_redirect_parse(url, DEEPIDV_NTS, &redirect);
    matched += deepidv_redirect_matches(url, DEEPIDV_NTS, &redirect, "sess_abc", DEEPIDV_NTS) == DEEPIDV_OK;
    deepidv_span_decode(url, DEEPIDV_NTS, &redirect.session_id, text, sizeof text, &length);
    decoded += length > 0;
    deepidv_span_decode(url, DEEPIDV_NTS, &redirect.status_text, text, sizeof text, &length);
    deepidv_span_decode(url, DEEPIDV_NTS, &redirect.reason_text, text, 2, &length);
    found += deepidv_redirect_param(url, DEEPIDV_NTS, "a", 1, &span) == DEEPIDV_OK;
    while (deepidv_redirect_next_param(url, DEEPIDV_NTS, &param) == DEEPIDV_OK)
      params++;
    deepidv_session_url_parse(session_url, sizeof session_url - 1, &parts);
    found += parts.present == 7;
  }
  used = calls - before;
  assert_int_equal(used, 0);
  assert_int_equal(matched, ROUNDS / 5 * 4);
  assert_int_equal(decoded, ROUNDS);
  assert_int_equal(found, ROUNDS / 5 + ROUNDS);
  assert_int_equal(params, ROUNDS / 5 * (2 + 3 + 4 + 4 + 4));
}

static void reading_a_result(void **state)
{
  deepidv_client *client = make_client("http://127.0.0.1:1");
  deepidv_result *result = refused_result(client);
  deepidv_session session;
  unsigned long before, used, i;

  (void)state;
  before = calls;
  for (i = 0; i < 1000; i++)
    deepidv_result_session(result, &session);
  used = calls - before;
  assert_int_equal(used, 0);
  deepidv_result_free(result);
  deepidv_client_free(client);
}

static void a_webhook_has_its_own_memory_only(void **state)
{
  static const char body[] = "{\"type\":\"session.created\",\"data\":{\"id\":\"s\",\"status\":\"PENDING\","
                             "\"updated_at\":\"2026-01-01T00:00:00.000Z\",\"x\":[1,2,{\"y\":\"\\u00e9\"}]}}";
  deepidv_webhook_secrets *secrets = NULL;
  deepidv_session session;
  unsigned long before, opening, reading, freeing;
  deepidv_webhook *webhook = NULL;
  int supersedes;

  (void)state;
  assert_status(deepidv_webhook_secrets_new(&secrets), DEEPIDV_OK);
  assert_status(deepidv_webhook_secrets_add(secrets, "whsec_a", 7), DEEPIDV_OK);
  before = calls;
  deepidv_webhook_open(secrets, "whsec_a", 7, body, sizeof body - 1, &webhook);
  opening = calls - before;
  before = calls;
  deepidv_webhook_session(webhook, &session);
  supersedes = deepidv_webhook_supersedes(
      deepidv_webhook_key(webhook, NULL), DEEPIDV_NTS, deepidv_webhook_key(webhook, NULL), DEEPIDV_NTS);
  reading = calls - before;
  before = calls;
  deepidv_webhook_free(webhook);
  freeing = calls - before;
  assert_int_equal(supersedes, 0);
  /* The handle, its object, the body, the texts, the session, the key: each allocated and freed once. */
  assert_int_equal(opening, 6);
  assert_int_equal(freeing, 6);
  assert_int_equal(reading, 0);
  deepidv_webhook_secrets_free(secrets);
}

static void values_of_a_response(void **state)
{
  peer *peer = peer_start(PEER_ANSWER, 200,
      "{\"session_record\":{\"id\":\"s\",\"n\":7,\"uploads\":{\"selfie\":true},\"text\":\"\\u20ac 1\"}}");
  deepidv_client *client = peer_client(peer);
  deepidv_result *result = NULL;
  unsigned long before, used, found = 0, i;

  (void)state;
  assert_status(deepidv_session_retrieve(client, "s", 1, &result), DEEPIDV_OK);
  /* The peer's thread allocates too. */
  peer_end(peer, client);
  before = calls;
  for (i = 0; i < 1000; i++) {
    char text[8];
    int64_t number;
    int32_t flag;

    found += deepidv_result_string(result, "session_record.text", DEEPIDV_NTS, text, sizeof text, NULL)
        == DEEPIDV_OK;
    found += deepidv_result_int(result, "session_record.n", DEEPIDV_NTS, &number) == DEEPIDV_OK;
    found += deepidv_result_bool(result, "session_record.uploads.selfie", DEEPIDV_NTS, &flag) == DEEPIDV_OK;
    found += deepidv_result_bool(result, "a\\.b.0", DEEPIDV_NTS, &flag) == DEEPIDV_E_ABSENT;
  }
  used = calls - before;
  assert_int_equal(used, 0);
  assert_int_equal(found, 4000);
  deepidv_result_free(result);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(the_counter_counts),
    cmocka_unit_test(a_million_redirects),
    cmocka_unit_test(reading_a_result),
    cmocka_unit_test(a_webhook_has_its_own_memory_only),
    cmocka_unit_test(values_of_a_response),
  };

  return cmocka_run_group_tests_name("no malloc", tests, NULL, NULL);
}
