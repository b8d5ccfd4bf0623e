/* States: creating them, adding them to a redirect URL, verifying them. */

#define _GNU_SOURCE

#include <pthread.h>
#include <stdio.h>

#include "support.h"

#define KEY "0123456789abcdef0123456789abcdef"
#define CONTEXT "cookie=42"
#define CALLBACK "https://yourapp.com/verify-callback"
#define LENGTH 96

/* Created by another program with that key and context; it expired in 2023. */
#define EXPIRED \
  "AQAAAGVT8QAAAQIDBAUGBwgJCgsMDQ4P4VoliBQS2xJQDaEjqt1IYwPRJW43SeZU8q_uUgkf3cJFtCVp9huaxvtxppXj6uWa"

/* Keys as texts; NULL ends the list. */
static deepidv_state_keys *make_keys(const char *first, const char *second)
{
  deepidv_state_keys *keys = NULL;

  assert_status(deepidv_state_keys_new(&keys), DEEPIDV_OK);
  assert_non_null(keys);
  assert_status(deepidv_state_keys_add(keys, first, DEEPIDV_NTS), DEEPIDV_OK);
  if (second)
    assert_status(deepidv_state_keys_add(keys, second, DEEPIDV_NTS), DEEPIDV_OK);
  return keys;
}

static const char *make_state(const deepidv_state_keys *keys)
{
  static char state[DEEPIDV_STATE_SIZE];
  size_t length = 0;

  assert_status(
      deepidv_state_new(keys, CONTEXT, DEEPIDV_NTS, 3600, state, sizeof state, &length), DEEPIDV_OK);
  assert_int_equal(length, LENGTH);
  assert_int_equal(strlen(state), LENGTH);
  return state;
}

static deepidv_status verify(const deepidv_state_keys *keys, const char *redirect)
{
  return deepidv_state_verify(keys, redirect, DEEPIDV_NTS, CONTEXT, DEEPIDV_NTS);
}

/* ---- Making and verifying -------------------------------------------------------- */

static void a_state_belongs_to_its_context(void **state)
{
  deepidv_state_keys *keys = make_keys(KEY, NULL), *others = make_keys(KEY "x", NULL);
  char first[DEEPIDV_STATE_SIZE];

  (void)state;
  strcpy(first, make_state(keys));
  assert_string_not_equal(first, make_state(keys));
  assert_status(verify(keys, first), DEEPIDV_OK);
  assert_status(verify(keys, first), DEEPIDV_OK);
  assert_status(deepidv_state_verify(keys, first, LENGTH, "cookie=43", 9), DEEPIDV_E_STATE_CONTEXT);
  assert_status(deepidv_state_verify(keys, first, LENGTH, CONTEXT "\0", 10), DEEPIDV_E_STATE_CONTEXT);
  assert_status(deepidv_state_verify(keys, first, LENGTH, CONTEXT, 8), DEEPIDV_E_STATE_CONTEXT);
  assert_status(verify(others, first), DEEPIDV_E_STATE_SIGNATURE);
  assert_status(verify(keys, EXPIRED), DEEPIDV_E_STATE_EXPIRED);
  assert_status(deepidv_state_verify(keys, EXPIRED, LENGTH, "cookie=43", 9), DEEPIDV_E_STATE_CONTEXT);
  assert_status(verify(others, EXPIRED), DEEPIDV_E_STATE_SIGNATURE);
  deepidv_state_keys_free(others);
  deepidv_state_keys_free(keys);
}

