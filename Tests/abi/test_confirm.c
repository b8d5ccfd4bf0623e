/* Confirming a redirect with the service. */

#include "ask.h"

#define ID "sess_abc"
#define CALLBACK "https://yourapp.com/verify-callback"
#define SUCCESS CALLBACK "?session_id=" ID "&status=success"

#define RECORD(id, status) \
  "{\"session_record\":{\"id\":\"" id "\",\"status\":\"" status "\",\"session_progress\":\"COMPLETED\"}}"

/* Confirms in a blocking and in a submitted call; returns the result of the submitted one. */
static deepidv_result *confirm(
    deepidv_client *client, const char *redirect, deepidv_status status, int32_t verdict)
{
  deepidv_result *result = NULL;
  uint64_t op = 0;

  assert_status(deepidv_redirect_confirm(client, redirect, DEEPIDV_NTS, ID, DEEPIDV_NTS, &result), status);
  assert_non_null(result);
  assert_status(deepidv_result_status(result), status);
  assert_row(deepidv_result_verdict(result) == verdict, redirect);
  deepidv_result_free(result);
  assert_status(
      deepidv_redirect_confirm_submit(client, redirect, DEEPIDV_NTS, ID, DEEPIDV_NTS, 7, &op), DEEPIDV_OK);
  assert_int_not_equal(op, 0);
  result = take_result(client, op, 7, DEEPIDV_EVENT_REDIRECT_CONFIRM);
  assert_status(deepidv_result_status(result), status);
  assert_row(deepidv_result_verdict(result) == verdict, redirect);
  return result;
}

/* ---- What the record says -------------------------------------------------------- */

static void each_status(void **state)
{
  static const struct {
    const char *body, *status;
    int32_t verdict;
  } cases[] = {
    { RECORD(ID, "VERIFIED"), "VERIFIED", DEEPIDV_VERDICT_VERIFIED },
    { RECORD(ID, "REJECTED"), "REJECTED", DEEPIDV_VERDICT_REJECTED },
    { RECORD(ID, "SUBMITTED"), "SUBMITTED", DEEPIDV_VERDICT_SUBMITTED },
    { RECORD(ID, "PENDING"), "PENDING", DEEPIDV_VERDICT_PENDING },
    { RECORD(ID, "EXPIRED"), "EXPIRED", DEEPIDV_VERDICT_EXPIRED },
    { RECORD(ID, "VOIDED"), "VOIDED", DEEPIDV_VERDICT_EXPIRED },
    { RECORD(ID, "FAILED"), "FAILED", DEEPIDV_VERDICT_EXPIRED },
    { RECORD(ID, "VERIFIED_AGAIN"), "VERIFIED_AGAIN", DEEPIDV_VERDICT_UNKNOWN },
    { RECORD(ID, "verified"), "verified", DEEPIDV_VERDICT_UNKNOWN },
    { "{\"session_record\":{\"id\":\"" ID "\"}}", NULL, DEEPIDV_VERDICT_UNKNOWN },
    { "{\"session_record\":{\"id\":\"" ID "\",\"status\":1}}", NULL, DEEPIDV_VERDICT_UNKNOWN },
  };
  size_t i;

  (void)state;
  for (i = 0; i < COUNT(cases); i++) {
    peer *peer = peer_start(PEER_ANSWER, 200, cases[i].body);
    deepidv_client *client = peer_client(peer);
    deepidv_result *result = confirm(client, SUCCESS, DEEPIDV_OK, cases[i].verdict);

    assert_string_equal(deepidv_result_session_id(result, NULL), ID);
    assert_string_equal(deepidv_result_json(result, NULL), cases[i].body);
    if (cases[i].status)
      assert_string_equal(deepidv_result_session_status(result, NULL), cases[i].status);
    else
      assert_null(deepidv_result_session_status(result, NULL));
    assert_null(deepidv_result_message(result, NULL));
    assert_int_equal(deepidv_result_attempts(result), 1);
    assert_asked(peer, "GET /v1/sessions/" ID " HTTP/1.1\r\n");
    assert_int_equal(peer_requests(peer), 2);
    deepidv_result_free(result);
    peer_end(peer, client);
  }
}

