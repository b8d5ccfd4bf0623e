/* The fields of a request, and the request on the wire. */

#include "calls.h"
#include "wire.h"

#include <curl/curl.h>

typedef struct text_case {
  const char *text;
  deepidv_status status;
} text_case;

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

static void valid_names(void **state)
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
    { "", DEEPIDV_E_REQUIRED },
    { "john@", DEEPIDV_E_EMAIL },
  };

  (void)state;
  check_texts(deepidv_session_request_set_email, cases, COUNT(cases));
}

static void phone_numbers(void **state)
{
  static const text_case cases[] = {
    { "+15192223333", DEEPIDV_OK },
    { "", DEEPIDV_E_REQUIRED },
    { "15192223333", DEEPIDV_E_PHONE },
    { "\xef\xbc\x8b"
      "15192223333",
        DEEPIDV_E_PHONE }, /* a full-width plus */
  };

  (void)state;
  check_texts(deepidv_session_request_set_phone, cases, COUNT(cases));
}

static void redirect_urls(void **state)
{
  static const text_case cases[] = {
    { "https://yourapp.com/verify-callback", DEEPIDV_OK },
    { "", DEEPIDV_E_REQUIRED },
    { "http://yourapp.com", DEEPIDV_E_SCHEME },
    { "https://user@yourapp.com", DEEPIDV_E_USERINFO },
    { "https:yourapp.com", DEEPIDV_E_URL },
    { "https://yourapp.com/?session_id", DEEPIDV_E_REPEATED },
    { "https://yourapp.com/a b", DEEPIDV_E_CONTROL },
  };

  (void)state;
  check_texts(deepidv_session_request_set_redirect_url, cases, COUNT(cases));
}