static void malformed_states(void **state)
{
  static const char *const wrong[] = {
    "",
    "x",
    "?",
    "=",
    "state=",
    "?state",
    "?state=x",
    "?session_id=s&status=success",
    "%",
    "%3D",
    CALLBACK,
  };
  deepidv_state_keys *keys = make_keys(KEY, NULL);
  char text[DEEPIDV_STATE_SIZE];
  size_t i;

  (void)state;
  for (i = 0; i < COUNT(wrong); i++)
    assert_row(verify(keys, wrong[i]) == DEEPIDV_E_STATE, wrong[i]);
  strcpy(text, make_state(keys));
  assert_status(deepidv_state_verify(keys, text, LENGTH - 1, CONTEXT, 9), DEEPIDV_E_STATE);
  assert_status(deepidv_state_verify(keys, text, LENGTH + 1, CONTEXT, 9), DEEPIDV_E_STATE);
  for (i = 0; i < LENGTH; i++) {
    const char was = text[i];

    text[i] = '\xff';
    assert_status(verify(keys, text), DEEPIDV_E_STATE);
    text[i] = was == 'A' ? 'Q' : 'A';
    assert_status(verify(keys, text), i == 0 || i == 1 ? DEEPIDV_E_STATE : DEEPIDV_E_STATE_SIGNATURE);
    text[i] = was;
  }
  assert_status(verify(keys, text), DEEPIDV_OK);
  deepidv_state_keys_free(keys);
}

static void key_rotation(void **state)
{
  deepidv_state_keys *before = make_keys(KEY, NULL);
  deepidv_state_keys *during = make_keys("another key of sufficient length", KEY);
  deepidv_state_keys *after = make_keys("another key of sufficient length", NULL);
  char text[DEEPIDV_STATE_SIZE];

  (void)state;
  strcpy(text, make_state(before));
  assert_status(verify(during, text), DEEPIDV_OK);
  assert_status(verify(after, text), DEEPIDV_E_STATE_SIGNATURE);
  strcpy(text, make_state(during));
  assert_status(verify(after, text), DEEPIDV_OK);
  assert_status(verify(before, text), DEEPIDV_E_STATE_SIGNATURE);
  deepidv_state_keys_free(before);
  deepidv_state_keys_free(during);
  deepidv_state_keys_free(after);
}

/* Any bytes are valid; only their number counts. */
static void keys_and_contexts_are_bytes(void **state)
{
  char bytes[4097], text[DEEPIDV_STATE_SIZE];
  deepidv_state_keys *keys = NULL, *cut = NULL;
  size_t i;

  (void)state;
  for (i = 0; i < sizeof bytes; i++)
    bytes[i] = (char)i;
  assert_status(deepidv_state_keys_new(&keys), DEEPIDV_OK);
  assert_status(deepidv_state_keys_add(keys, bytes, 0), DEEPIDV_E_REQUIRED);
  assert_status(deepidv_state_keys_add(keys, bytes, DEEPIDV_NTS), DEEPIDV_E_REQUIRED);
  assert_status(deepidv_state_keys_add(keys, bytes, 15), DEEPIDV_E_SHORT_KEY);
  assert_status(deepidv_state_keys_add(keys, bytes, 1025), DEEPIDV_E_TOO_LONG);
  assert_status(deepidv_state_new(keys, "c", 1, 60, text, sizeof text, NULL), DEEPIDV_E_REQUIRED);
  assert_status(deepidv_state_verify(keys, EXPIRED, LENGTH, "c", 1), DEEPIDV_E_REQUIRED);
  assert_status(deepidv_state_keys_add(keys, bytes, 1024), DEEPIDV_OK);
  for (i = 1; i < 16; i++)
    assert_status(deepidv_state_keys_add(keys, bytes, 16), DEEPIDV_OK);
  assert_status(deepidv_state_keys_add(keys, bytes, 16), DEEPIDV_E_RANGE);

  assert_status(deepidv_state_new(keys, bytes, 4096, 60, text, sizeof text, NULL), DEEPIDV_OK);
  assert_status(deepidv_state_verify(keys, text, LENGTH, bytes, 4096), DEEPIDV_OK);
  assert_status(deepidv_state_verify(keys, text, LENGTH, bytes, 4095), DEEPIDV_E_STATE_CONTEXT);
  assert_status(deepidv_state_verify(keys, text, LENGTH, bytes, 4097), DEEPIDV_E_TOO_LONG);
  assert_status(deepidv_state_verify(keys, text, LENGTH, bytes, 0), DEEPIDV_E_REQUIRED);
  assert_status(deepidv_state_new(keys, bytes, 4097, 60, text, sizeof text, NULL), DEEPIDV_E_TOO_LONG);
  assert_string_equal(text, "");
  assert_status(deepidv_state_new(keys, bytes, 0, 60, text, sizeof text, NULL), DEEPIDV_E_REQUIRED);
  /* The last byte of a key counts. */
  assert_status(deepidv_state_new(keys, "c", 1, 60, text, sizeof text, NULL), DEEPIDV_OK);
  assert_status(deepidv_state_keys_new(&cut), DEEPIDV_OK);
  assert_status(deepidv_state_keys_add(cut, bytes, 1023), DEEPIDV_OK);
  assert_status(deepidv_state_verify(cut, text, LENGTH, "c", 1), DEEPIDV_E_STATE_SIGNATURE);
  deepidv_state_keys_free(cut);
  deepidv_state_keys_free(keys);
}

