#define _POSIX_C_SOURCE 200809L
#include "support.h"

#include <time.h>

void check_status(
    deepidv_status actual, deepidv_status expected, const char *call, const char *file, int line)
{
  if (actual == expected)
    return;
  print_error("%s\n  is %s, not %s\n", call, deepidv_status_name(actual), deepidv_status_name(expected));
  _fail(file, line);
}

void check_row(int holds, const char *condition, const char *name, const char *file, int line)
{
  if (holds)
    return;
  print_error("%s\n  does not hold for: %s\n", condition, name);
  _fail(file, line);
}

deepidv_config *make_config(const char *base_url)
{
  deepidv_config *config = NULL;

  assert_status(deepidv_config_new(&config), DEEPIDV_OK);
  assert_status(deepidv_config_set_api_key(config, CANARY_KEY, DEEPIDV_NTS), DEEPIDV_OK);
  if (base_url)
    assert_status(deepidv_config_set_base_url(config, base_url, DEEPIDV_NTS), DEEPIDV_OK);
  assert_status(deepidv_config_set_rate_limit(config, 0), DEEPIDV_OK);
  assert_status(deepidv_config_set_make_external_id(config, 0), DEEPIDV_OK);
  assert_status(deepidv_config_set_repeat_guard(config, 0), DEEPIDV_OK);
  return config;
}

deepidv_client *make_client_of(deepidv_config *config)
{
  deepidv_client *client = NULL;

  assert_status(deepidv_client_new(config, &client), DEEPIDV_OK);
  deepidv_config_free(config);
  return client;
}

deepidv_client *make_client(const char *base_url) { return make_client_of(make_config(base_url)); }

deepidv_client *make_hasty_client(const char *base_url, uint32_t timeout_ms)
{
  deepidv_config *config = make_config(base_url);

  assert_status(deepidv_config_set_timeout_ms(config, timeout_ms), DEEPIDV_OK);
  return make_client_of(config);
}

deepidv_client *make_limited_client(const char *base_url, uint32_t max_in_flight)
{
  deepidv_config *config = make_config(base_url);

  assert_status(deepidv_config_set_max_in_flight(config, max_in_flight), DEEPIDV_OK);
  return make_client_of(config);
}

deepidv_session_request *make_empty_request(void)
{
  deepidv_session_request *request = NULL;

  assert_status(deepidv_session_request_new(&request), DEEPIDV_OK);
  return request;
}

deepidv_session_request *make_request(void)
{
  deepidv_session_request *request = make_empty_request();

  assert_status(
      deepidv_session_request_set_json(request, CANARY_APPLICANT, DEEPIDV_NTS, NULL, NULL), DEEPIDV_OK);
  return request;
}

deepidv_session_request *make_request_as(const char *external_id)
{
  deepidv_session_request *request = make_request();

  assert_status(deepidv_session_request_set_external_id(request, external_id, DEEPIDV_NTS), DEEPIDV_OK);
  return request;
}

char *make_text(char byte, size_t count)
{
  char *text = malloc(count + 1);

  assert_non_null(text);
  memset(text, byte, count);
  text[count] = '\0';
  return text;
}

int is_text(const char *url, deepidv_span span, const char *text)
{
  return span.length == strlen(text) && memcmp(url + span.offset, text, span.length) == 0;
}

int is_watched(void) { return getenv("DEEPIDV_TEST_VALGRIND") != NULL; }

uint64_t now_ms(void)
{
  struct timespec now;

  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

void sleep_ms(unsigned milliseconds)
{
  struct timespec pause = { milliseconds / 1000, (long)(milliseconds % 1000) * 1000000 };

  nanosleep(&pause, NULL);
}
