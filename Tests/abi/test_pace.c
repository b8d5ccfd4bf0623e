/* The rate limits of the service and of the client. */

#include "create.h"
#include "peer.h"
#include "queue.h"

/* A create that got 429 was not executed, and is sent again. */
static void a_create_that_gets_429(void **state)
{
  peer *peer = peer_of_sessions(PEER_ANSWER);
  deepidv_client *client = peer_client(peer);
  deepidv_result *result;

  (void)state;
  peer_next_with(peer, PEER_ANSWER, 429, "Retry-After: 1\r\n", "{\"message\":\"Too Many Requests\"}");
  result = create_result(client, NULL, DEEPIDV_OK);
  assert_true(deepidv_result_elapsed_us(result) >= 1000000);
  assert_int_equal(deepidv_result_attempts(result), 2);
  assert_int_equal(peer_creates(peer), 2);
  deepidv_result_free(result);
  peer_end(peer, client);
}

/* Checks a result that could not be sent in time and its wait, and frees it. */
static void too_late(deepidv_result *result, uint64_t least, uint64_t most)
{
  assert_status(deepidv_result_status(result), DEEPIDV_E_RATE_LIMITED);
  assert_status(deepidv_result_cause(result), DEEPIDV_E_RATE_LIMITED);
  assert_int_equal(deepidv_result_http_status(result), 0);
  assert_int_equal(deepidv_result_attempts(result), 0);
  assert_in_range(deepidv_result_retry_after_ms(result), least, most);
  deepidv_result_free(result);
}

static void the_wait_that_the_service_asks_for(void **state)
{
  peer *peer = peer_of_sessions(PEER_ANSWER);
  deepidv_client *client = make_hasty_client(peer_url(peer), 1500);
  deepidv_event event;
  deepidv_session_request *request = make_request();
  deepidv_result *result;

  (void)state;
  peer_next_with(peer, PEER_ANSWER, 429, "Retry-After: 7\r\n", "{\"message\":\"Too Many Requests\"}");
  result = create_result(client, request, DEEPIDV_E_RATE_LIMITED);
  assert_int_equal(deepidv_result_http_status(result), 429);
  assert_true(deepidv_result_retry_after_ms(result) == 7000);
  assert_string_equal(deepidv_result_message(result, NULL), "Too Many Requests");
  deepidv_result_free(result);
  /* A create that cannot be sent in time fails at once, with the rest of the seven seconds as its wait. */
  too_late(create_result(client, request, DEEPIDV_E_RATE_LIMITED), 5000, 7000);
  assert_status(deepidv_session_create_submit(client, request, 1, NULL), DEEPIDV_OK);
  assert_status(deepidv_client_next(client, &event, &result), DEEPIDV_OK);
  assert_status(event.status, DEEPIDV_E_RATE_LIMITED);
  assert_int_equal(event.tag, 1);
  too_late(result, 5000, 7000);
  assert_int_equal(peer_creates(peer), 1);
  deepidv_session_request_free(request);
  peer_end(peer, client);
}

static deepidv_client *make_paced_client(const char *url, uint32_t rate, uint32_t burst, uint32_t timeout)
{
  deepidv_config *config = make_config(url);

  assert_status(deepidv_config_set_rate_limit(config, rate), DEEPIDV_OK);
  assert_status(deepidv_config_set_rate_burst(config, burst), DEEPIDV_OK);
  assert_status(deepidv_config_set_timeout_ms(config, timeout), DEEPIDV_OK);
  return make_client_of(config);
}

/* Another program has used up the rate of the key. */
static void a_first_create_that_gets_429(void **state)
{
  static const char *const says[] = { "Retry-After: 1\r\n", "" };
  size_t i;

  (void)state;
  for (i = 0; i < 2; i++) {
    peer *peer = peer_of_sessions(PEER_ANSWER);
    deepidv_client *client = make_paced_client(peer_url(peer), 25, 35, 3000);
    deepidv_result *result;

    peer_next_with(peer, PEER_ANSWER, 429, says[i], "{}");
    result = create_result(client, NULL, DEEPIDV_OK);
    assert_in_range(deepidv_result_elapsed_us(result), i ? 0 : 1000000, i ? 900000 : 2000000);
    deepidv_result_free(result);
    /* Later creates are not delayed. */
    result = create_result(client, NULL, DEEPIDV_OK);
    assert_true(deepidv_result_elapsed_us(result) < 1500000);
    deepidv_result_free(result);
    peer_end(peer, client);
  }
}

/* It could be sent, but hardly be answered in time: its outcome would be unknown. */
static void a_wait_that_leaves_too_little_time(void **state)
{
  peer *peer = peer_of_sessions(PEER_ANSWER);
  deepidv_client *client = make_paced_client(peer_url(peer), 25, 35, 2400);
  deepidv_result *result;

  (void)state;
  peer_next_with(peer, PEER_ANSWER, 429, "Retry-After: 2\r\n", "{}");
  result = create_result(client, NULL, DEEPIDV_E_RATE_LIMITED);
  assert_int_equal(deepidv_result_http_status(result), 429);
  assert_true(deepidv_result_retry_after_ms(result) >= 2000);
  deepidv_result_free(result);
  assert_int_equal(peer_creates(peer), 1);
  peer_end(peer, client);
}

