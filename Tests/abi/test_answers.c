/* Responses about another session, with too much data, or with unsafe URLs. */

#define _GNU_SOURCE

#include <malloc.h>
#include <stdio.h>

#include "ask.h"
#include "create.h"

/* ---- How much is kept ------------------------------------------------------------ */

/* A text with an element repeated this many times, between a beginning and an end. */
static char *repeat(const char *beginning, const char *element, size_t count, const char *end)
{
  size_t length = strlen(element) + 1, at = strlen(beginning), i;
  char *text = malloc(at + count * length + strlen(end) + 1);

  assert_non_null(text);
  memcpy(text, beginning, at);
  for (i = 0; i < count; i++) {
    if (i > 0)
      text[at++] = ',';
    memcpy(text + at, element, length - 1);
    at += length - 1;
  }
  strcpy(text + at, end);
  return text;
}

/* The bytes that the process has allocated; 0 under valgrind, and with musl, which does not count them. */
static size_t held(void)
{
#ifdef __GLIBC__
  struct mallinfo2 info = mallinfo2();

  return info.uordblks + info.hblkhd;
#else
  return 0;
#endif
}

static deepidv_result *list(peer *peer, uint32_t limit, const char *token, deepidv_status status)
{
  deepidv_client *client = peer_client(peer);
  deepidv_result *result = NULL;

  assert_status(deepidv_session_list(client, NULL, 0, limit, token, DEEPIDV_NTS, &result), status);
  assert_non_null(result);
  deepidv_client_free(client);
  return result;
}

static void a_page_has_at_most_the_requested_sessions(void **state)
{
  static const struct {
    uint32_t limit;
    size_t sessions;
    uint32_t kept, facts;
  } cases[] = {
    { 3, 2, 2, 0 },
    { 3, 3, 3, 0 },
    { 3, 4, 3, DEEPIDV_RESULT_FACT_MORE_SESSIONS },
    /* The service's 50 may be another number some day, and never more than 500. */
    { 0, 51, 51, 0 },
    { 0, 500, 500, 0 },
    { 0, 501, 500, DEEPIDV_RESULT_FACT_MORE_SESSIONS },
    { 500, 300000, 500, DEEPIDV_RESULT_FACT_MORE_SESSIONS },
  };
  size_t i;

  (void)state;
  for (i = 0; i < COUNT(cases); i++) {
    char *body = repeat("{\"sessions\":[", "{\"id\":\"s\"}", cases[i].sessions, "],\"next_token\":\"n\"}");
    peer *peer = peer_start(PEER_ANSWER, 200, body);
    size_t before = held(), length = strlen(body);
    deepidv_result *result = list(peer, cases[i].limit, NULL, DEEPIDV_OK);
    deepidv_session session;

    /* The body, with room to grow, and little else. */
    assert_true(held() < before + 2 * length + 300000);
    assert_int_equal(deepidv_result_session_count(result), cases[i].kept);
    assert_int_equal(deepidv_result_facts(result), cases[i].facts);
    assert_status(deepidv_result_session(result, &session), DEEPIDV_OK);
    assert_int_equal(session.facts, cases[i].facts);
    assert_string_equal(deepidv_result_session_id_at(result, cases[i].kept - 1, NULL), "s");
    assert_null(deepidv_result_session_id_at(result, cases[i].kept, NULL));
    assert_string_equal(deepidv_result_next_token(result, NULL), "n");
    deepidv_result_free(result);
    peer_stop(peer);
    free(body);
  }
}

/* Positions in the body, however many other elements are between them. */
static void records_of_a_page(void **state)
{
  static const char *const records[] = { "{\"id\":\"a\",\"mine\":[1]}", "{ \"session_id\":\"b\" }" };
  const char *body =
      "{\"sessions\":[7,{\"id\":\"a\",\"mine\":[1]},{\"id\":\"\\n\"},\n{ \"session_id\":\"b\" }]}";
  peer *peer = peer_start(PEER_ANSWER, 200, body);
  deepidv_result *result = list(peer, 0, NULL, DEEPIDV_OK);
  deepidv_span span = { 0, 0 };
  uint32_t i;

  (void)state;
  for (i = 0; i < COUNT(records); i++) {
    assert_status(deepidv_result_session_record_at(result, i, &span), DEEPIDV_OK);
    assert_int_equal(span.length, strlen(records[i]));
    assert_memory_equal(deepidv_result_json(result, NULL) + span.offset, records[i], span.length);
  }
  assert_status(deepidv_result_session_record_at(result, i, &span), DEEPIDV_E_ABSENT);
  assert_int_equal(span.length, 0);
  assert_status(deepidv_result_session_record_at(result, UINT32_MAX, &span), DEEPIDV_E_ABSENT);
  assert_status(deepidv_result_session_record_at(result, 0, NULL), DEEPIDV_E_NULL);
  deepidv_result_free(result);
  peer_stop(peer);
}

