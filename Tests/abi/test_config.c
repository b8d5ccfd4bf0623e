/* Options: every rule, by setter, by key, and from the environment. No network. */

#define _POSIX_C_SOURCE 200809L /* setenv */

#include <stdio.h>

#include "calls.h"

static int make_one(void **state)
{
  *state = make_config(NULL);
  return 0;
}

static int free_one(void **state)
{
  deepidv_config_free(*state);
  return 0;
}

/* ---- Headers --------------------------------------------------------------------- */

/* A line's end in a header would begin another one. */
static void a_header_within_a_header(void **state)
{
  static const char *const wrong[] = {
    "key\r\nX-Evil: 1", "key\n", "key\r", "\nkey", "key\t", "key\x7f", "k\x01", "kl\xc3\xa9",
  };
  deepidv_config *config = *state;
  size_t i;

  for (i = 0; i < COUNT(wrong); i++) {
    assert_status(deepidv_config_set_api_key(config, wrong[i], DEEPIDV_NTS), DEEPIDV_E_CONTROL);
    assert_status(deepidv_config_set_user_agent(config, wrong[i], DEEPIDV_NTS), DEEPIDV_E_CONTROL);
  }
  assert_status(deepidv_config_set_api_key(config, "a b", DEEPIDV_NTS), DEEPIDV_E_CONTROL);
  assert_status(deepidv_config_set_user_agent(config, "a b", DEEPIDV_NTS), DEEPIDV_OK);
}

/* ---- URLs ------------------------------------------------------------------------ */

typedef struct url_case {
  const char *url;
  deepidv_status status;
} url_case;

static void check_urls(deepidv_config *config, config_text *set, const url_case *cases, size_t count)
{
  size_t i;

  for (i = 0; i < count; i++) {
    deepidv_status status = set(config, cases[i].url, DEEPIDV_NTS);

    if (status != cases[i].status)
      print_error("%s\n", cases[i].url);
    assert_status(status, cases[i].status);
  }
}

static void base_urls(void **state)
{
  static const url_case cases[] = {
    { "https://api.deepidv.com", DEEPIDV_OK },
    { "https://api.deepidv.com/", DEEPIDV_OK },
    { "HTTPS://api.deepidv.com:8443/a/path", DEEPIDV_OK },
    { "https://[2001:db8::1]:8443", DEEPIDV_OK },
    { "http://127.0.0.1", DEEPIDV_OK },
    { "http://127.0.0.1:8080/v0", DEEPIDV_OK },
    { "http://127.255.255.254", DEEPIDV_OK },
    { "http://127.1", DEEPIDV_OK },
    { "http://localhost:8080", DEEPIDV_OK },
    { "http://[::1]:8080", DEEPIDV_OK },
    { "http://api.deepidv.com", DEEPIDV_E_SCHEME },
    { "http://127.0.0.1.example.com", DEEPIDV_E_SCHEME },
    { "http://127.example.com", DEEPIDV_E_SCHEME },
    { "http://localhost.example.com", DEEPIDV_E_SCHEME },
    { "http://128.0.0.1", DEEPIDV_E_SCHEME },
    { "http://0.0.0.0", DEEPIDV_E_SCHEME },
    { "http://[::2]", DEEPIDV_E_SCHEME },
    { "ftp://api.deepidv.com", DEEPIDV_E_SCHEME },
    { "file:///etc/passwd", DEEPIDV_E_URL },
    { "https://user@api.deepidv.com", DEEPIDV_E_USERINFO },
    { "https://user:password@api.deepidv.com", DEEPIDV_E_USERINFO },
    { "https://@api.deepidv.com", DEEPIDV_E_USERINFO },
    { "http://127.0.0.1@evil.example.com", DEEPIDV_E_USERINFO },
    { "https://api.deepidv.com?query", DEEPIDV_E_URL },
    { "https://api.deepidv.com/path?a=b", DEEPIDV_E_URL },
    { "https://api.deepidv.com#fragment", DEEPIDV_E_URL },
    { "https://api.deepidv.com:99999", DEEPIDV_E_URL },
    { "https://api.deepidv.com:port", DEEPIDV_E_URL },
    { "https://", DEEPIDV_E_URL },
    { "https:///path", DEEPIDV_E_URL },
    { "https://:8080", DEEPIDV_E_URL },
    { "https:api.deepidv.com", DEEPIDV_E_URL },
    { "https:/api.deepidv.com", DEEPIDV_E_URL },
    { "//api.deepidv.com", DEEPIDV_E_URL },
    { "api.deepidv.com", DEEPIDV_E_URL },
    { "https://api.deepidv.com\\@evil.example.com", DEEPIDV_E_URL },
    { "https:\\\\api.deepidv.com", DEEPIDV_E_URL },
    { "https://api.deepidv.com/a b", DEEPIDV_E_CONTROL },
    { " https://api.deepidv.com", DEEPIDV_E_CONTROL },
    { "https://api.deepidv.com\n", DEEPIDV_E_CONTROL },
    { "https://api.deepidv.com/\x7f", DEEPIDV_E_CONTROL },
  };
  deepidv_config *config = *state;
  deepidv_status empty = deepidv_config_set_base_url(config, "", 0);

  check_urls(config, deepidv_config_set_base_url, cases, COUNT(cases));
  assert_true(empty == DEEPIDV_E_REQUIRED || empty == DEEPIDV_E_URL);
}

