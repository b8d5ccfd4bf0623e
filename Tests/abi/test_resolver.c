/* A slow name lookup does not delay freeing, closing or a timeout. */

#define _GNU_SOURCE

#include <curl/curl.h>
#include <dlfcn.h>
#include <netdb.h>
#include <stdatomic.h>

#include "create.h"
#include "peer.h"
#include "process.h"
#include "queue.h"

#define SLOW "slow.example.com"

static atomic_uint begun, ended;

/* Replaces the function for all libraries in this process; a slow lookup takes two seconds and fails. */
int getaddrinfo(const char *restrict node, const char *restrict service,
    const struct addrinfo *restrict hints, struct addrinfo **restrict result)
{
  static int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **);

  if (node && strcmp(node, SLOW) == 0) {
    begun++;
    sleep_ms(2000);
    ended++;
    return EAI_AGAIN;
  }
  if (!real)
    *(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
  return real(node, service, hints, result);
}

static void wait_for_lookups(void)
{
  const uint64_t deadline = now_ms() + 30000;

  while (ended < begun) {
    assert_true(now_ms() < deadline);
    sleep_ms(2);
  }
}

/* Every test begins and ends without a running lookup. */
static int forget(void **state)
{
  (void)state;
  begun = ended = 0;
  return 0;
}

static int wait_for_the_last(void **state)
{
  (void)state;
  wait_for_lookups();
  return 0;
}

/* Newer libcurls begin only some lookups at a time. */
static deepidv_client *submit_some(unsigned count, uint32_t timeout_ms)
{
  const uint64_t deadline = now_ms() + 10000;
  deepidv_client *client = make_hasty_client("https://" SLOW, timeout_ms);
  unsigned i;

  for (i = 0; i < count; i++)
    submit_create(client, i);
  while (begun < count && ended == 0 && now_ms() < deadline)
    sleep_ms(2);
  assert_true(begun > 0);
  return client;
}

/* The lookup's thread ends with the lookup, and frees everything; with an old libcurl, the next client does. */
static void freeing_while_a_name_is_looked_up(void **state)
{
  const unsigned threads = thread_count(), descriptors = descriptor_count();
  deepidv_client *client = submit_some(3, 60000);

  (void)state;
  deepidv_client_free(client);
  assert_int_equal(ended, 0);
  wait_for_lookups();
  assert_threads(threads);
  deepidv_client_free(make_hasty_client("https://" SLOW, 60000));
  assert_int_equal(descriptor_count(), descriptors);
}

static void closing_while_a_name_is_looked_up(void **state)
{
  enum { OPERATIONS = 5 };
  deepidv_client *client = submit_some(OPERATIONS, 60000);
  int i;

  (void)state;
  assert_status(deepidv_client_close(client), DEEPIDV_OK);
  for (i = 0; i < OPERATIONS; i++) {
    deepidv_result *result = NULL;

    assert_status(take_within(client, 30000, &result).status, DEEPIDV_E_NOT_SENT);
    assert_status(deepidv_result_cause(result), DEEPIDV_E_CANCELLED);
    assert_int_equal(deepidv_result_attempts(result), 0);
    deepidv_result_free(result);
  }
  assert_int_equal(ended, 0);
  deepidv_client_free(client);
  assert_int_equal(ended, 0);
}

static void timing_out_while_a_name_is_looked_up(void **state)
{
  deepidv_client *client = submit_some(1, 400);
  deepidv_result *result = NULL;

  (void)state;
  assert_status(deepidv_client_wait(client, 30000), DEEPIDV_OK);
  assert_int_equal(ended, 0);
  assert_status(take_within(client, 0, &result).status, DEEPIDV_E_NOT_SENT);
  assert_status(deepidv_result_cause(result), DEEPIDV_E_TIMEOUT);
  deepidv_result_free(result);
  deepidv_client_free(client);
  assert_int_equal(ended, 0);
}

/* The time for connecting ends before the lookup; the library tries again, and looks up again. */
static void connecting_takes_too_long_while_a_name_is_looked_up(void **state)
{
  deepidv_config *config = make_config("https://" SLOW);
  deepidv_client *client;
  deepidv_result *result = NULL;

  (void)state;
  assert_status(deepidv_config_set_timeout_ms(config, 1000), DEEPIDV_OK);
  assert_status(deepidv_config_set_connect_timeout_ms(config, 100), DEEPIDV_OK);
  client = make_client_of(config);
  submit_create(client, 1);
  assert_status(deepidv_client_wait(client, 30000), DEEPIDV_OK);
  assert_int_equal(ended, 0);
  assert_true(begun > 1);
  assert_status(take_within(client, 0, &result).status, DEEPIDV_E_NOT_SENT);
  assert_status(deepidv_result_cause(result), DEEPIDV_E_TIMEOUT);
  deepidv_result_free(result);
  deepidv_client_free(client);
  assert_int_equal(ended, 0);
}

/* Lookups that nobody waits for any more have a thread each: there are not more of them than connections. */
static void lookups_that_were_left_are_bounded(void **state)
{
  enum { CONNECTIONS = 64, MORE = 8 };
  const unsigned version = curl_version_info(CURLVERSION_NOW)->version_num;
  /* Older ones cannot leave a lookup, newer ones have a pool of threads. */
  const int leaves_lookups = version >= 0x075700 && version < 0x081400;
  deepidv_client *client = submit_some(CONNECTIONS, 400);
  const int begins_all = begun == CONNECTIONS;
  int i;

  (void)state;
  assert_true(begun <= CONNECTIONS);
  for (i = 0; i < CONNECTIONS + MORE; i++) {
    deepidv_result *result = NULL;

    if (i == CONNECTIONS) {
      int more;

      for (more = 0; more < MORE; more++)
        submit_create(client, 100 + more);
      for (more = 0; leaves_lookups && begun < CONNECTIONS + MORE && more < 1000; more++)
        sleep_ms(2);
      sleep_ms(leaves_lookups ? 0 : 100);
      if (begins_all && ended == 0)
        assert_int_equal(begun, leaves_lookups ? CONNECTIONS + MORE : CONNECTIONS);
    }
    assert_status(take_within(client, 30000, &result).status, DEEPIDV_E_NOT_SENT);
    deepidv_result_free(result);
  }
  deepidv_client_free(client);
}

/* Another client of the process does not wait. */
static void creating_while_a_name_is_looked_up(void **state)
{
  peer *peer = peer_of_sessions(PEER_ANSWER);
  deepidv_client *slow = submit_some(1, 60000), *quick = peer_client(peer);

  (void)state;
  assert_status(create_status(quick), DEEPIDV_OK);
  assert_int_equal(ended, 0);
  deepidv_client_free(quick);
  deepidv_client_free(slow);
  assert_int_equal(ended, 0);
  peer_stop(peer);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, forget, wait_for_the_last)
  const struct CMUnitTest tests[] = {
    TEST(freeing_while_a_name_is_looked_up),
    TEST(closing_while_a_name_is_looked_up),
    TEST(timing_out_while_a_name_is_looked_up),
    TEST(connecting_takes_too_long_while_a_name_is_looked_up),
    TEST(lookups_that_were_left_are_bounded),
    TEST(creating_while_a_name_is_looked_up),
  };

  return cmocka_run_group_tests_name("resolver", tests, NULL, NULL);
}
