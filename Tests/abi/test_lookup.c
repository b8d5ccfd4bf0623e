/* Retrieving a session, and listing sessions. */

#define _GNU_SOURCE

#include <jansson.h>
#include <stdio.h>

#include "ask.h"
#include "create.h"
#include "emulator.h"

/* ---- The emulator ---------------------------------------------------------------- */

static void a_session_is_retrieved(void **state)
{
  deepidv_client *client = make_client(service.url);
  deepidv_session_request *request = make_request_as("order 7/\xe2\x82\xac");
  deepidv_result *created = create_result(client, request, DEEPIDV_OK), *result;
  const char *id = deepidv_result_session_id(created, NULL), *text;
  size_t length = 0;
  json_t *body;

  (void)state;
  result = ask(client, question("retrieve"), id, DEEPIDV_OK);
  assert_string_equal(deepidv_result_session_id(result, NULL), id);
  assert_string_equal(deepidv_result_external_id(result, NULL), "order 7/\xe2\x82\xac");
  assert_string_equal(deepidv_result_session_status(result, &length), "PENDING");
  assert_int_equal(length, 7);
  assert_string_equal(deepidv_result_session_progress(result, NULL), "PENDING");
  assert_status(deepidv_result_cause(result), DEEPIDV_OK);
  assert_int_equal(deepidv_result_http_status(result), 200);
  assert_int_equal(deepidv_result_attempts(result), 1);
  assert_int_equal(deepidv_result_reconciled(result), 0);
  assert_null(deepidv_result_reconcile_token(result, NULL));
  assert_null(deepidv_result_message(result, NULL));
  text = deepidv_result_json(result, &length);
  body = json_loadb(text, length, 0, NULL);
  assert_non_null(json_object_get(body, "session_record"));
  json_decref(body);
  deepidv_result_free(result);

  result = ask(client, question("retrieve"), "sess_none", DEEPIDV_E_NOT_FOUND);
  assert_int_equal(deepidv_result_http_status(result), 404);
  assert_null(deepidv_result_session_id(result, NULL));
  assert_null(deepidv_result_session_status(result, NULL));
  assert_non_null(deepidv_result_message(result, NULL));
  deepidv_result_free(result);
  deepidv_result_free(created);
  deepidv_session_request_free(request);
  deepidv_client_free(client);
}

/* Five sessions on pages of two: each is listed once. */
static void sessions_are_listed_page_by_page(void **state)
{
  enum { SESSIONS = 5 };
  deepidv_client *client = make_client(service.url);
  deepidv_session_request *request = make_request_as("paged");
  deepidv_result *result;
  char ids[SESSIONS][64], token[256] = "";
  unsigned seen[SESSIONS] = { 0 }, pages = 0;
  uint32_t i, j;

  (void)state;
  for (i = 0; i < SESSIONS; i++) {
    result = create_result(client, request, DEEPIDV_OK);
    snprintf(ids[i], sizeof ids[i], "%s", deepidv_result_session_id(result, NULL));
    deepidv_result_free(result);
  }
  do {
    assert_status(
        deepidv_session_list(client, "paged", DEEPIDV_NTS, 2, *token ? token : NULL, DEEPIDV_NTS, &result),
        DEEPIDV_OK);
    assert_true(deepidv_result_session_count(result) <= 2);
    for (i = 0; i < deepidv_result_session_count(result); i++)
      for (j = 0; j < SESSIONS; j++)
        seen[j] += strcmp(deepidv_result_session_id_at(result, i, NULL), ids[j]) == 0;
    assert_null(deepidv_result_session_id_at(result, i, NULL));
    *token = '\0';
    if (deepidv_result_next_token(result, NULL))
      snprintf(token, sizeof token, "%s", deepidv_result_next_token(result, NULL));
    deepidv_result_free(result);
    assert_true(++pages <= 3);
  } while (*token);
  assert_int_equal(pages, 3);
  for (i = 0; i < SESSIONS; i++)
    assert_int_equal(seen[i], 1);

  result = ask(client, question("list by external id"), "nobody's", DEEPIDV_OK);
  assert_int_equal(deepidv_result_session_count(result), 0);
  assert_null(deepidv_result_session_id_at(result, 0, NULL));
  assert_null(deepidv_result_next_token(result, NULL));
  deepidv_result_free(result);
  deepidv_session_request_free(request);
  deepidv_client_free(client);
}

/* ---- What is asked --------------------------------------------------------------- */

