/* Query parameters, one by one and by name. */

#include <stdio.h>

#include "support.h"

/* ---- Splitting and decoding ------------------------------------------------------- */

typedef struct query_case {
  const char *query;
  const char *params; /* decoded, each as NAME=VALUE; */
} query_case;

/*
 * The cases of url/urlencoded-parser.any.js of web-platform-tests, where a byte that is not
 * UTF-8 becomes U+FFFD; here it is kept, and deepidv_span_decode() returns DEEPIDV_E_UTF8.
 */
static const query_case queries[] = {
  { "test", "test=;" },
  { "\xef\xbb\xbftest=\xef\xbb\xbf", "\xef\xbb\xbftest=\xef\xbb\xbf;" },
  { "%EF%BB%BFtest=%EF%BB%BF", "\xef\xbb\xbftest=\xef\xbb\xbf;" },
  { "%EF%BF%BF=%EF%BF%BF", "\xef\xbf\xbf=\xef\xbf\xbf;" },
  { "%FE%FF", "\xfe\xff=;" },
  { "%FF%FE", "\xff\xfe=;" },
  { "\xe2\x80\xa0&\xe2\x80\xa0=x", "\xe2\x80\xa0=;\xe2\x80\xa0=x;" },
  { "%C2", "\xc2=;" },
  { "%C2x", "\xc2x=;" },
  { "_charset_=windows-1252&test=%C2x", "_charset_=windows-1252;test=\xc2x;" },
  { "", "" },
  { "a", "a=;" },
  { "a=b", "a=b;" },
  { "a=", "a=;" },
  { "=b", "=b;" },
  { "&", "" },
  { "&a", "a=;" },
  { "a&", "a=;" },
  { "a&a", "a=;a=;" },
  { "a&b&c", "a=;b=;c=;" },
  { "a=b&c=d", "a=b;c=d;" },
  { "a=b&c=d&", "a=b;c=d;" },
  { "&&&a=b&&&&c=d&", "a=b;c=d;" },
  { "a=a&a=b&a=c", "a=a;a=b;a=c;" },
  { "a==a", "a==a;" },
  { "a=a+b+c+d", "a=a b c d;" },
  { "%=a", "%=a;" },
  { "%a=a", "%a=a;" },
  { "%a_=a", "%a_=a;" },
  { "%61=a", "a=a;" },
  { "%61+%4d%4D=", "a MM=;" },
  { "id=0&value=%", "id=0;value=%;" },
  { "b=%2sf%2a", "b=%2sf*;" },
  { "b=%2%2af%2a", "b=%2*f*;" },
  { "b=%%2a", "b=%*;" },

  /* Not part of the query. */
  { "a=b#c=d", "a=b;" },
  { "#a=b", "" },
  { "a&#", "a=;" },
  { "a=%26%3D%23&b", "a=&=#;b=;" },
  { "a=b;c=d", "a=b;c=d;" },
  { "=&=&==", "=;=;==;" },

  /* A second ?. */
  { "a=b?session_id=s&status=success&c=d", "a=b;session_id=s;status=success;c=d;" },
  { "a=b&?session_id=s&status=success", "a=b;session_id=s;status=success;" },
  { "a=b&?&session_id=s&status=success?x", "a=b;?=;session_id=s;status=success?x;" },
  { "x&a?status=success&session_id=s", "x=;a=;status=success;session_id=s;" },
  { "a=/?status=1&session_id=s&status=success", "a=/?status=1;session_id=s;status=success;" },
  { "a=/?status=1?session_id=s&status=success", "a=/?status=1;session_id=s;status=success;" },
  { "a=b?session_id=s&status=success#?reason=x", "a=b;session_id=s;status=success;" },
};

/* Every parameter, decoded, as NAME=VALUE; */
static const char *told(const char *url, size_t length, char *out, size_t capacity)
{
  deepidv_param param;
  size_t at = 0, i;

  memset(&param, 0, sizeof param);
  while (deepidv_redirect_next_param(url, length, &param) == DEEPIDV_OK) {
    const deepidv_span *sides[2];

    sides[0] = &param.name;
    sides[1] = &param.value;
    for (i = 0; i < 2; i++) {
      size_t decoded = 0;

      deepidv_span_decode(url, length, sides[i], out + at, capacity - at, &decoded);
      at += decoded;
      assert_true(at + 1 < capacity);
      out[at++] = i ? ';' : '=';
    }
    assert_int_equal(param.reserved[0] != 0, strstr(url, "?session_id") || strstr(url, "?status=s"));
    for (i = 1; i < COUNT(param.reserved); i++)
      assert_int_equal(param.reserved[i], 0);
  }
  out[at] = '\0';
  return out;
}

