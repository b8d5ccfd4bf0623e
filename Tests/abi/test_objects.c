/* NULL and objects of another kind as arguments. No network. */

#include "calls.h"
#include "objects.h"

/* ---- Pointers -------------------------------------------------------------------- */

static void null_for_a_new_object(void **state)
{
  objects *made = *state;
  deepidv_client *client = (deepidv_client *)made;

  assert_status(deepidv_config_new(NULL), DEEPIDV_E_NULL);
  assert_status(deepidv_session_request_new(NULL), DEEPIDV_E_NULL);
  assert_status(deepidv_client_new(made->config, NULL), DEEPIDV_E_NULL);
  assert_status(deepidv_client_new(NULL, &client), DEEPIDV_E_NULL);
  assert_null(client);
}

static void freeing_null(void **state)
{
  (void)state;
  deepidv_config_free(NULL);
  deepidv_client_free(NULL);
  deepidv_session_request_free(NULL);
  deepidv_result_free(NULL);
}

static void null_in_config_calls(void **state)
{
  objects *made = *state;
  const char *key = "left";
  size_t i;

  for (i = 0; i < COUNT(config_texts); i++) {
    assert_status(config_texts[i].set(NULL, "x", 1), DEEPIDV_E_NULL);
    assert_status(config_texts[i].set(made->config, NULL, 1), DEEPIDV_E_NULL);
    assert_status(config_texts[i].set(made->config, NULL, 0), DEEPIDV_E_NULL);
    assert_status(config_texts[i].set(made->config, NULL, DEEPIDV_NTS), DEEPIDV_E_NULL);
  }
  for (i = 0; i < COUNT(config_numbers); i++)
    assert_status(config_numbers[i].set(NULL, 1), DEEPIDV_E_NULL);
  assert_status(deepidv_config_set(NULL, "proxy", 5, "", 0), DEEPIDV_E_NULL);
  assert_status(deepidv_config_set(made->config, NULL, 5, "", 0), DEEPIDV_E_NULL);
  assert_status(deepidv_config_set(made->config, "proxy", 5, NULL, 0), DEEPIDV_E_NULL);
  assert_status(deepidv_config_from_env(NULL, &key), DEEPIDV_E_NULL);
  assert_null(key);
  assert_status(deepidv_config_from_env(NULL, NULL), DEEPIDV_E_NULL);
  assert_non_null(deepidv_config_key(0, NULL));
}

static void null_in_request_calls(void **state)
{
  objects *made = *state;
  const char *field = "left";
  size_t offset = 1, i;

  for (i = 0; i < COUNT(request_texts); i++) {
    assert_status(request_texts[i](NULL, "x", 1), DEEPIDV_E_NULL);
    assert_status(request_texts[i](made->request, NULL, 1), DEEPIDV_E_NULL);
    assert_status(request_texts[i](made->request, NULL, 0), DEEPIDV_E_NULL);
    assert_status(request_texts[i](made->request, NULL, DEEPIDV_NTS), DEEPIDV_E_NULL);
  }
  for (i = 0; i < COUNT(request_flags); i++)
    assert_status(request_flags[i](NULL, 1), DEEPIDV_E_NULL);
  assert_status(deepidv_session_request_set_expires_in_hours(NULL, 1), DEEPIDV_E_NULL);

  assert_status(deepidv_session_request_set_json(NULL, "{}", 2, &field, &offset), DEEPIDV_E_NULL);
  assert_null(field);
  assert_int_equal(offset, 0);
  field = "left";
  offset = 1;
  assert_status(deepidv_session_request_set_json(made->request, NULL, 2, &field, &offset), DEEPIDV_E_NULL);
  assert_null(field);
  assert_int_equal(offset, 0);
  assert_status(deepidv_session_request_set_json(made->request, "[", 1, NULL, NULL), DEEPIDV_E_JSON);

  field = "left";
  assert_status(deepidv_session_request_validate(NULL, &field), DEEPIDV_E_NULL);
  assert_null(field);
  assert_status(deepidv_session_request_validate(made->request, NULL), DEEPIDV_OK);
}

