/* Questions to the service: one session, a page of them, and what became of a lost create. */

#define _GNU_SOURCE

#include <jansson.h>
#include <stdio.h>
#include <time.h>

#include "calls.h"
#include "emulator.h"
#include "peer.h"

static emulator service;

static int start_service(void **state)
{
  static const char *const options[] = { "--rate", "0", NULL };

  (void)state;
  emulator_start(&service, options);
  return 0;
}

static int stop_service(void **state)
{
  (void)state;
  emulator_stop(&service);
  return 0;
}

/* Takes the next completion of a kind. */
static deepidv_result *take(deepidv_client *client, uint64_t op, uint64_t tag, uint32_t kind)
{
  deepidv_result *result = NULL;
  deepidv_event event;

  assert_status(deepidv_client_wait(client, 30000), DEEPIDV_OK);
  assert_status(deepidv_client_next(client, &event, &result), DEEPIDV_OK);
  assert_true(event.op == op);
  assert_true(event.tag == tag);
  assert_int_equal(event.kind, kind);
  assert_status(deepidv_result_status(result), event.status);
  return result;
}

/* Asks both ways, and answers the result of the one that was submitted. */
static deepidv_result *ask(
    deepidv_client *client, const question_row *row, const char *text, deepidv_status status)
{
  deepidv_result *result = NULL;
  uint64_t op = 0;

  assert_status(row->ask(client, text, DEEPIDV_NTS, &result), status);
  assert_non_null(result);
  assert_status(deepidv_result_status(result), status);
  deepidv_result_free(result);
  assert_status(row->submit(client, text, DEEPIDV_NTS, 77, &op), DEEPIDV_OK);
  assert_int_not_equal(op, 0);
  result = take(client, op, 77, row->kind);
  assert_status(deepidv_result_status(result), status);
  return result;
}

static const question_row *question(const char *name)
{
  size_t i;

  for (i = 0; i < COUNT(questions); i++)
    if (strcmp(questions[i].name, name) == 0)
      return &questions[i];
  fail_msg("no question %s", name);
  return NULL;
}

/* A session of a page, as of so many seconds from now. */
static const char *record(const char *id, const char *external_id, int age)
{
  static char texts[4][256];
  static size_t next;
  char *text = texts[next++ % COUNT(texts)];
  time_t created = time(NULL) - age;
  struct tm parts;
  char stamp[32];

  strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%S.000Z", gmtime_r(&created, &parts));
  snprintf(text, sizeof texts[0], "{\"id\":\"%s\",\"external_id\":\"%s\",\"status\":\"PENDING\","
      "\"created_at\":\"%s\"}", id, external_id, stamp);
  return text;
}

/* A page of up to two sessions. */
static const char *page(const char *first, const char *second)
{
  static char text[600];

  snprintf(text, sizeof text, "{\"sessions\":[%s%s%s],\"next_token\":null}", first ? first : "",
      second ? "," : "", second ? second : "");
  return text;
}

/* The first line of the last request. */
static void assert_asked(peer *peer, const char *line)
{
  char *head = peer_last_head(peer);

  assert_non_null(head);
  assert_row(strncmp(head, line, strlen(line)) == 0, head);
  assert_non_null(strstr(head, "\r\nx-api-key: dk_emulator\r\n"));
  assert_null(strcasestr(head, "\r\nContent-Length:"));
  free(head);
}

/* ---- The emulator ---------------------------------------------------------------- */

