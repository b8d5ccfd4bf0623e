/* A create whose response is lost: its retries, its external id, and the search for its session. */

#define _GNU_SOURCE

#include <jansson.h>
#include <stdio.h>

#include "ask.h"
#include "create.h"

/* ---- Trying again ---------------------------------------------------------------- */

/* Retried, since nothing was sent. */
static void a_create_that_cannot_be_sent(void **state)
{
  deepidv_result *result = create_once(make_client(peer_gone_url()), NULL, DEEPIDV_E_NOT_SENT);

  (void)state;
  assert_status(deepidv_result_cause(result), DEEPIDV_E_CONNECT);
  assert_int_equal(deepidv_result_attempts(result), 0);
  assert_null(deepidv_result_reconcile_token(result, NULL));
  deepidv_result_free(result);
}

/* ---- External ids ---------------------------------------------------------------- */

static deepidv_client *make_finding_client(const char *url, uint32_t timeout_ms)
{
  deepidv_config *config = make_config(url);

  assert_status(deepidv_config_set_make_external_id(config, 1), DEEPIDV_OK);
  assert_status(deepidv_config_set_timeout_ms(config, timeout_ms), DEEPIDV_OK);
  return make_client_of(config);
}

static void assert_made(const char *id)
{
  assert_non_null(id);
  assert_int_equal(strlen(id), 37);
  assert_memory_equal(id, "didv_", 5);
  assert_int_equal(strspn(id + 5, "0123456789abcdef"), 32);
}

static char *last_external_id(peer *peer)
{
  char *body = peer_last_body(peer), *id;
  json_t *sent = json_loads(body, 0, NULL);

  assert_non_null(sent);
  id = strdup(json_string_value(json_object_get(sent, "external_id")));
  json_decref(sent);
  free(body);
  return id;
}

static void external_ids_that_the_library_makes(void **state)
{
  peer *peer = peer_of_sessions(PEER_ANSWER);
  deepidv_client *client = make_finding_client(peer_url(peer), 60000);
  deepidv_session_request *request = make_request();
  deepidv_result *result;
  char last[64] = "", *sent;
  size_t length = 0;
  int i;

  (void)state;
  for (i = 0; i < 20; i++) {
    result = create_result(client, request, DEEPIDV_OK);
    assert_made(deepidv_result_external_id(result, &length));
    assert_int_equal(length, 37);
    assert_string_not_equal(deepidv_result_external_id(result, NULL), last);
    strcpy(last, deepidv_result_external_id(result, NULL));
    sent = last_external_id(peer);
    assert_string_equal(sent, last);
    free(sent);
    deepidv_result_free(result);
  }

  /* It belongs to the operation, not to the request; a failure has it too. */
  peer_next(peer, PEER_ANSWER, 400, "{\"error\":\"no\"}");
  result = create_result(client, request, DEEPIDV_E_BAD_REQUEST);
  assert_made(deepidv_result_external_id(result, NULL));
  assert_null(deepidv_result_reconcile_token(result, NULL));
  deepidv_result_free(result);
  assert_status(deepidv_session_request_set_external_id(request, "mine", 4), DEEPIDV_OK);
  result = create_result(client, request, DEEPIDV_OK);
  assert_string_equal(deepidv_result_external_id(result, NULL), "mine");
  deepidv_result_free(result);
  deepidv_session_request_free(request);
  peer_end(peer, client);
}

/* ---- Lost answers ---------------------------------------------------------------- */

/* Creates with external id order-1, and loses the response. */
static deepidv_result *lose(peer *peer, uint32_t timeout_ms, deepidv_status status)
{
  deepidv_client *client = make_hasty_client(peer_url(peer), timeout_ms);
  deepidv_result *result = create_once(client, make_request_as("order-1"), status);

  assert_int_equal(peer_creates(peer), 1);
  assert_string_equal(deepidv_result_external_id(result, NULL), "order-1");
  return result;
}

static void a_lost_session_is_found(void **state)
{
  peer *peer = peer_start(PEER_ANSWER, 200, page(record("sess_found", "order-1", 0), NULL));
  deepidv_result *result;

  (void)state;
  peer_next(peer, PEER_CLOSE, 200, "");
  result = lose(peer, 60000, DEEPIDV_OK);
  assert_int_equal(deepidv_result_reconciled(result), 1);
  assert_status(deepidv_result_cause(result), DEEPIDV_OK);
  assert_int_equal(deepidv_result_http_status(result), 200);
  assert_string_equal(deepidv_result_session_id(result, NULL), "sess_found");
  assert_null(deepidv_result_session_url(result, NULL)); /* only the response to the create has it */
  assert_null(deepidv_result_reconcile_token(result, NULL));
  assert_null(deepidv_result_message(result, NULL));
  assert_asked(peer, "GET /v1/sessions?external_id=order-1");
  assert_int_equal(peer_requests(peer), 2);
  deepidv_result_free(result);
  peer_stop(peer);
}