/* Only the record counts. */
static void the_claim_of_a_redirect_is_not_believed(void **state)
{
  static const char *const redirects[] = {
    SUCCESS,
    "?session_id=" ID,
    "session_id=" ID "&status=failed&reason=face_mismatch",
    "/cb?a=b&session%5Fid=sess%5fabc&status=abandoned&reason=user_cancelled#top",
    "?session_id=" ID "&status=VERIFIED&verdict=1",
    "?status=SUBMITTED&sessionId=" ID,
    "?sessionId=my-own&session_id=" ID,
  };
  peer *rejecting = peer_start(PEER_ANSWER, 200, RECORD(ID, "REJECTED"));
  peer *verifying = peer_start(PEER_ANSWER, 200, RECORD(ID, "VERIFIED"));
  deepidv_client *first = peer_client(rejecting);
  deepidv_client *second = peer_client(verifying);
  size_t i;

  (void)state;
  for (i = 0; i < COUNT(redirects); i++) {
    deepidv_result_free(confirm(first, redirects[i], DEEPIDV_OK, DEEPIDV_VERDICT_REJECTED));
    deepidv_result_free(confirm(second, redirects[i], DEEPIDV_OK, DEEPIDV_VERDICT_VERIFIED));
  }
  peer_end(rejecting, first);
  peer_end(verifying, second);
}

/* ---- Forged ---------------------------------------------------------------------- */

static void forged_redirects_send_no_request(void **state)
{
  static const struct {
    const char *redirect;
    deepidv_status status;
  } cases[] = {
    { "", DEEPIDV_E_MISMATCH },
    { CALLBACK, DEEPIDV_E_MISMATCH },
    { CALLBACK "?status=success", DEEPIDV_E_MISMATCH },
    { CALLBACK "?status=success#session_id=" ID, DEEPIDV_E_MISMATCH },
    { "?session_id=&status=success", DEEPIDV_E_MISMATCH },
    { "?session_id=sess_abd&status=success", DEEPIDV_E_MISMATCH },
    { "?session_id=sess_ab&status=success", DEEPIDV_E_MISMATCH },
    { "?session_id=sess_abc%00&status=success", DEEPIDV_E_MISMATCH },
    { "?session_id=%ff&status=success", DEEPIDV_E_MISMATCH },
    { "?session_id=other&sessionId=" ID, DEEPIDV_E_MISMATCH },
    { "?session_id=" ID "&session_id=sess_abd", DEEPIDV_E_REPEATED },
    { "?session_id=" ID "&status=success&status=failed", DEEPIDV_E_REPEATED },
    { "?a=b?session_id=sess_abd&status=success", DEEPIDV_E_MISMATCH },
  };
  peer *peer = peer_start(PEER_ANSWER, 200, RECORD(ID, "VERIFIED"));
  deepidv_client *client = peer_client(peer);
  size_t i;

  (void)state;
  for (i = 0; i < COUNT(cases); i++) {
    deepidv_result *result = confirm(client, cases[i].redirect, cases[i].status, DEEPIDV_VERDICT_FORGED);

    assert_status(deepidv_result_cause(result), cases[i].status);
    assert_string_equal(deepidv_result_message(result, NULL), deepidv_status_text(cases[i].status));
    assert_int_equal(deepidv_result_http_status(result), 0);
    assert_int_equal(deepidv_result_attempts(result), 0);
    assert_null(deepidv_result_session_id(result, NULL));
    assert_null(deepidv_result_json(result, NULL));
    deepidv_result_free(result);
  }
  assert_int_equal(peer_requests(peer), 0);
  peer_end(peer, client);
}

/* Where the documentation is open, every form of redirect is genuine. */
static void every_documented_way_to_join_a_query(void **state)
{
  static const char *const redirects[] = {
    CALLBACK "?a=b&session_id=" ID "&status=success",
    CALLBACK "?a=b?session_id=" ID "&status=success",
    CALLBACK "?a=b?status=success&session_id=" ID,
    CALLBACK "?a=b?session_id=" ID "&status=success&session_id=" ID,
    CALLBACK "?a=b?status=failed&session_id=" ID "&reason=unknown&session_id=" ID,
    CALLBACK "?a=b?sessionId=" ID "&status=SUBMITTED&sessionId=" ID,
    CALLBACK "?a=b?status=SUBMITTED&sessionId=" ID,
    CALLBACK "??session_id=" ID "&status=success",
    CALLBACK "?next=/x?session_id=1&session_id=" ID "&status=success",
    CALLBACK "?session_id=" ID "&session_id=" ID "&status=success&status=success",
  };
  peer *peer = peer_start(PEER_ANSWER, 200, RECORD(ID, "VERIFIED"));
  deepidv_client *client = peer_client(peer);
  size_t i;

  (void)state;
  for (i = 0; i < COUNT(redirects); i++)
    deepidv_result_free(confirm(client, redirects[i], DEEPIDV_OK, DEEPIDV_VERDICT_VERIFIED));
  peer_end(peer, client);
}