static void questions_on_the_wire(void **state)
{
  peer *peer = peer_start(PEER_ANSWER, 200, "{\"sessions\":[]}");
  deepidv_client *client = peer_client(peer);
  deepidv_result *result = NULL;

  (void)state;
  assert_status(deepidv_session_list(client, NULL, 0, 0, NULL, 0, &result), DEEPIDV_OK);
  deepidv_result_free(result);
  assert_asked(peer, "GET /v1/sessions HTTP/1.1\r\n");
  assert_status(
      deepidv_session_list(client, "a b&c=\xc3\xa9", DEEPIDV_NTS, 500, "n+/=", 4, &result), DEEPIDV_OK);
  deepidv_result_free(result);
  assert_asked(
      peer, "GET /v1/sessions?external_id=a%20b%26c%3D%C3%A9&limit=500&next_token=n%2B%2F%3D HTTP/1.1\r\n");
  assert_status(deepidv_session_list(client, NULL, 0, 1, "n", 1, &result), DEEPIDV_OK);
  deepidv_result_free(result);
  assert_asked(peer, "GET /v1/sessions?limit=1&next_token=n HTTP/1.1\r\n");
  deepidv_session_retrieve(client, "../a?b#c/\xe2\x82\xac", DEEPIDV_NTS, &result);
  deepidv_result_free(result);
  assert_asked(peer, "GET /v1/sessions/..%2Fa%3Fb%23c%2F%E2%82%AC HTTP/1.1\r\n");
  peer_end(peer, client);
}

static void texts_at_their_limits(void **state)
{
  peer *peer = peer_start(PEER_ANSWER, 200, "{\"session_record\":{\"id\":\"s\"},\"sessions\":[]}");
  deepidv_client *client = make_hasty_client(peer_url(peer), 2500);
  size_t i;

  (void)state;
  for (i = 0; i < COUNT(questions); i++) {
    char *text = make_text('a', questions[i].longest);
    unsigned requests = peer_requests(peer);
    deepidv_result *result = NULL;

    memcpy(text, "1.1700000000.", 13);
    questions[i].ask(client, text, questions[i].longest, &result);
    assert_row(result != NULL, questions[i].name);
    assert_row(peer_requests(peer) > requests, questions[i].name);
    deepidv_result_free(result);
    free(text);
  }
  peer_end(peer, client);
}

/* ---- What is answered ------------------------------------------------------------ */

static void each_response_to_a_question(void **state)
{
  static const struct {
    int http;
    const char *body;
    deepidv_status status;
  } cases[] = {
    { 200, "{\"session_record\":{\"id\":\"s\",\"status\":\"NEW_WORD\"}}", DEEPIDV_OK },
    { 302, "", DEEPIDV_E_REDIRECTED },
    { 400, "{\"error\":\"e\"}", DEEPIDV_E_BAD_REQUEST },
    { 401, "{\"error\":\"e\"}", DEEPIDV_E_UNAUTHORIZED },
    { 403, "{\"error\":\"e\"}", DEEPIDV_E_FORBIDDEN },
    { 404, "{\"error\":\"e\"}", DEEPIDV_E_NOT_FOUND },
    { 418, "tea", DEEPIDV_E_REFUSED },
  };
  size_t i;

  (void)state;
  for (i = 0; i < COUNT(cases); i++) {
    peer *peer = peer_start(PEER_ANSWER, cases[i].http, cases[i].body);
    deepidv_client *client = peer_client(peer);
    deepidv_result *result = ask(client, question("retrieve"), "s", cases[i].status);

    assert_status(deepidv_result_cause(result), cases[i].status);
    assert_int_equal(deepidv_result_http_status(result), cases[i].http);
    assert_int_equal(peer_requests(peer), 2);
    if (cases[i].status == DEEPIDV_OK) {
      assert_string_equal(deepidv_result_session_status(result, NULL), "NEW_WORD");
      assert_null(deepidv_result_session_progress(result, NULL));
    }
    deepidv_result_free(result);
    peer_end(peer, client);
  }
}

