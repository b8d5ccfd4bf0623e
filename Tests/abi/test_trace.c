/* The trace that a create is sent with, and the id that the service gives a request. */

#include "ask.h"
#include "create.h"

#define TRACE "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

/* Creates a session and compares the header of the last request; none is expected for NULL. */
static void assert_trace(
    peer *peer, deepidv_client *client, deepidv_session_request *request, const char *header)
{
  char *head;

  deepidv_result_free(create_result(client, request, DEEPIDV_OK));
  head = peer_last_head(peer);
  if (header)
    assert_non_null(strstr(head, header));
  else
    assert_null(strstr(head, "traceparent"));
  free(head);
}

static void a_trace_is_sent_with_each_request(void **state)
{
  static const char *const wrong[] = { "00", TRACE "0", ("01" TRACE), "x" };
  peer *peer = peer_start(PEER_ANSWER, 200, page(record("sess_found", "order-1", 0), NULL));
  deepidv_client *client = peer_client(peer);
  deepidv_session_request *request = make_request_as("order-1");
  size_t i;

  (void)state;
  peer_next(peer, PEER_ANSWER, 200, PEER_SESSION);
  assert_trace(peer, client, request, NULL);
  assert_status(deepidv_session_request_set_traceparent(request, TRACE, DEEPIDV_NTS), DEEPIDV_OK);
  for (i = 0; i < COUNT(wrong); i++)
    assert_status(
        deepidv_session_request_set_traceparent(request, wrong[i], DEEPIDV_NTS), DEEPIDV_E_TRACEPARENT);
  assert_status(deepidv_session_request_set_traceparent(request, NULL, 0), DEEPIDV_E_NULL);
  peer_next(peer, PEER_ANSWER, 200, PEER_SESSION);
  assert_trace(peer, client, request, "\r\ntraceparent: " TRACE "\r\n");
  /* With the search for it, too. */
  peer_next(peer, PEER_CLOSE, 200, "");
  assert_trace(peer, client, request, "\r\ntraceparent: " TRACE "\r\n");
  assert_status(deepidv_session_request_set_traceparent(request, "", 0), DEEPIDV_OK);
  peer_next(peer, PEER_ANSWER, 200, PEER_SESSION);
  assert_trace(peer, client, request, NULL);
  deepidv_session_request_free(request);
  peer_end(peer, client);
}

static void the_id_of_a_request(void **state)
{
  peer *peer = peer_of_sessions(PEER_ANSWER);
  deepidv_client *client = peer_client(peer);
  deepidv_result *result;

  (void)state;
  peer_next_with(peer, PEER_ANSWER, 401, "CF-Ray: ray\r\nX-Request-Id: req-7\r\n", "{}");
  result = create_result(client, NULL, DEEPIDV_E_UNAUTHORIZED);
  assert_string_equal(deepidv_result_request_id(result, NULL), "req-7");
  deepidv_result_free(result);
  result = create_result(client, NULL, DEEPIDV_OK);
  assert_null(deepidv_result_request_id(result, NULL));
  deepidv_result_free(result);
  peer_end(peer, client);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_trace_is_sent_with_each_request),
    cmocka_unit_test(the_id_of_a_request),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
