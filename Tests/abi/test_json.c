/* A request as JSON: both spellings, and each error with its position. */

#include "wire.h"

#define NAMES "\"first_name\":\"John\",\"last_name\":\"Doe\""
#define REACH "\"email\":\"a@b.c\",\"phone\":\"+12\""

typedef struct json_case {
  const char *json;
  deepidv_status status;
  const char *field;
  const char *stops_at; /* what the offset points at, or NULL */
} json_case;

static void check_json(const json_case *row)
{
  deepidv_session_request *request = make_request();
  const char *field = "left";
  size_t offset = SIZE_MAX;
  deepidv_status status = deepidv_session_request_set_json(request, row->json, DEEPIDV_NTS, &field, &offset);

  if (status != row->status)
    print_error("%.200s\n", row->json);
  assert_status(status, row->status);
  if (row->field) {
    assert_row(field != NULL, row->json);
    assert_string_equal(field, row->field);
  } else {
    assert_row(field == NULL, row->json);
  }
  if (row->stops_at) {
    assert_row(offset <= strlen(row->json), row->json);
    assert_row(strncmp(row->json + offset, row->stops_at, strlen(row->stops_at)) == 0, row->json);
  } else if (row->status == DEEPIDV_OK) {
    assert_int_equal(offset, 0);
  }
  deepidv_session_request_free(request);
}

static void valid_json(void **state)
{
  static const json_case cases[] = {
    { "{}", DEEPIDV_OK, NULL, NULL },
    { " \t\r\n{ \n } \n", DEEPIDV_OK, NULL, NULL },
    { "\xef\xbb\xbf{}", DEEPIDV_OK, NULL, NULL }, /* a byte order mark */
    { "{" NAMES "," REACH "}", DEEPIDV_OK, NULL, NULL },
    { "{\"firstName\":\"\\u004a\\ud83d\\ude00\"}", DEEPIDV_OK, NULL, NULL },
    { "{\"first\\u005fname\":\"John\"}", DEEPIDV_OK, NULL, NULL },
    { "{\"expires_in_hours\":8760}", DEEPIDV_OK, NULL, NULL },
    { "{\"first_name\":null,\"email\":null,\"sendEmailInvite\":null,\"expiresInHours\":null}", DEEPIDV_OK,
        NULL, NULL },
  };
  size_t i;

  (void)state;
  for (i = 0; i < COUNT(cases); i++)
    check_json(&cases[i]);
}

static void invalid_json(void **state)
{
  static const json_case cases[] = {
    { "{", DEEPIDV_E_JSON, NULL, "" },
    { "{}x", DEEPIDV_E_JSON, NULL, "x" },
    { "{\"first_name\":\"\xff\"}", DEEPIDV_E_UTF8, NULL, "\xff" },
    { "[]", DEEPIDV_E_JSON_OBJECT, NULL, "[]" },
    { "{\"email\":\"a@b.c\",\"mail\":1}", DEEPIDV_E_FIELD, NULL, "mail\"" },
    { "{\"first_name\":null,\"first\\u005fname\":\"J\"}", DEEPIDV_E_JSON_DUPLICATE, "first_name", "first\\" },
    { "{\"first_name\":1}", DEEPIDV_E_TYPE, "first_name", NULL },
    { "{\"sendPhoneInvite\":1}", DEEPIDV_E_TYPE, "send_phone_invite", NULL },
    { "{\"expires_in_hours\":1.5}", DEEPIDV_E_TYPE, "expires_in_hours", NULL },
    { "{\"externalId\":\"\"}", DEEPIDV_E_REQUIRED, "external_id", NULL },
    { "{\"first_name\":\"a\\u0000b\"}", DEEPIDV_E_NUL, "first_name", NULL },
    { "{\"email\":\"a\"}", DEEPIDV_E_EMAIL, "email", NULL },
    { "{\"phone\":\"12\"}", DEEPIDV_E_PHONE, "phone", NULL },
    { "{\"redirectUrl\":\"http://b.c\"}", DEEPIDV_E_SCHEME, "redirect_url", NULL },
    { "{\"expires_in_hours\":8761}", DEEPIDV_E_RANGE, "expires_in_hours", NULL },
  };
  size_t i;

  (void)state;
  for (i = 0; i < COUNT(cases); i++)
    check_json(&cases[i]);
}