static void a_session_is_retrieved(void **state)
{
  deepidv_client *client = make_client(service.url);
  deepidv_session_request *request = make_request();
  deepidv_result *created = NULL, *result;
  const char *id, *text;
  size_t length = 0;
  json_t *body;

  (void)state;
  assert_status(deepidv_session_request_set_external_id(request, "order 7/\xe2\x82\xac", DEEPIDV_NTS),
      DEEPIDV_OK);
  assert_status(deepidv_session_create(client, request, &created), DEEPIDV_OK);
  id = deepidv_result_session_id(created, NULL);

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

/* Five sessions on pages of two, each seen once. */
static void sessions_are_listed_page_by_page(void **state)
{
  enum { SESSIONS = 5 };
  deepidv_client *client = make_client(service.url);
  deepidv_session_request *request = make_request();
  deepidv_result *result = NULL;
  char ids[SESSIONS][64], token[256] = "";
  unsigned seen[SESSIONS] = { 0 }, pages = 0;
  uint32_t i, j;

  (void)state;
  assert_status(deepidv_session_request_set_external_id(request, "paged", 5), DEEPIDV_OK);
  for (i = 0; i < SESSIONS; i++) {
    assert_status(deepidv_session_create(client, request, &result), DEEPIDV_OK);
    snprintf(ids[i], sizeof ids[i], "%s", deepidv_result_session_id(result, NULL));
    deepidv_result_free(result);
  }
  do {
    assert_status(deepidv_session_list(client, "paged", DEEPIDV_NTS, 2, *token ? token : NULL,
        DEEPIDV_NTS, &result), DEEPIDV_OK);
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
  deepidv_client *client = make_client(peer_url(peer));
  deepidv_result *result = NULL;

  (void)state;
  assert_status(deepidv_session_list(client, NULL, 0, 0, NULL, 0, &result), DEEPIDV_OK);
  deepidv_result_free(result);
  assert_asked(peer, "GET /v1/sessions HTTP/1.1\r\n");
  assert_status(deepidv_session_list(client, "a b&c=\xc3\xa9", DEEPIDV_NTS, 500, "n+/=", 4, &result),
      DEEPIDV_OK);
  deepidv_result_free(result);
  assert_asked(peer,
      "GET /v1/sessions?external_id=a%20b%26c%3D%C3%A9&limit=500&next_token=n%2B%2F%3D HTTP/1.1\r\n");
  assert_status(deepidv_session_list(client, NULL, 0, 1, "n", 1, &result), DEEPIDV_OK);
  deepidv_result_free(result);
  assert_asked(peer, "GET /v1/sessions?limit=1&next_token=n HTTP/1.1\r\n");
  deepidv_session_retrieve(client, "../a?b#c/\xe2\x82\xac", DEEPIDV_NTS, &result);
  deepidv_result_free(result);
  assert_asked(peer, "GET /v1/sessions/..%2Fa%3Fb%23c%2F%E2%82%AC HTTP/1.1\r\n");
  deepidv_client_free(client);
  peer_stop(peer);
}

static void texts_at_their_limits(void **state)
{
  peer *peer = peer_start(PEER_ANSWER, 200, "{\"session_record\":{\"id\":\"s\"},\"sessions\":[]}");
  deepidv_client *client = make_hasty_client(peer_url(peer), 700);
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
  deepidv_client_free(client);
  peer_stop(peer);
}

/* ---- What is answered ------------------------------------------------------------ */

static void what_each_answer_means(void **state)
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
    deepidv_client *client = make_client(peer_url(peer));
    deepidv_result *result = ask(client, question("retrieve"), "s", cases[i].status);

    assert_status(deepidv_result_cause(result), cases[i].status);
    assert_int_equal(deepidv_result_http_status(result), cases[i].http);
    assert_int_equal(peer_requests(peer), 2);
    if (cases[i].status == DEEPIDV_OK) {
      assert_string_equal(deepidv_result_session_status(result, NULL), "NEW_WORD");
      assert_null(deepidv_result_session_progress(result, NULL));
    }
    deepidv_result_free(result);
    deepidv_client_free(client);
    peer_stop(peer);
  }
}

/* They change nothing, so they are asked again, and the status is the cause. */
static void a_question_without_an_answer(void **state)
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
    clients[i] = make_client(peer_url(peers[i]));
    assert_status(deepidv_session_retrieve_submit(clients[i], "s", 1, i, &ops[i]), DEEPIDV_OK);
  }
  for (i = 0; i < COUNT(cases); i++) {
    deepidv_result *result = take(clients[i], ops[i], i, DEEPIDV_EVENT_SESSION_RETRIEVE);

    assert_status(deepidv_result_status(result), cases[i].status);
    assert_status(deepidv_result_cause(result), cases[i].status);
    assert_int_equal(deepidv_result_attempts(result), 4);
    assert_int_equal(peer_requests(peers[i]), 4);
    assert_non_null(deepidv_result_message(result, NULL));
    assert_null(deepidv_result_session_id(result, NULL));
    deepidv_result_free(result);
    deepidv_client_free(clients[i]);
    peer_stop(peers[i]);
  }
}

static void a_question_whose_time_runs_out(void **state)
{
  peer *peer = peer_start(PEER_HANG, 200, "{}");
  deepidv_client *client = make_hasty_client(peer_url(peer), 250);
  deepidv_result *result = ask(client, question("retrieve"), "s", DEEPIDV_E_TIMEOUT);

  (void)state;
  assert_status(deepidv_result_cause(result), DEEPIDV_E_TIMEOUT);
  deepidv_result_free(result);
  deepidv_client_free(client);
  peer_stop(peer);
}

