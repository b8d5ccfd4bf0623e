/* Webhooks: verified, read, and put in order. */

#include <stdio.h>

#include "objects.h"

#define SECRET "whsec_mine"
#define RECORD \
  "{\"id\":\"sess_abc\",\"external_id\":\"order-1\",\"status\":\"VERIFIED\",\"session_progress\":" \
  "\"COMPLETED\"," \
  "\"created_at\":\"2026-01-01T00:00:00.000Z\",\"updated_at\":\"2026-01-02T00:00:00.500Z\"," \
  "\"expires_at\":\"2026-02-01T00:00:00.000Z\",\"location\":{\"city\":\"Toronto\"}}"
#define BODY "{\"type\":\"session.status.verified\",\"data\":" RECORD "}"
#define KEY "[\"session.status.verified\",\"sess_abc\",\"2026-01-02T00:00:00.500Z\"]"

static deepidv_webhook_secrets *make_secrets(const char *first, const char *second)
{
  deepidv_webhook_secrets *secrets = NULL;

  assert_status(deepidv_webhook_secrets_new(&secrets), DEEPIDV_OK);
  assert_status(deepidv_webhook_secrets_add(secrets, first, DEEPIDV_NTS), DEEPIDV_OK);
  if (second)
    assert_status(deepidv_webhook_secrets_add(secrets, second, DEEPIDV_NTS), DEEPIDV_OK);
  return secrets;
}

/* The status of opening a body with the right secret. */
static deepidv_status status_of(const char *body, size_t length)
{
  deepidv_webhook_secrets *secrets = make_secrets(SECRET, NULL);
  deepidv_webhook *webhook = (deepidv_webhook *)secrets;
  deepidv_status status = deepidv_webhook_open(secrets, SECRET, DEEPIDV_NTS, body, length, &webhook);

  assert_int_equal(webhook == NULL, status != DEEPIDV_OK);
  deepidv_webhook_free(webhook);
  deepidv_webhook_secrets_free(secrets);
  return status;
}

/* A webhook to be freed. */
static deepidv_webhook *opened(const char *body)
{
  deepidv_webhook_secrets *secrets = make_secrets(SECRET, NULL);
  deepidv_webhook *webhook = NULL;

  assert_status(deepidv_webhook_open(secrets, SECRET, DEEPIDV_NTS, body, DEEPIDV_NTS, &webhook), DEEPIDV_OK);
  deepidv_webhook_secrets_free(secrets);
  return webhook;
}

/* ---- Verifying ------------------------------------------------------------------- */

static void only_the_secrets_verify(void **state)
{
  static const char *const wrong[] = { "", "whsec_min", "whsec_mine2", "whsec_minE", "Whsec_mine",
    " whsec_mine", "whsec_mine ", "whsec_mine,whsec_mine", "whsec_ol", "whsec_oldest",
    "whsec_minewhsec_old" };
  deepidv_webhook_secrets *secrets = make_secrets(SECRET, "whsec_old");
  deepidv_webhook *webhook = NULL;
  char *huge = make_text('a', 1 << 20);
  size_t i;

  (void)state;
  for (i = 0; i < COUNT(wrong); i++)
    assert_row(deepidv_webhook_open(secrets, wrong[i], DEEPIDV_NTS, BODY, DEEPIDV_NTS, &webhook)
            == DEEPIDV_E_WEBHOOK_SIGNATURE,
        wrong[i]);
  assert_status(
      deepidv_webhook_open(secrets, NULL, 0, BODY, DEEPIDV_NTS, &webhook), DEEPIDV_E_WEBHOOK_SIGNATURE);
  assert_status(deepidv_webhook_open(secrets, "whsec_mine\0", 11, BODY, DEEPIDV_NTS, &webhook),
      DEEPIDV_E_WEBHOOK_SIGNATURE);
  assert_status(
      deepidv_webhook_open(secrets, huge, 1 << 20, BODY, DEEPIDV_NTS, &webhook), DEEPIDV_E_WEBHOOK_SIGNATURE);
  /* Nothing is said of a body that is not verified. */
  assert_status(
      deepidv_webhook_open(secrets, "whsec_guess", 11, "no JSON", 7, &webhook), DEEPIDV_E_WEBHOOK_SIGNATURE);
  assert_status(deepidv_webhook_open(secrets, "whsec_guess", 11, huge, (4 << 20) + 1, &webhook),
      DEEPIDV_E_WEBHOOK_SIGNATURE);
  assert_null(webhook);
  assert_status(deepidv_webhook_open(secrets, "whsec_old", 9, BODY, DEEPIDV_NTS, &webhook), DEEPIDV_OK);
  deepidv_webhook_free(webhook);
  assert_status(deepidv_webhook_open(secrets, SECRET, 10, BODY, DEEPIDV_NTS, &webhook), DEEPIDV_OK);
  deepidv_webhook_free(webhook);
  deepidv_webhook_secrets_free(secrets);
  free(huge);
}

