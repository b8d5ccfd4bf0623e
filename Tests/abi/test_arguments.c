/* Invalid lengths, texts and numbers. No network. */

#include "calls.h"
#include "objects.h"

/* ---- Lengths --------------------------------------------------------------------- */

static void a_length_with_its_top_bit_set(void **state)
{
  static const size_t lengths[] = { HUGE_LENGTH, DEEPIDV_NTS - 1, HUGE_LENGTH + 1 };
  objects *made = *state;
  deepidv_redirect redirect;
  deepidv_param param = { { 0, 0 }, { 0, 0 }, 0, { 0, 0, 0 } };
  deepidv_session_url session_url;
  deepidv_span span = { 0, 1 }, value;
  char text[8];
  size_t i, j;

  for (i = 0; i < COUNT(lengths); i++) {
    const size_t length = lengths[i];

    for (j = 0; j < COUNT(config_texts); j++)
      assert_status(config_texts[j].set(made->config, "a", length), DEEPIDV_E_LENGTH);
    for (j = 0; j < COUNT(request_texts); j++)
      assert_status(request_texts[j](made->request, "a", length), DEEPIDV_E_LENGTH);
    assert_status(deepidv_config_set(made->config, "proxy", length, "", 0), DEEPIDV_E_LENGTH);
    assert_status(deepidv_config_set(made->config, "proxy", 5, "", length), DEEPIDV_E_LENGTH);
    assert_status(
        deepidv_session_request_set_json(made->request, "{}", length, NULL, NULL), DEEPIDV_E_LENGTH);
    for (j = 0; j < COUNT(questions); j++) {
      deepidv_result *result = made->result;

      assert_status(questions[j].ask(made->client, "a", length, &result), DEEPIDV_E_LENGTH);
      assert_null(result);
      assert_status(questions[j].submit(made->client, "a", length, 1, NULL), DEEPIDV_E_LENGTH);
    }
    assert_status(deepidv_redirect_parse("a", length, &redirect), DEEPIDV_E_LENGTH);
    assert_status(deepidv_redirect_parse("session_id=a", DEEPIDV_NTS, &redirect), DEEPIDV_OK);
    assert_status(deepidv_redirect_matches("a", length, &redirect, "a", 1), DEEPIDV_E_LENGTH);
    assert_status(
        deepidv_redirect_matches("session_id=a", DEEPIDV_NTS, &redirect, "a", length), DEEPIDV_E_LENGTH);
    assert_status(deepidv_redirect_param("a", length, "a", 1, &value), DEEPIDV_E_LENGTH);
    assert_status(deepidv_redirect_param("a", 1, "a", length, &value), DEEPIDV_E_LENGTH);
    assert_status(deepidv_redirect_next_param("a", length, &param), DEEPIDV_E_LENGTH);
    assert_status(deepidv_session_url_parse("a", length, &session_url), DEEPIDV_E_LENGTH);
    assert_status(deepidv_span_decode("a", length, &span, text, sizeof text, NULL), DEEPIDV_E_LENGTH);
    assert_status(deepidv_span_decode("a", 1, &span, text, length, NULL), DEEPIDV_E_LENGTH);
  }
}

static void lengths_of_nul_terminated_texts(void **state)
{
  objects *made = *state;
  size_t i;

  for (i = 0; i < COUNT(config_texts); i++)
    assert_status(config_texts[i].set(made->config, config_texts[i].good, DEEPIDV_NTS), DEEPIDV_OK);
  assert_status(deepidv_config_set(made->config, "proxy", DEEPIDV_NTS, "", DEEPIDV_NTS), DEEPIDV_OK);
  assert_status(deepidv_session_request_set_phone(made->request, "+1234", DEEPIDV_NTS), DEEPIDV_OK);
}

static void bytes_behind_the_length_are_not_read(void **state)
{
  objects *made = *state;

  assert_status(deepidv_session_request_set_phone(made->request, "+1234?", 5), DEEPIDV_OK);
  assert_status(deepidv_session_request_set_email(made->request, "a@b.c d", 5), DEEPIDV_OK);
  assert_status(deepidv_config_set_api_key(made->config, "key\r\n", 3), DEEPIDV_OK);
  assert_status(deepidv_config_set(made->config, "proxyX", 5, "", 0), DEEPIDV_OK);
}

