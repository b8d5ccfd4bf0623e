/* Memory that the library frees holds no key, secret, context or applicant's data. */

#define _GNU_SOURCE /* dladdr */

#include <dlfcn.h>
#include <malloc.h>
#include <stdio.h>

#include "libc_memory.h"
#include "peer.h"
#include "support.h"

/* Built at run time, so that the program file does not contain the text. */
static char key[48], context[48];
static unsigned long frees, found;
/* Whose memory counts: the peer has copies of the requests, and libcurl frees its own copies without wiping them. */
static enum { ANYONES, LIBRARYS, NOT_THE_PEERS } counts;

static int may_count(const void *address)
{
  Dl_info place;

  if (counts == ANYONES)
    return 1;
  if (!dladdr(address, &place))
    return 0;
  return strstr(place.dli_fname, "libdeepidv.so")
      || (counts == NOT_THE_PEERS
          && (strstr(place.dli_fname, "libcurl") || strstr(place.dli_fname, "libcrypto")));
}

static int holds(const unsigned char *memory, size_t size, const char *secret)
{
  size_t i;

  /* Not even half of it may remain. */
  for (i = 0; i + 16 <= size; i++)
    if (memory[i] == (unsigned char)*secret && memcmp(memory + i, secret, 16) == 0)
      return 1;
  return 0;
}

/* Every library in the process uses this definition instead of that of the C library. */
void free(void *memory)
{
  if (memory && *key && may_count(__builtin_return_address(0))) {
    const size_t size = malloc_usable_size(memory);

    frees++;
    found += holds(memory, size, key) || holds(memory, size, context);
  }
  __libc_free(memory);
}

static void the_test_notices_unwiped_secrets(void **state)
{
  /* Keeps the compiler from removing the store before free. */
  void (*volatile give_back)(void *memory) = free;
  char *copy = malloc(sizeof key);

  (void)state;
  assert_non_null(copy);
  memcpy(copy, key, sizeof key);
  found = 0;
  give_back(copy);
  assert_int_equal(found, 1);
}

static void keys_and_contexts_are_wiped(void **state)
{
  deepidv_state_keys *keys = NULL;
  char text[DEEPIDV_STATE_SIZE], other[sizeof key];
  int i;

  (void)state;
  found = frees = 0;
  assert_status(deepidv_state_keys_new(&keys), DEEPIDV_OK);
  memcpy(other, key, sizeof key);
  for (i = 0; i < 16; i++) {
    /* The set grows, and its memory moves. */
    other[sizeof other - 1] = (char)i;
    assert_status(deepidv_state_keys_add(keys, other, sizeof other), DEEPIDV_OK);
  }
  for (i = 0; i < 10; i++) {
    assert_status(deepidv_state_new(keys, context, sizeof context, 60, text, sizeof text, NULL), DEEPIDV_OK);
    assert_status(deepidv_state_verify(keys, text, DEEPIDV_NTS, context, sizeof context), DEEPIDV_OK);
    assert_status(deepidv_state_verify(keys, text, DEEPIDV_NTS, context, 47), DEEPIDV_E_STATE_CONTEXT);
    text[90] = text[90] == 'A' ? 'B' : 'A';
    assert_status(
        deepidv_state_verify(keys, text, DEEPIDV_NTS, context, sizeof context), DEEPIDV_E_STATE_SIGNATURE);
  }
  deepidv_state_keys_free(keys);
  assert_true(frees > 40);
  assert_int_equal(found, 0);
}