/* The query of the search would be too long for gateways. */
static void an_external_id_too_long_for_a_search(void **state)
{
  peer *peer = peer_start(PEER_CLOSE, 200, "");
  char *id = make_text('a', 1025);
  deepidv_result *result = create_once(peer_client(peer), make_request_as(id), DEEPIDV_E_OUTCOME_UNKNOWN);

  (void)state;
  assert_string_equal(deepidv_result_external_id(result, NULL), id);
  assert_null(deepidv_result_reconcile_token(result, NULL));
  assert_int_equal(peer_requests(peer), 1);
  deepidv_result_free(result);
  free(id);
  peer_stop(peer);
}

/* No session yet, an unusable response, and then the session. */
static void the_search_is_repeated_until_the_session_exists(void **state)
{
  peer *peer = peer_start(PEER_ANSWER, 200, page(record("sess_late", "order-1", 0), NULL));
  deepidv_result *result;

  (void)state;
  peer_next(peer, PEER_ANSWER, 504, "<html>");
  peer_next(peer, PEER_ANSWER, 200, page(NULL, NULL));
  peer_next(peer, PEER_CLOSE, 200, "");
  result = lose(peer, 60000, DEEPIDV_OK);
  assert_int_equal(deepidv_result_reconciled(result), 1);
  assert_string_equal(deepidv_result_session_id(result, NULL), "sess_late");
  assert_int_equal(peer_requests(peer), 4);
  deepidv_result_free(result);
  peer_stop(peer);
}

/* Another external id, another case, and a session older than the create. */
static void sessions_that_do_not_match_the_search(void **state)
{
  peer *peer = peer_start(
      PEER_ANSWER, 200, page(record("sess_other", "order-11", 0), record("sess_case", "ORDER-1", 0)));
  deepidv_result *result;

  (void)state;
  peer_next(peer, PEER_CLOSE, 200, "");
  peer_next(peer, PEER_ANSWER, 200, page(record("sess_old", "order-1", 3600), NULL));
  result = lose(peer, 2500, DEEPIDV_E_OUTCOME_UNKNOWN);
  assert_status(deepidv_result_cause(result), DEEPIDV_E_CONNECTION_LOST);
  assert_int_equal(deepidv_result_reconciled(result), 0);
  assert_null(deepidv_result_session_id(result, NULL));
  assert_int_equal(deepidv_result_session_count(result), 0);
  assert_true(peer_requests(peer) >= 3);
  deepidv_result_free(result);
  peer_stop(peer);
}

static void several_sessions_for_one_create(void **state)
{
  peer *peer =
      peer_start(PEER_ANSWER, 200, page(record("sess_one", "order-1", 0), record("sess_two", "order-1", 0)));
  deepidv_result *result;

  (void)state;
  peer_next(peer, PEER_CLOSE, 200, "");
  result = lose(peer, 60000, DEEPIDV_E_DUPLICATE);
  assert_status(deepidv_result_cause(result), DEEPIDV_E_DUPLICATE);
  assert_int_equal(deepidv_result_session_count(result), 2);
  assert_string_equal(deepidv_result_session_id_at(result, 0, NULL), "sess_one");
  assert_string_equal(deepidv_result_session_id_at(result, 1, NULL), "sess_two");
  assert_null(deepidv_result_session_id_at(result, 2, NULL));
  assert_null(deepidv_result_session_id_at(result, UINT32_MAX, NULL));
  assert_null(deepidv_result_session_id(result, NULL));
  assert_int_equal(peer_requests(peer), 2);
  deepidv_result_free(result);
  peer_stop(peer);
}

/* The timeout of a create leaves time for the search. */
static void a_response_that_never_comes(void **state)
{
  peer *peer = peer_start(PEER_ANSWER, 200, page(record("sess_slow", "order-1", 0), NULL));
  deepidv_result *result;

  (void)state;
  peer_next(peer, PEER_HANG, 200, "");
  result = lose(peer, 3000, DEEPIDV_OK);
  assert_int_equal(deepidv_result_reconciled(result), 1);
  assert_true(deepidv_result_elapsed_us(result) >= 1800000);
  assert_true(deepidv_result_elapsed_us(result) < 3000000);
  deepidv_result_free(result);
  peer_stop(peer);
}

