/* Parsing session URLs. */

#include "support.h"

#define ID DEEPIDV_SESSION_URL_HAS_SESSION_ID
#define ORG DEEPIDV_SESSION_URL_HAS_ORG_ID
#define BACK DEEPIDV_SESSION_URL_HAS_REDIRECT_URL
#define HOST "https://verify.deepidv.com"
#define ENCODED "https%3A%2F%2Fyourapp.com%2Fverify-callback"

static void parts_of_session_urls(void **state)
{
  static const struct {
    const char *url;
    uint32_t present;
    const char *id, *org, *back;
  } cases[] = {
    { HOST "/session/sess_abc?oid=org_1&redirect_url=" ENCODED, ID | ORG | BACK, "sess_abc", "org_1",
        ENCODED },
    { HOST "/session/sess_abc?redirect_url=" ENCODED "&oid=org_1#top", ID | ORG | BACK, "sess_abc", "org_1",
        ENCODED },
    { HOST "/session/sess_abc", ID, "sess_abc", "", "" },
    { HOST "/session/sess_abc?", ID, "sess_abc", "", "" },
    { HOST "/session/sess_abc#oid=org_1", ID, "sess_abc", "", "" },
    { HOST "/session/sess_abc?oid=", ID | ORG, "sess_abc", "", "" },
    { HOST "/session/sess_abc?oid", ID | ORG, "sess_abc", "", "" },
    { HOST "/session/a%20b+c?%6Fid=o+p&x=y", ID | ORG, "a%20b+c", "o+p", "" },
    { "https://app.deepidv.com/session/s?oid=o", ID | ORG, "s", "o", "" },
    { "http://127.0.0.1:8080/session/s?oid=o", ID | ORG, "s", "o", "" },
    { "http://[::1]:8080/session/s", ID, "s", "", "" },

    /* Other shapes. */
    { "", 0, "", "", "" },
    { HOST, 0, "", "", "" },
    { HOST "/session/", 0, "", "", "" },
    { HOST "/session/?oid=org_1", 0, "", "", "" },
    { HOST "/session?oid=org_1", 0, "", "", "" },
    { HOST "/session/a/b?oid=org_1", 0, "", "", "" },
    { HOST "/session/a/?oid=org_1", 0, "", "", "" },
    { HOST "/v2/session/a?oid=org_1", 0, "", "", "" },
    { HOST "//session/a?oid=org_1", 0, "", "", "" },
    { HOST "/Session/a?oid=org_1", 0, "", "", "" },
    { HOST "?x=/session/a&oid=org_1", 0, "", "", "" },
    { HOST "#/session/a?oid=org_1", 0, "", "", "" },
    { "/session/a?oid=org_1", 0, "", "", "" },
    { "https:///session/a?oid=org_1", 0, "", "", "" },
    { "https:/session/a?oid=org_1", 0, "", "", "" },
    { "ftp://host/session/a?oid=org_1", 0, "", "", "" },
    { "https://me@host/session/a?oid=org_1", 0, "", "", "" },
    { "https://host\\/session/a?oid=org_1", 0, "", "", "" },
    { "oid=org_1&redirect_url=x", 0, "", "", "" },
  };
  size_t i, j;

  (void)state;
  for (i = 0; i < COUNT(cases); i++) {
    const char *url = cases[i].url;
    deepidv_session_url out;

    memset(&out, 0xff, sizeof out);
    assert_row(deepidv_session_url_parse(url, DEEPIDV_NTS, &out) == DEEPIDV_OK, url);
    assert_row(out.present == cases[i].present, url);
    assert_row(is_text(url, out.session_id, cases[i].id), url);
    assert_row(is_text(url, out.org_id, cases[i].org), url);
    assert_row(is_text(url, out.redirect_url, cases[i].back), url);
    assert_row(out.repeated.offset == 0 && out.repeated.length == 0, url);
    for (j = 0; j < COUNT(out.reserved); j++)
      assert_row(out.reserved[j] == 0, url);
  }
}

static void repeated_parameters(void **state)
{
  static const char url[] = HOST "/session/s?oid=a&redirect_url=x&%6fid=b&redirect_url=y";
  deepidv_session_url out;

  (void)state;
  assert_status(deepidv_session_url_parse(url, DEEPIDV_NTS, &out), DEEPIDV_E_REPEATED);
  assert_int_equal(out.present, ID | ORG | BACK);
  assert_true(is_text(url, out.session_id, "s"));
  assert_true(is_text(url, out.org_id, "a"));
  assert_true(is_text(url, out.redirect_url, "x"));
  assert_true(is_text(url, out.repeated, "b"));
}

static void equal_values(void **state)
{
  static const char url[] = HOST "/session/s?oid=a&redirect_url=x%20y&oid=%61&redirect_url=x+y";
  deepidv_session_url out;

  (void)state;
  assert_status(deepidv_session_url_parse(url, DEEPIDV_NTS, &out), DEEPIDV_OK);
  assert_int_equal(out.present, ID | ORG | BACK);
  assert_true(is_text(url, out.org_id, "a"));
  assert_true(is_text(url, out.redirect_url, "x%20y"));
  assert_int_equal(out.repeated.length, 0);
}

static void lengths(void **state)
{
  static const char url[] = HOST "/session/sess_abc?oid=org_1";
  const size_t shape = strlen(HOST "/session/");
  deepidv_session_url out;
  size_t length;

  (void)state;
  for (length = 0; length <= strlen(url); length++) {
    char *copy = malloc(length ? length : 1);

    assert_non_null(copy);
    memcpy(copy, url, length);
    assert_status(deepidv_session_url_parse(copy, length, &out), DEEPIDV_OK);
    assert_int_equal(out.present & ID, length > shape ? ID : 0);
    assert_true((size_t)out.session_id.offset + out.session_id.length <= length);
    assert_true((size_t)out.org_id.offset + out.org_id.length <= length);
    free(copy);
  }
  assert_status(deepidv_session_url_parse(url, (size_t)UINT32_MAX + 1, &out), DEEPIDV_E_TOO_LONG);
  assert_int_equal(out.present, 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(parts_of_session_urls),
    cmocka_unit_test(repeated_parameters),
    cmocka_unit_test(equal_values),
    cmocka_unit_test(lengths),
  };

  return cmocka_run_group_tests_name("session url", tests, NULL, NULL);
}