static void lifetimes(void **state)
{
  deepidv_state_keys *keys = make_keys(KEY, NULL);
  char text[DEEPIDV_STATE_SIZE];
  uint64_t deadline = now_ms() + 20000;
  deepidv_status status;

  (void)state;
  assert_status(deepidv_state_new(keys, "c", 1, 0, text, sizeof text, NULL), DEEPIDV_E_RANGE);
  assert_status(deepidv_state_new(keys, "c", 1, 31536001, text, sizeof text, NULL), DEEPIDV_E_RANGE);
  assert_status(deepidv_state_new(keys, "c", 1, UINT32_MAX, text, sizeof text, NULL), DEEPIDV_E_RANGE);
  assert_status(deepidv_state_new(keys, "c", 1, 31536000, text, sizeof text, NULL), DEEPIDV_OK);
  assert_status(deepidv_state_verify(keys, text, LENGTH, "c", 1), DEEPIDV_OK);

  assert_status(deepidv_state_new(keys, "c", 1, 1, text, sizeof text, NULL), DEEPIDV_OK);
  while ((status = deepidv_state_verify(keys, text, LENGTH, "c", 1)) == DEEPIDV_OK) {
    assert_true(now_ms() < deadline);
    sleep_ms(20);
  }
  assert_status(status, DEEPIDV_E_STATE_EXPIRED);
  deepidv_state_keys_free(keys);
}

/* ---- In a redirect --------------------------------------------------------------- */

static void a_state_returns_with_the_redirect(void **state)
{
  deepidv_state_keys *keys = make_keys(KEY, NULL);
  deepidv_session_request *request = make_request();
  char url[sizeof CALLBACK + DEEPIDV_STATE_SIZE], *redirect = NULL;
  size_t length = 0;

  (void)state;
  assert_status(deepidv_redirect_url_with_state(
                    CALLBACK, DEEPIDV_NTS, make_state(keys), DEEPIDV_NTS, url, sizeof url, &length),
      DEEPIDV_OK);
  assert_int_equal(length, strlen(url));
  assert_int_equal(strncmp(url, CALLBACK "?state=", strlen(CALLBACK) + 7), 0);
  assert_status(deepidv_session_request_set_redirect_url(request, url, DEEPIDV_NTS), DEEPIDV_OK);
  assert_true(asprintf(&redirect, "%s&session_id=sess_abc&status=success", url) > 0);
  assert_status(verify(keys, redirect), DEEPIDV_OK);
  assert_status(verify(keys, strchr(redirect, '?')), DEEPIDV_OK);
  assert_status(verify(keys, strchr(redirect, '?') + 1), DEEPIDV_OK);
  free(redirect);
  assert_true(asprintf(&redirect, "%s?session_id=sess_abc&status=success", url) > 0);
  assert_status(verify(keys, redirect), DEEPIDV_OK);
  free(redirect);
  assert_true(asprintf(&redirect, "%s?session_id=s&status=failed&session_id=s", url) > 0);
  assert_status(verify(keys, redirect), DEEPIDV_OK);
  free(redirect);
  assert_true(asprintf(&redirect, "%s?x=y&session_id=s&status=failed", url) > 0);
  assert_status(verify(keys, redirect), DEEPIDV_E_STATE);
  free(redirect);
  assert_true(asprintf(&redirect, "%s&%s", url, strchr(url, '?') + 1) > 0);
  assert_status(verify(keys, redirect), DEEPIDV_OK);
  free(redirect);
  assert_true(asprintf(&redirect, "%s&st%%61te=x", url) > 0);
  assert_status(verify(keys, redirect), DEEPIDV_E_REPEATED);
  free(redirect);
  deepidv_session_request_free(request);
  deepidv_state_keys_free(keys);
}

