/* The pace of creates: the service's rate limit, and the client's own. */

#include "create.h"
#include "peer.h"
#include "queue.h"

/* Refused for its rate, a create was not executed, and goes again when it may. */
static void a_create_that_is_too_early(void **state)
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

static void the_time_that_the_service_asks_for(void **state)
{
  peer *peer = peer_of_sessions(PEER_ANSWER);
  deepidv_client *client = make_hasty_client(peer_url(peer), 1500);
  deepidv_session_request *request = make_request();
  deepidv_result *result;

  (void)state;
  peer_next_with(peer, PEER_ANSWER, 429, "Retry-After: 7\r\n", "{\"message\":\"Too Many Requests\"}");
  result = create_result(client, request, DEEPIDV_E_RATE_LIMITED);
  assert_int_equal(deepidv_result_http_status(result), 429);
  assert_true(deepidv_result_retry_after_ms(result) == 7000);
  assert_string_equal(deepidv_result_message(result, NULL), "Too Many Requests");
  deepidv_result_free(result);
  /* What cannot leave in its time is not even tried. */
  assert_status(deepidv_session_create_submit(client, request, 1, NULL), DEEPIDV_E_RATE_LIMITED);
  result = (deepidv_result *)request;
  assert_status(deepidv_session_create(client, request, &result), DEEPIDV_E_RATE_LIMITED);
  assert_null(result);
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

/* Two clients of one key are one sender, so the second finds the bucket empty. */
static void a_pace_that_two_clients_share(void **state)
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

static void more_than_can_be_sent_in_time(void **state)
{
  enum { SUBMITTED = 20 };
  peer *peer = peer_of_sessions(PEER_ANSWER);
  deepidv_client *client = make_paced_client(peer_url(peer), 5, 2, 1000);
  deepidv_session_request *request = make_request();
  unsigned accepted = 0, i;
  uint64_t op;

  (void)state;
  for (i = 0; i < SUBMITTED; i++) {
    deepidv_status status = deepidv_session_create_submit(client, request, i, &op);

    assert_true(status == DEEPIDV_OK || status == DEEPIDV_E_RATE_LIMITED);
    assert_true((op != 0) == (status == DEEPIDV_OK));
    accepted += status == DEEPIDV_OK;
  }
  assert_in_range(accepted, 2, 8); /* two at once, and five a second */
  for (i = 0; i < accepted; i++) {
    const deepidv_status status = take_status(client);

    assert_true(status == DEEPIDV_OK || status == DEEPIDV_E_NOT_SENT);
  }
  assert_true(peer_creates(peer) <= accepted);
  deepidv_session_request_free(request);
  peer_end(peer, client);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_create_that_is_too_early),
    cmocka_unit_test(the_time_that_the_service_asks_for),
    cmocka_unit_test(a_pace_that_two_clients_share),
    cmocka_unit_test(more_than_can_be_sent_in_time),
  };

  return cmocka_run_group_tests_name("pace", tests, NULL, NULL);
}