/* Each of them alone, and behind a question mark at every position of a block. */
static void queries_split_and_decoded(void **state)
{
  char url[256], params[256];
  size_t i, before;

  (void)state;
  for (i = 0; i < COUNT(queries); i++) {
    const char *query = queries[i].query;

    for (before = 1; before < 140; before++) {
      memset(url, '/', before);
      url[before] = '?';
      strcpy(url + before + 1, query);
      assert_row(strcmp(told(url, DEEPIDV_NTS, params, sizeof params), queries[i].params) == 0, query);
    }
    assert_row(strcmp(told(query, DEEPIDV_NTS, params, sizeof params), queries[i].params) == 0, query);
  }
}

/* Names, values and empty pieces of every length, so that each ends at every position of a block. */
static void parameters_of_every_length(void **state)
{
  char url[800];
  size_t name, value, empty;

  (void)state;
  for (name = 0; name < 200; name += name < 140 ? 1 : 7)
    for (value = 0; value < 200; value += value < 70 ? 1 : 13)
      for (empty = 1; empty < 140; empty += 23) {
        deepidv_param param;
        size_t at = 1;

        memset(&param, 0, sizeof param);
        url[0] = '?';
        memset(url + at, 'n', name);
        at += name;
        url[at++] = '=';
        memset(url + at, '=', value);
        at += value;
        memset(url + at, '&', empty);
        at += empty;
        memcpy(url + at, "last#=", 6);
        at += 6;
        assert_status(deepidv_redirect_next_param(url, at, &param), DEEPIDV_OK);
        assert_int_equal(param.name.offset, 1);
        assert_int_equal(param.name.length, name);
        assert_int_equal(param.value.offset, name + 2);
        assert_int_equal(param.value.length, value);
        assert_int_equal(param.position, name + value + 3);
        assert_status(deepidv_redirect_next_param(url, at, &param), DEEPIDV_OK);
        assert_int_equal(param.name.offset, at - 6);
        assert_int_equal(param.name.length, 4);
        assert_int_equal(param.value.length, 0);
        assert_status(deepidv_redirect_next_param(url, at, &param), DEEPIDV_E_ABSENT);
        assert_int_equal(param.position, 0);
      }
}

/* ---- Places ----------------------------------------------------------------------- */

static void iterating_again_after_the_end(void **state)
{
  deepidv_param param, zero;

  (void)state;
  memset(&zero, 0, sizeof zero);
  memset(&param, 0, sizeof param);
  assert_status(deepidv_redirect_next_param("a=b", 3, &param), DEEPIDV_OK);
  assert_int_equal(param.position, 3);
  assert_status(deepidv_redirect_next_param("a=b", 3, &param), DEEPIDV_E_ABSENT);
  assert_memory_equal(&param, &zero, sizeof zero);
  assert_status(deepidv_redirect_next_param("a=b", 3, &param), DEEPIDV_OK);
  assert_int_equal(param.value.offset, 2);
}

static void positions_outside_the_text(void **state)
{
  static const uint32_t places[] = { 4, 5, UINT32_MAX };
  deepidv_param param, zero;
  size_t i;

  (void)state;
  memset(&zero, 0, sizeof zero);
  for (i = 0; i < COUNT(places); i++) {
    memset(&param, 0xff, sizeof param);
    param.position = places[i];
    assert_status(deepidv_redirect_next_param("a=b", 3, &param), DEEPIDV_E_RANGE);
    assert_memory_equal(&param, &zero, sizeof zero);
  }
  param.position = 3;
  assert_status(deepidv_redirect_next_param("a=b", 3, &param), DEEPIDV_E_ABSENT);
}

/* ---- By name ---------------------------------------------------------------------- */

