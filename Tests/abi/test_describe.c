/* The JSON texts of deepidv_result_describe(), deepidv_webhook_describe() and deepidv_redirect_describe(). */

#include <jansson.h>
#include <pthread.h>

#include "ask.h"
#include "create.h"

#define ID "sess_abc"
#define CREATED \
  "{\"id\":\"" ID "\",\"session_url\":\"https://verify.example.com/session/" ID "\"," \
  "\"externalId\":\"order \\\"1\\\" \\u00e9\",\"expires_at\":\"2027-01-02T03:04:05Z\"," \
  "\"links\":[{\"rel\":\"self\",\"href\":\"https://a.example\"},{\"url\":\"https://b.example\"}]}"
#define REFUSED \
  "{\"message\":\"No \\\"such\\\"\\u0007 thing\",\"code\":\"E_1\",\"hints\":[\"one\",\"\\u20ac\"]}"

static json_t *parsed(const char *text, size_t length)
{
  json_error_t error;
  json_t *json;

  assert_non_null(text);
  assert_int_equal(length, strlen(text));
  json = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
  if (!json)
    print_message("%s in %s\n", error.text, text);
  assert_true(json_is_object(json));
  return json;
}

/* Compares a member that must exist: a text, or null. */
static void assert_text(json_t *json, const char *name, const char *expected)
{
  json_t *member = json_object_get(json, name);

  assert_row(member != NULL, name);
  assert_row(expected ? json_is_string(member) : json_is_null(member), name);
  if (expected)
    assert_string_equal(json_string_value(member), expected);
}

static void assert_number(json_t *json, const char *name, int64_t expected)
{
  json_t *member = json_object_get(json, name);

  assert_row(json_is_integer(member), name);
  assert_row(json_integer_value(member) == expected, name);
}

static void assert_flag(json_t *json, const char *name, int32_t expected)
{
  assert_row(json_is_boolean(json_object_get(json, name)), name);
  assert_row(json_is_true(json_object_get(json, name)) == (expected == 1), name);
}

static void assert_count(json_t *json, const char *name, uint32_t expected)
{
  assert_row(json_is_array(json_object_get(json, name)), name);
  assert_row(json_array_size(json_object_get(json, name)) == expected, name);
}

/* ---- Results --------------------------------------------------------------------- */

static const struct {
  const char *name;
  result_text *read;
} texts[] = {
  { "message", deepidv_result_message },
  { "field", deepidv_result_field },
  { "api_code", deepidv_result_api_code },
  { "request_id", deepidv_result_request_id },
  { "reconcile_token", deepidv_result_reconcile_token },
  { "next_token", deepidv_result_next_token },
  { "session_id", deepidv_result_session_id },
  { "session_url", deepidv_result_session_url },
  { "external_id", deepidv_result_external_id },
  { "expires_at", deepidv_result_expires_at },
  { "session_status", deepidv_result_session_status },
  { "session_progress", deepidv_result_session_progress },
};

/* Compares every member with its function, and frees the result. Returns how many members there are. */
static size_t compare(deepidv_result *result)
{
  size_t length, i;
  const char *text = deepidv_result_describe(result, &length);
  json_t *json = parsed(text, length), *link;
  size_t members = json_object_size(json);

  assert_ptr_equal(deepidv_result_describe(result, NULL), text);
  for (i = 0; i < COUNT(texts); i++)
    assert_text(json, texts[i].name, texts[i].read(result, NULL));
  assert_number(json, "status", deepidv_result_status(result));
  assert_text(json, "status_name", deepidv_status_name(deepidv_result_status(result)));
  assert_number(json, "cause", deepidv_result_cause(result));
  assert_text(json, "cause_name", deepidv_status_name(deepidv_result_cause(result)));
  assert_number(json, "http_status", deepidv_result_http_status(result));
  assert_number(json, "attempts", deepidv_result_attempts(result));
  assert_number(json, "elapsed_us", (int64_t)deepidv_result_elapsed_us(result));
  assert_number(json, "retry_after_ms", (int64_t)deepidv_result_retry_after_ms(result));
  assert_number(json, "facts", deepidv_result_facts(result));
  assert_number(json, "verdict", deepidv_result_verdict(result));
  assert_text(json, "verdict_name", deepidv_verdict_name(deepidv_result_verdict(result)));
  assert_flag(json, "reconciled", deepidv_result_reconciled(result));
  assert_flag(json, "found", deepidv_result_found(result));
  assert_count(json, "hints", deepidv_result_hint_count(result));
  for (i = 0; i < deepidv_result_hint_count(result); i++)
    assert_string_equal(json_string_value(json_array_get(json_object_get(json, "hints"), i)),
        deepidv_result_hint(result, (uint32_t)i, NULL));
  assert_count(json, "session_ids", deepidv_result_session_count(result));
  for (i = 0; i < deepidv_result_session_count(result); i++)
    assert_string_equal(json_string_value(json_array_get(json_object_get(json, "session_ids"), i)),
        deepidv_result_session_id_at(result, (uint32_t)i, NULL));
  assert_count(json, "links", deepidv_result_link_count(result));
  for (i = 0; i < deepidv_result_link_count(result); i++) {
    link = json_array_get(json_object_get(json, "links"), i);
    assert_int_equal(json_object_size(link), 2);
    assert_text(link, "url", deepidv_result_link(result, (uint32_t)i, NULL));
    assert_text(link, "rel", deepidv_result_link_rel(result, (uint32_t)i, NULL));
  }
  json_decref(json);
  deepidv_result_free(result);
  return members;
}