static void what_can_be_a_secret(void **state)
{
  deepidv_webhook_secrets *secrets = NULL;
  deepidv_webhook *webhook = NULL;
  char *longest = make_text('a', 1025);
  int i;

  (void)state;
  assert_status(deepidv_webhook_secrets_new(&secrets), DEEPIDV_OK);
  assert_status(
      deepidv_webhook_open(secrets, SECRET, DEEPIDV_NTS, BODY, DEEPIDV_NTS, &webhook), DEEPIDV_E_REQUIRED);
  assert_status(deepidv_webhook_secrets_add(secrets, "", 0), DEEPIDV_E_REQUIRED);
  assert_status(deepidv_webhook_secrets_add(secrets, longest, 1025), DEEPIDV_E_TOO_LONG);
  assert_status(deepidv_webhook_secrets_add(secrets, SECRET "\n", DEEPIDV_NTS), DEEPIDV_E_CONTROL);
  assert_status(deepidv_webhook_secrets_add(secrets, SECRET "\0", 11), DEEPIDV_E_CONTROL);
  assert_status(deepidv_webhook_secrets_add(secrets, SECRET "\x7f", DEEPIDV_NTS), DEEPIDV_E_CONTROL);
  assert_status(deepidv_webhook_secrets_add(secrets, SECRET, HUGE_LENGTH), DEEPIDV_E_LENGTH);
  assert_status(deepidv_webhook_secrets_add(secrets, NULL, 1), DEEPIDV_E_NULL);
  for (i = 0; i < 16; i++) {
    longest[0] = (char)('a' + i);
    assert_status(deepidv_webhook_secrets_add(secrets, longest, 1024), DEEPIDV_OK);
  }
  assert_status(deepidv_webhook_secrets_add(secrets, SECRET, 10), DEEPIDV_E_RANGE);
  for (i = 0; i < 16; i++) {
    longest[0] = (char)('a' + i);
    assert_status(deepidv_webhook_open(secrets, longest, 1024, BODY, DEEPIDV_NTS, &webhook), DEEPIDV_OK);
    deepidv_webhook_free(webhook);
    assert_status(deepidv_webhook_open(secrets, longest, 1023, BODY, DEEPIDV_NTS, &webhook),
        DEEPIDV_E_WEBHOOK_SIGNATURE);
    assert_status(deepidv_webhook_open(secrets, longest, 1025, BODY, DEEPIDV_NTS, &webhook),
        DEEPIDV_E_WEBHOOK_SIGNATURE);
  }
  deepidv_webhook_secrets_free(secrets);
  free(longest);
}