/* Nested arrays or objects as the value of a member. */
static void nesting(void **state)
{
  static const struct {
    size_t depth;
    deepidv_status status;
  } cases[] = {
    { 10, DEEPIDV_E_TYPE },
    { 63, DEEPIDV_E_TYPE },
    { 64, DEEPIDV_E_JSON_DEPTH },
    { 65, DEEPIDV_E_JSON_DEPTH },
    { 10000, DEEPIDV_E_JSON_DEPTH },
    { 250000, DEEPIDV_E_JSON_DEPTH },
  };
  deepidv_session_request *request = make_request();
  size_t i;

  (void)state;
  for (i = 0; i < COUNT(cases); i++) {
    char *json = make_text('[', 9 + 2 * cases[i].depth + 1);

    memcpy(json, "{\"email\":", 9);
    memset(json + 9 + cases[i].depth, ']', cases[i].depth);
    json[9 + 2 * cases[i].depth] = '}';
    assert_status(deepidv_session_request_set_json(request, json, DEEPIDV_NTS, NULL, NULL), cases[i].status);
    free(json);
  }
  deepidv_session_request_free(request);
}

static void json_of_the_maximum_length(void **state)
{
  enum { LIMIT = 1 << 20 };
  deepidv_session_request *request = make_request();
  char *json = make_text(' ', LIMIT + 1);
  const char *field = "left";

  (void)state;
  memcpy(json, "{}", 2);
  assert_status(deepidv_session_request_set_json(request, json, LIMIT + 1, &field, NULL), DEEPIDV_E_TOO_LONG);
  assert_null(field);
  assert_status(deepidv_session_request_validate(request, NULL), DEEPIDV_OK);
  assert_status(deepidv_session_request_set_json(request, json, LIMIT, NULL, NULL), DEEPIDV_OK);
  assert_status(deepidv_session_request_validate(request, NULL), DEEPIDV_E_REQUIRED);
  free(json);
  deepidv_session_request_free(request);
}

static void a_nul_in_json(void **state)
{
  deepidv_session_request *request = make_request();
  deepidv_status status = deepidv_session_request_set_json(request, "{}\0", 3, NULL, NULL);

  (void)state;
  assert_true(status == DEEPIDV_E_NUL || status == DEEPIDV_E_JSON);
  assert_status(deepidv_session_request_set_json(request, "{}\0{", 2, NULL, NULL), DEEPIDV_OK);
  deepidv_session_request_free(request);
}

static void assert_json_sent(wire *wire, const char *json, const char *expected)
{
  deepidv_session_request *request = make_empty_request();

  assert_status(deepidv_session_request_set_json(request, json, DEEPIDV_NTS, NULL, NULL), DEEPIDV_OK);
  assert_sent(wire, request, expected);
  deepidv_session_request_free(request);
}

static void both_spellings(void **state)
{
  wire *wire = *state;
  static const char expected[] =
      "{" NAMES "," REACH ",\"external_id\":\"o\",\"send_email_invite\":false,"
      "\"send_phone_invite\":true,\"workflow_id\":\"w\",\"redirect_url\":\"https://b.c\","
      "\"expires_in_hours\":5}";

  assert_json_sent(wire, expected, expected);
  assert_json_sent(wire,
      "{\"firstName\":\"John\",\"lastName\":\"Doe\"," REACH ",\"externalId\":\"o\","
      "\"sendEmailInvite\":false,\"sendPhoneInvite\":true,\"workflowId\":\"w\","
      "\"redirectUrl\":\"https://b.c\",\"expiresInHours\":5}",
      expected);
}