static void a_question_that_is_answered_at_the_third_try(void **state)
{
  peer *peer = peer_start(PEER_ANSWER, 200, "{\"session_record\":{\"id\":\"s\"}}");
  deepidv_client *client = make_client(peer_url(peer));
  deepidv_result *result = NULL;

  (void)state;
  peer_next(peer, PEER_CLOSE, 200, "");
  peer_next(peer, PEER_ANSWER, 502, "<html>");
  assert_status(deepidv_session_retrieve(client, "s", 1, &result), DEEPIDV_OK);
  assert_int_equal(deepidv_result_attempts(result), 3);
  assert_int_equal(deepidv_result_http_status(result), 200);
  deepidv_result_free(result);
  deepidv_client_free(client);
  peer_stop(peer);
}

static void cancelling_a_question(void **state)
{
  peer *peer = peer_start(PEER_HANG, 200, "{}");
  deepidv_client *client = make_client(peer_url(peer));
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
    result = take(client, op, i, row->kind);
    assert_status(deepidv_result_cause(result), DEEPIDV_E_CANCELLED);
    assert_status(deepidv_result_status(result),
        row->kind == DEEPIDV_EVENT_SESSION_RECONCILE ? DEEPIDV_E_OUTCOME_UNKNOWN :
        DEEPIDV_E_CANCELLED);
    deepidv_result_free(result);
  }
  deepidv_client_free(client);
  peer_stop(peer);
}

/* ---- The rate limit -------------------------------------------------------------- */

/* Refused for its rate, a create was not executed, and goes again when it may. */
static void a_create_that_is_too_early(void **state)
{
  peer *peer = peer_start(PEER_ANSWER, 200, PEER_SESSION);
  deepidv_client *client = make_client(peer_url(peer));
  deepidv_session_request *request = make_request();
  deepidv_result *result = NULL;

  (void)state;
  peer_next_with(peer, PEER_ANSWER, 429, "Retry-After: 1\r\n", "{\"message\":\"Too Many Requests\"}");
  assert_status(deepidv_session_create(client, request, &result), DEEPIDV_OK);
  assert_true(deepidv_result_elapsed_us(result) >= 1000000);
  assert_int_equal(deepidv_result_attempts(result), 2);
  assert_int_equal(peer_creates(peer), 2);
  deepidv_result_free(result);
  deepidv_session_request_free(request);
  deepidv_client_free(client);
  peer_stop(peer);
}

static void the_time_that_the_service_asks_for(void **state)
{
  peer *peer = peer_start(PEER_ANSWER, 200, PEER_SESSION);
  deepidv_client *client = make_hasty_client(peer_url(peer), 300);
  deepidv_session_request *request = make_request();
  deepidv_result *result = NULL;

  (void)state;
  peer_next_with(peer, PEER_ANSWER, 429, "Retry-After: 7\r\n", "{\"message\":\"Too Many Requests\"}");
  assert_status(deepidv_session_create(client, request, &result), DEEPIDV_E_RATE_LIMITED);
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
  deepidv_client_free(client);
  peer_stop(peer);
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
  peer *peer = peer_start(PEER_ANSWER, 200, PEER_SESSION);
  deepidv_client *first = make_paced_client(peer_url(peer), 10, 3, 5000);
  deepidv_client *second = make_paced_client(peer_url(peer), 10, 3, 5000);
  deepidv_session_request *request = make_request();
  uint64_t begun = now_ms();
  int i;

  (void)state;
  for (i = 0; i < 8; i++) {
    deepidv_result *result = NULL;

    assert_status(deepidv_session_create(i % 2 ? second : first, request, &result), DEEPIDV_OK);
    deepidv_result_free(result);
  }
  assert_true(now_ms() - begun >= 490); /* three at once, and five at ten a second */
  assert_int_equal(peer_creates(peer), 8);
  deepidv_session_request_free(request);
  deepidv_client_free(first);
  deepidv_client_free(second);
  peer_stop(peer);
}

static void more_than_can_be_sent_in_time(void **state)
{
  enum { SUBMITTED = 20 };
  peer *peer = peer_start(PEER_ANSWER, 200, PEER_SESSION);
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
    deepidv_result *result = NULL;
    deepidv_event event;

    assert_status(deepidv_client_wait(client, 10000), DEEPIDV_OK);
    assert_status(deepidv_client_next(client, &event, &result), DEEPIDV_OK);
    assert_true(event.status == DEEPIDV_OK || event.status == DEEPIDV_E_NOT_SENT);
    deepidv_result_free(result);
  }
  assert_true(peer_creates(peer) <= accepted);
  deepidv_session_request_free(request);
  deepidv_client_free(client);
  peer_stop(peer);
}

/* ---- Trying again ---------------------------------------------------------------- */