static void arguments(void **state)
{
  objects *made = *state;
  deepidv_webhook_secrets *secrets = make_secrets(SECRET, NULL);
  deepidv_webhook *webhook = NULL;
  deepidv_session session;
  size_t length = 7;

  assert_status(deepidv_webhook_secrets_new(NULL), DEEPIDV_E_NULL);
  assert_status(deepidv_webhook_secrets_add(NULL, SECRET, 10), DEEPIDV_E_NULL);
  assert_status(
      deepidv_webhook_secrets_add((deepidv_webhook_secrets *)made->config, SECRET, 10), DEEPIDV_E_HANDLE);
  assert_status(deepidv_webhook_open(secrets, SECRET, 10, BODY, DEEPIDV_NTS, NULL), DEEPIDV_E_NULL);
  assert_status(deepidv_webhook_open(NULL, SECRET, 10, BODY, DEEPIDV_NTS, &webhook), DEEPIDV_E_NULL);
  assert_null(webhook);
  assert_status(
      deepidv_webhook_open((deepidv_webhook_secrets *)made->result, SECRET, 10, BODY, DEEPIDV_NTS, &webhook),
      DEEPIDV_E_HANDLE);
  assert_status(deepidv_webhook_open(secrets, SECRET, 10, NULL, 5, &webhook), DEEPIDV_E_NULL);
  assert_status(deepidv_webhook_open(secrets, SECRET, HUGE_LENGTH, BODY, 5, &webhook), DEEPIDV_E_LENGTH);
  assert_status(deepidv_webhook_open(secrets, SECRET, 10, BODY, HUGE_LENGTH, &webhook), DEEPIDV_E_LENGTH);
  assert_int_equal(deepidv_webhook_type(NULL), 0);
  assert_int_equal(deepidv_webhook_verdict(NULL), DEEPIDV_VERDICT_UNKNOWN);
  assert_null(deepidv_webhook_type_text(NULL, &length));
  assert_int_equal(length, 0);
  assert_null(deepidv_webhook_key((deepidv_webhook *)made->result, NULL));
  assert_null(deepidv_webhook_json((deepidv_webhook *)secrets, NULL));
  assert_status(deepidv_webhook_session(NULL, &session), DEEPIDV_E_NULL);
  assert_status(deepidv_webhook_session((deepidv_webhook *)made->result, &session), DEEPIDV_E_HANDLE);
  assert_null(session.id);
  deepidv_webhook_free(NULL);
  deepidv_webhook_free((deepidv_webhook *)secrets);
  deepidv_webhook_secrets_free(NULL);
  deepidv_webhook_secrets_free((deepidv_webhook_secrets *)made->config);
  deepidv_webhook_secrets_free(secrets);
}

/* ---- Reading --------------------------------------------------------------------- */

static void what_an_event_says(void **state)
{
  deepidv_webhook *webhook = opened(BODY);
  deepidv_session session, none;
  size_t length;

  (void)state;
  memset(&none, 0, sizeof none);
  assert_int_equal(deepidv_webhook_type(webhook), DEEPIDV_WEBHOOK_SESSION_VERIFIED);
  assert_string_equal(deepidv_webhook_type_text(webhook, &length), "session.status.verified");
  assert_int_equal(length, strlen("session.status.verified"));
  assert_int_equal(deepidv_webhook_verdict(webhook), DEEPIDV_VERDICT_VERIFIED);
  assert_string_equal(deepidv_webhook_key(webhook, &length), KEY);
  assert_int_equal(length, strlen(KEY));
  assert_string_equal(deepidv_webhook_json(webhook, &length), BODY);
  assert_int_equal(length, strlen(BODY));
  assert_status(deepidv_webhook_session(webhook, &session), DEEPIDV_OK);
  assert_string_equal(session.id, "sess_abc");
  assert_int_equal(session.id_len, 8);
  assert_string_equal(session.external_id, "order-1");
  assert_string_equal(session.status, "VERIFIED");
  assert_string_equal(session.progress, "COMPLETED");
  assert_string_equal(session.expires_at, "2026-02-01T00:00:00.000Z");
  assert_string_equal(session.json, BODY);
  assert_int_equal(session.verdict, DEEPIDV_VERDICT_VERIFIED);
  assert_null(session.url);
  assert_int_equal(session.facts, 0);
  assert_int_equal(session.http_status | (int)session.attempts | session.reconciled, 0);
  assert_memory_equal(session.reserved, none.reserved, sizeof none.reserved);
  deepidv_webhook_free(webhook);
}