static void results_as_their_functions_say(void **state)
{
  peer *peer = peer_start(PEER_ANSWER, 200, CREATED);
  deepidv_client *client = peer_client(peer);
  deepidv_result *result;
  size_t members = compare(create_result(client, NULL, DEEPIDV_OK));

  (void)state;
  /* The members that were compared, and none that were not. */
  assert_int_equal(members, COUNT(texts) + 13 + 3);
  peer_next_with(peer, PEER_ANSWER, 400, "X-Request-Id: req-7\r\n", REFUSED);
  assert_int_equal(compare(create_result(client, NULL, DEEPIDV_E_BAD_REQUEST)), members);
  peer_next(peer, PEER_ANSWER, 502, "plain \xff");
  assert_int_equal(compare(create_result(client, NULL, DEEPIDV_E_OUTCOME_UNKNOWN)), members);
  assert_int_equal(compare(refused_result(client)), members);
  peer_next(peer, PEER_ANSWER, 200, page(record("sess_1", "a", 0), record("sess_2", "b", 0)));
  assert_status(deepidv_session_list(client, NULL, 0, 10, NULL, 0, &result), DEEPIDV_OK);
  assert_int_equal(deepidv_result_session_count(result), 2);
  assert_int_equal(compare(result), members);
  deepidv_client_free(client);
  peer_stop(peer);
}

/* The token exists after the timeout, while the library still searches. */
static void an_unknown_outcome_has_its_token(void **state)
{
  peer *peer = peer_start(PEER_HANG, 200, "");
  deepidv_config *config = make_config(peer_url(peer));
  deepidv_result *result;

  (void)state;
  assert_status(deepidv_config_set_timeout_ms(config, 300), DEEPIDV_OK);
  result = create_once(make_client_of(config), make_request_as("order-1"), DEEPIDV_E_OUTCOME_UNKNOWN);
  assert_non_null(deepidv_result_reconcile_token(result, NULL));
  compare(result);
  peer_stop(peer);
}

enum { READERS = 8 };

static void *describe(void *result) { return (void *)deepidv_result_describe(result, NULL); }

/* The text is created by whichever thread is first, and all get the same one. */
static void one_text_for_all_threads(void **state)
{
  peer *peer = peer_start(PEER_ANSWER, 200, CREATED);
  deepidv_client *client = peer_client(peer);
  int rounds = is_watched() ? 5 : 20, round, i;

  (void)state;
  for (round = 0; round < rounds; round++) {
    deepidv_result *result = create_result(client, NULL, DEEPIDV_OK);
    pthread_t threads[READERS];
    void *text;

    for (i = 0; i < READERS; i++)
      assert_int_equal(pthread_create(&threads[i], NULL, describe, result), 0);
    for (i = 0; i < READERS; i++) {
      assert_int_equal(pthread_join(threads[i], &text), 0);
      assert_ptr_equal(text, deepidv_result_describe(result, NULL));
    }
    deepidv_result_free(result);
  }
  deepidv_client_free(client);
  peer_stop(peer);
}

/* ---- Webhooks -------------------------------------------------------------------- */

static void a_webhook_as_its_functions_say(void **state)
{
  static const char body[] =
      "{\"type\":\"session.status.verified\",\"data\":{\"id\":\"" ID "\",\"status\":\"VERIFIED\","
      "\"session_progress\":\"COMPLETED\",\"external_id\":\"order "
      "7\",\"updated_at\":\"2027-01-02T03:04:05Z\"}}";
  deepidv_webhook_secrets *secrets = NULL;
  deepidv_webhook *webhook = NULL;
  deepidv_session session;
  size_t length;
  const char *text;
  json_t *json;

  (void)state;
  assert_status(deepidv_webhook_secrets_new(&secrets), DEEPIDV_OK);
  assert_status(deepidv_webhook_secrets_add(secrets, "whsec_mine", DEEPIDV_NTS), DEEPIDV_OK);
  assert_status(
      deepidv_webhook_open(secrets, "whsec_mine", DEEPIDV_NTS, body, DEEPIDV_NTS, &webhook), DEEPIDV_OK);
  deepidv_webhook_secrets_free(secrets);
  text = deepidv_webhook_describe(webhook, &length);
  json = parsed(text, length);
  assert_ptr_equal(deepidv_webhook_describe(webhook, NULL), text);
  assert_status(deepidv_webhook_session(webhook, &session), DEEPIDV_OK);
  assert_number(json, "type", DEEPIDV_WEBHOOK_SESSION_VERIFIED);
  assert_text(json, "type_text", "session.status.verified");
  assert_text(json, "key", deepidv_webhook_key(webhook, NULL));
  assert_text(json, "session_id", session.id);
  assert_text(json, "session_url", NULL);
  assert_text(json, "external_id", "order 7");
  assert_text(json, "expires_at", NULL);
  assert_text(json, "session_status", "VERIFIED");
  assert_text(json, "session_progress", "COMPLETED");
  assert_number(json, "verdict", DEEPIDV_VERDICT_VERIFIED);
  assert_text(json, "verdict_name", "DEEPIDV_VERDICT_VERIFIED");
  assert_number(json, "facts", session.facts);
  assert_int_equal(json_object_size(json), 12);
  json_decref(json);
  assert_null(deepidv_webhook_describe(NULL, &length));
  assert_int_equal(length, 0);
  deepidv_webhook_free(webhook);
}

