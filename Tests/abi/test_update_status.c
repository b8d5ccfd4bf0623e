/* Decisions about a session: what is sent, and what is known when no answer comes. */

#define _GNU_SOURCE

#include <strings.h>

#include "ask.h"
#include "create.h"
#include "emulator.h"

#define ID "sess_abc"
#define PATCH "PATCH /v1/sessions/" ID "/update-status HTTP/1.1\r\n"
#define RECORD(id, status) "{\"session_record\":{\"id\":\"" id "\",\"status\":\"" status "\"}}"

/* Decides both ways, and answers the result of the one that was submitted. */
static deepidv_result *decide(deepidv_client *client, const char *id, int32_t decision, deepidv_status status)
{
  deepidv_result *result = NULL;
  uint64_t op = 0;

  assert_status(deepidv_session_update_status(client, id, DEEPIDV_NTS, decision, &result), status);
  assert_non_null(result);
  assert_status(deepidv_result_status(result), status);
  deepidv_result_free(result);
  assert_status(deepidv_session_update_status_submit(client, id, DEEPIDV_NTS, decision, 9, &op), DEEPIDV_OK);
  assert_int_not_equal(op, 0);
  result = take_result(client, op, 9, DEEPIDV_EVENT_SESSION_UPDATE_STATUS);
  assert_status(deepidv_result_status(result), status);
  return result;
}

/* Decides once, whatever comes of it. */
static deepidv_result *verify(deepidv_client *client)
{
  deepidv_result *result = NULL;

  deepidv_session_update_status(client, ID, DEEPIDV_NTS, DEEPIDV_DECISION_VERIFIED, &result);
  assert_non_null(result);
  return result;
}

/* ---- The emulator ---------------------------------------------------------------- */

static void sessions_are_decided(void **state)
{
  static const struct {
    int32_t decision, verdict;
    const char *status;
  } cases[] = {
    { DEEPIDV_DECISION_VERIFIED, DEEPIDV_VERDICT_VERIFIED, "VERIFIED" },
    { DEEPIDV_DECISION_REJECTED, DEEPIDV_VERDICT_REJECTED, "REJECTED" },
  };
  deepidv_client *client = make_client(service.url);
  deepidv_result *created = create_result(client, NULL, DEEPIDV_OK);
  const char *id = deepidv_result_session_id(created, NULL);
  size_t i;

  (void)state;
  for (i = 0; i < COUNT(cases); i++) {
    deepidv_result *result = decide(client, id, cases[i].decision, DEEPIDV_OK);

    assert_int_equal(cases[i].decision, cases[i].verdict);
    assert_string_equal(deepidv_result_session_id(result, NULL), id);
    assert_string_equal(deepidv_result_session_status(result, NULL), cases[i].status);
    assert_int_equal(deepidv_result_http_status(result), 200);
    assert_int_equal(deepidv_result_attempts(result), 1);
    assert_int_equal(deepidv_result_reconciled(result), 0);
    assert_null(deepidv_result_reconcile_token(result, NULL));
    deepidv_result_free(result);
    result = ask(client, question("retrieve"), id, DEEPIDV_OK);
    assert_string_equal(deepidv_result_session_status(result, NULL), cases[i].status);
    deepidv_result_free(result);
  }
  deepidv_result_free(decide(client, "sess_none", DEEPIDV_DECISION_VERIFIED, DEEPIDV_E_NOT_FOUND));
  deepidv_result_free(created);
  deepidv_client_free(client);
}

/* ---- What is sent ---------------------------------------------------------------- */

static void assert_body(peer *peer, const char *expected)
{
  char *body = peer_last_body(peer);

  assert_non_null(body);
  assert_string_equal(body, expected);
  free(body);
}

static void assert_head(peer *peer, const char *line, const char *header)
{
  char *head = peer_last_head(peer);

  assert_non_null(head);
  assert_row(strncmp(head, line, strlen(line)) == 0, head);
  assert_row(strstr(head, "\r\nx-api-key: " CANARY_KEY "\r\n") != NULL, head);
  assert_row(!header || strcasestr(head, header) != NULL, head);
  free(head);
}

