/* Options, set by function, by key and from the environment, and combinations of options. */

#define _POSIX_C_SOURCE 200809L /* setenv, mkdtemp */

#include <stdio.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

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

/* A line end in a value would begin another header. */
static void header_injection(void **state)
{
  static const char *const wrong[] = {
    "key\r\nX-Evil: 1",
    "key\n",
    "key\r",
    "\nkey",
    "key\t",
    "key\x7f",
    "k\x01",
    "kl\xc3\xa9",
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
    { "http://LOCALHOST", DEEPIDV_OK },
    { "HTTP://LocalHost:1/", DEEPIDV_OK },
    { "http://127.0.0.1/a@b", DEEPIDV_OK },
    { "http://0x7f.1", DEEPIDV_OK }, /* libcurl writes it out */
    { "http://2130706433", DEEPIDV_OK },
    { "http://[0:0::1]", DEEPIDV_OK },
    /* Names, which DNS could resolve to any address. */
    { "http://127.0.0.256", DEEPIDV_E_SCHEME },
    { "http://127.999.1.1", DEEPIDV_E_SCHEME },
    { "http://127.0.0.08", DEEPIDV_E_SCHEME },
    { "http://127...", DEEPIDV_E_SCHEME },
    { "http://127.0.0.", DEEPIDV_E_SCHEME },
    { "http://127.0.0.1.1", DEEPIDV_E_SCHEME },
    { "http://127.0.0.1a", DEEPIDV_E_SCHEME },
    { "http://localhost.", DEEPIDV_E_SCHEME },
    { "http://localhost..", DEEPIDV_E_SCHEME },
    { "http://a.localhost", DEEPIDV_E_SCHEME },
    { "http://localhos", DEEPIDV_E_SCHEME },
    { "http://lo\xc2\xad"
      "calhost",
        DEEPIDV_E_SCHEME },
    { "http://[::1%25lo]", DEEPIDV_E_SCHEME },
    { "http://[::ffff:127.0.0.1]", DEEPIDV_E_SCHEME },
    { "http://[::]", DEEPIDV_E_SCHEME },
    { "http://[127.0.0.1]", DEEPIDV_E_URL },
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
    { "https://api.deepidv.com#", DEEPIDV_E_URL },
    { "https://api.deepidv.com/#", DEEPIDV_E_URL },
    { "https://api.deepidv.com?", DEEPIDV_E_URL },
    { "https://api.deepidv.com/path?", DEEPIDV_E_URL },
    { "https://api.deepidv.com/path?#", DEEPIDV_E_URL },
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
    { "http://10.0.0.1/", DEEPIDV_OK },
    { "socks5://proxy.example.com", DEEPIDV_E_PROXY_SCHEME },
    { "socks4://proxy.example.com", DEEPIDV_E_PROXY_SCHEME },
    { "ftp://proxy.example.com", DEEPIDV_E_PROXY_SCHEME },
    { "http://user:password@proxy.example.com", DEEPIDV_OK },
    { "socks5h://user:p%40ss@proxy.example.com:1080", DEEPIDV_OK },
    { "http://user@proxy.example.com", DEEPIDV_OK },
    { "http://user:@proxy.example.com", DEEPIDV_OK },
    { "http://user:%zz@proxy.example.com", DEEPIDV_OK }, /* taken as it is */
    { "http://user:%00@proxy.example.com", DEEPIDV_E_URL },
    { "http://user:a%0d%0ab@proxy.example.com", DEEPIDV_E_URL },
    { "http://user%0a:p@proxy.example.com", DEEPIDV_E_URL },
    /* The part that looks like a user name would be the host. */
    { "http://user:12/3@proxy.example.com", DEEPIDV_E_URL },
    { "http://user:12?3@proxy.example.com", DEEPIDV_E_URL },
    { "http://user:12#3@proxy.example.com", DEEPIDV_E_URL },
    { "http://proxy.example.com/path", DEEPIDV_E_URL },
    { "http://proxy.example.com?", DEEPIDV_E_URL },
    { "http://proxy.example.com#", DEEPIDV_E_URL },
    { "http://user:password@", DEEPIDV_E_URL },
    { "proxy.example.com:3128", DEEPIDV_E_URL },
    { "http://", DEEPIDV_E_URL },
    { "http://a\\b", DEEPIDV_E_URL },
    { "http://proxy.example.com\r\nHost: x", DEEPIDV_E_CONTROL },
  };
  deepidv_config *config = *state;

  check_urls(config, deepidv_config_set_proxy, cases, COUNT(cases));
}