/* Like every completion: it counts as in flight until it is taken, and makes the descriptor readable. */
static void a_forged_redirect_on_the_queue(void **state)
{
  deepidv_client *client = make_limited_client("http://127.0.0.1:1", 2);
  deepidv_result *result = NULL;
  uint64_t first = 0, second = 0, third = 1;

  (void)state;
  assert_false(is_readable(client, 0));
  assert_status(deepidv_redirect_confirm_submit(client, "", 0, ID, 8, 1, &first), DEEPIDV_OK);
  assert_status(deepidv_redirect_confirm_submit(client, "", 0, ID, 8, 2, &second), DEEPIDV_OK);
  assert_true(first != second);
  assert_status(deepidv_redirect_confirm_submit(client, "", 0, ID, 8, 3, &third), DEEPIDV_E_BUSY);
  assert_int_equal(third, 0);
  assert_status(deepidv_redirect_confirm(client, "", 0, ID, 8, &result), DEEPIDV_E_BUSY);
  assert_null(result);
  assert_true(is_readable(client, 0));
  assert_status(deepidv_client_cancel(client, first), DEEPIDV_E_NO_OPERATION);
  assert_status(deepidv_client_close(client), DEEPIDV_OK);
  assert_status(deepidv_redirect_confirm_submit(client, "", 0, ID, 8, 3, &third), DEEPIDV_E_CLOSED);
  result = take_result(client, first, 1, DEEPIDV_EVENT_REDIRECT_CONFIRM);
  assert_int_equal(deepidv_result_verdict(result), DEEPIDV_VERDICT_FORGED);
  deepidv_result_free(result);
  result = take_result(client, second, 2, DEEPIDV_EVENT_REDIRECT_CONFIRM);
  assert_int_equal(deepidv_result_verdict(result), DEEPIDV_VERDICT_FORGED);
  deepidv_result_free(result);
  assert_empty(client, DEEPIDV_E_CLOSED);
  deepidv_client_free(client);
}

/* ---- Nobody can say -------------------------------------------------------------- */

static void a_refused_confirmation_has_no_verdict(void **state)
{
  static const struct {
    int http;
    deepidv_status status;
  } cases[] = {
    { 302, DEEPIDV_E_REDIRECTED },
    { 400, DEEPIDV_E_BAD_REQUEST },
    { 401, DEEPIDV_E_UNAUTHORIZED },
    { 403, DEEPIDV_E_FORBIDDEN },
    { 404, DEEPIDV_E_NOT_FOUND },
    { 410, DEEPIDV_E_REFUSED },
  };
  size_t i;

  (void)state;
  for (i = 0; i < COUNT(cases); i++) {
    /* Such a body counts only with a 200. */
    peer *peer = peer_start(PEER_ANSWER, cases[i].http, RECORD(ID, "VERIFIED"));
    deepidv_client *client = peer_client(peer);
    deepidv_result *result = confirm(client, SUCCESS, cases[i].status, DEEPIDV_VERDICT_UNKNOWN);

    assert_int_equal(deepidv_result_http_status(result), cases[i].http);
    assert_int_equal(peer_requests(peer), 2);
    deepidv_result_free(result);
    peer_end(peer, client);
  }
}

