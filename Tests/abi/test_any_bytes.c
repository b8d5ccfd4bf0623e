/* Redirects and session URLs of random bytes. DEEPIDV_TEST_RANDOM is how many. */

#include "support.h"

/* Xorshift: the same bytes in every run and on every machine. */
static uint32_t next_random(uint32_t *state)
{
  *state ^= *state << 13;
  *state ^= *state >> 17;
  *state ^= *state << 5;
  return *state;
}

/* Mostly bytes that have a meaning in a redirect. */
static size_t random_redirect(uint32_t *seed, char *out, size_t longest)
{
  static const char *const pieces[] = {
    "session_id=",
    "status=",
    "reason=",
    "success",
    "failed",
    "abandoned",
    "user_cancelled",
    "&",
    "=",
    "?",
    "#",
    "%",
    "%4",
    "%41",
    "%00",
    "%ff",
    "+",
    "https://",
    "/",
    "session%5Fid",
    "\x80",
    "sessionId=",
    "SUBMITTED",
    "/session/",
    "oid=",
    "redirect_url=",
  };
  size_t count = next_random(seed) % longest, at = 0;

  while (at < count) {
    uint32_t choice = next_random(seed) % (COUNT(pieces) + 8);
    size_t length = 1;

    if (choice < COUNT(pieces)) {
      length = strlen(pieces[choice]);
      if (at + length > count)
        length = count - at;
      memcpy(out + at, pieces[choice], length);
    } else {
      out[at] = (char)next_random(seed);
    }
    at += length;
  }
  return count;
}

static void check_span(const char *url, size_t length, deepidv_span span)
{
  char text[256];
  size_t decoded = SIZE_MAX;
  deepidv_status status;

  assert_true((size_t)span.offset + span.length <= length);
  text[span.length + 1] = '~';
  status = deepidv_span_decode(url, length, &span, text, span.length + 1, &decoded);
  assert_true(status == DEEPIDV_OK || status == DEEPIDV_E_UTF8 || status == DEEPIDV_E_NUL);
  assert_true(decoded <= span.length);
  assert_int_equal(text[decoded], '\0');
  assert_int_equal(text[span.length + 1], '~');
}

/* Whether a ? that joins is there: a documented parameter follows. */
static int joins(const char *url, size_t length, size_t at)
{
  deepidv_redirect rest;

  if (at >= length || url[at] != '?')
    return 0;
  deepidv_redirect_parse(url + at, length - at, &rest);
  return (rest.present & ~(uint32_t)DEEPIDV_HAS_FRAGMENT) != 0;
}

/* Compares the iterator with a split byte by byte, and both with the parsed redirect. */
static void check_params(const char *url, size_t length, const deepidv_redirect *redirect)
{
  const size_t end = redirect->present & DEEPIDV_HAS_FRAGMENT ? redirect->fragment.offset - 1 : length;
  const int joined = (redirect->facts & DEEPIDV_FACT_JOINED_TWICE) != 0;
  deepidv_param param;
  size_t at = 0, joint = length;
  int first = 1;

  memset(&param, 0, sizeof param);
  while (deepidv_redirect_next_param(url, length, &param) == DEEPIDV_OK) {
    const size_t name_end = (size_t)param.name.offset + param.name.length;
    const size_t value_end = (size_t)param.value.offset + param.value.length;
    size_t i;

    if (!first)
      for (; at < param.name.offset; at++)
        if (url[at] != '&') {
          assert_true(joint == length && joined && joins(url, length, at));
          joint = at;
        }
    first = 0;
    /* A ? that joins ends a parameter; the next one begins behind it. */
    assert_int_equal(param.reserved[0] != 0, joined);
    assert_true(param.reserved[0] < end);
    for (at = param.name.offset;
        at < end && url[at] != '&' && url[at] != '=' && !(joined && at == param.reserved[0]); at++)
      ;
    assert_int_equal(at, name_end);
    for (i = at; i < end && url[i] != '&' && !(joined && i == param.reserved[0]); i++)
      ;
    assert_int_equal(value_end, i);
    assert_int_equal(param.value.offset, at < i ? at + 1 : i);
    if (joined && i == param.reserved[0])
      assert_true(joins(url, length, i));
    assert_true(i > param.name.offset);
    at = i;
  }
  if (!first)
    for (; at < end; at++)
      assert_int_equal(url[at], '&');
  assert_true(joint == length || joined);
}

static void check_session_url(const char *url, size_t length)
{
  deepidv_session_url parts;
  deepidv_status status = deepidv_session_url_parse(url, length, &parts);

  assert_true(status == DEEPIDV_OK || status == DEEPIDV_E_REPEATED);
  check_span(url, length, parts.session_id);
  check_span(url, length, parts.org_id);
  check_span(url, length, parts.redirect_url);
  check_span(url, length, parts.repeated);
}

static void check_any(const char *url, size_t length)
{
  deepidv_redirect redirect;
  deepidv_status status = deepidv_redirect_parse(url, length, &redirect);
  char id[256];
  size_t id_length = 0;

  assert_true(status == DEEPIDV_OK || status == DEEPIDV_E_REPEATED);
  check_span(url, length, redirect.session_id);
  check_span(url, length, redirect.status_text);
  check_span(url, length, redirect.reason_text);
  check_span(url, length, redirect.fragment);
  check_span(url, length, redirect.repeated);
  check_span(url, length, redirect.other_session_id);
  check_params(url, length, &redirect);
  deepidv_span_decode(url, length, &redirect.session_id, id, sizeof id, &id_length);
  status = deepidv_redirect_matches(url, length, &redirect, id, id_length);
  assert_true(status == (id_length > 0 ? DEEPIDV_OK : DEEPIDV_E_MISMATCH));
  check_session_url(url, length);
}

/* Each in a block of exactly its size, so that valgrind notices reads beyond it. */
static void random_bytes(void **state)
{
  const char *wanted = getenv("DEEPIDV_TEST_RANDOM");
  unsigned long rounds = wanted ? strtoul(wanted, NULL, 10) : 200000, i;
  uint32_t seed = 20240229;
  char made[200];

  (void)state;
  for (i = 0; i < rounds; i++) {
    size_t length = random_redirect(&seed, made, sizeof made);
    char *url = malloc(length ? length : 1);

    assert_non_null(url);
    memcpy(url, made, length);
    check_any(url, length);
    free(url);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(random_bytes),
  };

  return cmocka_run_group_tests_name("any bytes", tests, NULL, NULL);
}