/* libcurl accepts every URL that the library accepts. */
static void redirect_urls_are_valid_for_libcurl(void **state)
{
  static const char alphabet[] = "aZ09.-_~:/?#[]@!%&=\\ xn";
  deepidv_session_request *request = make_request();
  unsigned random = 20261, accepted = 0;
  int i;

  (void)state;
  for (i = 0; i < 20000; i++) {
    char url[40] = "https://a";
    size_t length = 8 + (i & 1), end = length + 1 + (size_t)i % 24;

    for (; length < end; length++) {
      random = random * 1103515245u + 12345u;
      url[length] = alphabet[(random >> 16) % (sizeof alphabet - 1)];
    }
    if (deepidv_session_request_set_redirect_url(request, url, length) == DEEPIDV_OK) {
      CURLU *parsed = curl_url();

      accepted++;
      if (curl_url_set(parsed, CURLUPART_URL, url, 0) != CURLUE_OK)
        fail_msg("%s", url);
      curl_url_cleanup(parsed);
    }
  }
  assert_true(accepted > 1000);
  deepidv_session_request_free(request);
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

static void fields_are_sent(void **state)
{
  wire *wire = *state;
  deepidv_session_request *request = make_empty_request();

  assert_status(deepidv_session_request_set_first_name(request, "old", 3), DEEPIDV_OK);
  assert_status(deepidv_session_request_set_first_name(request, "J\"\\\n\t\x01/", 7), DEEPIDV_OK);
  assert_status(deepidv_session_request_set_last_name(request, "Ng\xc3\xb4", 4), DEEPIDV_OK);
  assert_status(deepidv_session_request_set_email(request, "a@b.c", 5), DEEPIDV_OK);
  assert_status(deepidv_session_request_set_phone(request, "+12", 3), DEEPIDV_OK);
  assert_sent(wire, request,
      "{\"first_name\":\"J\\\"\\\\\\n\\t\\u0001/\",\"last_name\":\"Ng\\u00f4\",\"email\":\"a@b.c\","
      "\"phone\":\"+12\"}");

  assert_status(deepidv_session_request_set_external_id(request, "order-1", 7), DEEPIDV_OK);
  assert_status(deepidv_session_request_set_send_email_invite(request, 0), DEEPIDV_OK);
  assert_status(deepidv_session_request_set_send_phone_invite(request, 1), DEEPIDV_OK);
  assert_status(deepidv_session_request_set_workflow_id(request, "wf", 2), DEEPIDV_OK);
  assert_status(
      deepidv_session_request_set_redirect_url(request, "https://b.c/?d=e&f", DEEPIDV_NTS), DEEPIDV_OK);
  assert_status(deepidv_session_request_set_expires_in_hours(request, 24), DEEPIDV_OK);
  assert_sent(wire, request,
      "{\"first_name\":\"J\\\"\\\\\\n\\t\\u0001/\",\"last_name\":\"Ng\\u00f4\",\"email\":\"a@b.c\","
      "\"phone\":\"+12\",\"external_id\":\"order-1\",\"send_email_invite\":false,"
      "\"send_phone_invite\":true,\"workflow_id\":\"wf\",\"redirect_url\":\"https://b.c/?d=e&f\","
      "\"expires_in_hours\":24}");
  deepidv_session_request_free(request);
}

static void a_refused_value_changes_nothing(void **state)
{
  wire *wire = *state;
  deepidv_session_request *request = make_request();

  assert_status(deepidv_session_request_set_first_name(request, "", 0), DEEPIDV_E_REQUIRED);
  assert_status(deepidv_session_request_set_last_name(request, "\xff", 1), DEEPIDV_E_UTF8);
  assert_status(deepidv_session_request_set_email(request, "x", 1), DEEPIDV_E_EMAIL);
  assert_status(deepidv_session_request_set_phone(request, "x", 1), DEEPIDV_E_PHONE);
  assert_status(deepidv_session_request_set_redirect_url(request, "x", 1), DEEPIDV_E_URL);
  assert_status(deepidv_session_request_set_send_email_invite(request, 7), DEEPIDV_E_RANGE);
  assert_sent(wire, request, CANARY_APPLICANT);
  deepidv_session_request_free(request);
}

/* ---- Validation ------------------------------------------------------------------ */

static void the_first_missing_field(void **state)
{
  wire *wire = *state;
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
  deepidv_session_request *request = make_empty_request();
  deepidv_result *result = NULL;
  unsigned requests = peer_requests(wire->peer);
  const char *field;
  uint64_t op = 1;
  size_t i;

  for (i = 0; i < COUNT(required); i++) {
    assert_status(deepidv_session_request_validate(request, &field), DEEPIDV_E_REQUIRED);
    assert_string_equal(field, required[i].name);

    assert_status(deepidv_session_create(wire->client, request, &result), DEEPIDV_E_REQUIRED);
    assert_status(deepidv_result_status(result), DEEPIDV_E_REQUIRED);
    assert_status(deepidv_result_cause(result), DEEPIDV_E_REQUIRED);
    assert_string_equal(deepidv_result_field(result, NULL), required[i].name);
    assert_int_equal(deepidv_result_attempts(result), 0);
    assert_non_null(deepidv_result_message(result, NULL));
    deepidv_result_free(result);
    assert_status(deepidv_session_create_submit(wire->client, request, 1, &op), DEEPIDV_E_REQUIRED);
    assert_int_equal(op, 0);

    assert_status(required[i].set(request, required[i].value, DEEPIDV_NTS), DEEPIDV_OK);
  }
  assert_status(deepidv_session_request_validate(request, &field), DEEPIDV_OK);
  assert_null(field);
  assert_int_equal(peer_requests(wire->peer), requests);
  deepidv_session_request_free(request);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(valid_names),
    cmocka_unit_test(email_addresses),
    cmocka_unit_test(phone_numbers),
    cmocka_unit_test(redirect_urls),
    cmocka_unit_test(redirect_urls_are_valid_for_libcurl),
    cmocka_unit_test(texts_at_their_limits),
    cmocka_unit_test(hours_at_their_limits),
    cmocka_unit_test(fields_are_sent),
    cmocka_unit_test(a_refused_value_changes_nothing),
    cmocka_unit_test(the_first_missing_field),
  };

  return cmocka_run_group_tests_name("request", tests, wire_start, wire_stop);
}
