/* Reconcile tokens that are written before the create is sent. No network. */

#include "support.h"

static void a_token_of_a_time_and_an_external_id(void **state)
{
  static const struct {
    const char *external_id;
    uint64_t sent_at;
    const char *token;
  } cases[] = {
    { "order-1", 1700000000, "1.1700000000.order-1" },
    { "order 1.\xc3\xbc\n", 0, "1.0.order 1.\xc3\xbc\n" },
    { "x", 999999999999, "1.999999999999.x" },
  };
  char token[DEEPIDV_RECONCILE_TOKEN_SIZE];
  size_t length, i;

  (void)state;
  for (i = 0; i < COUNT(cases); i++) {
    assert_status(deepidv_reconcile_token(
                      cases[i].external_id, DEEPIDV_NTS, cases[i].sent_at, token, sizeof token, &length),
        DEEPIDV_OK);
    assert_string_equal(token, cases[i].token);
    assert_int_equal(length, strlen(token));
  }
}

/* Only a closed client accepts no operation: so this token passed the check of its format. */
static void a_token_is_accepted_by_a_reconcile(void **state)
{
  deepidv_client *client = make_client("http://127.0.0.1:9");
  deepidv_result *result = NULL;
  char *longest = make_text('x', 1024), token[DEEPIDV_RECONCILE_TOKEN_SIZE];

  (void)state;
  assert_status(deepidv_client_close(client), DEEPIDV_OK);
  assert_status(deepidv_session_reconcile(client, "1..x", DEEPIDV_NTS, &result), DEEPIDV_E_TOKEN);
  assert_status(deepidv_reconcile_token(longest, 1024, 999999999999, token, sizeof token, NULL), DEEPIDV_OK);
  assert_status(deepidv_session_reconcile(client, token, DEEPIDV_NTS, &result), DEEPIDV_E_CLOSED);
  deepidv_client_free(client);
  free(longest);
}

static void an_invalid_argument_leaves_an_empty_text(void **state)
{
  char *text = make_text('x', 1025), token[DEEPIDV_RECONCILE_TOKEN_SIZE];
  const struct {
    const char *external_id;
    size_t length;
    uint64_t sent_at;
    deepidv_status status;
  } cases[] = {
    { NULL, 1, 1, DEEPIDV_E_NULL },
    { "", 0, 1, DEEPIDV_E_REQUIRED },
    { "x", HUGE_LENGTH, 1, DEEPIDV_E_LENGTH },
    { text, 1025, 1, DEEPIDV_E_TOO_LONG },
    { "a\0b", 3, 1, DEEPIDV_E_NUL },
    { "\xff", 1, 1, DEEPIDV_E_UTF8 },
    { "x", 1, 1000000000000, DEEPIDV_E_RANGE },
    { "x", 1, UINT64_MAX, DEEPIDV_E_RANGE },
  };
  size_t length, i;

  (void)state;
  for (i = 0; i < COUNT(cases); i++) {
    strcpy(token, "left");
    length = 1;
    assert_status(deepidv_reconcile_token(
                      cases[i].external_id, cases[i].length, cases[i].sent_at, token, sizeof token, &length),
        cases[i].status);
    assert_string_equal(token, "");
    assert_int_equal(length, 0);
  }
  free(text);
}

static void a_buffer_of_every_size(void **state)
{
  enum { LENGTH = 14 };
  char token[LENGTH + 2];
  size_t length, capacity;

  (void)state;
  for (capacity = 0; capacity <= LENGTH + 1; capacity++) {
    memset(token, '?', sizeof token);
    length = 0;
    assert_status(deepidv_reconcile_token("x", 1, 1700000000, token, capacity, &length),
        capacity > LENGTH ? DEEPIDV_OK : DEEPIDV_E_BUFFER);
    assert_int_equal(length, LENGTH);
    assert_int_equal(token[0], capacity == 0 ? '?' : capacity > LENGTH ? '1' : '\0');
    assert_int_equal(token[LENGTH + 1], '?');
  }
  assert_string_equal(token, "1.1700000000.x");
  assert_status(deepidv_reconcile_token("x", 1, 1, NULL, 16, &length), DEEPIDV_E_NULL);
  assert_int_equal(length, 0);
  assert_status(deepidv_reconcile_token("x", 1, 1, token, HUGE_LENGTH, NULL), DEEPIDV_E_LENGTH);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_token_of_a_time_and_an_external_id),
    cmocka_unit_test(a_token_is_accepted_by_a_reconcile),
    cmocka_unit_test(an_invalid_argument_leaves_an_empty_text),
    cmocka_unit_test(a_buffer_of_every_size),
  };

  return cmocka_run_group_tests_name("token", tests, NULL, NULL);
}
