/* Decoding spans of a redirect. */

#include "support.h"

static void spans_decoded(void **state)
{
  static const struct {
    const char *raw, *decoded;
    size_t length;
    deepidv_status status;
  } cases[] = {
    { "", "", 0, DEEPIDV_OK },
    { "plain", "plain", 5, DEEPIDV_OK },
    { "a+b%20c%2Bd", "a b c+d", 7, DEEPIDV_OK },
    { "%e2%82%AC", "\xe2\x82\xac", 3, DEEPIDV_OK },
    { "\xe2\x82\xac", "\xe2\x82\xac", 3, DEEPIDV_OK },
    { "%", "%", 1, DEEPIDV_OK },
    { "%%", "%%", 2, DEEPIDV_OK },
    { "%4", "%4", 2, DEEPIDV_OK },
    { "%g1%1g%--", "%g1%1g%--", 9, DEEPIDV_OK },
    { "%%41", "%A", 2, DEEPIDV_OK },
    { "%2541", "%41", 3, DEEPIDV_OK },
    { "a%", "a%", 2, DEEPIDV_OK },
    { "%00", "\0", 1, DEEPIDV_E_NUL },
    { "a%00b", "a\0b", 3, DEEPIDV_E_NUL },
    { "%ff", "\xff", 1, DEEPIDV_E_UTF8 },
    { "a\x80z", "a\x80z", 3, DEEPIDV_E_UTF8 },
    { "%c3", "\xc3", 1, DEEPIDV_E_UTF8 },
    { "%ed%a0%80", "\xed\xa0\x80", 3, DEEPIDV_E_UTF8 },
  };
  size_t i, room;

  (void)state;
  for (i = 0; i < COUNT(cases); i++) {
    const deepidv_span whole = { 0, (uint32_t)strlen(cases[i].raw) };
    char text[16];
    size_t length;

    for (room = 0; room <= cases[i].length + 1; room++) {
      const int fits = room > cases[i].length;

      memset(text, '~', sizeof text);
      length = SIZE_MAX;
      assert_row(deepidv_span_decode(cases[i].raw, DEEPIDV_NTS, &whole, text, room, &length)
              == (fits ? cases[i].status : DEEPIDV_E_BUFFER),
          cases[i].raw);
      assert_row(length == cases[i].length, cases[i].raw);
      if (fits)
        assert_row(memcmp(text, cases[i].decoded, length + 1) == 0, cases[i].raw);
      else
        assert_row(text[0] == '~', cases[i].raw);
      assert_row(text[room] == '~', cases[i].raw);
    }
  }
}

/* An escape must end within the span. */
static void a_span_that_ends_within_an_escape(void **state)
{
  static const char url[] = "x=%41%41";
  static const deepidv_span span = { 2, 5 };
  char text[8];
  size_t length;

  (void)state;
  assert_status(deepidv_span_decode(url, DEEPIDV_NTS, &span, text, sizeof text, &length), DEEPIDV_OK);
  assert_string_equal(text, "A%4");
  assert_int_equal(length, 3);
}

static void spans_outside_the_text(void **state)
{
  static const deepidv_span outside[] = {
    { 0, 5 },
    { 4, 1 },
    { 5, 0 },
    { 3, 2 },
    { UINT32_MAX, 0 },
    { UINT32_MAX, UINT32_MAX },
    { 1, UINT32_MAX },
    { 0, UINT32_MAX },
  };
  static const deepidv_span inside[] = { { 4, 0 }, { 0, 4 }, { 3, 1 } };
  char text[8] = "~";
  size_t length = 1, i;

  (void)state;
  for (i = 0; i < COUNT(outside); i++) {
    deepidv_redirect redirect;

    assert_status(deepidv_span_decode("abcd", 4, &outside[i], text, sizeof text, &length), DEEPIDV_E_RANGE);
    assert_int_equal(length, 0);
    assert_int_equal(text[0], '~');
    memset(&redirect, 0, sizeof redirect);
    redirect.session_id = outside[i];
    assert_status(deepidv_redirect_matches("abcd", 4, &redirect, "abcd", 4), DEEPIDV_E_RANGE);
  }
  for (i = 0; i < COUNT(inside); i++)
    assert_status(deepidv_span_decode("abcd", 4, &inside[i], text, sizeof text, NULL), DEEPIDV_OK);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(spans_decoded),
    cmocka_unit_test(a_span_that_ends_within_an_escape),
    cmocka_unit_test(spans_outside_the_text),
  };

  return cmocka_run_group_tests_name("span", tests, NULL, NULL);
}