static void parameters_by_name(void **state)
{
  static const struct {
    const char *url, *name, *value;
    deepidv_status status;
  } cases[] = {
    { "https://yourapp.com/cb?order=1042&session_id=s", "order", "1042", DEEPIDV_OK },
    { "/cb?a=1&b=2#b=3", "b", "2", DEEPIDV_OK },
    { "a=1&b", "b", "", DEEPIDV_OK },
    { "a=1&b=", "b", "", DEEPIDV_OK },
    { "?or%64er=%31&x", "order", "%31", DEEPIDV_OK },
    { "?my+order=1", "my order", "1", DEEPIDV_OK },
    { "?my%20order=1", "my order", "1", DEEPIDV_OK },
    { "?my+order=1", "my+order", "", DEEPIDV_E_ABSENT },
    { "?%C3%A9=1", "\xc3\xa9", "1", DEEPIDV_OK },
    { "?%ff=1", "\xff", "1", DEEPIDV_OK },
    { "?=1", "", "1", DEEPIDV_OK },
    { "?a=1", "", "", DEEPIDV_E_ABSENT },
    { "?order=1", "Order", "", DEEPIDV_E_ABSENT },
    { "?order=1", "orde", "", DEEPIDV_E_ABSENT },
    { "?order=1", "orders", "", DEEPIDV_E_ABSENT },
    { "?order=1", "order=", "", DEEPIDV_E_ABSENT },
    { "/order=1", "order", "", DEEPIDV_E_ABSENT },
    { "", "order", "", DEEPIDV_E_ABSENT },
    { "?a=1&a=2&a=3", "a", "1", DEEPIDV_E_REPEATED },
    { "?a=1&a=1&a=2", "a", "1", DEEPIDV_E_REPEATED },
    { "?a=1&%61=1", "a", "1", DEEPIDV_OK },
    { "?a=%31&a=1", "a", "%31", DEEPIDV_OK },
    { "?a&a", "a", "", DEEPIDV_OK },
    /* A second ?, as when the redirect is read. */
    { "?a=1?session_id=s&status=success", "a", "1", DEEPIDV_OK },
    { "?a=1?session_id=s&status=success", "session_id", "s", DEEPIDV_OK },
    { "?a=1?session_id=s&status=success&a=2", "a", "1", DEEPIDV_E_REPEATED },
    { "?a=1?session_id=s&status=success&a=1", "a", "1", DEEPIDV_OK },
    { "?a=/x?status=1&session_id=s&status=success", "a", "/x?status=1", DEEPIDV_OK },
    { "?a=/x?status=1&session_id=s&status=success", "status", "success", DEEPIDV_OK },
    { "?a?session_id=s&status=success", "a", "", DEEPIDV_OK },
  };
  size_t i;

  (void)state;
  for (i = 0; i < COUNT(cases); i++) {
    deepidv_span value = { 77, 77 };

    assert_row(deepidv_redirect_param(cases[i].url, DEEPIDV_NTS, cases[i].name, DEEPIDV_NTS, &value)
            == cases[i].status,
        cases[i].url);
    assert_row(is_text(cases[i].url, value, cases[i].value), cases[i].url);
    if (cases[i].status == DEEPIDV_E_ABSENT)
      assert_row(value.offset == 0, cases[i].url);
  }
}

static void a_name_with_a_nul(void **state)
{
  deepidv_span value;

  (void)state;
  assert_status(deepidv_redirect_param("a%00b=1", DEEPIDV_NTS, "a\0b", 3, &value), DEEPIDV_OK);
  assert_int_equal(value.offset, 6);
  assert_status(deepidv_redirect_param("a%00b=1", DEEPIDV_NTS, "a\0c", 3, &value), DEEPIDV_E_ABSENT);
  assert_status(deepidv_redirect_param("a=1", DEEPIDV_NTS, "a\0b", 3, &value), DEEPIDV_E_ABSENT);
}

static void texts_that_are_too_long(void **state)
{
  deepidv_param param;
  deepidv_span value;

  (void)state;
  memset(&param, 0, sizeof param);
  assert_status(deepidv_redirect_param("a", (size_t)UINT32_MAX + 1, "a", 1, &value), DEEPIDV_E_TOO_LONG);
  assert_status(deepidv_redirect_next_param("a", (size_t)UINT32_MAX + 1, &param), DEEPIDV_E_TOO_LONG);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(queries_split_and_decoded),
    cmocka_unit_test(parameters_of_every_length),
    cmocka_unit_test(iterating_again_after_the_end),
    cmocka_unit_test(positions_outside_the_text),
    cmocka_unit_test(parameters_by_name),
    cmocka_unit_test(a_name_with_a_nul),
    cmocka_unit_test(texts_that_are_too_long),
  };

  return cmocka_run_group_tests_name("param", tests, NULL, NULL);
}