static void invalid_urls(void **state)
{
  static const struct {
    const char *url;
    deepidv_status status;
  } cases[] = {
    { "", DEEPIDV_E_REQUIRED },
    { "yourapp.com/cb", DEEPIDV_E_URL },
    { "?a=b", DEEPIDV_E_URL },
    { "http://yourapp.com/cb", DEEPIDV_E_SCHEME },
    { "https://", DEEPIDV_E_URL },
    { "https://a@yourapp.com/", DEEPIDV_E_USERINFO },
    { "https://yourapp.com/a b", DEEPIDV_E_CONTROL },
    { "https://yourapp.com/\n", DEEPIDV_E_CONTROL },
    { "https://yourapp.com/\xff", DEEPIDV_E_UTF8 },
    { "https://yourapp.com/?state=a", DEEPIDV_E_REPEATED },
    { "https://yourapp.com/?a=b&%73tate", DEEPIDV_E_REPEATED },
    { "https://yourapp.com/?session_id=a", DEEPIDV_E_REPEATED },
    { "https://yourapp.com/?status=a", DEEPIDV_E_REPEATED },
    { "https://yourapp.com/?reason=a", DEEPIDV_E_REPEATED },
  };
  deepidv_state_keys *keys = make_keys(KEY, NULL);
  const char *text = make_state(keys);
  char *longest = make_text('a', 8193), out[8193 + DEEPIDV_STATE_SIZE] = "left";
  size_t i, length = 1;

  (void)state;
  for (i = 0; i < COUNT(cases); i++) {
    strcpy(out, "left");
    length = 1;
    assert_row(
        deepidv_redirect_url_with_state(cases[i].url, DEEPIDV_NTS, text, LENGTH, out, sizeof out, &length)
            == cases[i].status,
        cases[i].url);
    assert_row(length == 0 && *out == '\0', cases[i].url);
  }
  assert_status(
      deepidv_redirect_url_with_state("https://yourapp.com/\0", 21, text, LENGTH, out, sizeof out, NULL),
      DEEPIDV_E_NUL);
  assert_status(
      deepidv_redirect_url_with_state(CALLBACK, DEEPIDV_NTS, text, LENGTH - 1, out, sizeof out, NULL),
      DEEPIDV_E_STATE);
  assert_status(deepidv_redirect_url_with_state(
                    CALLBACK, DEEPIDV_NTS, "a&status=success", DEEPIDV_NTS, out, sizeof out, NULL),
      DEEPIDV_E_STATE);

  /* The maximum length of the field. */
  memcpy(longest, "https://yourapp.com/", 20);
  assert_status(
      deepidv_redirect_url_with_state(longest, 8192 - 7 - LENGTH, text, LENGTH, out, sizeof out, &length),
      DEEPIDV_OK);
  assert_int_equal(length, 8192);
  assert_status(
      deepidv_redirect_url_with_state(longest, 8192 - 6 - LENGTH, text, LENGTH, out, sizeof out, &length),
      DEEPIDV_E_TOO_LONG);
  assert_status(deepidv_redirect_url_with_state(longest, 8193, text, LENGTH, out, sizeof out, &length),
      DEEPIDV_E_TOO_LONG);
  free(longest);
  deepidv_state_keys_free(keys);
}