/* ---- Options that go together ---------------------------------------------------- */

static void hosts_without_tls(void **state)
{
  static const url_case lists[] = {
    { "", DEEPIDV_OK },
    { ",, ,", DEEPIDV_OK },
    { "emulator,host.docker.internal , my_service", DEEPIDV_OK },
    { "10.0.0.7,fd00::7,[fd00::8]", DEEPIDV_OK },
    { "*", DEEPIDV_E_CONTROL },
    { "*.example.com", DEEPIDV_E_CONTROL },
    { "emulator:8080", DEEPIDV_E_CONTROL },
    { "http://emulator", DEEPIDV_E_CONTROL },
    { "10.0.0.0/8", DEEPIDV_E_CONTROL },
    { "user@emulator", DEEPIDV_E_CONTROL },
    { "emulator\n", DEEPIDV_E_CONTROL },
    { "one two", DEEPIDV_E_CONTROL },
    { "b\xc3\xbc"
      "cher.example",
        DEEPIDV_E_CONTROL },
    { "[10.0.0.7]", DEEPIDV_E_CONTROL },
  };
  static const url_case urls[] = {
    { "http://emulator:8080", DEEPIDV_OK },
    { "http://EMULATOR", DEEPIDV_OK },
    { "http://10.0.0.7", DEEPIDV_OK },
    { "http://0xa.7", DEEPIDV_OK },
    { "http://[FD00:0::7]:8080", DEEPIDV_OK },
    { "http://127.0.0.1", DEEPIDV_OK },
    { "https://anywhere.example.com", DEEPIDV_OK },
    { "http://emulator.example.com", DEEPIDV_E_SCHEME },
    { "http://emulato", DEEPIDV_E_SCHEME },
    { "http://emulator.", DEEPIDV_E_SCHEME },
    { "http://10.0.0.70", DEEPIDV_E_SCHEME },
    { "http://[fd00::8]", DEEPIDV_E_SCHEME },
    { "http://[fd00::7%25eth0]", DEEPIDV_E_SCHEME },
    { "http://user@emulator", DEEPIDV_E_USERINFO },
    { "ftp://emulator", DEEPIDV_E_SCHEME },
  };
  deepidv_config *config = *state;

  check_urls(config, deepidv_config_set_allow_http_hosts, lists, COUNT(lists));
  assert_status(deepidv_config_set_allow_http_hosts(config, "", 0), DEEPIDV_OK);
  assert_status(deepidv_config_set_base_url(config, "http://emulator", DEEPIDV_NTS), DEEPIDV_E_SCHEME);
  assert_status(
      deepidv_config_set_allow_http_hosts(config, "emulator ,10.0.0.7,fd00::7", DEEPIDV_NTS), DEEPIDV_OK);
  check_urls(config, deepidv_config_set_base_url, urls, COUNT(urls));
}

/* In both orders of setting them. */
static void a_host_that_is_no_longer_allowed(void **state)
{
  deepidv_config *config = *state;
  deepidv_client *client = NULL;

  assert_status(deepidv_config_set_allow_http_hosts(config, "emulator", DEEPIDV_NTS), DEEPIDV_OK);
  assert_status(deepidv_config_set_base_url(config, "http://emulator", DEEPIDV_NTS), DEEPIDV_OK);
  assert_status(deepidv_config_set_allow_http_hosts(config, "other", DEEPIDV_NTS), DEEPIDV_OK);
  assert_status(deepidv_client_new(config, &client), DEEPIDV_E_SCHEME);
  assert_null(client);
  assert_status(deepidv_config_set_allow_http_hosts(config, "EMULATOR", DEEPIDV_NTS), DEEPIDV_OK);
  assert_status(deepidv_client_new(config, &client), DEEPIDV_OK);
  deepidv_client_free(client);
}