/* Safe to repeat, so they are retried, and the status is the cause. */
static void a_question_without_a_response(void **state)
{
  static const struct {
    peer_act act;
    int http;
    const char *body;
    deepidv_status status;
  } cases[] = {
    { PEER_CLOSE, 200, "", DEEPIDV_E_CONNECTION_LOST },
    { PEER_RESET, 200, "", DEEPIDV_E_CONNECTION_LOST },
    { PEER_ANSWER, 503, "<html>", DEEPIDV_E_SERVER },
    { PEER_ANSWER, 200, "<html>", DEEPIDV_E_ANSWER_JSON },
    { PEER_ANSWER, 200, "{\"session_record\":{}}", DEEPIDV_E_ANSWER_NO_ID },
    { PEER_ANSWER, 200, "", DEEPIDV_E_ANSWER_EMPTY },
  };
  peer *peers[COUNT(cases)];
  deepidv_client *clients[COUNT(cases)];
  uint64_t ops[COUNT(cases)];
  size_t i;

  (void)state;
  for (i = 0; i < COUNT(cases); i++) {
    peers[i] = peer_start(cases[i].act, cases[i].http, cases[i].body);
    clients[i] = peer_client(peers[i]);
    assert_status(deepidv_session_retrieve_submit(clients[i], "s", 1, i, &ops[i]), DEEPIDV_OK);
  }
  for (i = 0; i < COUNT(cases); i++) {
    deepidv_result *result = take_result(clients[i], ops[i], i, DEEPIDV_EVENT_SESSION_RETRIEVE);

    assert_status(deepidv_result_status(result), cases[i].status);
    assert_status(deepidv_result_cause(result), cases[i].status);
    assert_int_equal(deepidv_result_attempts(result), 4);
    assert_int_equal(peer_requests(peers[i]), 4);
    assert_non_null(deepidv_result_message(result, NULL));
    assert_null(deepidv_result_session_id(result, NULL));
    deepidv_result_free(result);
    peer_end(peers[i], clients[i]);
  }
}

static void a_question_that_times_out(void **state)
{
  peer *peer = peer_start(PEER_HANG, 200, "{}");
  deepidv_client *client = make_hasty_client(peer_url(peer), 250);
  deepidv_result *result = ask(client, question("retrieve"), "s", DEEPIDV_E_TIMEOUT);

  (void)state;
  assert_status(deepidv_result_cause(result), DEEPIDV_E_TIMEOUT);
  deepidv_result_free(result);
  peer_end(peer, client);
}

static void a_question_that_is_answered_at_the_third_try(void **state)
{
  peer *peer = peer_start(PEER_ANSWER, 200, "{\"session_record\":{\"id\":\"s\"}}");
  deepidv_client *client = peer_client(peer);
  deepidv_result *result = NULL;

  (void)state;
  peer_next(peer, PEER_CLOSE, 200, "");
  peer_next(peer, PEER_ANSWER, 502, "<html>");
  assert_status(deepidv_session_retrieve(client, "s", 1, &result), DEEPIDV_OK);
  assert_int_equal(deepidv_result_attempts(result), 3);
  assert_int_equal(deepidv_result_http_status(result), 200);
  deepidv_result_free(result);
  peer_end(peer, client);
}

static void cancelling_a_question(void **state)
{
  peer *peer = peer_start(PEER_HANG, 200, "{}");
  deepidv_client *client = peer_client(peer);
  size_t i;

  (void)state;
  for (i = 0; i < COUNT(questions); i++) {
    const question_row *row = &questions[i];
    unsigned requests = peer_requests(peer);
    deepidv_result *result;
    uint64_t op = 0;

    assert_status(row->submit(client, row->good, DEEPIDV_NTS, i, &op), DEEPIDV_OK);
    peer_wait(peer, requests + 1);
    assert_status(deepidv_client_cancel(client, op), DEEPIDV_OK);
    result = take_result(client, op, i, row->kind);
    assert_status(deepidv_result_cause(result), DEEPIDV_E_CANCELLED);
    assert_status(deepidv_result_status(result),
        row->kind == DEEPIDV_EVENT_SESSION_RECONCILE || row->kind == DEEPIDV_EVENT_SESSION_UPDATE_STATUS
            ? DEEPIDV_E_OUTCOME_UNKNOWN
            : DEEPIDV_E_CANCELLED);
    deepidv_result_free(result);
  }
  peer_end(peer, client);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_session_is_retrieved),
    cmocka_unit_test(sessions_are_listed_page_by_page),
    cmocka_unit_test(questions_on_the_wire),
    cmocka_unit_test(texts_at_their_limits),
    cmocka_unit_test(each_response_to_a_question),
    cmocka_unit_test(a_question_without_a_response),
    cmocka_unit_test(a_question_that_times_out),
    cmocka_unit_test(a_question_that_is_answered_at_the_third_try),
    cmocka_unit_test(cancelling_a_question),
  };

  return cmocka_run_group_tests_name("lookup", tests, start_service, stop_service);
}
