/* The rules of a request's fields, and the request as JSON. */

#define _POSIX_C_SOURCE 200809L

#include <jansson.h>
#include <stdio.h>

#include "peer.h"
#include "support.h"

typedef deepidv_status request_text(
    deepidv_session_request *request, const char *text, size_t length);

typedef struct text_case {
  const char *text;
  deepidv_status status;
} text_case;

static peer *service;
static deepidv_client *client;

static int start_service(void **state)
{
  (void)state;
  service = peer_start(PEER_ANSWER, 200, PEER_SESSION);
  client = make_client(peer_url(service));
  return 0;
}

static int stop_service(void **state)
{
  (void)state;
  deepidv_client_free(client);
  peer_stop(service);
  return 0;
}

/* What a server gets of a request, read by another library than ours. */
static json_t *sent(const deepidv_session_request *request)
{
  deepidv_result *result = NULL;
  json_error_t error;
  json_t *body;
  char *text;

  assert_status(deepidv_session_create(client, request, &result), DEEPIDV_OK);
  deepidv_result_free(result);
  text = peer_last_body(service);
  assert_non_null(text);
  body = json_loads(text, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
  assert_non_null(body);
  free(text);
  return body;
}

static void assert_sent(const deepidv_session_request *request, const char *expected)
{
  json_t *body = sent(request), *wanted = json_loads(expected, 0, NULL);

  assert_non_null(wanted);
  if (!json_equal(body, wanted)) {
    json_dumpf(body, stderr, JSON_SORT_KEYS);
    fputc('\n', stderr);
    assert_row(0, expected);
  }
  json_decref(body);
  json_decref(wanted);
}

/* ---- Setters --------------------------------------------------------------------- */

static void check_texts(request_text *set, const text_case *cases, size_t count)
{
  deepidv_session_request *request = make_request();
  size_t i;

  for (i = 0; i < count; i++) {
    deepidv_status status = set(request, cases[i].text, DEEPIDV_NTS);

    if (status != cases[i].status)
      print_error("%s\n", cases[i].text);
    assert_status(status, cases[i].status);
  }
  deepidv_session_request_free(request);
}

static void names_of_every_kind(void **state)
{
  static const text_case cases[] = {
    { "X", DEEPIDV_OK },
    { "Ng\xc3\xb4 Th\xe1\xbb\x8b", DEEPIDV_OK },
    { "\xe5\xb1\xb1\xe7\x94\xb0", DEEPIDV_OK },
    { "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x9a\x80", DEEPIDV_OK },
    { "O'Neil-\"Smith\" \\ Jr.", DEEPIDV_OK },
    { "", DEEPIDV_E_REQUIRED },
  };

  (void)state;
  check_texts(deepidv_session_request_set_first_name, cases, COUNT(cases));
  check_texts(deepidv_session_request_set_last_name, cases, COUNT(cases));
  check_texts(deepidv_session_request_set_external_id, cases, COUNT(cases));
  check_texts(deepidv_session_request_set_workflow_id, cases, COUNT(cases));
}

static void email_addresses(void **state)
{
  static const text_case cases[] = {
    { "john.doe@example.com", DEEPIDV_OK },
    { "a@b.c", DEEPIDV_OK },
    { "user+tag@sub.example.co.uk", DEEPIDV_OK },
    { "o'neil@example.com", DEEPIDV_OK },
    { "\xe5\xb1\xb1@\xe4\xbe\x8b.jp", DEEPIDV_OK },
    { "a@[192.0.2.1]", DEEPIDV_OK },
    { "", DEEPIDV_E_REQUIRED },
    { "john.doe", DEEPIDV_E_EMAIL },
    { "@example.com", DEEPIDV_E_EMAIL },
    { "john@", DEEPIDV_E_EMAIL },
    { "@", DEEPIDV_E_EMAIL },
    { "john@.com", DEEPIDV_E_EMAIL },
    { "john@example..com", DEEPIDV_E_EMAIL },
    { "john@example.com.", DEEPIDV_E_EMAIL },
    { "john doe@example.com", DEEPIDV_E_EMAIL },
    { "john@example.com ", DEEPIDV_E_EMAIL },
    { "john@example.com\r\nBcc: x@y.z", DEEPIDV_E_EMAIL },
    { "john\t@example.com", DEEPIDV_E_EMAIL },
    { "john\x7f@example.com", DEEPIDV_E_EMAIL },
  };

  (void)state;
  check_texts(deepidv_session_request_set_email, cases, COUNT(cases));
}

static void phone_numbers(void **state)
{
  static const text_case cases[] = {
    { "+15192223333", DEEPIDV_OK },
    { "+1", DEEPIDV_OK },
    { "+9", DEEPIDV_OK },
    { "+290123", DEEPIDV_OK },
    { "+123456789012345", DEEPIDV_OK },
    { "", DEEPIDV_E_REQUIRED },
    { "+", DEEPIDV_E_PHONE },
    { "+1234567890123456", DEEPIDV_E_PHONE },
    { "+05192223333", DEEPIDV_E_PHONE },
    { "15192223333", DEEPIDV_E_PHONE },
    { "005192223333", DEEPIDV_E_PHONE },
    { "++15192223333", DEEPIDV_E_PHONE },
    { "+1 519 222 3333", DEEPIDV_E_PHONE },
    { "+1-519-222-3333", DEEPIDV_E_PHONE },
    { "+1(519)2223333", DEEPIDV_E_PHONE },
    { "+1519222333x", DEEPIDV_E_PHONE },
    { " +15192223333", DEEPIDV_E_PHONE },
    { "+15192223333\n", DEEPIDV_E_PHONE },
    { "+\xd9\xa1\xd9\xa2\xd9\xa3", DEEPIDV_E_PHONE }, /* digits, but not ASCII's */
    { "\xef\xbc\x8b" "15192223333", DEEPIDV_E_PHONE }, /* a full-width plus */
  };

  (void)state;
  check_texts(deepidv_session_request_set_phone, cases, COUNT(cases));
}

static void redirect_urls(void **state)
{
  static const text_case cases[] = {
    { "https://yourapp.com/verify-callback", DEEPIDV_OK },
    { "https://yourapp.com", DEEPIDV_OK },
    { "HTTPS://yourapp.com:8443/a?b=c&d=e#f", DEEPIDV_OK },
    { "https://[2001:db8::1]/cb", DEEPIDV_OK },
    { "https://127.0.0.1/cb", DEEPIDV_OK },
    { "https://yourapp.com/a@b", DEEPIDV_OK },
    { "https://yourapp.com/cb?user=a@b.c", DEEPIDV_OK },
    { "", DEEPIDV_E_REQUIRED },
    { "http://yourapp.com", DEEPIDV_E_SCHEME },
    { "http://localhost/cb", DEEPIDV_E_SCHEME },
    { "http://127.0.0.1/cb", DEEPIDV_E_SCHEME },
    { "ftp://yourapp.com", DEEPIDV_E_SCHEME },
    { "myapp://verify", DEEPIDV_E_SCHEME },
    { "javascript:alert(1)", DEEPIDV_E_URL },
    { "javascript://yourapp.com/%0aalert(1)", DEEPIDV_E_SCHEME },
    { "data:text/html,hello", DEEPIDV_E_URL },
    { "https://user@yourapp.com", DEEPIDV_E_USERINFO },
    { "https://user:password@yourapp.com", DEEPIDV_E_USERINFO },
    { "https://yourapp.com@evil.example.com", DEEPIDV_E_USERINFO },
    { "https://", DEEPIDV_E_URL },
    { "https:///cb", DEEPIDV_E_URL },
    { "https:/yourapp.com", DEEPIDV_E_URL },
    { "https:yourapp.com", DEEPIDV_E_URL },
    { "yourapp.com/cb", DEEPIDV_E_URL },
    { "/cb", DEEPIDV_E_URL },
    { "//yourapp.com/cb", DEEPIDV_E_URL },
    { "https://yourapp.com\\@evil.example.com", DEEPIDV_E_URL },
    { "https://yourapp.com:99999/", DEEPIDV_E_URL },
    { "https://[::1/cb", DEEPIDV_E_URL },
    { "https://yourapp.com/a b", DEEPIDV_E_CONTROL },
    { "https://yourapp.com/\ta", DEEPIDV_E_CONTROL },
    { "https://yourapp.com/\r\nX: y", DEEPIDV_E_CONTROL },
    { " https://yourapp.com", DEEPIDV_E_CONTROL },
  };

  (void)state;
  check_texts(deepidv_session_request_set_redirect_url, cases, COUNT(cases));
}

static void texts_at_their_limits(void **state)
{
  deepidv_session_request *request = make_request();
  char *email = make_text('a', 255), *url = make_text('a', 8193);

  (void)state;
  memcpy(email + 255 - 6, "@b.com", 6);
  assert_status(deepidv_session_request_set_email(request, email + 1, 254), DEEPIDV_OK);
  assert_status(deepidv_session_request_set_email(request, email, 255), DEEPIDV_E_TOO_LONG);
  memcpy(url, "https://b.com/", 14);
  assert_status(deepidv_session_request_set_redirect_url(request, url, 8192), DEEPIDV_OK);
  assert_status(deepidv_session_request_set_redirect_url(request, url, 8193), DEEPIDV_E_TOO_LONG);
  free(email);
  free(url);
  deepidv_session_request_free(request);
}

static void hours_at_their_limits(void **state)
{
  deepidv_session_request *request = make_request();

  (void)state;
  assert_status(deepidv_session_request_set_expires_in_hours(request, 0), DEEPIDV_E_RANGE);
  assert_status(deepidv_session_request_set_expires_in_hours(request, 1), DEEPIDV_OK);
  assert_status(deepidv_session_request_set_expires_in_hours(request, 8760), DEEPIDV_OK);
  assert_status(deepidv_session_request_set_expires_in_hours(request, 8761), DEEPIDV_E_RANGE);
  assert_status(deepidv_session_request_set_expires_in_hours(request, UINT32_MAX), DEEPIDV_E_RANGE);
  deepidv_session_request_free(request);
}

static void what_was_set_is_sent(void **state)
{
  deepidv_session_request *request = NULL;

  (void)state;
  assert_status(deepidv_session_request_new(&request), DEEPIDV_OK);
  assert_status(deepidv_session_request_set_first_name(request, "old", 3), DEEPIDV_OK);
  assert_status(deepidv_session_request_set_first_name(request, "J\"\\\n\t\x01/", 7), DEEPIDV_OK);
  assert_status(deepidv_session_request_set_last_name(request, "Ng\xc3\xb4", 4), DEEPIDV_OK);
  assert_status(deepidv_session_request_set_email(request, "a@b.c", 5), DEEPIDV_OK);
  assert_status(deepidv_session_request_set_phone(request, "+12", 3), DEEPIDV_OK);
  assert_sent(request,
      "{\"first_name\":\"J\\\"\\\\\\n\\t\\u0001/\",\"last_name\":\"Ng\\u00f4\",\"email\":\"a@b.c\","
      "\"phone\":\"+12\"}");

  assert_status(deepidv_session_request_set_external_id(request, "order-1", 7), DEEPIDV_OK);
  assert_status(deepidv_session_request_set_send_email_invite(request, 0), DEEPIDV_OK);
  assert_status(deepidv_session_request_set_send_phone_invite(request, 1), DEEPIDV_OK);
  assert_status(deepidv_session_request_set_workflow_id(request, "wf", 2), DEEPIDV_OK);
  assert_status(
      deepidv_session_request_set_redirect_url(request, "https://b.c/?d=e&f", DEEPIDV_NTS), DEEPIDV_OK);
  assert_status(deepidv_session_request_set_expires_in_hours(request, 24), DEEPIDV_OK);
  assert_sent(request,
      "{\"first_name\":\"J\\\"\\\\\\n\\t\\u0001/\",\"last_name\":\"Ng\\u00f4\",\"email\":\"a@b.c\","
      "\"phone\":\"+12\",\"external_id\":\"order-1\",\"send_email_invite\":false,"
      "\"send_phone_invite\":true,\"workflow_id\":\"wf\",\"redirect_url\":\"https://b.c/?d=e&f\","
      "\"expires_in_hours\":24}");
  deepidv_session_request_free(request);
}

static void a_refused_setter_changes_nothing(void **state)
{
  deepidv_session_request *request = make_request();

  (void)state;
  assert_status(deepidv_session_request_set_first_name(request, "", 0), DEEPIDV_E_REQUIRED);
  assert_status(deepidv_session_request_set_last_name(request, "\xff", 1), DEEPIDV_E_UTF8);
  assert_status(deepidv_session_request_set_email(request, "x", 1), DEEPIDV_E_EMAIL);
  assert_status(deepidv_session_request_set_phone(request, "x", 1), DEEPIDV_E_PHONE);
  assert_status(deepidv_session_request_set_redirect_url(request, "x", 1), DEEPIDV_E_URL);
  assert_status(deepidv_session_request_set_send_email_invite(request, 7), DEEPIDV_E_RANGE);
  assert_sent(request,
      "{\"first_name\":\"John\",\"last_name\":\"Doe\",\"email\":\"john.doe@example.com\","
      "\"phone\":\"+15192223333\"}");
  deepidv_session_request_free(request);
}

/* ---- Validation ------------------------------------------------------------------ */

static void the_first_missing_field_is_named(void **state)
{
  static const struct {
    const char *name;
    request_text *set;
    const char *value;
  } required[] = {
    { "first_name", deepidv_session_request_set_first_name, "John" },
    { "last_name", deepidv_session_request_set_last_name, "Doe" },
    { "email", deepidv_session_request_set_email, "a@b.c" },
    { "phone", deepidv_session_request_set_phone, "+12" },
  };
  deepidv_session_request *request = NULL;
  deepidv_result *result = NULL;
  unsigned requests = peer_requests(service);
  const char *field;
  uint64_t op = 1;
  size_t i;

  (void)state;
  assert_status(deepidv_session_request_new(&request), DEEPIDV_OK);
  for (i = 0; i < COUNT(required); i++) {
    assert_status(deepidv_session_request_validate(request, &field), DEEPIDV_E_REQUIRED);
    assert_string_equal(field, required[i].name);

    assert_status(deepidv_session_create(client, request, &result), DEEPIDV_E_REQUIRED);
    assert_status(deepidv_result_status(result), DEEPIDV_E_REQUIRED);
    assert_status(deepidv_result_cause(result), DEEPIDV_E_REQUIRED);
    assert_string_equal(deepidv_result_field(result, NULL), required[i].name);
    assert_int_equal(deepidv_result_attempts(result), 0);
    assert_non_null(deepidv_result_message(result, NULL));
    deepidv_result_free(result);
    assert_status(deepidv_session_create_submit(client, request, 1, &op), DEEPIDV_E_REQUIRED);
    assert_int_equal(op, 0);

    assert_status(required[i].set(request, required[i].value, DEEPIDV_NTS), DEEPIDV_OK);
  }
  assert_status(deepidv_session_request_validate(request, &field), DEEPIDV_OK);
  assert_null(field);
  assert_int_equal(peer_requests(service), requests);
  deepidv_session_request_free(request);
}

/* ---- JSON ------------------------------------------------------------------------ */

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
  deepidv_status status =
      deepidv_session_request_set_json(request, row->json, DEEPIDV_NTS, &field, &offset);

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

static void json_that_is_taken(void **state)
{
  static const json_case cases[] = {
    { "{}", DEEPIDV_OK, NULL, NULL },
    { " \t\r\n{ \n } \n", DEEPIDV_OK, NULL, NULL },
    { "\xef\xbb\xbf{}", DEEPIDV_OK, NULL, NULL }, /* a byte order mark */
    { "{" NAMES "," REACH "}", DEEPIDV_OK, NULL, NULL },
    { "{\"firstName\":\"\\u004a\\ud83d\\ude00\"}", DEEPIDV_OK, NULL, NULL },
    { "{\"first\\u005fname\":\"John\"}", DEEPIDV_OK, NULL, NULL },
    { "{\"expires_in_hours\":8760}", DEEPIDV_OK, NULL, NULL },
    { "{\"first_name\":null,\"email\":null,\"sendEmailInvite\":null,\"expiresInHours\":null}",
      DEEPIDV_OK, NULL, NULL },
  };
  size_t i;

  (void)state;
  for (i = 0; i < COUNT(cases); i++)
    check_json(&cases[i]);
}

static void json_that_is_refused(void **state)
{
  static const json_case cases[] = {
    { "", DEEPIDV_E_JSON, NULL, "" },
    { " ", DEEPIDV_E_JSON, NULL, "" },
    { "{", DEEPIDV_E_JSON, NULL, "" },
    { "{}x", DEEPIDV_E_JSON, NULL, "x" },
    { "{} {}", DEEPIDV_E_JSON, NULL, "{}" },
    { "{\"email\":\"a@b.c\",}", DEEPIDV_E_JSON, NULL, "}" },
    { "{\"email\"}", DEEPIDV_E_JSON, NULL, "}" },
    { "{email:1}", DEEPIDV_E_JSON, NULL, "email" },
    { "{'email':1}", DEEPIDV_E_JSON, NULL, "'" },
    { "{\"email\":\"a@b.c}", DEEPIDV_E_JSON, NULL, NULL },
    { "{\"first_name\":\"a\nb\"}", DEEPIDV_E_JSON, NULL, "\n" },
    { "{\"first_name\":\"\\x\"}", DEEPIDV_E_JSON, NULL, NULL },
    { "{\"first_name\":\"\\ud83d\"}", DEEPIDV_E_JSON, NULL, NULL },
    { "{\"first_name\":\"\\ude00\\ud83d\"}", DEEPIDV_E_JSON, NULL, NULL },
    { "{\"expires_in_hours\":01}", DEEPIDV_E_JSON, NULL, NULL },
    { "{\"expires_in_hours\":+1}", DEEPIDV_E_JSON, NULL, "+1" },
    { "{\"expires_in_hours\":NaN}", DEEPIDV_E_JSON, NULL, "NaN" },
    { "{\"send_email_invite\":True}", DEEPIDV_E_JSON, NULL, "True" },
    { "{/* hello */}", DEEPIDV_E_JSON, NULL, "/*" },
    { "{\"first_name\":\"\xff\"}", DEEPIDV_E_UTF8, NULL, "\xff" },
    { "{\"first_name\":\"\xed\xa0\x80\"}", DEEPIDV_E_UTF8, NULL, "\xed" },

    { "[]", DEEPIDV_E_JSON_OBJECT, NULL, "[]" },
    { "null", DEEPIDV_E_JSON_OBJECT, NULL, "null" },
    { "1", DEEPIDV_E_JSON_OBJECT, NULL, "1" },
    { "\"{}\"", DEEPIDV_E_JSON_OBJECT, NULL, "\"{}\"" },

    { "{\"email\":\"a@b.c\",\"mail\":1}", DEEPIDV_E_FIELD, NULL, "mail\"" },
    { "{\"First_name\":\"J\"}", DEEPIDV_E_FIELD, NULL, "First" },
    { "{\"firstname\":\"J\"}", DEEPIDV_E_FIELD, NULL, "first" },
    { "{\"\":null}", DEEPIDV_E_FIELD, NULL, "\":null" },
    { "{\"phone\\u0000\":\"+12\"}", DEEPIDV_E_FIELD, NULL, "phone" },

    { "{\"email\":\"a@b.c\",\"email\":\"a@b.c\"}", DEEPIDV_E_JSON_DUPLICATE, "email", "email\":\"a@b.c\"}" },
    { "{\"firstName\":\"J\",\"firstName\":null}", DEEPIDV_E_JSON_DUPLICATE, "first_name", "firstName\":null" },
    { "{\"first_name\":null,\"first\\u005fname\":\"J\"}", DEEPIDV_E_JSON_DUPLICATE, "first_name", "first\\" },

    { "{\"first_name\":1}", DEEPIDV_E_TYPE, "first_name", NULL },
    { "{\"lastName\":true}", DEEPIDV_E_TYPE, "last_name", NULL },
    { "{\"email\":{}}", DEEPIDV_E_TYPE, "email", NULL },
    { "{\"phone\":[\"+12\"]}", DEEPIDV_E_TYPE, "phone", NULL },
    { "{\"phone\":15192223333}", DEEPIDV_E_TYPE, "phone", NULL },
    { "{\"send_email_invite\":\"true\"}", DEEPIDV_E_TYPE, "send_email_invite", NULL },
    { "{\"sendPhoneInvite\":1}", DEEPIDV_E_TYPE, "send_phone_invite", NULL },
    { "{\"expires_in_hours\":\"24\"}", DEEPIDV_E_TYPE, "expires_in_hours", NULL },
    { "{\"expires_in_hours\":1.5}", DEEPIDV_E_TYPE, "expires_in_hours", NULL },
    { "{\"expires_in_hours\":false}", DEEPIDV_E_TYPE, "expires_in_hours", NULL },

    { "{\"first_name\":\"\"}", DEEPIDV_E_REQUIRED, "first_name", NULL },
    { "{\"externalId\":\"\"}", DEEPIDV_E_REQUIRED, "external_id", NULL },
    { "{\"first_name\":\"a\\u0000b\"}", DEEPIDV_E_NUL, "first_name", NULL },
    { "{\"email\":\"a\"}", DEEPIDV_E_EMAIL, "email", NULL },
    { "{\"phone\":\"12\"}", DEEPIDV_E_PHONE, "phone", NULL },
    { "{\"redirectUrl\":\"http://b.c\"}", DEEPIDV_E_SCHEME, "redirect_url", NULL },
    { "{\"redirect_url\":\"https://a@b.c\"}", DEEPIDV_E_USERINFO, "redirect_url", NULL },
    { "{\"redirect_url\":\"b.c\"}", DEEPIDV_E_URL, "redirect_url", NULL },
    { "{\"redirect_url\":\"https://b.c/\\n\"}", DEEPIDV_E_CONTROL, "redirect_url", NULL },
    { "{\"expiresInHours\":0}", DEEPIDV_E_RANGE, "expires_in_hours", NULL },
    { "{\"expires_in_hours\":-1}", DEEPIDV_E_RANGE, "expires_in_hours", NULL },
    { "{\"expires_in_hours\":8761}", DEEPIDV_E_RANGE, "expires_in_hours", NULL },
    { "{\"expires_in_hours\":4294967297}", DEEPIDV_E_RANGE, "expires_in_hours", NULL },
    { "{\"expires_in_hours\":99999999999999999999999}", DEEPIDV_E_RANGE, "expires_in_hours", NULL },
  };
  size_t i;

  (void)state;
  for (i = 0; i < COUNT(cases); i++)
    check_json(&cases[i]);
}

/* Arrays or objects, one in the other, as the value of a member. */
static void nesting(void **state)
{
  static const struct {
    size_t depth;
    deepidv_status status;
  } cases[] = {
    { 10, DEEPIDV_E_TYPE }, { 63, DEEPIDV_E_TYPE }, { 64, DEEPIDV_E_JSON_DEPTH },
    { 65, DEEPIDV_E_JSON_DEPTH }, { 10000, DEEPIDV_E_JSON_DEPTH }, { 250000, DEEPIDV_E_JSON_DEPTH },
  };
  deepidv_session_request *request = make_request();
  size_t i;

  (void)state;
  for (i = 0; i < COUNT(cases); i++) {
    char *json = make_text('[', 9 + 2 * cases[i].depth + 1);

    memcpy(json, "{\"email\":", 9);
    memset(json + 9 + cases[i].depth, ']', cases[i].depth);
    json[9 + 2 * cases[i].depth] = '}';
    assert_status(deepidv_session_request_set_json(request, json, DEEPIDV_NTS, NULL, NULL),
        cases[i].status);
    free(json);
  }
  deepidv_session_request_free(request);
}

static void json_at_its_limit(void **state)
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

static void assert_json_sent(const char *json, const char *expected)
{
  deepidv_session_request *request = NULL;

  assert_status(deepidv_session_request_new(&request), DEEPIDV_OK);
  assert_status(
      deepidv_session_request_set_json(request, json, DEEPIDV_NTS, NULL, NULL), DEEPIDV_OK);
  assert_sent(request, expected);
  deepidv_session_request_free(request);
}

static void either_spelling_means_the_same(void **state)
{
  static const char expected[] =
      "{" NAMES "," REACH ",\"external_id\":\"o\",\"send_email_invite\":false,"
      "\"send_phone_invite\":true,\"workflow_id\":\"w\",\"redirect_url\":\"https://b.c\","
      "\"expires_in_hours\":5}";

  (void)state;
  assert_json_sent(expected, expected);
  assert_json_sent(
      "{\"firstName\":\"John\",\"lastName\":\"Doe\"," REACH ",\"externalId\":\"o\","
      "\"sendEmailInvite\":false,\"sendPhoneInvite\":true,\"workflowId\":\"w\","
      "\"redirectUrl\":\"https://b.c\",\"expiresInHours\":5}", expected);
}

static void camel_case_wins(void **state)
{
  (void)state;
  assert_json_sent("{" NAMES "," REACH ",\"firstName\":\"Camel\"}",
      "{\"first_name\":\"Camel\",\"last_name\":\"Doe\"," REACH "}");
  assert_json_sent("{\"firstName\":\"Camel\"," NAMES "," REACH "}",
      "{\"first_name\":\"Camel\",\"last_name\":\"Doe\"," REACH "}");
  assert_json_sent("{" NAMES "," REACH ",\"sendEmailInvite\":false,\"send_email_invite\":true,"
      "\"send_phone_invite\":false,\"sendPhoneInvite\":true,\"expiresInHours\":1,\"expires_in_hours\":2}",
      "{" NAMES "," REACH ",\"send_email_invite\":false,\"send_phone_invite\":true,"
      "\"expires_in_hours\":1}");
}

/* null counts as absent, so it does not win. */
static void a_null_is_no_value(void **state)
{
  (void)state;
  assert_json_sent("{" NAMES "," REACH ",\"firstName\":null,\"workflow_id\":null}",
      "{" NAMES "," REACH "}");
  assert_json_sent("{\"lastName\":null," NAMES "," REACH "}", "{" NAMES "," REACH "}");
}

static void json_replaces_the_whole_request(void **state)
{
  deepidv_session_request *request = make_request();
  const char *field = NULL;

  (void)state;
  assert_status(deepidv_session_request_set_workflow_id(request, "wf", 2), DEEPIDV_OK);
  assert_status(deepidv_session_request_set_send_email_invite(request, 0), DEEPIDV_OK);
  assert_status(deepidv_session_request_set_json(request, "{" NAMES "," REACH "}", DEEPIDV_NTS,
      NULL, NULL), DEEPIDV_OK);
  assert_sent(request, "{" NAMES "," REACH "}");
  assert_status(deepidv_session_request_set_json(request, "{" NAMES "}", DEEPIDV_NTS, NULL, NULL),
      DEEPIDV_OK);
  assert_status(deepidv_session_request_validate(request, &field), DEEPIDV_E_REQUIRED);
  assert_string_equal(field, "email");
  deepidv_session_request_free(request);
}

static void json_that_fails_changes_nothing(void **state)
{
  static const char *const wrong[] = {
    "{\"first_name\":\"New\",\"phone\":\"x\"}", "{\"first_name\":\"New\"", "{\"first_name\":\"New\",\"x\":1}",
    "{\"first_name\":\"New\",\"first_name\":\"New\"}", "[]", "{\"first_name\":\"New\",\"email\":1}",
  };
  deepidv_session_request *request = NULL;
  size_t i;

  (void)state;
  assert_status(deepidv_session_request_new(&request), DEEPIDV_OK);
  assert_status(deepidv_session_request_set_json(request,
      "{" NAMES "," REACH ",\"expiresInHours\":3}", DEEPIDV_NTS, NULL, NULL), DEEPIDV_OK);
  for (i = 0; i < COUNT(wrong); i++) {
    assert_row(deepidv_session_request_set_json(request, wrong[i], DEEPIDV_NTS, NULL, NULL) !=
        DEEPIDV_OK, wrong[i]);
    assert_status(deepidv_session_request_validate(request, NULL), DEEPIDV_OK);
  }
  assert_sent(request, "{" NAMES "," REACH ",\"expires_in_hours\":3}");
  deepidv_session_request_free(request);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(names_of_every_kind),
    cmocka_unit_test(email_addresses),
    cmocka_unit_test(phone_numbers),
    cmocka_unit_test(redirect_urls),
    cmocka_unit_test(texts_at_their_limits),
    cmocka_unit_test(hours_at_their_limits),
    cmocka_unit_test(what_was_set_is_sent),
    cmocka_unit_test(a_refused_setter_changes_nothing),
    cmocka_unit_test(the_first_missing_field_is_named),
    cmocka_unit_test(json_that_is_taken),
    cmocka_unit_test(json_that_is_refused),
    cmocka_unit_test(nesting),
    cmocka_unit_test(json_at_its_limit),
    cmocka_unit_test(a_nul_in_json),
    cmocka_unit_test(either_spelling_means_the_same),
    cmocka_unit_test(camel_case_wins),
    cmocka_unit_test(a_null_is_no_value),
    cmocka_unit_test(json_replaces_the_whole_request),
    cmocka_unit_test(json_that_fails_changes_nothing),
  };

  return cmocka_run_group_tests_name("request", tests, start_service, stop_service);
}