/* Tried again, for nothing of it left; and it never does. */
static void a_create_that_cannot_be_sent(void **state)
{
  peer *gone = peer_start(PEER_ANSWER, 200, PEER_SESSION);
  char url[64];
  deepidv_client *client;
  deepidv_session_request *request = make_request();
  deepidv_result *result = NULL;

  (void)state;
  strcpy(url, peer_url(gone));
  peer_stop(gone);
  client = make_client(url);
  assert_status(deepidv_session_create(client, request, &result), DEEPIDV_E_NOT_SENT);
  assert_status(deepidv_result_cause(result), DEEPIDV_E_CONNECT);
  assert_int_equal(deepidv_result_attempts(result), 0);
  assert_null(deepidv_result_reconcile_token(result, NULL));
  deepidv_result_free(result);
  deepidv_session_request_free(request);
  deepidv_client_free(client);
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
  peer *peer = peer_start(PEER_ANSWER, 200, PEER_SESSION);
  deepidv_client *client = make_finding_client(peer_url(peer), 60000);
  deepidv_session_request *request = make_request();
  deepidv_result *result = NULL;
  char last[64] = "", *sent;
  size_t length = 0;
  int i;

  (void)state;
  for (i = 0; i < 20; i++) {
    assert_status(deepidv_session_create(client, request, &result), DEEPIDV_OK);
    assert_made(deepidv_result_external_id(result, &length));
    assert_int_equal(length, 37);
    assert_string_not_equal(deepidv_result_external_id(result, NULL), last);
    strcpy(last, deepidv_result_external_id(result, NULL));
    sent = last_external_id(peer);
    assert_string_equal(sent, last);
    free(sent);
    deepidv_result_free(result);
  }

  /* It is the operation's, not the request's; and a failure tells it as well. */
  peer_next(peer, PEER_ANSWER, 400, "{\"error\":\"no\"}");
  assert_status(deepidv_session_create(client, request, &result), DEEPIDV_E_BAD_REQUEST);
  assert_made(deepidv_result_external_id(result, NULL));
  assert_null(deepidv_result_reconcile_token(result, NULL));
  deepidv_result_free(result);
  assert_status(deepidv_session_request_set_external_id(request, "mine", 4), DEEPIDV_OK);
  assert_status(deepidv_session_create(client, request, &result), DEEPIDV_OK);
  assert_string_equal(deepidv_result_external_id(result, NULL), "mine");
  deepidv_result_free(result);
  deepidv_session_request_free(request);
  deepidv_client_free(client);
  peer_stop(peer);
}

/* ---- Lost answers ---------------------------------------------------------------- */

/* A create whose answer was lost, by its own external id, and what the service says to the look. */
static deepidv_result *lose(peer *peer, uint32_t timeout_ms, deepidv_status status)
{
  deepidv_client *client = make_hasty_client(peer_url(peer), timeout_ms);
  deepidv_session_request *request = make_request();
  deepidv_result *result = NULL;

  assert_status(deepidv_session_request_set_external_id(request, "order-1", 7), DEEPIDV_OK);
  assert_status(deepidv_session_create(client, request, &result), status);
  assert_int_equal(peer_creates(peer), 1);
  assert_string_equal(deepidv_result_external_id(result, NULL), "order-1");
  deepidv_session_request_free(request);
  deepidv_client_free(client);
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
  assert_null(deepidv_result_session_url(result, NULL)); /* told only once */
  assert_null(deepidv_result_reconcile_token(result, NULL));
  assert_null(deepidv_result_message(result, NULL));
  assert_asked(peer, "GET /v1/sessions?external_id=order-1");
  assert_int_equal(peer_requests(peer), 2);
  deepidv_result_free(result);
  peer_stop(peer);
}

/* One that is not there yet, an answer that is none, and then the session. */
static void a_lost_session_is_looked_for_until_it_is_there(void **state)
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