static void null_in_client_calls(void **state)
{
  objects *made = *state;
  deepidv_result *result = made->result;
  deepidv_event event;
  uint64_t op = 1;

  assert_status(deepidv_client_close(NULL), DEEPIDV_E_NULL);
  assert_int_equal(deepidv_client_fd(NULL), -1);
  assert_status(deepidv_client_wait(NULL, 0), DEEPIDV_E_NULL);
  assert_status(deepidv_client_grant(NULL, 1, 1000, -1, NULL), DEEPIDV_E_NULL);
  assert_status(deepidv_client_cancel(NULL, 1), DEEPIDV_E_NULL);

  assert_status(deepidv_client_next(NULL, &event, &result), DEEPIDV_E_NULL);
  assert_null(result);
  result = made->result;
  assert_status(deepidv_client_next(made->client, NULL, &result), DEEPIDV_E_NULL);
  assert_null(result);
  assert_status(deepidv_client_next(made->client, &event, NULL), DEEPIDV_E_NULL);

  result = made->result;
  assert_status(deepidv_session_create(NULL, made->request, &result), DEEPIDV_E_NULL);
  assert_null(result);
  result = made->result;
  assert_status(deepidv_session_create(made->client, NULL, &result), DEEPIDV_E_NULL);
  assert_null(result);
  assert_status(deepidv_session_create(made->client, made->request, NULL), DEEPIDV_E_NULL);

  assert_status(deepidv_session_create_submit(NULL, made->request, 1, &op), DEEPIDV_E_NULL);
  assert_int_equal(op, 0);
  op = 1;
  assert_status(deepidv_session_create_submit(made->client, NULL, 1, &op), DEEPIDV_E_NULL);
  assert_int_equal(op, 0);
}

/* NULL is accepted only for optional texts. */
static void null_in_questions(void **state)
{
  objects *made = *state;
  size_t i;

  for (i = 0; i < COUNT(questions); i++) {
    const question_row *row = &questions[i];
    deepidv_result *result = made->result;
    uint64_t op = 1;

    assert_status(row->ask(NULL, row->good, DEEPIDV_NTS, &result), DEEPIDV_E_NULL);
    assert_null(result);
    assert_status(row->ask(made->client, row->good, DEEPIDV_NTS, NULL), DEEPIDV_E_NULL);
    assert_status(row->submit(NULL, row->good, DEEPIDV_NTS, 1, &op), DEEPIDV_E_NULL);
    assert_int_equal(op, 0);
    assert_status(row->submit(NULL, row->good, DEEPIDV_NTS, 1, NULL), DEEPIDV_E_NULL);
    if (row->may_be_null)
      continue;
    result = made->result;
    assert_status(row->ask(made->client, NULL, 1, &result), DEEPIDV_E_NULL);
    assert_null(result);
    assert_status(row->ask(made->client, NULL, 0, &result), DEEPIDV_E_NULL);
    assert_status(row->ask(made->client, NULL, DEEPIDV_NTS, &result), DEEPIDV_E_NULL);
    op = 1;
    assert_status(row->submit(made->client, NULL, 1, 1, &op), DEEPIDV_E_NULL);
    assert_int_equal(op, 0);
  }
}

/* The values of NULL, or of another object. */
static void check_no_result(const deepidv_result *result, deepidv_status status)
{
  deepidv_span span = { 1, 1 };
  size_t length, i;

  assert_status(deepidv_result_session_record_at(result, 0, &span), status);
  assert_int_equal(span.length, 0);

  assert_status(deepidv_result_status(result), status);
  assert_status(deepidv_result_cause(result), status);
  assert_int_equal(deepidv_result_http_status(result), 0);
  assert_int_equal(deepidv_result_attempts(result), 0);
  assert_int_equal(deepidv_result_elapsed_us(result), 0);
  assert_int_equal(deepidv_result_hint_count(result), 0);
  assert_int_equal(deepidv_result_link_count(result), 0);
  assert_int_equal(deepidv_result_session_count(result), 0);
  assert_int_equal(deepidv_result_reconciled(result), 0);
  assert_int_equal(deepidv_result_retry_after_ms(result), 0);
  for (i = 0; i < COUNT(result_texts); i++) {
    length = 1;
    assert_null(result_texts[i](result, &length));
    assert_int_equal(length, 0);
    assert_null(result_texts[i](result, NULL));
  }
  length = 1;
  assert_null(deepidv_result_hint(result, 0, &length));
  assert_int_equal(length, 0);
  length = 1;
  assert_null(deepidv_result_session_id_at(result, 0, &length));
  assert_int_equal(length, 0);
  length = 1;
  assert_null(deepidv_result_link(result, 0, &length));
  assert_int_equal(length, 0);
  length = 1;
  assert_null(deepidv_result_link_rel(result, 0, &length));
  assert_int_equal(length, 0);
}