static void every_type(void **state)
{
  static const struct {
    const char *text;
    int32_t type;
  } types[] = {
    { "session.created", DEEPIDV_WEBHOOK_SESSION_CREATED },
    { "session.status.submitted", DEEPIDV_WEBHOOK_SESSION_SUBMITTED },
    { "session.status.verified", DEEPIDV_WEBHOOK_SESSION_VERIFIED },
    { "session.status.rejected", DEEPIDV_WEBHOOK_SESSION_REJECTED },
    { "session.status.failed", DEEPIDV_WEBHOOK_SESSION_FAILED },
    /* Unknown ones are kept, and one that changes case is unknown. */
    { "session.status.voided", DEEPIDV_WEBHOOK_OTHER },
    { "Session.Status.Verified", DEEPIDV_WEBHOOK_OTHER },
    { "SESSION.CREATED", DEEPIDV_WEBHOOK_OTHER },
    { "session.created ", DEEPIDV_WEBHOOK_OTHER },
    { "x", DEEPIDV_WEBHOOK_OTHER },
  };
  char body[256];
  size_t i;

  (void)state;
  for (i = 0; i < COUNT(types); i++) {
    deepidv_webhook *webhook;

    /* In either order. */
    snprintf(body, sizeof body,
        i % 2 ? "{\"data\":{\"id\":\"s\"},\"x\":1,\"type\":\"%s\"}"
              : "{\"type\":\"%s\",\"data\":{\"id\":\"s\"}}",
        types[i].text);
    webhook = opened(body);
    assert_row(deepidv_webhook_type(webhook) == types[i].type, types[i].text);
    assert_string_equal(deepidv_webhook_type_text(webhook, NULL), types[i].text);
    snprintf(body, sizeof body, "[\"%s\",\"s\",null]", types[i].text);
    assert_string_equal(deepidv_webhook_key(webhook, NULL), body);
    assert_int_equal(deepidv_webhook_verdict(webhook), DEEPIDV_VERDICT_UNKNOWN);
    deepidv_webhook_free(webhook);
  }
}

static void keys_are_unambiguous(void **state)
{
  deepidv_webhook *one =
      opened("{\"type\":\"a\\\",\\\"b\",\"data\":{\"id\":\"c\",\"updated_at\":\"d\\u0065\"}}");
  deepidv_webhook *other =
      opened("{\"type\":\"a\",\"data\":{\"id\":\"b\\\",\\\"c\\\\\",\"updated_at\":\"de\"}}");

  (void)state;
  assert_string_equal(deepidv_webhook_key(one, NULL), "[\"a\\\",\\\"b\",\"c\",\"de\"]");
  assert_string_equal(deepidv_webhook_key(other, NULL), "[\"a\",\"b\\\",\\\"c\\\\\",\"de\"]");
  assert_int_equal(deepidv_webhook_supersedes(deepidv_webhook_key(other, NULL), DEEPIDV_NTS, NULL, 0), 1);
  deepidv_webhook_free(one);
  deepidv_webhook_free(other);
}

