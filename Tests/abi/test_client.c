/* Blocking creates: each response, and no response. */

#define _POSIX_C_SOURCE 200809L

#include <jansson.h>
#include <pthread.h>

#include "create.h"
#include "emulator.h"
#include "peer.h"

static void assert_no_session(const deepidv_result *result)
{
  size_t length = 1;

  assert_null(deepidv_result_session_id(result, &length));
  assert_int_equal(length, 0);
  assert_null(deepidv_result_session_url(result, NULL));
  assert_null(deepidv_result_external_id(result, NULL));
  assert_null(deepidv_result_expires_at(result, NULL));
  assert_int_equal(deepidv_result_link_count(result), 0);
}

/* ---- The emulator ---------------------------------------------------------------- */

static void a_session_with_every_field(void **state)
{
  deepidv_session_request *request = make_request_as("order \xe2\x82\xac");
  deepidv_result *result;
  const char *text;
  size_t length = 0;
  json_t *body;

  (void)state;
  assert_status(deepidv_session_request_set_send_email_invite(request, 0), DEEPIDV_OK);
  assert_status(deepidv_session_request_set_send_phone_invite(request, 0), DEEPIDV_OK);
  assert_status(deepidv_session_request_set_workflow_id(request, "wf_abc123", DEEPIDV_NTS), DEEPIDV_OK);
  assert_status(
      deepidv_session_request_set_redirect_url(request, "https://b.c/d?e=f", DEEPIDV_NTS), DEEPIDV_OK);
  assert_status(deepidv_session_request_set_expires_in_hours(request, 24), DEEPIDV_OK);
  result = create_once(make_client(service.url), request, DEEPIDV_OK);

  assert_status(deepidv_result_cause(result), DEEPIDV_OK);
  assert_int_equal(deepidv_result_http_status(result), 200);
  assert_int_equal(deepidv_result_attempts(result), 1);
  assert_true(deepidv_result_elapsed_us(result) > 0);
  assert_null(deepidv_result_message(result, NULL));
  assert_null(deepidv_result_field(result, NULL));
  assert_null(deepidv_result_api_code(result, NULL));
  assert_int_equal(deepidv_result_hint_count(result), 0);

  text = deepidv_result_session_url(result, &length);
  assert_int_equal(length, strlen(text));
  assert_memory_equal(text, service.url, strlen(service.url));
  assert_non_null(strstr(text, deepidv_result_session_id(result, NULL)));
  assert_non_null(strstr(text, "redirect_url=https%3A%2F%2Fb.c%2Fd%3Fe%3Df"));
  assert_string_equal(deepidv_result_external_id(result, NULL), "order \xe2\x82\xac");
  assert_non_null(deepidv_result_expires_at(result, NULL));

  text = deepidv_result_json(result, &length);
  body = json_loadb(text, length, 0, NULL);
  assert_string_equal(
      json_string_value(json_object_get(body, "id")), deepidv_result_session_id(result, NULL));
  assert_int_equal(text[length], '\0');
  json_decref(body);
  deepidv_result_free(result);
}

static void many_sessions_over_one_client(void **state)
{
  deepidv_client *client = make_client(service.url);
  deepidv_session_request *request = make_request();
  char last[64] = "";
  int i;

  (void)state;
  for (i = 0; i < 50; i++) {
    deepidv_result *result = create_result(client, request, DEEPIDV_OK);

    assert_string_not_equal(deepidv_result_session_id(result, NULL), last);
    strncpy(last, deepidv_result_session_id(result, NULL), sizeof last - 1);
    deepidv_result_free(result);
  }
  deepidv_session_request_free(request);
  deepidv_client_free(client);
}

/* Creates sessions with a client that all threads share. */
static void *create_some(void *client)
{
  uintptr_t created = 0;
  int i;

  for (i = 0; i < 10; i++)
    created += create_status(client) == DEEPIDV_OK;
  return (void *)created;
}

static void many_threads_with_one_client(void **state)
{
  deepidv_client *client = make_client(service.url);
  pthread_t threads[8];
  uintptr_t created = 0;
  size_t i;

  (void)state;
  for (i = 0; i < COUNT(threads); i++)
    assert_int_equal(pthread_create(&threads[i], NULL, create_some, client), 0);
  for (i = 0; i < COUNT(threads); i++) {
    void *count = NULL;

    pthread_join(threads[i], &count);
    created += (uintptr_t)count;
  }
  assert_int_equal(created, COUNT(threads) * 10);
  deepidv_client_free(client);
}