static void at_most_100_hints_and_links(void **state)
{
  static const size_t counts[] = { 100, 101, 100000 };
  size_t i;

  (void)state;
  for (i = 0; i < COUNT(counts); i++) {
    char *hints = repeat("{\"message\":\"m\",\"hints\":[", "\"h\"", counts[i], "]}");
    char *links = repeat("{\"id\":\"s\",\"links\":[", "{\"href\":\"https://a/\"}", counts[i], "]}");
    peer *peer = peer_start(PEER_ANSWER, 400, hints);
    deepidv_result *result = create_once(peer_client(peer), NULL, DEEPIDV_E_BAD_REQUEST);

    assert_int_equal(deepidv_result_hint_count(result), 100);
    assert_string_equal(deepidv_result_hint(result, 99, NULL), "h");
    assert_null(deepidv_result_hint(result, 100, NULL));
    assert_int_equal(deepidv_result_facts(result), counts[i] > 100 ? DEEPIDV_RESULT_FACT_MORE_HINTS : 0);
    deepidv_result_free(result);
    peer_stop(peer);

    peer = peer_start(PEER_ANSWER, 200, links);
    result = create_once(peer_client(peer), NULL, DEEPIDV_OK);
    assert_int_equal(deepidv_result_link_count(result), 100);
    assert_null(deepidv_result_link(result, 100, NULL));
    assert_int_equal(deepidv_result_facts(result), counts[i] > 100 ? DEEPIDV_RESULT_FACT_MORE_LINKS : 0);
    deepidv_result_free(result);
    peer_stop(peer);
    free(hints);
    free(links);
  }
}

static void long_messages_are_cut(void **state)
{
  char *text = make_text('m', 100000), *body;
  peer *peer;
  deepidv_result *result;
  size_t length = 0;

  (void)state;
  assert_true(
      asprintf(&body, "{\"message\":\"%s\",\"code\":\"%s\",\"hints\":[\"%s\"]}", text, text, text) > 0);
  peer = peer_start(PEER_ANSWER, 400, body);
  result = create_once(peer_client(peer), NULL, DEEPIDV_E_BAD_REQUEST);
  deepidv_result_message(result, &length);
  assert_in_range(length, 4093, 4096);
  deepidv_result_api_code(result, &length);
  assert_in_range(length, 4093, 4096);
  deepidv_result_hint(result, 0, &length);
  assert_in_range(length, 4093, 4096);
  assert_string_equal(deepidv_result_json(result, NULL), body);
  deepidv_result_free(result);
  peer_stop(peer);
  free(body);
  free(text);
}

/* ---- What is asked about --------------------------------------------------------- */