static void http_and_a_proxy(void **state)
{
  deepidv_config *config = *state;
  deepidv_client *client = NULL;

  assert_status(deepidv_config_set_proxy(config, "http://127.0.0.1:9", DEEPIDV_NTS), DEEPIDV_OK);
  assert_status(deepidv_config_set_base_url(config, "http://127.0.0.1:9", DEEPIDV_NTS), DEEPIDV_OK);
  assert_status(deepidv_client_new(config, &client), DEEPIDV_E_HTTP_PROXY);
  assert_null(client);
  assert_status(deepidv_config_set_proxy(config, "", 0), DEEPIDV_OK);
  assert_status(deepidv_client_new(config, &client), DEEPIDV_OK);
  deepidv_client_free(client);
}

static void write_file(const char *path, const char *text)
{
  FILE *file = fopen(path, "w");

  assert_non_null(file);
  assert_true(fputs(text, file) >= 0);
  assert_int_equal(fclose(file), 0);
}

/* A file of the system, with text and a private key before the certificates. */
static const char system_file[] = "/etc/ssl/certs/ca-certificates.crt";

static void files_without_a_certificate(void **state)
{
  static const char begin[] = "-----BEGIN CERTIFICATE-----\n", end[] = "-----END CERTIFICATE-----\n";
  static const char *const texts[] = { "", "no certificate\n", "", "" };
  char folder[] = "/tmp/deepidv-config-XXXXXX", path[64], broken[256], encrypted[256];
  deepidv_config *config = *state;
  deepidv_client *client = NULL;
  const char *all[COUNT(texts)];
  size_t i;

  snprintf(broken, sizeof broken, "%sAAAA\n%s", begin, end);
  /* libcrypto would ask at the terminal. */
  snprintf(encrypted, sizeof encrypted,
      "%sProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,"
      "00112233445566778899AABBCCDDEEFF\n\nAAAA\n%s",
      begin, end);
  memcpy(all, texts, sizeof all);
  all[2] = broken;
  all[3] = encrypted;
  assert_non_null(mkdtemp(folder));
  snprintf(path, sizeof path, "%s/ca.pem", folder);

  assert_status(deepidv_config_set_ca_file(config, path, DEEPIDV_NTS), DEEPIDV_OK);
  assert_status(deepidv_client_new(config, &client), DEEPIDV_E_CA_FILE);
  for (i = 0; i < COUNT(all); i++) {
    write_file(path, all[i]);
    assert_status(deepidv_client_new(config, &client), DEEPIDV_E_CA_FILE);
    assert_null(client);
  }
  assert_int_equal(unlink(path), 0);
  assert_int_equal(mkfifo(path, 0600), 0); /* without a writer: reading it must not block */
  assert_status(deepidv_client_new(config, &client), DEEPIDV_E_CA_FILE);
  assert_status(deepidv_config_set_ca_file(config, folder, DEEPIDV_NTS), DEEPIDV_OK);
  assert_status(deepidv_client_new(config, &client), DEEPIDV_E_CA_FILE);
  assert_status(deepidv_config_set_ca_file(config, "/dev/zero", DEEPIDV_NTS), DEEPIDV_OK);
  assert_status(deepidv_client_new(config, &client), DEEPIDV_E_CA_FILE);
  assert_int_equal(unlink(path), 0);
  assert_int_equal(rmdir(folder), 0);

  assert_status(deepidv_config_set_ca_file(config, system_file, DEEPIDV_NTS), DEEPIDV_OK);
  assert_status(deepidv_client_new(config, &client), DEEPIDV_OK);
  deepidv_client_free(client);
}

/* ---- Numbers --------------------------------------------------------------------- */

static void numbers_at_their_limits(void **state)
{
  deepidv_config *config = *state;
  size_t i;

  for (i = 0; i < COUNT(config_numbers); i++) {
    assert_status(
        config_numbers[i].set(config, 0), config_numbers[i].smallest == 0 ? DEEPIDV_OK : DEEPIDV_E_RANGE);
    assert_status(config_numbers[i].set(config, 1), DEEPIDV_OK);
    assert_status(config_numbers[i].set(config, config_numbers[i].largest), DEEPIDV_OK);
    assert_status(config_numbers[i].set(config, config_numbers[i].largest + 1), DEEPIDV_E_RANGE);
    assert_status(config_numbers[i].set(config, UINT32_MAX), DEEPIDV_E_RANGE);
  }
}