/* On one connection, a decision, a question and a create each have a method and a body of their own. */
static void decisions_on_the_wire(void **state)
{
  peer *peer = peer_start(PEER_ANSWER, 200, RECORD(ID, "VERIFIED"));
  deepidv_client *client = peer_client(peer);
  deepidv_result *result = NULL;
  unsigned round;
  char *body;

  (void)state;
  for (round = 0; round < 2; round++) {
    deepidv_result_free(decide(client, ID, DEEPIDV_DECISION_VERIFIED, DEEPIDV_OK));
    assert_head(peer, PATCH, "\r\nContent-Length: 25\r\n");
    assert_head(peer, PATCH, "\r\nContent-Type: application/json\r\n");
    assert_body(peer, "{\"new_status\":\"VERIFIED\"}");
    assert_status(deepidv_session_retrieve(client, ID, DEEPIDV_NTS, &result), DEEPIDV_OK);
    deepidv_result_free(result);
    assert_asked(peer, "GET /v1/sessions/" ID " HTTP/1.1\r\n");
    peer_next(peer, PEER_ANSWER, 200, PEER_SESSION);
    deepidv_result_free(create_result(client, NULL, DEEPIDV_OK));
    assert_head(peer, "POST /v1/sessions HTTP/1.1\r\n", NULL);
    body = peer_last_body(peer);
    assert_non_null(strstr(body, "\"first_name\""));
    free(body);
  }
  assert_int_equal(peer_connections(peer), 1);
  assert_int_equal(peer_decisions(peer), 4);
  assert_int_equal(peer_creates(peer), 2);

  peer_next(peer, PEER_ANSWER, 200, RECORD("../a?b", "REJECTED"));
  assert_status(
      deepidv_session_update_status(client, "../a?b", DEEPIDV_NTS, DEEPIDV_DECISION_REJECTED, &result),
      DEEPIDV_OK);
  deepidv_result_free(result);
  assert_head(peer, "PATCH /v1/sessions/..%2Fa%3Fb/update-status HTTP/1.1\r\n", NULL);
  assert_body(peer, "{\"new_status\":\"REJECTED\"}");
  peer_end(peer, client);
}

static void what_is_no_decision(void **state)
{
  static const int32_t decisions[] = { INT32_MIN, -1, 0, 3, 4, 7, INT32_MAX };
  peer *peer = peer_start(PEER_ANSWER, 200, RECORD(ID, "VERIFIED"));
  deepidv_client *client = peer_client(peer);
  deepidv_result *result = (deepidv_result *)client;
  uint64_t op = 7;
  size_t i;

  (void)state;
  for (i = 0; i < COUNT(decisions); i++) {
    assert_status(
        deepidv_session_update_status(client, ID, DEEPIDV_NTS, decisions[i], &result), DEEPIDV_E_RANGE);
    assert_null(result);
    assert_status(
        deepidv_session_update_status_submit(client, ID, DEEPIDV_NTS, decisions[i], 1, &op), DEEPIDV_E_RANGE);
    assert_int_equal(op, 0);
  }
  assert_int_equal(peer_requests(peer), 0);
  peer_end(peer, client);
}

/* ---- What is answered ------------------------------------------------------------ */

static void what_each_answer_means(void **state)
{
  static const struct {
    int http;
    deepidv_status status;
  } cases[] = {
    { 302, DEEPIDV_E_REDIRECTED },
    { 400, DEEPIDV_E_BAD_REQUEST },
    { 401, DEEPIDV_E_UNAUTHORIZED },
    { 402, DEEPIDV_E_BALANCE },
    { 403, DEEPIDV_E_FORBIDDEN },
    { 404, DEEPIDV_E_NOT_FOUND },
    { 409, DEEPIDV_E_REFUSED },
  };
  size_t i;

  (void)state;
  for (i = 0; i < COUNT(cases); i++) {
    peer *peer = peer_start(PEER_ANSWER, cases[i].http, "{\"error\":\"e\"}");
    deepidv_client *client = peer_client(peer);
    deepidv_result *result = decide(client, ID, DEEPIDV_DECISION_VERIFIED, cases[i].status);

    assert_status(deepidv_result_cause(result), cases[i].status);
    assert_int_equal(deepidv_result_http_status(result), cases[i].http);
    assert_string_equal(deepidv_result_message(result, NULL), "e");
    assert_null(deepidv_result_session_id(result, NULL));
    assert_int_equal(peer_decisions(peer), 2);
    assert_int_equal(peer_requests(peer), 2);
    deepidv_result_free(result);
    peer_end(peer, client);
  }
}