/* Not the same external id, not the same case, and one that is older than the create. */
static void sessions_that_are_not_the_lost_one(void **state)
{
  peer *peer = peer_start(PEER_ANSWER, 200,
      page(record("sess_other", "order-11", 0), record("sess_case", "ORDER-1", 0)));
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
  peer *peer = peer_start(PEER_ANSWER, 200,
      page(record("sess_one", "order-1", 0), record("sess_two", "order-1", 0)));
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

/* A create that hangs leaves time to look for it. */
static void an_answer_that_never_comes(void **state)
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

/* By an id that nobody gave, in another client, as another process would. */
static void what_was_not_found_is_found_later(void **state)
{
  peer *peer = peer_start(PEER_HANG, 200, "{}");
  deepidv_client *client = make_finding_client(peer_url(peer), 2000), *later;
  deepidv_session_request *request = make_request();
  deepidv_result *result;
  char *sent, token[128];
  const char *text;
  size_t length = 0;
  uint64_t op = 0;

  (void)state;
  assert_status(deepidv_session_create_submit(client, request, 5, &op), DEEPIDV_OK);
  peer_wait(peer, 1);
  sent = last_external_id(peer);
  assert_made(sent);
  peer_become(peer, PEER_CLOSE); /* the looks, all of them */
  peer_give_up(peer);
  result = take(client, op, 5, DEEPIDV_EVENT_SESSION_CREATE);
  assert_status(deepidv_result_status(result), DEEPIDV_E_OUTCOME_UNKNOWN);
  assert_status(deepidv_result_cause(result), DEEPIDV_E_CONNECTION_LOST);
  assert_string_equal(deepidv_result_external_id(result, NULL), sent);
  text = deepidv_result_reconcile_token(result, &length);
  assert_non_null(text);
  assert_int_equal(length, strlen(text));
  assert_non_null(strstr(text, sent));
  snprintf(token, sizeof token, "%s", text);
  deepidv_result_free(result);
  deepidv_session_request_free(request);
  deepidv_client_free(client);
  assert_int_equal(peer_creates(peer), 1);

  later = make_client(peer_url(peer));
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
  deepidv_client_free(later);
  peer_stop(peer);
}

/* It still does not prove that there is none, so the token stays. */
static void what_is_not_found_later_either(void **state)
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
  deepidv_client_free(client);
  peer_stop(peer);
}

/* Cancelled or closed while it is looked for, it stays unknown, and says why it was. */
static void cancelling_while_looking(void **state)
{
  peer *peer = peer_start(PEER_ANSWER, 200, page(NULL, NULL));
  deepidv_client *client = make_client(peer_url(peer));
  deepidv_session_request *request = make_request();
  deepidv_result *result;
  uint64_t op = 0;
  int i;

  (void)state;
  assert_status(deepidv_session_request_set_external_id(request, "order-1", 7), DEEPIDV_OK);
  for (i = 0; i < 2; i++) {
    unsigned requests = peer_requests(peer);

    peer_next(peer, PEER_CLOSE, 200, "");
    assert_status(deepidv_session_create_submit(client, request, 3, &op), DEEPIDV_OK);
    peer_wait(peer, requests + 2); /* the create and a look */
    if (i == 0)
      assert_status(deepidv_client_cancel(client, op), DEEPIDV_OK);
    else
      assert_status(deepidv_client_close(client), DEEPIDV_OK);
    result = take(client, op, 3, DEEPIDV_EVENT_SESSION_CREATE);
    assert_status(deepidv_result_status(result), DEEPIDV_E_OUTCOME_UNKNOWN);
    assert_non_null(deepidv_result_reconcile_token(result, NULL));
    deepidv_result_free(result);
    assert_int_equal(peer_creates(peer), i + 1);
  }
  deepidv_session_request_free(request);
  deepidv_client_free(client);
  peer_stop(peer);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_session_is_retrieved),
    cmocka_unit_test(sessions_are_listed_page_by_page),
    cmocka_unit_test(questions_on_the_wire),
    cmocka_unit_test(texts_at_their_limits),
    cmocka_unit_test(what_each_answer_means),
    cmocka_unit_test(a_question_without_an_answer),
    cmocka_unit_test(a_question_whose_time_runs_out),
    cmocka_unit_test(a_question_that_is_answered_at_the_third_try),
    cmocka_unit_test(cancelling_a_question),
    cmocka_unit_test(a_create_that_is_too_early),
    cmocka_unit_test(the_time_that_the_service_asks_for),
    cmocka_unit_test(a_pace_that_two_clients_share),
    cmocka_unit_test(more_than_can_be_sent_in_time),
    cmocka_unit_test(a_create_that_cannot_be_sent),
    cmocka_unit_test(external_ids_that_the_library_makes),
    cmocka_unit_test(a_lost_session_is_found),
    cmocka_unit_test(a_lost_session_is_looked_for_until_it_is_there),
    cmocka_unit_test(sessions_that_are_not_the_lost_one),
    cmocka_unit_test(several_sessions_for_one_create),
    cmocka_unit_test(an_answer_that_never_comes),
    cmocka_unit_test(what_was_not_found_is_found_later),
    cmocka_unit_test(what_is_not_found_later_either),
    cmocka_unit_test(cancelling_while_looking),
  };

  return cmocka_run_group_tests_name("lookup", tests, start_service, stop_service);
}