static void what_is_no_event(void **state)
{
  static const char *const wrong[] = {
    "",
    "x",
    "null",
    "[]",
    "{}",
    "\"session.created\"",
    "{\"type\":\"session.created\"}",
    "{\"data\":" RECORD "}",
    "{\"type\":\"session.created\",\"data\":null}",
    "{\"type\":\"session.created\",\"data\":[" RECORD "]}",
    "{\"type\":\"session.created\",\"data\":\"sess_abc\"}",
    "{\"type\":\"session.created\",\"data\":{\"status\":\"VERIFIED\"}}",
    "{\"type\":\"session.created\",\"data\":{\"id\":\"\"}}",
    "{\"type\":\"session.created\",\"data\":{\"id\":7}}",
    "{\"type\":\"session.created\",\"data\":{\"id\":\"a\\u0000b\"}}",
    "{\"type\":\"session.created\",\"data\":{\"id\":\"a\\nb\"}}",
    "{\"type\":\"\",\"data\":" RECORD "}",
    "{\"type\":null,\"data\":" RECORD "}",
    "{\"type\":[\"session.created\"],\"data\":" RECORD "}",
    "{\"type\":\"session.created\\n\",\"data\":" RECORD "}",
    "{\"type\":\"session.created\",\"type\":\"session.created\",\"data\":" RECORD "}",
    "{\"type\":\"session.created\",\"data\":" RECORD ",\"data\":" RECORD "}",
    "{\"type\":\"session.created\",\"data\":{\"id\":\"a\",\"id\":\"b\"}}",
    "{\"type\":\"session.created\",\"data\":{\"id\":\"a\",\"status\":\"PENDING\",\"status\":\"VERIFIED\"}}",
    "{\"type\":\"session.created\",\"data\":{\"id\":\"a\",\"updated_at\":\"x\",\"updated_at\":\"y\"}}",
    "{\"type\":\"session.created\",\"session_record\":" RECORD "}",
    BODY "x",
    BODY BODY,
    "{\"type\":\"session.created\",\"data\":{\"id\":\"\xff\"}}",
    "{\"type\":\"session.created\",\"data\":" RECORD ",\"x\":\"\xc3\"}",
    "{\"type\":\"session.created\",\"data\":" RECORD ",\"x\":01}",
  };
  size_t i;

  (void)state;
  for (i = 0; i < COUNT(wrong); i++)
    assert_row(status_of(wrong[i], DEEPIDV_NTS) == DEEPIDV_E_WEBHOOK, wrong[i]);
  /* Cut anywhere. */
  for (i = 0; i < strlen(BODY); i++)
    assert_status(status_of(BODY, i), DEEPIDV_E_WEBHOOK);
  assert_status(status_of(BODY "\0", strlen(BODY) + 1), DEEPIDV_E_WEBHOOK);
  assert_status(status_of("\xef\xbb\xbf" BODY "\n", DEEPIDV_NTS), DEEPIDV_OK);
}

static void limits(void **state)
{
  static const char start[] = "{\"type\":\"t\",\"data\":{\"id\":\"s\"},\"x\":";
  const size_t largest = 4 << 20;
  char *body = make_text(' ', largest + 1), *deep = make_text('[', 10000);
  char *type = make_text('a', 257);
  int depth;

  (void)state;
  memcpy(body, BODY, strlen(BODY));
  assert_status(status_of(body, largest), DEEPIDV_OK);
  assert_status(status_of(body, largest + 1), DEEPIDV_E_TOO_LONG);
  assert_status(status_of(body, 100u << 20), DEEPIDV_E_TOO_LONG);
  for (depth = 63; depth <= 64; depth++) {
    memcpy(body, start, sizeof start);
    memset(body + strlen(start), '[', (size_t)depth);
    memset(body + strlen(start) + depth, ']', (size_t)depth);
    memcpy(body + strlen(start) + 2 * depth, "}", 2);
    assert_status(status_of(body, DEEPIDV_NTS), depth == 63 ? DEEPIDV_OK : DEEPIDV_E_WEBHOOK);
  }
  assert_status(status_of(deep, 10000), DEEPIDV_E_WEBHOOK);
  sprintf(body, "%s%s}", start, deep);
  assert_status(status_of(body, DEEPIDV_NTS), DEEPIDV_E_WEBHOOK);
  sprintf(body, "{\"type\":\"%s\",\"data\":{\"id\":\"s\"}}", type);
  assert_status(status_of(body, DEEPIDV_NTS), DEEPIDV_E_WEBHOOK);
  sprintf(body, "{\"type\":\"%s\",\"data\":{\"id\":\"s\"}}", type + 1);
  assert_status(status_of(body, DEEPIDV_NTS), DEEPIDV_OK);
  free(body);
  free(deep);
  free(type);
}

/* ---- Order ----------------------------------------------------------------------- */

static int supersedes(const char *type, const char *time, const char *other_type, const char *other_time)
{
  char key[256], other[256];

  snprintf(key, sizeof key, "[\"%s\",\"s\",%s]", type, time);
  snprintf(other, sizeof other, "[\"%s\",\"s\",%s]", other_type, other_time);
  return deepidv_webhook_supersedes(key, DEEPIDV_NTS, other, DEEPIDV_NTS);
}