/* ---- Arguments ------------------------------------------------------------------- */

static void buffers(void **state)
{
  deepidv_state_keys *keys = make_keys(KEY, NULL);
  char text[LENGTH + 2], url[256];
  size_t length, capacity;

  (void)state;
  for (capacity = 0; capacity <= LENGTH + 1; capacity++) {
    memset(text, 'x', sizeof text);
    length = 0;
    assert_status(deepidv_state_new(keys, CONTEXT, DEEPIDV_NTS, 60, text, capacity, &length),
        capacity > LENGTH ? DEEPIDV_OK : DEEPIDV_E_BUFFER);
    assert_int_equal(length, LENGTH);
    assert_int_equal(text[0], capacity == 0 ? 'x' : capacity > LENGTH ? 'A' : '\0');
    assert_int_equal(text[LENGTH + 1], 'x');
  }
  assert_int_equal(text[LENGTH], '\0');
  assert_status(deepidv_state_new(keys, "c", 1, 60, text, HUGE_LENGTH, &length), DEEPIDV_E_LENGTH);
  assert_int_equal(length, 0);
  assert_status(deepidv_state_new(keys, "c", 1, 60, text, sizeof text, NULL), DEEPIDV_OK);

  memset(url, 'x', sizeof url);
  length = sizeof CALLBACK - 1 + 7 + LENGTH;
  capacity = length;
  assert_status(deepidv_redirect_url_with_state(CALLBACK, DEEPIDV_NTS, text, LENGTH, url, capacity, &length),
      DEEPIDV_E_BUFFER);
  assert_int_equal(length, capacity);
  assert_string_equal(url, "");
  assert_status(deepidv_redirect_url_with_state(CALLBACK, DEEPIDV_NTS, text, LENGTH, url, capacity + 1, NULL),
      DEEPIDV_OK);
  assert_int_equal(strlen(url), capacity);
  assert_status(deepidv_redirect_url_with_state(CALLBACK, DEEPIDV_NTS, text, LENGTH, url, HUGE_LENGTH, NULL),
      DEEPIDV_E_LENGTH);
  deepidv_state_keys_free(keys);
}