static void texts_that_are_too_long(void **state)
{
  objects *made = *state;
  char *text = make_text('a', 10 << 20);
  size_t i;

  for (i = 0; i < COUNT(config_texts); i++) {
    const size_t longest = config_texts[i].longest, good = strlen(config_texts[i].good);
    char *value = make_text('a', longest + 1);

    memcpy(value, config_texts[i].good, good);
    if (strcmp(config_texts[i].key, "base_url") == 0)
      value[good] = '/'; /* the rest is a path */
    if (strcmp(config_texts[i].key, "proxy") == 0) {
      /* Most of it is the password; a host has at most 253 bytes. */
      memcpy(value, "http://u:", 9);
      memcpy(value + longest - 2, "@p", 2);
    }
    assert_status(config_texts[i].set(made->config, value, longest), DEEPIDV_OK);
    assert_status(config_texts[i].set(made->config, value, longest + 1), DEEPIDV_E_TOO_LONG);
    assert_status(config_texts[i].set(made->config, text, 10 << 20), DEEPIDV_E_TOO_LONG);
    free(value);
  }
  for (i = 0; i < COUNT(request_texts); i++)
    assert_status(request_texts[i](made->request, text, DEEPIDV_NTS), DEEPIDV_E_TOO_LONG);
  assert_status(
      deepidv_session_request_set_json(made->request, text, DEEPIDV_NTS, NULL, NULL), DEEPIDV_E_TOO_LONG);
  assert_status(deepidv_config_set(made->config, text, 10 << 20, "", 0), DEEPIDV_E_KEY);
  for (i = 0; i < COUNT(questions); i++) {
    const size_t lengths[] = { questions[i].too_long, 10 << 20, DEEPIDV_NTS };
    size_t j;

    for (j = 0; j < COUNT(lengths); j++) {
      deepidv_result *result = made->result;

      assert_status(questions[i].ask(made->client, text, lengths[j], &result), DEEPIDV_E_TOO_LONG);
      assert_null(result);
      assert_status(questions[i].submit(made->client, text, lengths[j], 1, NULL), DEEPIDV_E_TOO_LONG);
    }
  }
  free(text);
}

/* ---- Bytes ----------------------------------------------------------------------- */

static void texts_with_a_nul_inside(void **state)
{
  objects *made = *state;
  size_t i;

  for (i = 0; i < COUNT(config_texts); i++) {
    char value[64] = "";
    const size_t length = strlen(config_texts[i].good);

    memcpy(value, config_texts[i].good, length);
    assert_status(config_texts[i].set(made->config, value, length + 1), DEEPIDV_E_NUL);
  }
  for (i = 0; i < COUNT(request_texts); i++)
    assert_status(request_texts[i](made->request, "+1\0", 3), DEEPIDV_E_NUL);
  for (i = 0; i < COUNT(questions); i++) {
    deepidv_result *result = NULL;

    assert_status(questions[i].ask(made->client, "1.\0", 3, &result), DEEPIDV_E_NUL);
    assert_status(questions[i].submit(made->client, "\0", 1, 1, NULL), DEEPIDV_E_NUL);
  }
  assert_status(deepidv_config_set(made->config, "proxy\0", 6, "", 0), DEEPIDV_E_KEY);
}

static void texts_that_are_not_utf8(void **state)
{
  static const char *const wrong[] = {
    "\xff",
    "\x80",
    "a\xc3",
    "\xc0\xaf",
    "\xed\xa0\x80",
    "\xf4\x90\x80\x80",
    "\xe2\x82",
  };
  objects *made = *state;
  size_t i, j;

  for (i = 0; i < COUNT(wrong); i++) {
    for (j = 0; j < COUNT(config_texts); j++)
      assert_status(config_texts[j].set(made->config, wrong[i], DEEPIDV_NTS), DEEPIDV_E_UTF8);
    for (j = 0; j < COUNT(request_texts); j++)
      assert_status(request_texts[j](made->request, wrong[i], DEEPIDV_NTS), DEEPIDV_E_UTF8);
    for (j = 0; j < COUNT(questions); j++) {
      deepidv_result *result = NULL;

      assert_status(questions[j].ask(made->client, wrong[i], DEEPIDV_NTS, &result), DEEPIDV_E_UTF8);
      assert_status(questions[j].submit(made->client, wrong[i], DEEPIDV_NTS, 1, NULL), DEEPIDV_E_UTF8);
    }
  }
}

static void empty_texts(void **state)
{
  objects *made = *state;
  deepidv_config *config = NULL;
  deepidv_client *client = made->client;
  size_t i;

  assert_status(deepidv_config_set_api_key(made->config, "", 0), DEEPIDV_E_REQUIRED);
  assert_status(deepidv_config_set_ca_file(made->config, "", 0), DEEPIDV_E_REQUIRED);
  assert_status(deepidv_config_set_proxy(made->config, "", 0), DEEPIDV_OK);
  assert_status(deepidv_config_set_user_agent(made->config, "", 0), DEEPIDV_OK);
  for (i = 0; i < COUNT(request_texts); i++)
    assert_status(request_texts[i](made->request, "", 0), DEEPIDV_E_REQUIRED);
  for (i = 0; i < COUNT(questions); i++) {
    deepidv_result *result = NULL;

    assert_status(questions[i].ask(made->client, "", 0, &result), questions[i].empty);
    assert_status(questions[i].submit(made->client, "", 0, 1, NULL), questions[i].empty);
  }

  assert_status(deepidv_config_new(&config), DEEPIDV_OK);
  assert_status(deepidv_client_new(config, &client), DEEPIDV_E_REQUIRED);
  assert_null(client);
  deepidv_config_free(config);
}