static void the_later_event_wins(void **state)
{
  static const char *const times[] = {
    "\"2025-12-31T23:59:59Z\"",
    "\"2026-01-01T00:00:00Z\"",
    "\"2026-01-01T00:00:00.000001Z\"",
    "\"2026-01-01T00:00:00.02Z\"",
    "\"2026-01-01T00:00:00.1Z\"",
    "\"2026-01-01T02:00:01+02:00\"",
    "\"2026-01-01T00:00:02\"",
  };
  static const char *const types[] = { "x", "session.created", "session.status.submitted",
    "session.status.verified", "session.status.rejected", "session.status.failed" };
  static const char *const unreadable[] = { "null", "\"\"", "\"today\"", "\"2026-01-01T00:00:00.1X\"" };
  size_t i, j, k;

  (void)state;
  for (i = 0; i < COUNT(times); i++)
    for (j = 0; j < COUNT(times); j++) {
      for (k = 0; k < COUNT(types); k++) {
        assert_int_equal(supersedes(types[k], times[i], types[COUNT(types) - 1 - k], times[j]),
            i > j || (i == j && k > COUNT(types) - 1 - k));
        assert_int_equal(supersedes(types[k], times[i], types[k], times[j]), i > j);
      }
    }
  for (i = 0; i < COUNT(types); i++)
    for (j = 0; j < COUNT(types); j++)
      for (k = 0; k < COUNT(unreadable); k++) {
        assert_int_equal(supersedes(types[i], times[1], types[j], unreadable[k]), 1);
        assert_int_equal(supersedes(types[i], unreadable[k], types[j], times[1]), 0);
        assert_int_equal(supersedes(types[i], unreadable[k], types[j], unreadable[0]), i > j);
      }
}

static void what_is_no_key(void **state)
{
  static const char *const wrong[] = { "", "x", "{}", "[]", "null", "[\"a\"]", "[\"a\",\"s\"]",
    "[1,\"s\",null]", "[\"a\",null,null]", "[\"a\",\"s\",null,null]", "[\"a\",\"s\",null",
    "[\"a\",\"s\",null]x", "[\"a\",\"s\",x]", "[\"a\",\"s\",1]", "[\"a\",\"s\",[]]", "[\"\",\"s\",null]",
    "[\"a\",\"\",null]", "[\"a\",\"other\",null]" };
  char *huge = make_text('[', 1 << 20);
  size_t i;

  (void)state;
  assert_int_equal(deepidv_webhook_supersedes(KEY, DEEPIDV_NTS, NULL, 0), 1);
  assert_int_equal(deepidv_webhook_supersedes(KEY, DEEPIDV_NTS, "", 0), 1);
  assert_int_equal(deepidv_webhook_supersedes(KEY, DEEPIDV_NTS, KEY, DEEPIDV_NTS), 0);
  assert_int_equal(deepidv_webhook_supersedes(NULL, 0, NULL, 0), 0);
  assert_int_equal(deepidv_webhook_supersedes(NULL, 0, KEY, DEEPIDV_NTS), 0);
  assert_int_equal(deepidv_webhook_supersedes(KEY, HUGE_LENGTH, "", 0), 0);
  assert_int_equal(deepidv_webhook_supersedes(huge, 1 << 20, huge, 1 << 20), 0);
  for (i = 0; i < COUNT(wrong); i++) {
    if (i + 1 < COUNT(wrong))
      assert_row(deepidv_webhook_supersedes(wrong[i], DEEPIDV_NTS, "", 0) == 0, wrong[i]);
    if (*wrong[i])
      assert_row(deepidv_webhook_supersedes("[\"z\",\"s\",null]", DEEPIDV_NTS, wrong[i], DEEPIDV_NTS) == 0,
          wrong[i]);
  }
  free(huge);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(only_the_secrets_verify),
    cmocka_unit_test(what_can_be_a_secret),
    cmocka_unit_test_setup_teardown(arguments, make_objects, free_objects),
    cmocka_unit_test(what_an_event_says),
    cmocka_unit_test(every_type),
    cmocka_unit_test(keys_are_unambiguous),
    cmocka_unit_test(what_is_no_event),
    cmocka_unit_test(limits),
    cmocka_unit_test(the_later_event_wins),
    cmocka_unit_test(what_is_no_key),
  };

  return cmocka_run_group_tests_name("webhook", tests, NULL, NULL);
}