static void numbers_as_text(void **state)
{
  static const char *const wrong[] = {
    "",
    "-1",
    "+1",
    " 1",
    "1 ",
    "1\n",
    "1.0",
    "1e3",
    "0x10",
    "one",
    "86400001",
    "4294967295",
    "4294967296",
    "4294967297",
    "99999999999999999999999999",
    "1\xc2\xb2",
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
    assert_status(deepidv_config_set(config, key, DEEPIDV_NTS, largest, DEEPIDV_NTS), DEEPIDV_OK);
    for (j = 0; j < COUNT(wrong); j++)
      assert_row(
          deepidv_config_set(config, key, DEEPIDV_NTS, wrong[j], DEEPIDV_NTS) == DEEPIDV_E_RANGE, wrong[j]);
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

/* The tables of this file have the same options as the library. */
static void the_list_of_keys(void **state)
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
    "",
    "API_KEY",
    "api_key ",
    "apikey",
    "api_ke",
    "timeout",
    "rate_limits",
    "\xff",
  };
  deepidv_config *config = *state;
  size_t i;

  for (i = 0; i < COUNT(config_texts); i++) {
    const char *key = config_texts[i].key;

    assert_status(
        deepidv_config_set(config, key, DEEPIDV_NTS, config_texts[i].good, DEEPIDV_NTS), DEEPIDV_OK);
    assert_status(deepidv_config_set(config, key, strlen(key), "\xff", 1), DEEPIDV_E_UTF8);
  }
  for (i = 0; i < COUNT(config_numbers); i++)
    assert_status(deepidv_config_set(config, config_numbers[i].key, DEEPIDV_NTS, "1", 1), DEEPIDV_OK);
  for (i = 0; i < COUNT(unknown); i++)
    assert_status(deepidv_config_set(config, unknown[i], DEEPIDV_NTS, "1", 1), DEEPIDV_E_KEY);
}

/* ---- The environment ------------------------------------------------------------- */

/* The name of an option's variable: its key in capitals. */
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

static void http_hosts_from_the_environment(void **state)
{
  deepidv_config *config = *state;
  const char *key = NULL;

  clear_environment();
  set_variable("base_url", "http://emulator:8080");
  assert_status(deepidv_config_from_env(config, &key), DEEPIDV_E_SCHEME);
  assert_string_equal(key, "base_url");
  set_variable("allow_http_hosts", "emulator");
  assert_status(deepidv_config_from_env(config, &key), DEEPIDV_OK);
  set_variable("allow_http_hosts", "*");
  assert_status(deepidv_config_from_env(config, &key), DEEPIDV_E_CONTROL);
  assert_string_equal(key, "allow_http_hosts");
  clear_environment();
}

/* Common variables such as HTTPS_PROXY, and the status of a client that reads them. */
static void common_variables(void **state)
{
  static const struct {
    const char *name, *value;
    deepidv_status status;
  } cases[] = {
    { "HTTPS_PROXY", "http://proxy.example.com:3128", DEEPIDV_OK },
    { "https_proxy", "http://user:pass@proxy.example.com:3128/", DEEPIDV_OK },
    { "HTTPS_PROXY", "proxy.example.com:3128", DEEPIDV_OK },
    { "HTTPS_PROXY", "", DEEPIDV_OK },
    { "HTTPS_PROXY", "socks5://proxy.example.com", DEEPIDV_E_PROXY_SCHEME },
    { "https_proxy", "http://a b", DEEPIDV_E_CONTROL },
    { "HTTPS_PROXY", "http://", DEEPIDV_E_URL },
    { "HTTPS_PROXY", "\xff", DEEPIDV_E_UTF8 },
    { "SSL_CERT_FILE", "/etc/ssl/certs/ca-certificates.crt", DEEPIDV_OK },
    { "SSL_CERT_FILE", "/nowhere.pem", DEEPIDV_E_CA_FILE },
    { "SSL_CERT_FILE", "", DEEPIDV_OK },
    { "SSL_CERT_DIR", "/etc/ssl/certs", DEEPIDV_OK },
  };
  deepidv_config *config = *state;
  deepidv_client *client = NULL;
  size_t i;
  int reads;

  for (i = 0; i < COUNT(cases); i++) {
    assert_int_equal(setenv(cases[i].name, cases[i].value, 1), 0);
    for (reads = 0; reads < 2; reads++) {
      deepidv_status status;

      assert_status(deepidv_config_set_use_environment(config, (uint32_t)reads), DEEPIDV_OK);
      status = deepidv_client_new(config, &client);
      assert_row(status == (reads ? cases[i].status : DEEPIDV_OK), cases[i].value);
      deepidv_client_free(client);
    }
    assert_int_equal(unsetenv(cases[i].name), 0);
  }
}