static void an_invalid_key(void **state)
{
  deepidv_config *config = make_config(service.url);
  deepidv_result *result;

  (void)state;
  assert_status(deepidv_config_set_api_key(config, "dk_wrong", DEEPIDV_NTS), DEEPIDV_OK);
  result = create_once(make_client_of(config), NULL, DEEPIDV_E_UNAUTHORIZED);
  assert_int_equal(deepidv_result_http_status(result), 401);
  assert_non_null(strstr(deepidv_result_message(result, NULL), "API key"));
  assert_no_session(result);
  deepidv_result_free(result);
}

/* Valid E.164, but too short for the service. */
static void a_request_that_the_service_refuses(void **state)
{
  deepidv_session_request *request = make_request();
  deepidv_result *result;
  const char *hint;
  size_t length = 0;

  (void)state;
  assert_status(deepidv_session_request_set_phone(request, "+1234", DEEPIDV_NTS), DEEPIDV_OK);
  result = create_once(make_client(service.url), request, DEEPIDV_E_BAD_REQUEST);
  assert_status(deepidv_result_cause(result), DEEPIDV_E_BAD_REQUEST);
  assert_string_equal(deepidv_result_message(result, NULL), "Invalid request body");
  assert_null(deepidv_result_field(result, NULL));
  assert_int_equal(deepidv_result_hint_count(result), 1);
  hint = deepidv_result_hint(result, 0, &length);
  assert_int_equal(length, strlen(hint));
  assert_memory_equal(hint, "phone: ", 7);
  assert_null(deepidv_result_hint(result, 1, &length));
  assert_int_equal(length, 0);
  assert_null(deepidv_result_hint(result, UINT32_MAX, NULL));
  assert_no_session(result);
  deepidv_result_free(result);
}

static void an_unknown_workflow(void **state)
{
  deepidv_session_request *request = make_request();
  deepidv_result *result;

  (void)state;
  assert_status(deepidv_session_request_set_workflow_id(request, "wf_none", DEEPIDV_NTS), DEEPIDV_OK);
  result = create_once(make_client(service.url), request, DEEPIDV_E_NOT_FOUND);
  assert_string_equal(deepidv_result_message(result, NULL), "Workflow not found");
  deepidv_result_free(result);
}

static void an_empty_balance(void **state)
{
  static const char *const options[] = { "--tokens", "0", NULL };
  emulator poor;
  deepidv_result *result;

  (void)state;
  emulator_start(&poor, options);
  result = create_once(make_client(poor.url), NULL, DEEPIDV_E_BALANCE);
  assert_string_equal(deepidv_result_message(result, NULL), "Insufficient funds or subscription.");
  deepidv_result_free(result);
  emulator_stop(&poor);
}

/* ---- A peer ---------------------------------------------------------------------- */