static void proxies(void **state)
{
  static const url_case cases[] = {
    { "", DEEPIDV_OK },
    { "http://proxy.example.com:3128", DEEPIDV_OK },
    { "https://proxy.example.com:3129", DEEPIDV_OK },
    { "socks5h://proxy.example.com:1080", DEEPIDV_OK },
    { "http://10.0.0.1", DEEPIDV_OK },
    { "socks5://proxy.example.com", DEEPIDV_E_SCHEME },
    { "socks4://proxy.example.com", DEEPIDV_E_SCHEME },
    { "ftp://proxy.example.com", DEEPIDV_E_SCHEME },
    { "http://user:password@proxy.example.com", DEEPIDV_E_USERINFO },
    { "proxy.example.com:3128", DEEPIDV_E_URL },
    { "http://", DEEPIDV_E_URL },
    { "http://a\\b", DEEPIDV_E_URL },
    { "http://proxy.example.com\r\nHost: x", DEEPIDV_E_CONTROL },
  };
  deepidv_config *config = *state;

  check_urls(config, deepidv_config_set_proxy, cases, COUNT(cases));
}

/* ---- Numbers --------------------------------------------------------------------- */

static void numbers_at_their_limits(void **state)
{
  deepidv_config *config = *state;
  size_t i;

  for (i = 0; i < COUNT(config_numbers); i++) {
    assert_status(config_numbers[i].set(config, 0),
        config_numbers[i].smallest == 0 ? DEEPIDV_OK : DEEPIDV_E_RANGE);
    assert_status(config_numbers[i].set(config, 1), DEEPIDV_OK);
    assert_status(config_numbers[i].set(config, config_numbers[i].largest), DEEPIDV_OK);
    assert_status(
        config_numbers[i].set(config, config_numbers[i].largest + 1), DEEPIDV_E_RANGE);
    assert_status(config_numbers[i].set(config, UINT32_MAX), DEEPIDV_E_RANGE);
  }
}

static void numbers_as_text(void **state)
{
  static const char *const wrong[] = {
    "", "-1", "+1", " 1", "1 ", "1\n", "1.0", "1e3", "0x10", "one", "86400001",
    "4294967295", "4294967296", "4294967297", "99999999999999999999999999", "1\xc2\xb2",
  };
  deepidv_config *config = *state;
  char largest[16];
  size_t i, j;

  for (i = 0; i < COUNT(config_numbers); i++) {
    const char *key = config_numbers[i].key;

    snprintf(largest, sizeof largest, "%lu", (unsigned long)config_numbers[i].largest);
    assert_status(deepidv_config_set(config, key, DEEPIDV_NTS, "0", 1),
        config_numbers[i].smallest == 0 ? DEEPIDV_OK : DEEPIDV_E_RANGE);
    assert_status(deepidv_config_set(config, key, DEEPIDV_NTS, "1", 1), DEEPIDV_OK);
    assert_status(
        deepidv_config_set(config, key, DEEPIDV_NTS, largest, DEEPIDV_NTS), DEEPIDV_OK);
    for (j = 0; j < COUNT(wrong); j++)
      assert_row(deepidv_config_set(config, key, DEEPIDV_NTS, wrong[j], DEEPIDV_NTS) ==
          DEEPIDV_E_RANGE, wrong[j]);
  }
}

/* ---- Keys ------------------------------------------------------------------------ */

static int is_known(const char *key)
{
  size_t i;

  for (i = 0; i < COUNT(config_texts); i++)
    if (strcmp(config_texts[i].key, key) == 0)
      return 1;
  for (i = 0; i < COUNT(config_numbers); i++)
    if (strcmp(config_numbers[i].key, key) == 0)
      return 1;
  return 0;
}

/* Every option that is listed is in this file's tables, and the other way round. */
static void the_keys_that_are_listed(void **state)
{
  const char *key;
  size_t length = 0;
  uint32_t count = 0;

  (void)state;
  while ((key = deepidv_config_key(count, &length))) {
    assert_int_equal(length, strlen(key));
    assert_row(is_known(key), key);
    count++;
  }
  assert_int_equal(length, 0);
  assert_int_equal(count, COUNT(config_texts) + COUNT(config_numbers));
  assert_null(deepidv_config_key(UINT32_MAX, &length));
  assert_null(deepidv_config_key(UINT32_MAX, NULL));
}