static void null_in_result_calls(void **state)
{
  (void)state;
  check_no_result(NULL, DEEPIDV_E_NULL);
}

static void null_in_redirect_calls(void **state)
{
  deepidv_redirect redirect;
  deepidv_param param;
  deepidv_session_url session_url;
  deepidv_span span = { 0, 1 };
  char text[8] = "left";
  size_t length = 1;

  (void)state;
  memset(&param, 0xff, sizeof param);
  assert_status(deepidv_redirect_next_param(NULL, 1, &param), DEEPIDV_E_NULL);
  assert_int_equal(param.position, 0);
  assert_status(deepidv_redirect_next_param("a", 1, NULL), DEEPIDV_E_NULL);
  assert_status(deepidv_redirect_param(NULL, 1, "a", 1, &span), DEEPIDV_E_NULL);
  assert_int_equal(span.length, 0);
  assert_status(deepidv_redirect_param("a", 1, NULL, 1, &span), DEEPIDV_E_NULL);
  assert_status(deepidv_redirect_param("a", 1, "a", 1, NULL), DEEPIDV_E_NULL);
  memset(&session_url, 0xff, sizeof session_url);
  assert_status(deepidv_session_url_parse(NULL, 1, &session_url), DEEPIDV_E_NULL);
  assert_int_equal(session_url.present, 0);
  assert_status(deepidv_session_url_parse("a", 1, NULL), DEEPIDV_E_NULL);

  span.length = 1;
  memset(&redirect, 0xff, sizeof redirect);
  assert_status(deepidv_redirect_parse(NULL, 1, &redirect), DEEPIDV_E_NULL);
  assert_int_equal(redirect.present, 0);
  assert_int_equal(redirect.status, DEEPIDV_REDIRECT_NONE);
  assert_int_equal(redirect.reserved[3], 0);
  assert_status(deepidv_redirect_parse("a", 1, NULL), DEEPIDV_E_NULL);
  assert_status(deepidv_redirect_matches(NULL, 1, &redirect, "a", 1), DEEPIDV_E_NULL);
  assert_status(deepidv_redirect_matches("a", 1, NULL, "a", 1), DEEPIDV_E_NULL);
  assert_status(deepidv_redirect_matches("a", 1, &redirect, NULL, 1), DEEPIDV_E_NULL);

  assert_status(deepidv_span_decode(NULL, 1, &span, text, sizeof text, &length), DEEPIDV_E_NULL);
  assert_int_equal(length, 0);
  length = 1;
  assert_status(deepidv_span_decode("a", 1, NULL, text, sizeof text, &length), DEEPIDV_E_NULL);
  assert_int_equal(length, 0);
  length = 1;
  assert_status(deepidv_span_decode("a", 1, &span, NULL, sizeof text, &length), DEEPIDV_E_NULL);
  assert_int_equal(length, 0);
  assert_status(deepidv_span_decode("a", 1, &span, text, sizeof text, NULL), DEEPIDV_OK);
}

/* ---- Objects of another kind ----------------------------------------------------- */

static void check_no_config(deepidv_config *config)
{
  deepidv_client *client = (deepidv_client *)config;
  const char *key = "left";
  size_t i;

  for (i = 0; i < COUNT(config_texts); i++)
    assert_status(config_texts[i].set(config, config_texts[i].good, DEEPIDV_NTS), DEEPIDV_E_HANDLE);
  for (i = 0; i < COUNT(config_numbers); i++)
    assert_status(config_numbers[i].set(config, 1), DEEPIDV_E_HANDLE);
  assert_status(deepidv_config_set(config, "proxy", 5, "", 0), DEEPIDV_E_HANDLE);
  assert_status(deepidv_config_from_env(config, &key), DEEPIDV_E_HANDLE);
  assert_null(key);
  assert_status(deepidv_client_new(config, &client), DEEPIDV_E_HANDLE);
  assert_null(client);
}