static void each_status(void **state)
{
  static const struct {
    int http;
    const char *body;
    deepidv_status status, cause;
    const char *message;
  } cases[] = {
    { 201, PEER_SESSION, DEEPIDV_OK, DEEPIDV_OK, NULL },
    { 200, "{\"links\":[]}", DEEPIDV_E_OUTCOME_UNKNOWN, DEEPIDV_E_ANSWER_NO_ID, "" },
    { 200, "{\"id\":\"\"}", DEEPIDV_E_OUTCOME_UNKNOWN, DEEPIDV_E_ANSWER_NO_ID, "" },
    { 200, "{\"id\":\"a\"", DEEPIDV_E_OUTCOME_UNKNOWN, DEEPIDV_E_ANSWER_JSON, "" },
    { 200, "hello", DEEPIDV_E_OUTCOME_UNKNOWN, DEEPIDV_E_ANSWER_JSON, "" },
    { 200, "{\"id\":\"\xff\"}", DEEPIDV_E_OUTCOME_UNKNOWN, DEEPIDV_E_ANSWER_UTF8, "" },
    { 200, "", DEEPIDV_E_OUTCOME_UNKNOWN, DEEPIDV_E_ANSWER_EMPTY, "" },
    { 302, "", DEEPIDV_E_REDIRECTED, DEEPIDV_E_REDIRECTED, "HTTP 302" },
    { 400, "{\"message\":\"m\",\"error\":\"e\",\"code\":\"c7\"}", DEEPIDV_E_BAD_REQUEST,
        DEEPIDV_E_BAD_REQUEST, "m" },
    { 401, "{\"detail\":\"d\",\"error\":\"e\"}", DEEPIDV_E_UNAUTHORIZED, DEEPIDV_E_UNAUTHORIZED, "e" },
    { 402, " No funds.\r\n", DEEPIDV_E_BALANCE, DEEPIDV_E_BALANCE, "No funds." },
    { 403, "{\"detail\":\"d\"}", DEEPIDV_E_FORBIDDEN, DEEPIDV_E_FORBIDDEN, "d" },
    { 404, "{}", DEEPIDV_E_NOT_FOUND, DEEPIDV_E_NOT_FOUND, "HTTP 404" },
    { 408, "", DEEPIDV_E_OUTCOME_UNKNOWN, DEEPIDV_E_SERVER, "HTTP 408" },
    { 418, "<html>", DEEPIDV_E_REFUSED, DEEPIDV_E_REFUSED, "HTTP 418" },
    { 429, "{\"message\":\"Too\\u001b[31m\"}", DEEPIDV_E_RATE_LIMITED, DEEPIDV_E_RATE_LIMITED, "" },
    { 500, "{\"error\":\"oops\"}", DEEPIDV_E_OUTCOME_UNKNOWN, DEEPIDV_E_SERVER, "oops" },
    { 502, "<html>Bad Gateway</html>", DEEPIDV_E_OUTCOME_UNKNOWN, DEEPIDV_E_SERVER, "HTTP 502" },
  };
  size_t i;

  (void)state;
  for (i = 0; i < COUNT(cases); i++) {
    peer *peer = peer_start(PEER_ANSWER, cases[i].http, cases[i].body);
    deepidv_client *client;
    deepidv_result *result;
    const char *message;
    size_t length = 0;

    /* A 429 would be sent again until the timeout. */
    if (cases[i].http == 429)
      peer_next_with(peer, PEER_ANSWER, 429, "Retry-After: 60\r\n", cases[i].body);
    client = make_hasty_client(peer_url(peer), cases[i].http == 429 ? 1500 : 60000);
    result = create_once(client, NULL, cases[i].status);
    message = deepidv_result_message(result, NULL);

    assert_status(deepidv_result_cause(result), cases[i].cause);
    assert_int_equal(deepidv_result_http_status(result), cases[i].http);
    if (!cases[i].message) {
      assert_null(message);
      assert_string_equal(deepidv_result_session_id(result, NULL), "sess_peer");
    } else {
      assert_no_session(result);
      assert_non_null(message);
      assert_null(strpbrk(message, "\x1b\r\n"));
      if (*cases[i].message)
        assert_string_equal(message, cases[i].message);
    }
    if (*cases[i].body)
      assert_string_equal(deepidv_result_json(result, &length), cases[i].body);
    assert_int_equal(length, strlen(cases[i].body));
    if (cases[i].http == 400)
      assert_string_equal(deepidv_result_api_code(result, NULL), "c7");
    assert_int_equal(peer_requests(peer), 1);
    deepidv_result_free(result);
    peer_stop(peer);
  }
}

static void links_of_both_forms(void **state)
{
  peer *peer = peer_start(PEER_ANSWER, 200,
      "{\"id\":\"s\",\"links\":[{\"rel\":\"self\",\"href\":\"https://a/1\"},7,null,"
      "{\"url\":\"https://a/2\",\"type\":\"page\"},{\"href\":\"https://a/3\"}]}");
  deepidv_result *result = create_once(peer_client(peer), NULL, DEEPIDV_OK);
  size_t length = 0;

  (void)state;
  assert_int_equal(deepidv_result_link_count(result), 3);
  assert_string_equal(deepidv_result_link(result, 0, &length), "https://a/1");
  assert_int_equal(length, 11);
  assert_string_equal(deepidv_result_link_rel(result, 0, NULL), "self");
  assert_string_equal(deepidv_result_link(result, 1, NULL), "https://a/2");
  assert_string_equal(deepidv_result_link_rel(result, 1, &length), "page");
  assert_int_equal(length, 4);
  assert_string_equal(deepidv_result_link(result, 2, NULL), "https://a/3");
  assert_null(deepidv_result_link_rel(result, 2, &length));
  assert_int_equal(length, 0);
  assert_null(deepidv_result_link(result, 3, NULL));
  deepidv_result_free(result);
  peer_stop(peer);
}