static void without_a_response_there_is_no_verdict(void **state)
{
  static const struct {
    peer_act act;
    int http;
    const char *body;
    deepidv_status status;
  } cases[] = {
    { PEER_RESET, 200, "", DEEPIDV_E_CONNECTION_LOST },
    { PEER_ANSWER, 500, RECORD(ID, "VERIFIED"), DEEPIDV_E_SERVER },
    { PEER_ANSWER, 200, "<html>", DEEPIDV_E_ANSWER_JSON },
    { PEER_ANSWER, 200, "{\"session_record\":{\"status\":\"VERIFIED\"}}", DEEPIDV_E_ANSWER_NO_ID },
    { PEER_ANSWER, 200, RECORD("sess_abd", "VERIFIED"), DEEPIDV_E_ANSWER_FOREIGN },
    { PEER_ANSWER, 200, RECORD("SESS_ABC", "VERIFIED"), DEEPIDV_E_ANSWER_FOREIGN },
    { PEER_ANSWER, 200, RECORD("sess_abc\\u0000", "VERIFIED"), DEEPIDV_E_ANSWER_NO_ID },
  };
  peer *peers[COUNT(cases)];
  deepidv_client *clients[COUNT(cases)];
  uint64_t ops[COUNT(cases)];
  size_t i;

  (void)state;
  for (i = 0; i < COUNT(cases); i++) {
    peers[i] = peer_start(cases[i].act, cases[i].http, cases[i].body);
    clients[i] = peer_client(peers[i]);
    assert_status(
        deepidv_redirect_confirm_submit(clients[i], SUCCESS, DEEPIDV_NTS, ID, 8, i, &ops[i]), DEEPIDV_OK);
  }
  for (i = 0; i < COUNT(cases); i++) {
    deepidv_result *result = take_result(clients[i], ops[i], i, DEEPIDV_EVENT_REDIRECT_CONFIRM);

    assert_status(deepidv_result_status(result), cases[i].status);
    assert_status(deepidv_result_cause(result), cases[i].status);
    assert_int_equal(deepidv_result_verdict(result), DEEPIDV_VERDICT_UNKNOWN);
    assert_null(deepidv_result_session_id(result, NULL));
    assert_null(deepidv_result_session_status(result, NULL));
    /* Questions are retried. */
    assert_int_equal(peer_requests(peers[i]), 4);
    deepidv_result_free(result);
    peer_end(peers[i], clients[i]);
  }
}

static void a_record_of_another_session_is_requested_again(void **state)
{
  peer *peer = peer_start(PEER_ANSWER, 200, RECORD(ID, "REJECTED"));
  deepidv_client *client = peer_client(peer);
  deepidv_result *result = NULL;

  (void)state;
  peer_next(peer, PEER_ANSWER, 200, RECORD("sess_other", "VERIFIED"));
  assert_status(deepidv_redirect_confirm(client, SUCCESS, DEEPIDV_NTS, ID, 8, &result), DEEPIDV_OK);
  assert_int_equal(deepidv_result_verdict(result), DEEPIDV_VERDICT_REJECTED);
  assert_int_equal(deepidv_result_attempts(result), 2);
  deepidv_result_free(result);
  peer_end(peer, client);
}

static void a_cancelled_confirmation_and_a_late_one(void **state)
{
  peer *peer = peer_start(PEER_HANG, 200, RECORD(ID, "VERIFIED"));
  deepidv_client *client = make_hasty_client(peer_url(peer), 300);
  deepidv_result *result = confirm(client, SUCCESS, DEEPIDV_E_TIMEOUT, DEEPIDV_VERDICT_UNKNOWN);
  uint64_t op = 0;

  (void)state;
  deepidv_result_free(result);
  deepidv_client_free(client);
  client = peer_client(peer);
  assert_status(deepidv_redirect_confirm_submit(client, SUCCESS, DEEPIDV_NTS, ID, 8, 1, &op), DEEPIDV_OK);
  peer_wait(peer, 3);
  assert_status(deepidv_client_cancel(client, op), DEEPIDV_OK);
  result = take_result(client, op, 1, DEEPIDV_EVENT_REDIRECT_CONFIRM);
  assert_status(deepidv_result_status(result), DEEPIDV_E_CANCELLED);
  assert_int_equal(deepidv_result_verdict(result), DEEPIDV_VERDICT_UNKNOWN);
  deepidv_result_free(result);
  peer_end(peer, client);
}

/* ---- Arguments ------------------------------------------------------------------- */

