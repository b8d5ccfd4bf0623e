/* deepidv_result_session() returns the same as the functions for each value. */

#include "ask.h"
#include "create.h"

#define ID "sess_abc"
#define RECORD \
  "{\"session_record\":{\"id\":\"" ID "\",\"status\":\"VERIFIED\",\"session_progress\":\"COMPLETED\"," \
  "\"externalId\":\"order 7\",\"expires_at\":\"2027-01-02T03:04:05Z\"}}"
#define CREATED \
  "{\"id\":\"" ID "\",\"session_url\":\"https://verify.example.com/session/" ID "\"," \
  "\"externalId\":\"order-1\",\"expires_at\":\"2027-01-02T03:04:05Z\"," \
  "\"links\":[{\"rel\":\"self\",\"href\":\"https://a.example\"},{\"url\":\"https://b.example\"}]}"

/* Each text of the structure, and its function. */
#define TEXT(member, read) \
  { #member, offsetof(deepidv_session, member), offsetof(deepidv_session, member##_len), read }

static const struct {
  const char *name;
  size_t text, length;
  result_text *read;
} texts[] = {
  TEXT(id, deepidv_result_session_id),
  TEXT(url, deepidv_result_session_url),
  TEXT(external_id, deepidv_result_external_id),
  TEXT(expires_at, deepidv_result_expires_at),
  TEXT(status, deepidv_result_session_status),
  TEXT(progress, deepidv_result_session_progress),
  TEXT(json, deepidv_result_json),
};

static const deepidv_session nothing;

/* Compares each member with its function, and returns the structure. */
static deepidv_session read_session(const deepidv_result *result)
{
  deepidv_session session;
  size_t i;

  memset(&session, 0xff, sizeof session);
  assert_status(deepidv_result_session(result, &session), DEEPIDV_OK);
  for (i = 0; i < COUNT(texts); i++) {
    const char *member;
    size_t length, expected;

    memcpy(&member, (const char *)&session + texts[i].text, sizeof member);
    memcpy(&length, (const char *)&session + texts[i].length, sizeof length);
    assert_row(member == texts[i].read(result, &expected), texts[i].name);
    assert_row(length == expected, texts[i].name);
    assert_row(member ? member[length] == '\0' : length == 0, texts[i].name);
  }
  assert_true(session.elapsed_us == deepidv_result_elapsed_us(result));
  assert_int_equal(session.http_status, deepidv_result_http_status(result));
  assert_int_equal(session.attempts, deepidv_result_attempts(result));
  assert_int_equal(session.link_count, deepidv_result_link_count(result));
  assert_int_equal(session.verdict, deepidv_result_verdict(result));
  assert_int_equal(session.facts, deepidv_result_facts(result));
  assert_memory_equal(session.reserved, nothing.reserved, sizeof nothing.reserved);
  return session;
}

/* ---- Creates --------------------------------------------------------------------- */

static void a_created_session(void **state)
{
  peer *peer = peer_start(PEER_ANSWER, 200, CREATED);
  deepidv_result *result = create_once(peer_client(peer), make_request_as("order-1"), DEEPIDV_OK);
  deepidv_session session = read_session(result);

  (void)state;
  assert_string_equal(session.id, ID);
  assert_int_equal(session.id_len, strlen(ID));
  assert_string_equal(session.url, "https://verify.example.com/session/" ID);
  assert_string_equal(session.external_id, "order-1");
  assert_string_equal(session.expires_at, "2027-01-02T03:04:05Z");
  assert_null(session.status);
  assert_null(session.progress);
  assert_string_equal(session.json, CREATED);
  assert_true(session.elapsed_us > 0);
  assert_int_equal(session.http_status, 200);
  assert_int_equal(session.attempts, 1);
  assert_int_equal(session.link_count, 2);
  assert_int_equal(session.reconciled, 0);
  assert_int_equal(session.verdict, DEEPIDV_VERDICT_UNKNOWN);
  deepidv_result_free(result);
  peer_stop(peer);
}

/* The service may leave out the external id. */
static void an_external_id_that_the_response_lacks(void **state)
{
  peer *peer = peer_of_sessions(PEER_ANSWER);
  deepidv_result *result = create_once(peer_client(peer), make_request_as("order-1"), DEEPIDV_OK);
  deepidv_session session = read_session(result);

  (void)state;
  assert_string_equal(session.external_id, "order-1");
  assert_int_equal(session.external_id_len, 7);
  assert_null(session.expires_at);
  assert_int_equal(session.link_count, 0);
  deepidv_result_free(result);
  result = create_once(peer_client(peer), NULL, DEEPIDV_OK);
  assert_null(read_session(result).external_id);
  deepidv_result_free(result);
  peer_stop(peer);
}

static void a_reconciled_session(void **state)
{
  peer *peer = peer_start(PEER_ANSWER, 200, page(record("sess_found", "order-1", 0), NULL));
  deepidv_result *result;
  deepidv_session session;

  (void)state;
  peer_next(peer, PEER_CLOSE, 200, "");
  result = create_once(peer_client(peer), make_request_as("order-1"), DEEPIDV_OK);
  session = read_session(result);
  assert_string_equal(session.id, "sess_found");
  assert_null(session.url);
  assert_string_equal(session.external_id, "order-1");
  assert_string_equal(session.status, "PENDING");
  assert_int_equal(session.reconciled, 1);
  deepidv_result_free(result);
  peer_stop(peer);
}

static void several_sessions(void **state)
{
  const char *two = page(record("sess_one", "order-1", 0), record("sess_two", "order-1", 0));
  peer *peer = peer_start(PEER_ANSWER, 200, two);
  deepidv_client *client;
  deepidv_result *result;
  deepidv_session session;

  (void)state;
  peer_next(peer, PEER_CLOSE, 200, "");
  result = create_once(peer_client(peer), make_request_as("order-1"), DEEPIDV_E_DUPLICATE);
  session = read_session(result);
  assert_null(session.id);
  assert_null(session.status);
  assert_string_equal(session.external_id, "order-1");
  deepidv_result_free(result);

  client = peer_client(peer);
  assert_status(deepidv_session_list(client, NULL, 0, 0, NULL, 0, &result), DEEPIDV_OK);
  session = read_session(result);
  assert_null(session.id);
  assert_null(session.external_id);
  assert_string_equal(session.json, two);
  deepidv_result_free(result);
  peer_end(peer, client);
}

/* A refusal has a response but no session. */
static void a_failed_create(void **state)
{
  static const char body[] = "{\"message\":\"no\"}";
  peer *peer = peer_start(PEER_ANSWER, 400, body);
  deepidv_result *result = create_once(peer_client(peer), make_request_as("order-1"), DEEPIDV_E_BAD_REQUEST);
  deepidv_session session = read_session(result);

  (void)state;
  assert_null(session.id);
  assert_null(session.url);
  assert_string_equal(session.external_id, "order-1");
  assert_string_equal(session.json, body);
  assert_int_equal(session.http_status, 400);
  assert_int_equal(session.attempts, 1);
  deepidv_result_free(result);
  peer_stop(peer);
}

/* Refused before anything was sent: there is no response. */
static void a_create_that_was_not_sent(void **state)
{
  deepidv_client *client = make_client("http://127.0.0.1:1");
  deepidv_result *result = refused_result(client);
  deepidv_session session;

  (void)state;
  session = read_session(result);
  session.elapsed_us = 0;
  assert_memory_equal(&session, &nothing, sizeof nothing);
  deepidv_result_free(result);
  deepidv_client_free(client);
}

/* ---- Questions ------------------------------------------------------------------- */

static void a_retrieved_session(void **state)
{
  peer *peer = peer_start(PEER_ANSWER, 200, RECORD);
  deepidv_client *client = peer_client(peer);
  deepidv_result *result = ask(client, question("retrieve"), ID, DEEPIDV_OK);
  deepidv_session session = read_session(result);

  (void)state;
  assert_string_equal(session.id, ID);
  assert_null(session.url);
  assert_string_equal(session.external_id, "order 7");
  assert_string_equal(session.expires_at, "2027-01-02T03:04:05Z");
  assert_string_equal(session.status, "VERIFIED");
  assert_string_equal(session.progress, "COMPLETED");
  assert_int_equal(session.verdict, DEEPIDV_VERDICT_VERIFIED);
  deepidv_result_free(result);

  assert_status(
      deepidv_redirect_confirm(client, "?session_id=" ID, DEEPIDV_NTS, ID, DEEPIDV_NTS, &result), DEEPIDV_OK);
  session = read_session(result);
  assert_string_equal(session.status, "VERIFIED");
  assert_int_equal(session.verdict, DEEPIDV_VERDICT_VERIFIED);
  deepidv_result_free(result);

  assert_status(
      deepidv_redirect_confirm(client, "?session_id=sess_def", DEEPIDV_NTS, ID, DEEPIDV_NTS, &result),
      DEEPIDV_E_MISMATCH);
  session = read_session(result);
  assert_null(session.id);
  assert_int_equal(session.verdict, DEEPIDV_VERDICT_FORGED);
  deepidv_result_free(result);
  peer_end(peer, client);
}

/* ---- Texts and handles ----------------------------------------------------------- */

/* A text that C would read shorter is absent. */
static void texts_with_a_nul(void **state)
{
  static const char answer[] =
      "{\"id\":\"st\",\"session_url\":\"https://a.example/\\u0000\",\"expires_at\":\"\\u0000\"}";
  peer *peer = peer_start(PEER_ANSWER, 200, answer);
  deepidv_result *result = create_once(peer_client(peer), NULL, DEEPIDV_OK);
  deepidv_session session = read_session(result);

  (void)state;
  assert_string_equal(session.id, "st");
  assert_null(session.url);
  assert_int_equal(session.url_len, 0);
  assert_null(session.expires_at);
  assert_int_equal(session.facts, DEEPIDV_RESULT_FACT_SESSION_URL_REFUSED);
  deepidv_result_free(result);
  peer_stop(peer);

  peer = peer_start(PEER_ANSWER, 200, "{\"id\":\"s\\u0000t\"}");
  result = create_once(peer_client(peer), NULL, DEEPIDV_E_OUTCOME_UNKNOWN);
  assert_status(deepidv_result_cause(result), DEEPIDV_E_ANSWER_NO_ID);
  assert_null(deepidv_result_session_id(result, NULL));
  deepidv_result_free(result);
  peer_stop(peer);
}

static void no_result(void **state)
{
  peer *peer = peer_of_sessions(PEER_ANSWER);
  deepidv_config *config = make_config(NULL);
  deepidv_result *result = create_once(peer_client(peer), NULL, DEEPIDV_OK);
  deepidv_session session;

  (void)state;
  assert_status(deepidv_result_session(result, NULL), DEEPIDV_E_NULL);
  assert_status(deepidv_result_session(NULL, NULL), DEEPIDV_E_NULL);
  memset(&session, 0xff, sizeof session);
  assert_status(deepidv_result_session(NULL, &session), DEEPIDV_E_NULL);
  assert_memory_equal(&session, &nothing, sizeof nothing);
  memset(&session, 0xff, sizeof session);
  assert_status(deepidv_result_session((deepidv_result *)config, &session), DEEPIDV_E_HANDLE);
  assert_memory_equal(&session, &nothing, sizeof nothing);
  deepidv_result_free(result);
  deepidv_config_free(config);
  peer_stop(peer);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_created_session),
    cmocka_unit_test(an_external_id_that_the_response_lacks),
    cmocka_unit_test(a_reconciled_session),
    cmocka_unit_test(several_sessions),
    cmocka_unit_test(a_failed_create),
    cmocka_unit_test(a_create_that_was_not_sent),
    cmocka_unit_test(a_retrieved_session),
    cmocka_unit_test(texts_with_a_nul),
    cmocka_unit_test(no_result),
  };

  return cmocka_run_group_tests_name("session", tests, NULL, NULL);
}