/* ---- Redirects ------------------------------------------------------------------- */

static void redirects(void **state)
{
  static const struct {
    const char *url;
    size_t length;
    const char *json;
  } cases[] = {
    { "", 0,
        "{\"session_id\":null,\"status\":0,\"status_text\":null,\"reason\":0,\"reason_text\":null,\"facts\":"
        "1,"
        "\"fragment\":null,\"other_session_id\":null,\"params\":[]}" },
    { "https://a.example/cb?session_id=s%22%5C+%C3%A9&status=failed&reason=new%00&a&=b#x%20y", DEEPIDV_NTS,
        "{\"session_id\":\"s\\\"\\\\ \xc3\xa9\",\"status\":2,\"status_text\":\"failed\",\"reason\":-1,"
        "\"reason_text\":\"new\\u0000\",\"facts\":0,\"fragment\":\"x%20y\",\"other_session_id\":null,"
        "\"params\":["
        "{\"name\":\"session_id\",\"value\":\"s\\\"\\\\ "
        "\xc3\xa9\"},{\"name\":\"status\",\"value\":\"failed\"},"
        "{\"name\":\"reason\",\"value\":\"new\\u0000\"},{\"name\":\"a\",\"value\":\"\"},"
        "{\"name\":\"\",\"value\":\"b\"}]}" },
    { "?status=SUBMITTED&sessionId=%ff#\xff", DEEPIDV_NTS,
        "{\"session_id\":null,\"status\":4,\"status_text\":\"SUBMITTED\",\"reason\":0,\"reason_text\":null,"
        "\"facts\":17,\"fragment\":\"\xef\xbf\xbd\",\"other_session_id\":\"\xef\xbf\xbd\",\"params\":["
        "{\"name\":\"status\",\"value\":\"SUBMITTED\"},{\"name\":\"sessionId\",\"value\":\"\xef\xbf\xbd\"}]"
        "}" },
  };
  size_t i, length;
  char text[1024];

  (void)state;
  for (i = 0; i < COUNT(cases); i++) {
    const size_t expected = strlen(cases[i].json);

    assert_status(
        deepidv_redirect_describe(cases[i].url, cases[i].length, text, sizeof text, &length), DEEPIDV_OK);
    assert_string_equal(text, cases[i].json);
    assert_int_equal(length, expected);
    memset(text, '~', sizeof text);
    assert_status(
        deepidv_redirect_describe(cases[i].url, cases[i].length, text, expected, &length), DEEPIDV_E_BUFFER);
    assert_int_equal(length, expected);
    assert_int_equal(text[0], '\0');
    assert_int_equal(text[expected], '~');
    assert_status(
        deepidv_redirect_describe(cases[i].url, cases[i].length, text, expected + 1, NULL), DEEPIDV_OK);
    assert_string_equal(text, cases[i].json);
  }
}

static void redirects_refused(void **state)
{
  char text[64] = "~";
  size_t length = 7, size = (1 << 20) + 100;
  char *huge = malloc(size);

  (void)state;
  assert_status(deepidv_redirect_describe("?status=a&status=b", DEEPIDV_NTS, text, sizeof text, &length),
      DEEPIDV_E_REPEATED);
  assert_string_equal(text, "");
  assert_int_equal(length, 0);
  assert_status(deepidv_redirect_describe(NULL, 0, text, sizeof text, &length), DEEPIDV_E_NULL);
  assert_status(deepidv_redirect_describe("", 0, NULL, 0, &length), DEEPIDV_E_NULL);
  assert_status(deepidv_redirect_describe("", (size_t)-2, text, sizeof text, &length), DEEPIDV_E_LENGTH);
  assert_status(deepidv_redirect_describe("", 0, text, (size_t)-2, &length), DEEPIDV_E_LENGTH);
  assert_status(deepidv_redirect_describe("", 0, text, 0, &length), DEEPIDV_E_BUFFER);
  assert_non_null(huge);
  memset(huge, 'a', size);
  huge[0] = '?';
  assert_status(deepidv_redirect_describe(huge, size, text, sizeof text, &length), DEEPIDV_E_TOO_LONG);
  free(huge);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(results_as_their_functions_say),
    cmocka_unit_test(an_unknown_outcome_has_its_token),
    cmocka_unit_test(one_text_for_all_threads),
    cmocka_unit_test(a_webhook_as_its_functions_say),
    cmocka_unit_test(redirects),
    cmocka_unit_test(redirects_refused),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