/* Not executed, so it is sent again. */
static void what_was_refused_for_its_rate(void **state)
{
  peer *peer = peer_start(PEER_ANSWER, 200, RECORD(ID, "VERIFIED"));
  deepidv_client *client = peer_client(peer);
  deepidv_result *result;

  (void)state;
  peer_next_with(peer, PEER_ANSWER, 429, "Retry-After: 0\r\n", "{}");
  result = verify(client);
  assert_status(deepidv_result_status(result), DEEPIDV_OK);
  assert_int_equal(deepidv_result_attempts(result), 2);
  assert_int_equal(deepidv_result_reconciled(result), 0);
  assert_int_equal(peer_decisions(peer), 2);
  deepidv_result_free(result);
  peer_end(peer, client);
}

static void what_was_never_sent(void **state)
{
  deepidv_client *client = make_hasty_client(peer_gone_url(), 600);
  deepidv_result *result = verify(client);

  (void)state;
  assert_status(deepidv_result_status(result), DEEPIDV_E_NOT_SENT);
  assert_status(deepidv_result_cause(result), DEEPIDV_E_CONNECT);
  assert_int_equal(deepidv_result_attempts(result), 0);
  deepidv_result_free(result);
  deepidv_client_free(client);
}

/* ---- Lost answers ---------------------------------------------------------------- */

/* However the answer was lost: the record says that the decision was made. */
static void a_lost_answer_is_looked_for(void **state)
{
  static const struct {
    peer_act act;
    int http;
    const char *body;
  } losses[] = {
    { PEER_CLOSE, 200, "" },
    { PEER_RESET, 200, "" },
    { PEER_ANSWER, 503, "<html>" },
    { PEER_ANSWER, 408, "" },
    { PEER_ANSWER, 200, "" },
    { PEER_ANSWER, 200, "<html>" },
    { PEER_ANSWER, 200, "{\"session_record\":{\"status\":\"VERIFIED\"}}" },
    { PEER_ANSWER, 200, RECORD("sess_abd", "VERIFIED") },
    { PEER_ANSWER, 200, RECORD(ID, "PENDING") },
    { PEER_ANSWER, 200, RECORD(ID, "REJECTED") },
  };
  peer *peers[COUNT(losses)];
  deepidv_client *clients[COUNT(losses)];
  uint64_t ops[COUNT(losses)];
  size_t i;

  (void)state;
  for (i = 0; i < COUNT(losses); i++) {
    peers[i] = peer_start(PEER_ANSWER, 200, RECORD(ID, "VERIFIED"));
    peer_next(peers[i], losses[i].act, losses[i].http, losses[i].body);
    /* It is not there at the first look, and the second is of no use. */
    peer_next(peers[i], PEER_ANSWER, 200, RECORD(ID, "PENDING"));
    peer_next(peers[i], PEER_ANSWER, 502, "<html>");
    clients[i] = peer_client(peers[i]);
    assert_status(deepidv_session_update_status_submit(
                      clients[i], ID, DEEPIDV_NTS, DEEPIDV_DECISION_VERIFIED, i, &ops[i]),
        DEEPIDV_OK);
  }
  for (i = 0; i < COUNT(losses); i++) {
    deepidv_result *result = take_result(clients[i], ops[i], i, DEEPIDV_EVENT_SESSION_UPDATE_STATUS);

    assert_status(deepidv_result_status(result), DEEPIDV_OK);
    assert_status(deepidv_result_cause(result), DEEPIDV_OK);
    assert_int_equal(deepidv_result_reconciled(result), 1);
    assert_string_equal(deepidv_result_session_status(result, NULL), "VERIFIED");
    assert_int_equal(deepidv_result_attempts(result), 1);
    assert_int_equal(peer_decisions(peers[i]), 1);
    assert_int_equal(peer_requests(peers[i]), 4);
    assert_asked(peers[i], "GET /v1/sessions/" ID " HTTP/1.1\r\n");
    deepidv_result_free(result);
    peer_end(peers[i], clients[i]);
  }
}