/* Eight hours: neither the create nor those behind it wait. */
static void a_wait_longer_than_the_timeout(void **state)
{
  enum { SUBMITTED = 10 };
  peer *peer = peer_of_sessions(PEER_ANSWER);
  deepidv_client *client = make_paced_client(peer_url(peer), 1, 1, 30000);
  uint64_t begun = now_ms(), first, i;

  (void)state;
  peer_next_with(peer, PEER_ANSWER, 429, "Retry-After: 28800\r\n", "{}");
  first = submit_create(client, 0);
  for (i = 1; i < SUBMITTED; i++)
    submit_create(client, i);
  for (i = 0; i < SUBMITTED; i++) {
    deepidv_result *result;
    const deepidv_event event = take_within(client, 5000, &result);

    assert_status(event.status, DEEPIDV_E_RATE_LIMITED);
    if (event.op == first) {
      assert_int_equal(deepidv_result_http_status(result), 429);
      assert_true(deepidv_result_retry_after_ms(result) == 28800000);
      deepidv_result_free(result);
    } else {
      too_late(result, 28790000, 28810000);
    }
  }
  assert_true(now_ms() - begun < 5000);
  assert_int_equal(peer_creates(peer), 1);
  peer_end(peer, client);
}

/* A create with a long timeout waits, also if those before it fail. */
static void creates_with_different_timeouts(void **state)
{
  peer *peer = peer_of_sessions(PEER_ANSWER);
  deepidv_client *client = make_paced_client(peer_url(peer), 1, 1, 3000);
  uint64_t held, tag;

  (void)state;
  peer_next_with(peer, PEER_ANSWER, 429, "Retry-After: 2\r\n", "{}");
  held = submit_create(client, 1);
  submit_create(client, 2);
  submit_create(client, 3);
  for (tag = 3; tag > 0; tag--) {
    deepidv_result *result;
    const deepidv_event event = take_within(client, 5000, &result);

    /* One is sent after the two seconds; then there is no time for another. */
    assert_status(event.status, event.op == held ? DEEPIDV_OK : DEEPIDV_E_RATE_LIMITED);
    if (event.op != held)
      too_late(result, 2000, 12000);
    else
      deepidv_result_free(result);
  }
  assert_int_equal(peer_creates(peer), 2);
  peer_end(peer, client);
}

/* A cancelled create does not use up the rate. */
static void creates_behind_a_cancelled_one(void **state)
{
  peer *peer = peer_of_sessions(PEER_ANSWER);
  deepidv_client *client = make_paced_client(peer_url(peer), 1, 1, 2900);
  uint64_t waiting[2], i;

  (void)state;
  assert_status(create_status(client), DEEPIDV_OK);
  for (i = 0; i < 2; i++)
    waiting[i] = submit_create(client, i);
  assert_status(create_status(client), DEEPIDV_E_RATE_LIMITED);
  for (i = 0; i < 2; i++) {
    assert_status(deepidv_client_cancel(client, waiting[i]), DEEPIDV_OK);
    assert_status(take_status(client), DEEPIDV_E_NOT_SENT);
  }
  assert_status(create_status(client), DEEPIDV_OK);
  assert_int_equal(peer_creates(peer), 2);
  peer_end(peer, client);
}

/* Clients with the same key share a limit. */
static void a_rate_limit_shared_by_two_clients(void **state)
{
  peer *peer = peer_of_sessions(PEER_ANSWER);
  deepidv_client *first = make_paced_client(peer_url(peer), 10, 3, 5000);
  deepidv_client *second = make_paced_client(peer_url(peer), 10, 3, 5000);
  uint64_t begun = now_ms();
  int i;

  (void)state;
  for (i = 0; i < 8; i++)
    assert_status(create_status(i % 2 ? second : first), DEEPIDV_OK);
  assert_true(now_ms() - begun >= 490); /* three at once, and five at ten a second */
  assert_int_equal(peer_creates(peer), 8);
  deepidv_client_free(first);
  peer_end(peer, second);
}

static void more_creates_than_can_be_sent_in_time(void **state)
{
  enum { SUBMITTED = 20 };
  peer *peer = peer_of_sessions(PEER_ANSWER);
  deepidv_client *client = make_paced_client(peer_url(peer), 5, 2, 1000);
  deepidv_session_request *request = make_request();
  unsigned sent = 0, i;

  (void)state;
  for (i = 0; i < SUBMITTED; i++)
    assert_status(deepidv_session_create_submit(client, request, i, NULL), DEEPIDV_OK);
  for (i = 0; i < SUBMITTED; i++) {
    deepidv_result *result;
    const deepidv_event event = take_within(client, 5000, &result);

    if (event.status == DEEPIDV_OK) {
      deepidv_result_free(result);
      sent++;
    } else if (event.status == DEEPIDV_E_RATE_LIMITED) {
      too_late(result, 0, 2000);
    } else {
      assert_status(event.status, DEEPIDV_E_NOT_SENT);
      deepidv_result_free(result);
    }
  }
  assert_in_range(sent, 2, 8); /* two at once, and five a second */
  assert_int_equal(peer_creates(peer), sent);
  deepidv_session_request_free(request);
  peer_end(peer, client);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_create_that_gets_429),
    cmocka_unit_test(the_wait_that_the_service_asks_for),
    cmocka_unit_test(a_first_create_that_gets_429),
    cmocka_unit_test(a_wait_that_leaves_too_little_time),
    cmocka_unit_test(a_wait_longer_than_the_timeout),
    cmocka_unit_test(creates_with_different_timeouts),
    cmocka_unit_test(creates_behind_a_cancelled_one),
    cmocka_unit_test(a_rate_limit_shared_by_two_clients),
    cmocka_unit_test(more_creates_than_can_be_sent_in_time),
  };

  return cmocka_run_group_tests_name("pace", tests, NULL, NULL);
}