static void secrets_and_webhooks_are_wiped(void **state)
{
  deepidv_webhook_secrets *secrets = NULL;
  deepidv_webhook *webhook = NULL;
  char body[512];
  int i;

  (void)state;
  found = frees = 0;
  snprintf(body, sizeof body,
      "{\"type\":\"session.created\",\"data\":{\"id\":\"s\",\"external_id\":\"%.32s\","
      "\"status\":\"x\\\"%.32s\"}}",
      context, context);
  assert_status(deepidv_webhook_secrets_new(&secrets), DEEPIDV_OK);
  for (i = 0; i < 16; i++)
    assert_status(deepidv_webhook_secrets_add(secrets, key, sizeof key), DEEPIDV_OK);
  for (i = 0; i < 10; i++) {
    assert_status(deepidv_webhook_open(secrets, key, sizeof key, body, DEEPIDV_NTS, &webhook), DEEPIDV_OK);
    deepidv_webhook_free(webhook);
    assert_status(
        deepidv_webhook_open(secrets, key, 47, body, DEEPIDV_NTS, &webhook), DEEPIDV_E_WEBHOOK_SIGNATURE);
    assert_status(
        deepidv_webhook_open(secrets, key, sizeof key, body, strlen(body) - 1, &webhook), DEEPIDV_E_WEBHOOK);
  }
  deepidv_webhook_secrets_free(secrets);
  assert_true(frees > 40);
  assert_int_equal(found, 0);
}

static void keys_and_applicants_are_wiped(void **state)
{
  deepidv_session_request *request = make_empty_request();
  peer *peer = peer_of_sessions(PEER_ANSWER);
  deepidv_config *config = NULL;
  deepidv_client *client = NULL;
  deepidv_result *result = NULL;
  char proxy[64];
  int i;

  (void)state;
  /* The proxy credentials too. */
  snprintf(proxy, sizeof proxy, "http://u:%.24s@127.0.0.1:9", context);
  found = frees = 0;
  counts = LIBRARYS;
  assert_status(deepidv_config_new(&config), DEEPIDV_OK);
  assert_status(deepidv_config_set_api_key(config, key, sizeof key), DEEPIDV_OK);
  assert_status(deepidv_config_set_proxy(config, proxy, DEEPIDV_NTS), DEEPIDV_OK);
  assert_status(deepidv_client_new(config, &client), DEEPIDV_OK);
  deepidv_client_free(client);
  /* libcurl gets the proxy's credentials, but neither key nor body. */
  counts = NOT_THE_PEERS;
  assert_status(deepidv_config_set_proxy(config, "", 0), DEEPIDV_OK);
  assert_status(deepidv_config_set_base_url(config, peer_url(peer), DEEPIDV_NTS), DEEPIDV_OK);
  assert_status(deepidv_config_set_rate_limit(config, 0), DEEPIDV_OK);
  assert_status(deepidv_client_new(config, &client), DEEPIDV_OK);
  assert_status(deepidv_session_request_set_first_name(request, context, 24), DEEPIDV_OK);
  assert_status(deepidv_session_request_set_last_name(request, context, 24), DEEPIDV_OK);
  assert_status(deepidv_session_request_set_email(request, "john.doe@example.com", DEEPIDV_NTS), DEEPIDV_OK);
  assert_status(deepidv_session_request_set_phone(request, "+15192223333", DEEPIDV_NTS), DEEPIDV_OK);
  for (i = 0; i < 3; i++) {
    assert_status(deepidv_session_create(client, request, &result), DEEPIDV_OK);
    deepidv_result_free(result);
  }
  deepidv_client_free(client);
  deepidv_session_request_free(request);
  deepidv_config_free(config);
  /* The peer has copies of the requests. */
  peer_stop(peer);
  counts = ANYONES;
  assert_true(frees > 20);
  assert_int_equal(found, 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(the_test_notices_unwiped_secrets),
    cmocka_unit_test(keys_and_contexts_are_wiped),
    cmocka_unit_test(secrets_and_webhooks_are_wiped),
    cmocka_unit_test(keys_and_applicants_are_wiped),
  };
  size_t i;

  for (i = 0; i < sizeof key; i++) {
    key[i] = (char)('!' + i);
    context[i] = (char)('~' - i);
  }
  return cmocka_run_group_tests_name("wiped", tests, NULL, NULL);
}