static void check_no_request(deepidv_client *live, deepidv_session_request *request)
{
  deepidv_result *result = (deepidv_result *)live;
  const char *field = "left";
  uint64_t op = 1;
  size_t i;

  for (i = 0; i < COUNT(request_texts); i++)
    assert_status(request_texts[i](request, "+1", DEEPIDV_NTS), DEEPIDV_E_HANDLE);
  for (i = 0; i < COUNT(request_flags); i++)
    assert_status(request_flags[i](request, 1), DEEPIDV_E_HANDLE);
  assert_status(deepidv_session_request_set_expires_in_hours(request, 1), DEEPIDV_E_HANDLE);
  assert_status(deepidv_session_request_set_json(request, "{}", 2, NULL, NULL), DEEPIDV_E_HANDLE);
  assert_status(deepidv_session_request_validate(request, &field), DEEPIDV_E_HANDLE);
  assert_null(field);
  assert_status(deepidv_session_create(live, request, &result), DEEPIDV_E_HANDLE);
  assert_null(result);
  assert_status(deepidv_session_create_submit(live, request, 1, &op), DEEPIDV_E_HANDLE);
  assert_int_equal(op, 0);
}

static void check_no_client(deepidv_client *client, const deepidv_session_request *live)
{
  deepidv_result *result = (deepidv_result *)client;
  deepidv_event event;
  uint64_t op = 1;
  size_t i;

  assert_status(deepidv_client_close(client), DEEPIDV_E_HANDLE);
  assert_int_equal(deepidv_client_fd(client), -1);
  assert_status(deepidv_client_wait(client, 0), DEEPIDV_E_HANDLE);
  assert_status(deepidv_client_grant(client, 1, 1000, -1, NULL), DEEPIDV_E_HANDLE);
  assert_status(deepidv_client_cancel(client, 1), DEEPIDV_E_HANDLE);
  assert_status(deepidv_client_next(client, &event, &result), DEEPIDV_E_HANDLE);
  assert_null(result);
  assert_status(deepidv_session_create(client, live, &result), DEEPIDV_E_HANDLE);
  assert_status(deepidv_session_create_submit(client, live, 1, &op), DEEPIDV_E_HANDLE);
  assert_int_equal(op, 0);
  for (i = 0; i < COUNT(questions); i++) {
    result = (deepidv_result *)client;
    op = 1;
    assert_status(questions[i].ask(client, questions[i].good, DEEPIDV_NTS, &result), DEEPIDV_E_HANDLE);
    assert_null(result);
    assert_status(questions[i].submit(client, questions[i].good, DEEPIDV_NTS, 1, &op), DEEPIDV_E_HANDLE);
    assert_int_equal(op, 0);
  }
}

static void another_object_in_its_place(void **state)
{
  objects *made = *state;
  uint64_t zeros[16] = { 0 };
  void *any[6];
  size_t i;

  any[0] = made->config;
  any[1] = made->client;
  any[2] = made->request;
  any[3] = made->result;
  any[4] = zeros;
  any[5] = (char *)zeros + 1; /* not where an object could be */
  for (i = 0; i < COUNT(any); i++) {
    if (i != 0)
      check_no_config(any[i]);
    if (i != 1)
      check_no_client(any[i], made->request);
    if (i != 2)
      check_no_request(made->client, any[i]);
    if (i != 3)
      check_no_result(any[i], DEEPIDV_E_HANDLE);
  }
}

static void another_object_is_not_freed(void **state)
{
  objects *made = *state;

  deepidv_config_free((deepidv_config *)made->client);
  deepidv_client_free((deepidv_client *)made->request);
  deepidv_session_request_free((deepidv_session_request *)made->result);
  deepidv_result_free((deepidv_result *)made->config);
  assert_status(deepidv_config_set_proxy(made->config, "", 0), DEEPIDV_OK);
  assert_true(deepidv_client_fd(made->client) >= 0);
  assert_status(deepidv_session_request_validate(made->request, NULL), DEEPIDV_OK);
  assert_status(deepidv_result_status(made->result), DEEPIDV_E_REQUIRED);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_objects, free_objects)
  const struct CMUnitTest tests[] = {
    TEST(null_for_a_new_object),
    TEST(freeing_null),
    TEST(null_in_config_calls),
    TEST(null_in_request_calls),
    TEST(null_in_client_calls),
    TEST(null_in_questions),
    TEST(null_in_result_calls),
    TEST(null_in_redirect_calls),
    TEST(another_object_in_its_place),
    TEST(another_object_is_not_freed),
  };

  return cmocka_run_group_tests_name("objects", tests, NULL, NULL);
}