/* All at once, since a refused response is requested again after a pause. */
static void responses_about_another_session(void **state)
{
  static const struct {
    const char *question, *text, *body;
    deepidv_status status;
  } cases[] = {
    { "retrieve", "mine", "{\"session_record\":{\"id\":\"mine\"}}", DEEPIDV_OK },
    { "retrieve", "mine", "{\"session_record\":{\"id\":\"other\",\"status\":\"VERIFIED\"}}",
        DEEPIDV_E_ANSWER_FOREIGN },
    { "list by external id", "x",
        "{\"sessions\":[{\"id\":\"a\",\"externalId\":\"x\"},{\"id\":\"b\","
        "\"externalId\":\"y\"}]}",
        DEEPIDV_E_ANSWER_FOREIGN },
    { "list from a token", "t", "{\"sessions\":[],\"next_token\":\"\"}", DEEPIDV_OK },
    { "list from a token", "t", "{\"sessions\":[{\"id\":\"a\"}],\"next_token\":\"t\"}",
        DEEPIDV_E_ANSWER_LOOP },
  };
  peer *peers[COUNT(cases)];
  deepidv_client *clients[COUNT(cases)];
  uint64_t ops[COUNT(cases)];
  size_t i;

  (void)state;
  for (i = 0; i < COUNT(cases); i++) {
    peers[i] = peer_start(PEER_ANSWER, 200, cases[i].body);
    clients[i] = peer_client(peers[i]);
    assert_status(
        question(cases[i].question)->submit(clients[i], cases[i].text, DEEPIDV_NTS, i, &ops[i]), DEEPIDV_OK);
  }
  for (i = 0; i < COUNT(cases); i++) {
    deepidv_result *result = take_result(clients[i], ops[i], i, question(cases[i].question)->kind);

    assert_row(deepidv_result_status(result) == cases[i].status, cases[i].body);
    assert_row(deepidv_result_cause(result) == cases[i].status, cases[i].body);
    if (strcmp(cases[i].question, "retrieve") == 0 && cases[i].status == DEEPIDV_OK)
      assert_string_equal(deepidv_result_session_id(result, NULL), "mine");
    if (cases[i].status != DEEPIDV_OK) {
      assert_null(deepidv_result_session_id(result, NULL));
      assert_null(deepidv_result_session_status(result, NULL));
      assert_int_equal(deepidv_result_session_count(result), 0);
    }
    if (strstr(cases[i].body, "\"\"") != NULL)
      assert_null(deepidv_result_next_token(result, NULL));
    deepidv_result_free(result);
    peer_end(peers[i], clients[i]);
  }
}

/* ---- Where browsers are sent ----------------------------------------------------- */

static void unsafe_session_urls_are_absent(void **state)
{
  static const struct {
    const char *url;
    int fit;
  } cases[] = {
    { "https://verify.deepidv.com/session/s?oid=o&redirect_url=https%3A%2F%2Fa%2Fb", 1 },
    { "http://127.0.0.1:8080/session/s", 1 },
    { "javascript:alert(1)", 0 },
    { "https://a.example/\\u0000", 0 },
  };
  size_t i;

  (void)state;
  for (i = 0; i < COUNT(cases); i++) {
    char body[600];
    peer *peer;
    deepidv_result *result;

    snprintf(body, sizeof body,
        "{\"id\":\"s\",\"session_url\":\"%s\",\"links\":[{\"rel\":\"r\","
        "\"href\":\"%s\"},{\"href\":\"https://last/\"}]}",
        cases[i].url, cases[i].url);
    peer = peer_start(PEER_ANSWER, 200, body);
    /* The session exists, whatever its URL. */
    result = create_once(peer_client(peer), NULL, DEEPIDV_OK);
    assert_string_equal(deepidv_result_session_id(result, NULL), "s");
    assert_int_equal(peer_requests(peer), 1);
    if (cases[i].fit) {
      assert_string_equal(deepidv_result_session_url(result, NULL), cases[i].url);
      assert_string_equal(deepidv_result_link(result, 0, NULL), cases[i].url);
      assert_int_equal(deepidv_result_facts(result), 0);
    } else {
      assert_row(deepidv_result_session_url(result, NULL) == NULL, cases[i].url);
      assert_int_equal(deepidv_result_link_count(result), 1);
      assert_string_equal(deepidv_result_link(result, 0, NULL), "https://last/");
      assert_null(deepidv_result_link_rel(result, 0, NULL));
      assert_int_equal(deepidv_result_facts(result),
          DEEPIDV_RESULT_FACT_SESSION_URL_REFUSED | DEEPIDV_RESULT_FACT_MORE_LINKS);
    }
    deepidv_result_free(result);
    peer_stop(peer);
  }
}

static void facts_of_no_result(void **state)
{
  deepidv_config *config = make_config(NULL);

  (void)state;
  assert_int_equal(deepidv_result_facts(NULL), 0);
  assert_int_equal(deepidv_result_facts((deepidv_result *)config), 0);
  deepidv_config_free(config);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_page_has_at_most_the_requested_sessions),
    cmocka_unit_test(records_of_a_page),
    cmocka_unit_test(at_most_100_hints_and_links),
    cmocka_unit_test(long_messages_are_cut),
    cmocka_unit_test(responses_about_another_session),
    cmocka_unit_test(unsafe_session_urls_are_absent),
    cmocka_unit_test(facts_of_no_result),
  };

  return cmocka_run_group_tests_name("answers", tests, NULL, NULL);
}