static void invalid_arguments(void **state)
{
  deepidv_state_keys *keys = make_keys(KEY, NULL);
  deepidv_state_keys *none[2] = { NULL, (deepidv_state_keys *)make_config(NULL) };
  static const deepidv_status statuses[2] = { DEEPIDV_E_NULL, DEEPIDV_E_HANDLE };
  char text[DEEPIDV_STATE_SIZE];
  size_t i;

  (void)state;
  assert_status(deepidv_state_keys_new(NULL), DEEPIDV_E_NULL);
  deepidv_state_keys_free(NULL);
  deepidv_state_keys_free(none[1]);
  for (i = 0; i < 2; i++) {
    assert_status(deepidv_state_keys_add(none[i], KEY, 32), statuses[i]);
    assert_status(deepidv_state_new(none[i], "c", 1, 60, text, sizeof text, NULL), statuses[i]);
    assert_status(deepidv_state_verify(none[i], EXPIRED, LENGTH, "c", 1), statuses[i]);
  }
  assert_status(deepidv_state_keys_add(keys, NULL, 32), DEEPIDV_E_NULL);
  assert_status(deepidv_state_keys_add(keys, KEY, HUGE_LENGTH), DEEPIDV_E_LENGTH);
  assert_status(deepidv_state_new(keys, NULL, 1, 60, text, sizeof text, NULL), DEEPIDV_E_NULL);
  assert_status(deepidv_state_new(keys, "c", 1, 60, NULL, sizeof text, NULL), DEEPIDV_E_NULL);
  assert_status(deepidv_state_new(keys, "c", HUGE_LENGTH, 60, text, sizeof text, NULL), DEEPIDV_E_LENGTH);
  assert_status(deepidv_state_verify(keys, NULL, 1, "c", 1), DEEPIDV_E_NULL);
  assert_status(deepidv_state_verify(keys, EXPIRED, LENGTH, NULL, 1), DEEPIDV_E_NULL);
  assert_status(deepidv_state_verify(keys, EXPIRED, HUGE_LENGTH, "c", 1), DEEPIDV_E_LENGTH);
  assert_status(deepidv_state_verify(keys, EXPIRED, LENGTH, "c", HUGE_LENGTH), DEEPIDV_E_LENGTH);
  assert_status(
      deepidv_redirect_url_with_state(NULL, 1, EXPIRED, LENGTH, text, sizeof text, NULL), DEEPIDV_E_NULL);
  assert_status(deepidv_redirect_url_with_state(CALLBACK, DEEPIDV_NTS, NULL, LENGTH, text, sizeof text, NULL),
      DEEPIDV_E_NULL);
  assert_status(
      deepidv_redirect_url_with_state(CALLBACK, DEEPIDV_NTS, EXPIRED, LENGTH, NULL, sizeof text, NULL),
      DEEPIDV_E_NULL);
  assert_status(
      deepidv_redirect_url_with_state(CALLBACK, HUGE_LENGTH, EXPIRED, LENGTH, text, sizeof text, NULL),
      DEEPIDV_E_LENGTH);
  assert_status(
      deepidv_redirect_url_with_state(CALLBACK, DEEPIDV_NTS, EXPIRED, HUGE_LENGTH, text, sizeof text, NULL),
      DEEPIDV_E_LENGTH);
  deepidv_config_free((deepidv_config *)none[1]);
  deepidv_state_keys_free(keys);
}

/* ---- Many threads ---------------------------------------------------------------- */

static const deepidv_state_keys *shared;

/* Returns how many of its states were not verified. */
static void *make_and_verify(void *context)
{
  uintptr_t wrong = 0;
  int i;

  for (i = 0; i < 200; i++) {
    char text[DEEPIDV_STATE_SIZE];

    if (deepidv_state_new(shared, context, DEEPIDV_NTS, 60, text, sizeof text, NULL) != DEEPIDV_OK
        || deepidv_state_verify(shared, text, LENGTH, context, DEEPIDV_NTS) != DEEPIDV_OK
        || deepidv_state_verify(shared, text, LENGTH, "nobody's", 8) != DEEPIDV_E_STATE_CONTEXT)
      wrong++;
  }
  return (void *)wrong;
}

static void keys_serve_many_threads(void **state)
{
  deepidv_state_keys *keys = make_keys(KEY, KEY KEY);
  char contexts[4][2] = { "a", "b", "c", "d" };
  pthread_t threads[4];
  size_t i;

  (void)state;
  shared = keys;
  for (i = 0; i < COUNT(threads); i++)
    assert_int_equal(pthread_create(&threads[i], NULL, make_and_verify, contexts[i]), 0);
  for (i = 0; i < COUNT(threads); i++) {
    void *wrong = NULL;

    assert_int_equal(pthread_join(threads[i], &wrong), 0);
    assert_null(wrong);
  }
  deepidv_state_keys_free(keys);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_state_belongs_to_its_context),
    cmocka_unit_test(malformed_states),
    cmocka_unit_test(key_rotation),
    cmocka_unit_test(keys_and_contexts_are_bytes),
    cmocka_unit_test(lifetimes),
    cmocka_unit_test(a_state_returns_with_the_redirect),
    cmocka_unit_test(invalid_urls),
    cmocka_unit_test(buffers),
    cmocka_unit_test(invalid_arguments),
    cmocka_unit_test(keys_serve_many_threads),
  };

  return cmocka_run_group_tests_name("state", tests, NULL, NULL);
}