static void invalid_arguments(void **state)
{
  static const struct {
    const char *id;
    size_t length;
    deepidv_status status;
  } ids[] = {
    { NULL, 1, DEEPIDV_E_NULL },
    { "", 0, DEEPIDV_E_REQUIRED },
    { ".", 1, DEEPIDV_E_REQUIRED },
    { "..", 2, DEEPIDV_E_REQUIRED },
    { "a\0b", 3, DEEPIDV_E_NUL },
    { "\xff", 1, DEEPIDV_E_UTF8 },
    { "a", HUGE_LENGTH, DEEPIDV_E_LENGTH },
  };
  deepidv_config *config = make_config("http://127.0.0.1:1");
  deepidv_client *client, *none[2];
  static const deepidv_status statuses[2] = { DEEPIDV_E_NULL, DEEPIDV_E_HANDLE };
  deepidv_result *result;
  char *longest = make_text('a', 1025);
  uint64_t op;
  size_t i;

  (void)state;
  assert_status(deepidv_client_new(config, &client), DEEPIDV_OK);
  none[0] = NULL;
  none[1] = (deepidv_client *)config;
  for (i = 0; i < COUNT(ids); i++) {
    result = (deepidv_result *)client;
    op = 1;
    assert_status(deepidv_redirect_confirm(client, SUCCESS, DEEPIDV_NTS, ids[i].id, ids[i].length, &result),
        ids[i].status);
    assert_null(result);
    assert_status(
        deepidv_redirect_confirm_submit(client, SUCCESS, DEEPIDV_NTS, ids[i].id, ids[i].length, 1, &op),
        ids[i].status);
    assert_int_equal(op, 0);
  }
  assert_status(
      deepidv_redirect_confirm(client, SUCCESS, DEEPIDV_NTS, longest, 1025, &result), DEEPIDV_E_TOO_LONG);
  assert_status(
      deepidv_redirect_confirm(client, SUCCESS, DEEPIDV_NTS, longest, 1024, &result), DEEPIDV_E_MISMATCH);
  deepidv_result_free(result);
  assert_status(deepidv_redirect_confirm(client, NULL, 1, ID, 8, &result), DEEPIDV_E_NULL);
  assert_null(result);
  assert_status(deepidv_redirect_confirm(client, "a", HUGE_LENGTH, ID, 8, &result), DEEPIDV_E_LENGTH);
  assert_status(deepidv_redirect_confirm(client, "a", 1, ID, 8, NULL), DEEPIDV_E_NULL);
  for (i = 0; i < 2; i++) {
    assert_status(deepidv_redirect_confirm(none[i], "a", 1, ID, 8, &result), statuses[i]);
    assert_status(deepidv_redirect_confirm_submit(none[i], "a", 1, ID, 8, 1, &op), statuses[i]);
  }
  assert_int_equal(deepidv_result_verdict(NULL), DEEPIDV_VERDICT_UNKNOWN);
  assert_int_equal(deepidv_result_verdict((deepidv_result *)config), DEEPIDV_VERDICT_UNKNOWN);
  deepidv_client_free(client);
  deepidv_config_free(config);
  free(longest);
}

static void a_retrieved_record_has_a_verdict(void **state)
{
  peer *peer = peer_start(PEER_ANSWER, 200, RECORD(ID, "VERIFIED"));
  deepidv_client *client = peer_client(peer);
  deepidv_result *result = ask(client, question("retrieve"), ID, DEEPIDV_OK);

  (void)state;
  assert_string_equal(deepidv_result_session_status(result, NULL), "VERIFIED");
  assert_int_equal(deepidv_result_verdict(result), DEEPIDV_VERDICT_VERIFIED);
  deepidv_result_free(result);
  peer_end(peer, client);
}

static void names_of_verdicts(void **state)
{
  static const int32_t unknown[] = { -1, 7, INT32_MAX, INT32_MIN };
  size_t i;

  (void)state;
  assert_string_equal(deepidv_verdict_name(DEEPIDV_VERDICT_UNKNOWN), "DEEPIDV_VERDICT_UNKNOWN");
  assert_string_equal(deepidv_verdict_name(DEEPIDV_VERDICT_VERIFIED), "DEEPIDV_VERDICT_VERIFIED");
  assert_string_equal(deepidv_verdict_name(DEEPIDV_VERDICT_FORGED), "DEEPIDV_VERDICT_FORGED");
  for (i = 0; i < COUNT(unknown); i++)
    assert_string_equal(deepidv_verdict_name(unknown[i]), "DEEPIDV_VERDICT_?");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(each_status),
    cmocka_unit_test(the_claim_of_a_redirect_is_not_believed),
    cmocka_unit_test(forged_redirects_send_no_request),
    cmocka_unit_test(every_documented_way_to_join_a_query),
    cmocka_unit_test(a_forged_redirect_on_the_queue),
    cmocka_unit_test(a_refused_confirmation_has_no_verdict),
    cmocka_unit_test(without_a_response_there_is_no_verdict),
    cmocka_unit_test(a_record_of_another_session_is_requested_again),
    cmocka_unit_test(a_cancelled_confirmation_and_a_late_one),
    cmocka_unit_test(invalid_arguments),
    cmocka_unit_test(a_retrieved_record_has_a_verdict),
    cmocka_unit_test(names_of_verdicts),
  };

  return cmocka_run_group_tests_name("confirm", tests, NULL, NULL);
}