/* An option overrides its variable, and plain HTTP uses neither. */
static void options_override_variables(void **state)
{
  deepidv_config *config = *state;
  deepidv_client *client = NULL;

  assert_status(deepidv_config_set_use_environment(config, 1), DEEPIDV_OK);
  assert_int_equal(setenv("HTTPS_PROXY", "socks5://proxy.example.com", 1), 0);
  assert_int_equal(setenv("SSL_CERT_FILE", "/nowhere.pem", 1), 0);
  assert_status(deepidv_config_set_base_url(config, "http://127.0.0.1", DEEPIDV_NTS), DEEPIDV_OK);
  assert_status(deepidv_client_new(config, &client), DEEPIDV_OK);
  deepidv_client_free(client);
  assert_status(deepidv_config_set_base_url(config, "https://127.0.0.1", DEEPIDV_NTS), DEEPIDV_OK);
  assert_status(deepidv_client_new(config, &client), DEEPIDV_E_PROXY_SCHEME);
  assert_status(deepidv_config_set_proxy(config, "", 0), DEEPIDV_OK);
  assert_status(deepidv_client_new(config, &client), DEEPIDV_E_CA_FILE);
  assert_status(deepidv_config_set_ca_file(config, system_file, DEEPIDV_NTS), DEEPIDV_OK);
  assert_status(deepidv_client_new(config, &client), DEEPIDV_OK);
  deepidv_client_free(client);
  assert_int_equal(unsetenv("HTTPS_PROXY"), 0);
  assert_int_equal(unsetenv("SSL_CERT_FILE"), 0);
}

/* The message of a failed connection names a variable that was set but not read. */
static void advice_about_variables(void **state)
{
  static const char advice[] = "HTTPS_PROXY is set, but not read";
  static const char gone[] = "https://127.0.0.1:1";
  static const struct {
    const char *variable, *no_proxy, *proxy;
    int has_advice;
  } cases[] = {
    { NULL, NULL, NULL, 0 },
    { "http://user:hunter2@127.0.0.1:9", NULL, NULL, 1 },
    { "socks5://127.0.0.1:9", NULL, NULL, 1 },
    { "http://127.0.0.1:9", "example.com,127.0.0.0/8", NULL, 0 },
    { "http://127.0.0.1:9", NULL, "", 0 },
    { "http://127.0.0.1:9", NULL, "http://127.0.0.1:9", 0 },
  };
  size_t i;

  (void)state;
  for (i = 0; i < COUNT(cases); i++) {
    deepidv_config *config = make_config(gone);
    deepidv_session_request *request = make_request();
    deepidv_result *result = NULL;
    deepidv_client *client;
    const char *message;
    size_t length = 0;

    /* Long enough for slow machines: the timeout must not end it. */
    assert_status(deepidv_config_set_timeout_ms(config, is_watched() ? 20000 : 2000), DEEPIDV_OK);
    if (cases[i].proxy)
      assert_status(deepidv_config_set_proxy(config, cases[i].proxy, DEEPIDV_NTS), DEEPIDV_OK);
    if (cases[i].variable)
      assert_int_equal(setenv("HTTPS_PROXY", cases[i].variable, 1), 0);
    if (cases[i].no_proxy)
      assert_int_equal(setenv("NO_PROXY", cases[i].no_proxy, 1), 0);
    client = make_client_of(config);
    unsetenv("HTTPS_PROXY");
    unsetenv("NO_PROXY");
    assert_status(deepidv_session_create(client, request, &result), DEEPIDV_E_NOT_SENT);
    /* A proxy that does not respond is DEEPIDV_E_PROXY. */
    assert_status(deepidv_result_cause(result),
        cases[i].proxy && *cases[i].proxy ? DEEPIDV_E_PROXY : DEEPIDV_E_CONNECT);
    message = deepidv_result_message(result, &length);
    assert_int_equal(strlen(message), length);
    assert_int_equal(strncmp(message, deepidv_status_text(deepidv_result_cause(result)),
                         strlen(deepidv_status_text(deepidv_result_cause(result)))),
        0);
    assert_int_equal(strstr(message, advice) != NULL, cases[i].has_advice);
    assert_null(strstr(message, "hunter2"));
    deepidv_result_free(result);
    deepidv_session_request_free(request);
    deepidv_client_free(client);
  }
}