static void flags_other_than_0_and_1(void **state)
{
  static const int32_t wrong[] = { -1, 2, INT32_MAX, INT32_MIN };
  objects *made = *state;
  size_t i, j;

  for (i = 0; i < COUNT(request_flags); i++) {
    assert_status(request_flags[i](made->request, 0), DEEPIDV_OK);
    assert_status(request_flags[i](made->request, 1), DEEPIDV_OK);
    for (j = 0; j < COUNT(wrong); j++)
      assert_status(request_flags[i](made->request, wrong[j]), DEEPIDV_E_RANGE);
  }
}

static void page_limits_that_are_too_large(void **state)
{
  static const uint32_t wrong[] = { 501, INT32_MAX, UINT32_MAX };
  objects *made = *state;
  size_t i;

  for (i = 0; i < COUNT(wrong); i++) {
    deepidv_result *result = made->result;
    uint64_t op = 1;

    assert_status(deepidv_session_list(made->client, NULL, 0, wrong[i], NULL, 0, &result), DEEPIDV_E_RANGE);
    assert_null(result);
    assert_status(
        deepidv_session_list_submit(made->client, NULL, 0, wrong[i], NULL, 0, 1, &op), DEEPIDV_E_RANGE);
    assert_int_equal(op, 0);
  }
}

static void malformed_tokens(void **state)
{
  static const char *const wrong[] = {
    "1",
    "1.",
    "1.1700000000",
    "1.1700000000.",
    "2.1700000000.a",
    "1..a",
    "1.x.a",
    "1.-5.a",
    ".1700000000.a",
    " 1.1700000000.a",
    "1,1700000000,a",
    "1.99999999999999999999.a",
    "sess_abc",
  };
  objects *made = *state;
  size_t i;

  for (i = 0; i < COUNT(wrong); i++) {
    deepidv_result *result = made->result;
    uint64_t op = 1;

    assert_row(
        deepidv_session_reconcile(made->client, wrong[i], DEEPIDV_NTS, &result) == DEEPIDV_E_TOKEN, wrong[i]);
    assert_null(result);
    assert_row(
        deepidv_session_reconcile_submit(made->client, wrong[i], DEEPIDV_NTS, 1, &op) == DEEPIDV_E_TOKEN,
        wrong[i]);
    assert_int_equal(op, 0);
  }
}

/* Dots would lead to another path. */
static void a_session_id_that_is_a_path(void **state)
{
  objects *made = *state;
  deepidv_result *result = made->result;

  assert_status(deepidv_session_retrieve(made->client, ".", 1, &result), DEEPIDV_E_REQUIRED);
  assert_null(result);
  assert_status(deepidv_session_retrieve(made->client, "..", 2, &result), DEEPIDV_E_REQUIRED);
  assert_status(deepidv_session_retrieve_submit(made->client, "..", 2, 1, NULL), DEEPIDV_E_REQUIRED);
}

/* ---- Statuses -------------------------------------------------------------------- */

static void names_and_texts(void **state)
{
  static const int32_t unknown[] = { -1, 16, 19, 99, 139, INT32_MAX, INT32_MIN };
  size_t i;
  int32_t code;

  (void)state;
  assert_string_equal(deepidv_version(), DEEPIDV_VERSION_TEXT);
  assert_string_equal(deepidv_status_name(DEEPIDV_OK), "DEEPIDV_OK");
  assert_string_equal(deepidv_status_name(DEEPIDV_E_PHONE), "DEEPIDV_E_PHONE");
  assert_string_equal(deepidv_status_name(DEEPIDV_E_NETWORK), "DEEPIDV_E_NETWORK");
  for (code = -300; code < 300; code++) {
    const char *text = deepidv_status_text(code);

    assert_memory_equal(deepidv_status_name(code), "DEEPIDV_", 8);
    assert_int_equal(text[strlen(text) - 1], '.');
  }
  for (i = 0; i < COUNT(unknown); i++)
    assert_string_equal(deepidv_status_name(unknown[i]), "DEEPIDV_E_?");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_objects, free_objects)
  const struct CMUnitTest tests[] = {
    TEST(a_length_with_its_top_bit_set),
    TEST(lengths_of_nul_terminated_texts),
    TEST(bytes_behind_the_length_are_not_read),
    TEST(texts_that_are_too_long),
    TEST(texts_with_a_nul_inside),
    TEST(texts_that_are_not_utf8),
    TEST(empty_texts),
    TEST(flags_other_than_0_and_1),
    TEST(page_limits_that_are_too_large),
    TEST(malformed_tokens),
    TEST(a_session_id_that_is_a_path),
    TEST(names_and_texts),
  };

  return cmocka_run_group_tests_name("arguments", tests, NULL, NULL);
}