static void the_head_of_a_request(void **state)
{
  peer *peer = peer_of_sessions(PEER_ANSWER);
  char url[128];
  deepidv_config *config;
  char *head;

  (void)state;
  strcpy(url, peer_url(peer));
  strcat(url, "/base/");
  config = make_config(url);
  assert_status(deepidv_config_set_user_agent(config, "shop/2", DEEPIDV_NTS), DEEPIDV_OK);
  deepidv_result_free(create_once(make_client_of(config), NULL, DEEPIDV_OK));
  head = peer_last_head(peer);
  assert_memory_equal(head, "POST /base/v1/sessions HTTP/1.1\r\n", 33);
  assert_non_null(strstr(head, "\r\nx-api-key: " CANARY_KEY "\r\n"));
  assert_non_null(strstr(head, "\r\nContent-Type: application/json\r\n"));
  assert_non_null(strstr(head, "\r\nUser-Agent: shop/2 libdeepidv/" DEEPIDV_VERSION_TEXT "\r\n"));
  assert_null(strstr(head, "Expect:"));
  free(head);
  peer_stop(peer);
}

/* Also fails if the request was read more than once. */
static void check_unknown(peer_act act, deepidv_status cause)
{
  peer *peer = peer_of_sessions(act);
  deepidv_client *client = make_hasty_client(peer_url(peer), act == PEER_HANG ? 1000 : 60000);
  deepidv_result *result = create_once(client, NULL, DEEPIDV_E_OUTCOME_UNKNOWN);

  assert_int_equal(peer_requests(peer), 1);
  assert_status(deepidv_result_cause(result), cause);
  assert_int_equal(deepidv_result_http_status(result), 0);
  assert_non_null(deepidv_result_message(result, NULL));
  assert_null(deepidv_result_json(result, NULL));
  deepidv_result_free(result);
  peer_stop(peer);
}

static void a_create_with_an_unknown_outcome(void **state)
{
  (void)state;
  check_unknown(PEER_HANG, DEEPIDV_E_TIMEOUT);
  check_unknown(PEER_CLOSE, DEEPIDV_E_CONNECTION_LOST);
  check_unknown(PEER_RESET, DEEPIDV_E_CONNECTION_LOST);
}

/* By default libcurl sends a request again if a reused connection dies. */
static void a_create_over_a_reused_connection(void **state)
{
  static const peer_act acts[] = { PEER_CLOSE, PEER_RESET };
  size_t i;

  (void)state;
  for (i = 0; i < COUNT(acts); i++) {
    peer *peer = peer_of_sessions(PEER_ANSWER);
    deepidv_client *client = peer_client(peer);
    deepidv_result *result;

    assert_status(create_status(client), DEEPIDV_OK);
    peer_become(peer, acts[i]);
    result = create_result(client, NULL, DEEPIDV_E_OUTCOME_UNKNOWN);
    assert_status(deepidv_result_cause(result), DEEPIDV_E_CONNECTION_LOST);
    deepidv_result_free(result);
    assert_int_equal(peer_requests(peer), 2);
    peer_become(peer, PEER_ANSWER);
    assert_status(create_status(client), DEEPIDV_OK);
    assert_int_equal(peer_requests(peer), 3);
    peer_end(peer, client);
  }
}

static void a_refused_connection(void **state)
{
  deepidv_result *result = create_once(make_client(peer_gone_url()), NULL, DEEPIDV_E_NOT_SENT);

  (void)state;
  assert_status(deepidv_result_cause(result), DEEPIDV_E_CONNECT);
  assert_int_equal(deepidv_result_attempts(result), 0);
  deepidv_result_free(result);
}

static void an_unknown_host_name(void **state)
{
  deepidv_client *client = make_hasty_client("https://nowhere.invalid", 3000);
  deepidv_result *result = create_once(client, NULL, DEEPIDV_E_NOT_SENT);

  (void)state;
  /* Without a network the lookup may time out. */
  assert_true(
      deepidv_result_cause(result) == DEEPIDV_E_RESOLVE || deepidv_result_cause(result) == DEEPIDV_E_TIMEOUT);
  deepidv_result_free(result);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_session_with_every_field),
    cmocka_unit_test(many_sessions_over_one_client),
    cmocka_unit_test(many_threads_with_one_client),
    cmocka_unit_test(an_invalid_key),
    cmocka_unit_test(a_request_that_the_service_refuses),
    cmocka_unit_test(an_unknown_workflow),
    cmocka_unit_test(an_empty_balance),
    cmocka_unit_test(each_status),
    cmocka_unit_test(links_of_both_forms),
    cmocka_unit_test(the_head_of_a_request),
    cmocka_unit_test(a_create_with_an_unknown_outcome),
    cmocka_unit_test(a_create_over_a_reused_connection),
    cmocka_unit_test(a_refused_connection),
    cmocka_unit_test(an_unknown_host_name),
  };

  return cmocka_run_group_tests_name("client", tests, start_service, stop_service);
}