/* ---- Setuid ---------------------------------------------------------------------- */

enum { IS_READ, IS_NOT_READ, IS_NO_SETUID, DOES_NOT_RUN = 127 };

/* Reads the environment in a setuid program. */
static int look_at_environment(void)
{
  deepidv_config *config = NULL;
  deepidv_client *client = NULL;
  deepidv_status status;

  if (!getauxval(AT_SECURE))
    return IS_NO_SETUID;
  if (deepidv_config_new(&config) != DEEPIDV_OK || deepidv_config_from_env(config, NULL) != DEEPIDV_OK)
    return IS_READ;
  /* Neither the key nor the invalid proxy was read. */
  status = deepidv_client_new(config, &client);
  if (status != DEEPIDV_E_REQUIRED)
    return IS_READ;
  deepidv_config_set_api_key(config, "key", DEEPIDV_NTS);
  deepidv_config_set_use_environment(config, 1);
  status = deepidv_client_new(config, &client);
  deepidv_client_free(client);
  deepidv_config_free(config);
  return status == DEEPIDV_OK ? IS_NOT_READ : IS_READ;
}

static int copy_of_this_program(const char *path)
{
  FILE *from = fopen("/proc/self/exe", "r"), *to = fopen(path, "w");
  char piece[4096];
  size_t count;

  assert_non_null(from);
  assert_non_null(to);
  while ((count = fread(piece, 1, sizeof piece, from)) > 0)
    assert_int_equal(fwrite(piece, 1, count, to), count);
  fclose(from);
  assert_int_equal(fclose(to), 0);
  return chown(path, 65534, (gid_t)-1) == 0 && chmod(path, 04755) == 0;
}

static void a_setuid_program(void **state)
{
  char folder[] = "/tmp/deepidv-config-XXXXXX", path[64];
  int status = 0, can;
  pid_t child;

  (void)state;
  assert_non_null(mkdtemp(folder));
  assert_int_equal(chmod(folder, 0755), 0);
  snprintf(path, sizeof path, "%s/program", folder);
  can = copy_of_this_program(path);
  if (can) {
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
      setenv("DEEPIDV_API_KEY", "key", 1);
      setenv("HTTPS_PROXY", "ftp://proxy.example.com", 1);
      execl(path, path, "environment", (char *)NULL);
      _exit(DOES_NOT_RUN);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    can = WIFEXITED(status) && WEXITSTATUS(status) != IS_NO_SETUID && WEXITSTATUS(status) != DOES_NOT_RUN;
  }
  unlink(path);
  rmdir(folder);
  if (!can)
    skip(); /* Not root, or where nothing is setuid, or the library is where only root can read. */
  assert_int_equal(WEXITSTATUS(status), IS_NOT_READ);
}

static void an_invalid_variable(void **state)
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

int main(int argc, char **argv)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_one, free_one)
  const struct CMUnitTest tests[] = {
    TEST(header_injection),
    TEST(base_urls),
    TEST(proxies),
    TEST(hosts_without_tls),
    TEST(a_host_that_is_no_longer_allowed),
    TEST(http_and_a_proxy),
    TEST(files_without_a_certificate),
    TEST(numbers_at_their_limits),
    TEST(numbers_as_text),
    TEST(the_list_of_keys),
    TEST(options_by_key),
    TEST(options_from_the_environment),
    TEST(an_invalid_variable),
    TEST(http_hosts_from_the_environment),
    TEST(common_variables),
    TEST(options_override_variables),
    TEST(advice_about_variables),
    TEST(a_setuid_program),
  };

  if (argc > 1 && strcmp(argv[1], "environment") == 0)
    return look_at_environment();
  return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