/* By a generated external id, with another client, as another process would. */
static void a_later_reconcile_finds_the_session(void **state)
{
  peer *peer = peer_start(PEER_HANG, 200, "{}");
  deepidv_client *client = make_finding_client(peer_url(peer), 2000), *later;
  deepidv_result *result;
  char *sent, token[128];
  const char *text;
  size_t length = 0;
  uint64_t op;

  (void)state;
  op = submit_create(client, 5);
  peer_wait(peer, 1);
  sent = last_external_id(peer);
  assert_made(sent);
  peer_become(peer, PEER_CLOSE); /* all searches */
  peer_give_up(peer);
  result = take_result(client, op, 5, DEEPIDV_EVENT_SESSION_CREATE);
  assert_status(deepidv_result_status(result), DEEPIDV_E_OUTCOME_UNKNOWN);
  assert_status(deepidv_result_cause(result), DEEPIDV_E_CONNECTION_LOST);
  assert_string_equal(deepidv_result_external_id(result, NULL), sent);
  text = deepidv_result_reconcile_token(result, &length);
  assert_non_null(text);
  assert_int_equal(length, strlen(text));
  assert_non_null(strstr(text, sent));
  snprintf(token, sizeof token, "%s", text);
  deepidv_result_free(result);
  deepidv_client_free(client);
  assert_int_equal(peer_creates(peer), 1);

  later = peer_client(peer);
  peer_next(peer, PEER_ANSWER, 200, page(record("sess_found", sent, 0), NULL));
  peer_next(peer, PEER_ANSWER, 200, page(record("sess_found", sent, 0), NULL));
  result = ask(later, question("reconcile"), token, DEEPIDV_OK);
  assert_int_equal(deepidv_result_reconciled(result), 1);
  assert_string_equal(deepidv_result_session_id(result, NULL), "sess_found");
  assert_string_equal(deepidv_result_external_id(result, NULL), sent);
  deepidv_result_free(result);

  peer_next(peer, PEER_ANSWER, 200, page(record("sess_a", sent, 0), record("sess_b", sent, 1)));
  peer_next(peer, PEER_ANSWER, 200, page(record("sess_a", sent, 0), record("sess_b", sent, 1)));
  result = ask(later, question("reconcile"), token, DEEPIDV_E_DUPLICATE);
  assert_int_equal(deepidv_result_session_count(result), 2);
  deepidv_result_free(result);
  assert_int_equal(peer_creates(peer), 1);
  free(sent);
  peer_end(peer, later);
}

/* The session may still exist, so the result has the token again. */
static void a_later_reconcile_finds_nothing(void **state)
{
  peer *peer = peer_start(PEER_ANSWER, 200, page(NULL, NULL));
  deepidv_client *client = make_hasty_client(peer_url(peer), 1200);
  deepidv_result *result =
      ask(client, question("reconcile"), "1.1700000000.order-1", DEEPIDV_E_OUTCOME_UNKNOWN);

  (void)state;
  assert_int_equal(deepidv_result_reconciled(result), 0);
  assert_string_equal(deepidv_result_reconcile_token(result, NULL), "1.1700000000.order-1");
  assert_string_equal(deepidv_result_external_id(result, NULL), "order-1");
  assert_non_null(deepidv_result_message(result, NULL));
  assert_int_equal(peer_creates(peer), 0);
  deepidv_result_free(result);
  peer_end(peer, client);
}

/* The outcome stays unknown, and its cause is that of the lost response. */
static void cancelling_during_the_search(void **state)
{
  peer *peer = peer_start(PEER_ANSWER, 200, page(NULL, NULL));
  deepidv_client *client = peer_client(peer);
  deepidv_session_request *request = make_request_as("order-1");
  deepidv_result *result;
  uint64_t op = 0;
  int i;

  (void)state;
  for (i = 0; i < 2; i++) {
    unsigned requests = peer_requests(peer);

    peer_next(peer, PEER_CLOSE, 200, "");
    assert_status(deepidv_session_create_submit(client, request, 3, &op), DEEPIDV_OK);
    peer_wait(peer, requests + 2); /* the create and a search */
    if (i == 0)
      assert_status(deepidv_client_cancel(client, op), DEEPIDV_OK);
    else
      assert_status(deepidv_client_close(client), DEEPIDV_OK);
    result = take_result(client, op, 3, DEEPIDV_EVENT_SESSION_CREATE);
    assert_status(deepidv_result_status(result), DEEPIDV_E_OUTCOME_UNKNOWN);
    assert_non_null(deepidv_result_reconcile_token(result, NULL));
    deepidv_result_free(result);
    assert_int_equal(peer_creates(peer), i + 1);
  }
  deepidv_session_request_free(request);
  peer_end(peer, client);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_create_that_cannot_be_sent),
    cmocka_unit_test(external_ids_that_the_library_makes),
    cmocka_unit_test(a_lost_session_is_found),
    cmocka_unit_test(an_external_id_too_long_for_a_search),
    cmocka_unit_test(the_search_is_repeated_until_the_session_exists),
    cmocka_unit_test(sessions_that_do_not_match_the_search),
    cmocka_unit_test(several_sessions_for_one_create),
    cmocka_unit_test(a_response_that_never_comes),
    cmocka_unit_test(a_later_reconcile_finds_the_session),
    cmocka_unit_test(a_later_reconcile_finds_nothing),
    cmocka_unit_test(cancelling_during_the_search),
  };

  return cmocka_run_group_tests_name("delivery", tests, NULL, NULL);
}