static void camel_case_wins(void **state)
{
  wire *wire = *state;

  assert_json_sent(wire, "{" NAMES "," REACH ",\"firstName\":\"Camel\"}",
      "{\"first_name\":\"Camel\",\"last_name\":\"Doe\"," REACH "}");
  assert_json_sent(wire, "{\"firstName\":\"Camel\"," NAMES "," REACH "}",
      "{\"first_name\":\"Camel\",\"last_name\":\"Doe\"," REACH "}");
  assert_json_sent(wire,
      "{" NAMES "," REACH ",\"sendEmailInvite\":false,\"send_email_invite\":true,"
      "\"send_phone_invite\":false,\"sendPhoneInvite\":true,\"expiresInHours\":1,\"expires_in_hours\":2}",
      "{" NAMES "," REACH ",\"send_email_invite\":false,\"send_phone_invite\":true,"
      "\"expires_in_hours\":1}");
}

static void null_counts_as_absent(void **state)
{
  wire *wire = *state;

  assert_json_sent(
      wire, "{" NAMES "," REACH ",\"firstName\":null,\"workflow_id\":null}", "{" NAMES "," REACH "}");
  assert_json_sent(wire, "{\"lastName\":null," NAMES "," REACH "}", "{" NAMES "," REACH "}");
}

static void json_replaces_the_whole_request(void **state)
{
  wire *wire = *state;
  deepidv_session_request *request = make_request();
  const char *field = NULL;

  assert_status(deepidv_session_request_set_workflow_id(request, "wf", 2), DEEPIDV_OK);
  assert_status(deepidv_session_request_set_send_email_invite(request, 0), DEEPIDV_OK);
  assert_status(deepidv_session_request_set_json(request, "{" NAMES "," REACH "}", DEEPIDV_NTS, NULL, NULL),
      DEEPIDV_OK);
  assert_sent(wire, request, "{" NAMES "," REACH "}");
  assert_status(
      deepidv_session_request_set_json(request, "{" NAMES "}", DEEPIDV_NTS, NULL, NULL), DEEPIDV_OK);
  assert_status(deepidv_session_request_validate(request, &field), DEEPIDV_E_REQUIRED);
  assert_string_equal(field, "email");
  deepidv_session_request_free(request);
}

static void refused_json_changes_nothing(void **state)
{
  wire *wire = *state;
  static const char *const wrong[] = {
    "{\"first_name\":\"New\",\"phone\":\"x\"}",
    "{\"first_name\":\"New\"",
    "{\"first_name\":\"New\",\"x\":1}",
    "{\"first_name\":\"New\",\"first_name\":\"New\"}",
    "[]",
    "{\"first_name\":\"New\",\"email\":1}",
  };
  deepidv_session_request *request = make_empty_request();
  size_t i;

  assert_status(deepidv_session_request_set_json(
                    request, "{" NAMES "," REACH ",\"expiresInHours\":3}", DEEPIDV_NTS, NULL, NULL),
      DEEPIDV_OK);
  for (i = 0; i < COUNT(wrong); i++) {
    assert_row(
        deepidv_session_request_set_json(request, wrong[i], DEEPIDV_NTS, NULL, NULL) != DEEPIDV_OK, wrong[i]);
    assert_status(deepidv_session_request_validate(request, NULL), DEEPIDV_OK);
  }
  assert_sent(wire, request, "{" NAMES "," REACH ",\"expires_in_hours\":3}");
  deepidv_session_request_free(request);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(valid_json),
    cmocka_unit_test(invalid_json),
    cmocka_unit_test(nesting),
    cmocka_unit_test(json_of_the_maximum_length),
    cmocka_unit_test(a_nul_in_json),
    cmocka_unit_test(both_spellings),
    cmocka_unit_test(camel_case_wins),
    cmocka_unit_test(null_counts_as_absent),
    cmocka_unit_test(json_replaces_the_whole_request),
    cmocka_unit_test(refused_json_changes_nothing),
  };

  return cmocka_run_group_tests_name("json", tests, wire_start, wire_stop);
}