/* The record is not as asked, so it may still be executed: nobody guesses, and nobody sends it again. */
static void a_decision_that_is_not_seen(void **state)
{
  static const struct {
    peer_act act;
    int http;
    const char *body, *seen;
    deepidv_status cause;
  } looks[] = {
    { PEER_ANSWER, 200, RECORD(ID, "PENDING"), "PENDING", DEEPIDV_E_TIMEOUT },
    { PEER_ANSWER, 200, RECORD(ID, "REJECTED"), "REJECTED", DEEPIDV_E_TIMEOUT },
    { PEER_ANSWER, 200, RECORD("sess_abd", "VERIFIED"), NULL, DEEPIDV_E_CONNECTION_LOST },
    { PEER_ANSWER, 404, "{}", NULL, DEEPIDV_E_CONNECTION_LOST },
    { PEER_ANSWER, 500, "{}", NULL, DEEPIDV_E_CONNECTION_LOST },
    { PEER_CLOSE, 200, "", NULL, DEEPIDV_E_CONNECTION_LOST },
    { PEER_HANG, 200, "", NULL, DEEPIDV_E_CONNECTION_LOST },
  };
  peer *peers[COUNT(looks)];
  deepidv_client *clients[COUNT(looks)];
  uint64_t ops[COUNT(looks)];
  size_t i;

  (void)state;
  for (i = 0; i < COUNT(looks); i++) {
    peers[i] = peer_start(looks[i].act, looks[i].http, looks[i].body);
    peer_next(peers[i], PEER_CLOSE, 200, "");
    clients[i] = make_hasty_client(peer_url(peers[i]), 2500);
    assert_status(deepidv_session_update_status_submit(
                      clients[i], ID, DEEPIDV_NTS, DEEPIDV_DECISION_VERIFIED, i, &ops[i]),
        DEEPIDV_OK);
  }
  for (i = 0; i < COUNT(looks); i++) {
    deepidv_result *result = take_result(clients[i], ops[i], i, DEEPIDV_EVENT_SESSION_UPDATE_STATUS);

    assert_status(deepidv_result_status(result), DEEPIDV_E_OUTCOME_UNKNOWN);
    assert_status(deepidv_result_cause(result), looks[i].cause);
    assert_int_equal(deepidv_result_reconciled(result), 0);
    if (looks[i].seen)
      assert_string_equal(deepidv_result_session_status(result, NULL), looks[i].seen);
    else
      assert_null(deepidv_result_session_status(result, NULL));
    assert_null(deepidv_result_reconcile_token(result, NULL));
    assert_int_equal(peer_decisions(peers[i]), 1);
    assert_true(peer_requests(peers[i]) >= 2);
    deepidv_result_free(result);
    peer_end(peers[i], clients[i]);
  }
}

/* Closing, as cancelling, says what is known: it was sent, or it was not. */
static void a_client_that_closes(void **state)
{
  peer *peer = peer_start(PEER_HANG, 200, RECORD(ID, "VERIFIED"));
  deepidv_client *client = peer_client(peer);
  deepidv_result *result;
  uint64_t op = 0;

  (void)state;
  assert_status(
      deepidv_session_update_status_submit(client, ID, DEEPIDV_NTS, DEEPIDV_DECISION_VERIFIED, 3, &op),
      DEEPIDV_OK);
  peer_wait(peer, 1);
  assert_status(deepidv_client_close(client), DEEPIDV_OK);
  result = take_result(client, op, 3, DEEPIDV_EVENT_SESSION_UPDATE_STATUS);
  assert_status(deepidv_result_status(result), DEEPIDV_E_OUTCOME_UNKNOWN);
  assert_status(deepidv_result_cause(result), DEEPIDV_E_CANCELLED);
  assert_int_equal(peer_requests(peer), 1);
  deepidv_result_free(result);
  peer_end(peer, client);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(sessions_are_decided),
    cmocka_unit_test(decisions_on_the_wire),
    cmocka_unit_test(what_is_no_decision),
    cmocka_unit_test(what_each_answer_means),
    cmocka_unit_test(what_was_refused_for_its_rate),
    cmocka_unit_test(what_was_never_sent),
    cmocka_unit_test(a_lost_answer_is_looked_for),
    cmocka_unit_test(a_decision_that_is_not_seen),
    cmocka_unit_test(a_client_that_closes),
  };

  return cmocka_run_group_tests_name("update status", tests, start_service, stop_service);
}