static void options_by_key(void **state)
{
  static const char *const unknown[] = {
    "", "API_KEY", "api_key ", "apikey", "api_ke", "timeout", "rate_limits", "\xff",
  };
  deepidv_config *config = *state;
  size_t i;

  for (i = 0; i < COUNT(config_texts); i++) {
    const char *key = config_texts[i].key;

    assert_status(deepidv_config_set(config, key, DEEPIDV_NTS, config_texts[i].good,
        DEEPIDV_NTS), DEEPIDV_OK);
    assert_status(deepidv_config_set(config, key, strlen(key), "\xff", 1), DEEPIDV_E_UTF8);
  }
  for (i = 0; i < COUNT(config_numbers); i++)
    assert_status(deepidv_config_set(config, config_numbers[i].key, DEEPIDV_NTS, "1", 1), DEEPIDV_OK);
  for (i = 0; i < COUNT(unknown); i++)
    assert_status(deepidv_config_set(config, unknown[i], DEEPIDV_NTS, "1", 1), DEEPIDV_E_KEY);
}

/* ---- The environment ------------------------------------------------------------- */

/* The variable of an option: its key in capitals. */
static void set_variable(const char *key, const char *value)
{
  char name[64] = "DEEPIDV_";
  size_t at = strlen(name);

  for (; *key; key++)
    name[at++] = *key >= 'a' && *key <= 'z' ? (char)(*key - 'a' + 'A') : *key;
  name[at] = '\0';
  if (value)
    assert_int_equal(setenv(name, value, 1), 0);
  else
    assert_int_equal(unsetenv(name), 0);
}

static void clear_environment(void)
{
  size_t i;

  for (i = 0; i < COUNT(config_texts); i++)
    set_variable(config_texts[i].key, NULL);
  for (i = 0; i < COUNT(config_numbers); i++)
    set_variable(config_numbers[i].key, NULL);
}

static void options_from_the_environment(void **state)
{
  deepidv_config *config = NULL;
  deepidv_client *client = NULL;
  const char *key = "left";
  size_t i;

  (void)state;
  clear_environment();
  assert_status(deepidv_config_new(&config), DEEPIDV_OK);
  assert_status(deepidv_config_from_env(config, &key), DEEPIDV_OK);
  assert_null(key);
  assert_status(deepidv_client_new(config, &client), DEEPIDV_E_REQUIRED);

  for (i = 0; i < COUNT(config_texts); i++)
    set_variable(config_texts[i].key, config_texts[i].good);
  for (i = 0; i < COUNT(config_numbers); i++)
    set_variable(config_numbers[i].key, "1");
  assert_status(deepidv_config_from_env(config, NULL), DEEPIDV_OK);
  assert_status(deepidv_client_new(config, &client), DEEPIDV_OK);
  deepidv_client_free(client);
  deepidv_config_free(config);
  clear_environment();
}

static void a_variable_that_is_refused(void **state)
{
  deepidv_config *config = *state;
  const char *key = NULL;
  size_t i;

  clear_environment();
  for (i = 0; i < COUNT(config_texts); i++) {
    set_variable(config_texts[i].key, "\xff");
    assert_status(deepidv_config_from_env(config, &key), DEEPIDV_E_UTF8);
    assert_string_equal(key, config_texts[i].key);
    clear_environment();
  }
  for (i = 0; i < COUNT(config_numbers); i++) {
    set_variable(config_numbers[i].key, "soon");
    assert_status(deepidv_config_from_env(config, &key), DEEPIDV_E_RANGE);
    assert_string_equal(key, config_numbers[i].key);
    clear_environment();
  }
  set_variable("base_url", "http://api.deepidv.com");
  assert_status(deepidv_config_from_env(config, &key), DEEPIDV_E_SCHEME);
  assert_string_equal(key, "base_url");
  set_variable("base_url", "https://user@api.deepidv.com");
  assert_status(deepidv_config_from_env(config, NULL), DEEPIDV_E_USERINFO);
  clear_environment();
  set_variable("proxy", "");
  assert_status(deepidv_config_from_env(config, &key), DEEPIDV_OK);
  assert_null(key);
  clear_environment();
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_one, free_one)
  const struct CMUnitTest tests[] = {
    TEST(a_header_within_a_header),
    TEST(base_urls),
    TEST(proxies),
    TEST(numbers_at_their_limits),
    TEST(numbers_as_text),
    TEST(the_keys_that_are_listed),
    TEST(options_by_key),
    TEST(options_from_the_environment),
    TEST(a_variable_that_is_refused),
  };

  return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
