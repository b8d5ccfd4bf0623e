/* Values of a response, read by path. */

#define _GNU_SOURCE

#include <pthread.h>

#include "ask.h"
#include "create.h"
#include "emulator.h"

static const char document[] =
    "{\"session_record\":{\"id\":\"s\",\"status\":\"VERIFIED\",\"count\":-42,\"big\":9223372036854775807,"
    "\"huge\":9223372036854775808,\"ratio\":0.5,\"power\":1e2,\"nothing\":null,\"empty\":\"\","
    "\"uploads\":{\"id_front\":true,\"selfie\":false},\"a.b\":\"dot\",\"c\\\\d\":\"backslash\","
    "\"location\":\"Zuid-Holland \\u20ac\",\"nul\":\"a\\u0000b\",\"steps\":[\"one\",[2,3]]},"
    "\"links\":[{\"href\":\"https://a/\"},{\"href\":\"https://b/\"}]}";

typedef struct scene {
  peer *peer;
  deepidv_client *client;
  deepidv_result *result;
} scene;

static int start(void **state)
{
  static scene scene;

  scene.peer = peer_start(PEER_ANSWER, 200, document);
  scene.client = peer_client(scene.peer);
  assert_status(deepidv_session_retrieve(scene.client, "s", 1, &scene.result), DEEPIDV_OK);
  *state = &scene;
  return 0;
}

static int end(void **state)
{
  scene *scene = *state;

  deepidv_result_free(scene->result);
  peer_end(scene->peer, scene->client);
  return 0;
}

static void strings(void **state)
{
  static const struct {
    const char *path, *text;
    size_t length;
    deepidv_status status;
  } cases[] = {
    { "session_record.status", "VERIFIED", 8, DEEPIDV_OK },
    { "session_record.empty", "", 0, DEEPIDV_OK },
    { "session_record.location", "Zuid-Holland \xe2\x82\xac", 16, DEEPIDV_OK },
    { "session_record.a\\.b", "dot", 3, DEEPIDV_OK },
    { "session_record.c\\\\d", "backslash", 9, DEEPIDV_OK },
    { "session_record.steps.0", "one", 3, DEEPIDV_OK },
    { "links.1.href", "https://b/", 10, DEEPIDV_OK },
    { "session_record.nul", "a\0b", 3, DEEPIDV_E_NUL },
  };
  const scene *scene = *state;
  size_t i, room;

  for (i = 0; i < COUNT(cases); i++)
    for (room = 0; room <= cases[i].length + 2; room++) {
      const int fits = room > cases[i].length;
      char text[32];
      size_t length = SIZE_MAX;

      memset(text, '~', sizeof text);
      assert_row(deepidv_result_string(scene->result, cases[i].path, DEEPIDV_NTS, text, room, &length)
              == (fits ? cases[i].status : DEEPIDV_E_BUFFER),
          cases[i].path);
      assert_row(length == cases[i].length, cases[i].path);
      assert_row(text[room] == '~', cases[i].path);
      if (fits)
        assert_row(memcmp(text, cases[i].text, length + 1) == 0, cases[i].path);
      else if (room > 0)
        assert_row(text[0] == '\0', cases[i].path);
    }
}

static void integers(void **state)
{
  static const struct {
    const char *path;
    int64_t number;
    deepidv_status status;
  } cases[] = {
    { "session_record.count", -42, DEEPIDV_OK },
    { "session_record.big", INT64_MAX, DEEPIDV_OK },
    { "session_record.steps.1.1", 3, DEEPIDV_OK },
    { "session_record.huge", 0, DEEPIDV_E_RANGE },
    { "session_record.ratio", 0, DEEPIDV_E_TYPE },
    { "session_record.power", 0, DEEPIDV_E_TYPE },
    { "session_record.status", 0, DEEPIDV_E_TYPE },
    { "session_record.uploads.selfie", 0, DEEPIDV_E_TYPE },
    { "session_record.nothing", 0, DEEPIDV_E_ABSENT },
  };
  const scene *scene = *state;
  size_t i;

  for (i = 0; i < COUNT(cases); i++) {
    int64_t number = 7;

    assert_row(deepidv_result_int(scene->result, cases[i].path, DEEPIDV_NTS, &number) == cases[i].status,
        cases[i].path);
    assert_row(number == cases[i].number, cases[i].path);
  }
}

static void booleans(void **state)
{
  static const struct {
    const char *path;
    int32_t flag;
    deepidv_status status;
  } cases[] = {
    { "session_record.uploads.id_front", 1, DEEPIDV_OK },
    { "session_record.uploads.selfie", 0, DEEPIDV_OK },
    { "session_record.uploads.id_back", 0, DEEPIDV_E_ABSENT },
    { "session_record.uploads", 0, DEEPIDV_E_TYPE },
    { "session_record.count", 0, DEEPIDV_E_TYPE },
    { "session_record.nothing", 0, DEEPIDV_E_ABSENT },
  };
  const scene *scene = *state;
  size_t i;

  for (i = 0; i < COUNT(cases); i++) {
    int32_t flag = 7;

    assert_row(deepidv_result_bool(scene->result, cases[i].path, DEEPIDV_NTS, &flag) == cases[i].status,
        cases[i].path);
    assert_row(flag == cases[i].flag, cases[i].path);
  }
}

/* What every one of the three refuses, with outputs that are zero or empty. */
static void refuses(const deepidv_result *result, const char *path, size_t length, deepidv_status status)
{
  char text[4] = "~";
  size_t count = 7;
  int64_t number = 7;
  int32_t flag = 7;

  assert_row(deepidv_result_string(result, path, length, text, sizeof text, &count) == status, path);
  assert_row(deepidv_result_int(result, path, length, &number) == status, path);
  assert_row(deepidv_result_bool(result, path, length, &flag) == status, path);
  assert_row(count == 0 && number == 0 && flag == 0 && text[0] == '\0', path);
}

static void paths_that_lead_nowhere(void **state)
{
  static const struct {
    const char *path;
    size_t length;
    deepidv_status status;
  } cases[] = {
    { "", 0, DEEPIDV_E_PATH },
    { ".", 1, DEEPIDV_E_PATH },
    { "links.", DEEPIDV_NTS, DEEPIDV_E_PATH },
    { "links..0", DEEPIDV_NTS, DEEPIDV_E_PATH },
    { "links\\", DEEPIDV_NTS, DEEPIDV_E_PATH },
    { "links\\0", DEEPIDV_NTS, DEEPIDV_E_PATH },
    { "links.2", DEEPIDV_NTS, DEEPIDV_E_ABSENT },
    { "links.99999999999999999999", DEEPIDV_NTS, DEEPIDV_E_ABSENT },
    { "links.first", DEEPIDV_NTS, DEEPIDV_E_TYPE },
    { "session_record.status.0", DEEPIDV_NTS, DEEPIDV_E_TYPE },
    { "session_record.nothing.at.all", DEEPIDV_NTS, DEEPIDV_E_ABSENT },
    { "session_record\0.id", 18, DEEPIDV_E_ABSENT },
    { "\xff", 1, DEEPIDV_E_ABSENT },
    { "links", HUGE_LENGTH, DEEPIDV_E_LENGTH },
    { NULL, 0, DEEPIDV_E_NULL },
  };
  const scene *scene = *state;
  char *path = make_text('a', 1025);
  size_t i;

  for (i = 0; i < COUNT(cases); i++)
    refuses(scene->result, cases[i].path, cases[i].length, cases[i].status);
  refuses(scene->result, path, 1024, DEEPIDV_E_ABSENT);
  refuses(scene->result, path, 1025, DEEPIDV_E_TOO_LONG);
  free(path);
  refuses(NULL, "links", DEEPIDV_NTS, DEEPIDV_E_NULL);
  refuses((const deepidv_result *)scene->client, "links", DEEPIDV_NTS, DEEPIDV_E_HANDLE);
}

static void outputs_that_are_missing(void **state)
{
  const scene *scene = *state;
  char text[4];
  size_t length = 7;

  assert_status(deepidv_result_string(scene->result, "links", DEEPIDV_NTS, NULL, 0, &length), DEEPIDV_E_NULL);
  assert_int_equal(length, 0);
  assert_status(
      deepidv_result_string(scene->result, "links", DEEPIDV_NTS, text, HUGE_LENGTH, NULL), DEEPIDV_E_LENGTH);
  assert_status(
      deepidv_result_string(scene->result, "session_record.a\\.b", DEEPIDV_NTS, text, 4, NULL), DEEPIDV_OK);
  assert_status(deepidv_result_int(scene->result, "links", DEEPIDV_NTS, NULL), DEEPIDV_E_NULL);
  assert_status(deepidv_result_bool(scene->result, "links", DEEPIDV_NTS, NULL), DEEPIDV_E_NULL);
}

/* Of a response that is no JSON, of none, and of one where a member on the way comes twice. */
static void responses_of_another_form(void **state)
{
  static const struct {
    const char *body, *path;
    deepidv_status status;
  } cases[] = {
    { "<html>", "error", DEEPIDV_E_JSON },
    { "{\"error\":\"e\"", "error", DEEPIDV_E_JSON },
    { "{\"error\":\"e\"} x", "error", DEEPIDV_E_JSON },
    { "", "error", DEEPIDV_E_ABSENT },
    { "{\"error\":\"e\",\"error\":\"e\"}", "error", DEEPIDV_E_JSON_DUPLICATE },
    { "[\"e\"]", "error", DEEPIDV_E_TYPE },
    { "\"e\"", "error", DEEPIDV_E_TYPE },
    { "null", "error", DEEPIDV_E_ABSENT },
  };
  size_t i;

  (void)state;
  for (i = 0; i < COUNT(cases); i++) {
    peer *peer = peer_start(PEER_ANSWER, 404, cases[i].body);
    deepidv_client *client = peer_client(peer);
    deepidv_result *result = ask(client, question("retrieve"), "s", DEEPIDV_E_NOT_FOUND);

    refuses(result, cases[i].path, DEEPIDV_NTS, cases[i].status);
    deepidv_result_free(result);
    peer_end(peer, client);
  }
}

static void what_the_service_says_of_an_error(void **state)
{
  peer *peer = peer_start(PEER_ANSWER, 404, "{\"error\":{\"reason\":\"gone\",\"retry\":false}}");
  deepidv_client *client = peer_client(peer);
  deepidv_result *result = ask(client, question("retrieve"), "s", DEEPIDV_E_NOT_FOUND);
  char text[8];
  int32_t flag = 7;

  (void)state;
  assert_status(
      deepidv_result_string(result, "error.reason", DEEPIDV_NTS, text, sizeof text, NULL), DEEPIDV_OK);
  assert_string_equal(text, "gone");
  assert_status(deepidv_result_bool(result, "error.retry", DEEPIDV_NTS, &flag), DEEPIDV_OK);
  assert_int_equal(flag, 0);
  deepidv_result_free(result);
  peer_end(peer, client);
}

/* A result does not change, so that any number of threads may read it. */
static void *read_often(void *context)
{
  const deepidv_result *result = context;
  unsigned long wrong = 0, i;

  for (i = 0; i < 2000; i++) {
    char text[16];
    int64_t number = 0;

    wrong += deepidv_result_string(result, "session_record.status", DEEPIDV_NTS, text, sizeof text, NULL)
            != DEEPIDV_OK
        || strcmp(text, "VERIFIED") != 0;
    wrong += deepidv_result_int(result, "session_record.count", DEEPIDV_NTS, &number) != DEEPIDV_OK
        || number != -42;
  }
  return (void *)(uintptr_t)wrong;
}

static void many_threads(void **state)
{
  const scene *scene = *state;
  pthread_t threads[4];
  size_t i;

  for (i = 0; i < COUNT(threads); i++)
    assert_int_equal(pthread_create(&threads[i], NULL, read_often, scene->result), 0);
  for (i = 0; i < COUNT(threads); i++) {
    void *wrong = NULL;

    pthread_join(threads[i], &wrong);
    assert_null(wrong);
  }
}

static void a_record_of_the_emulator(void **state)
{
  deepidv_client *client = make_client(service.url);
  deepidv_session_request *request = make_request_as("by path");
  deepidv_result *created = create_result(client, request, DEEPIDV_OK), *result;
  const char *id = deepidv_result_session_id(created, NULL);
  char text[64];

  (void)state;
  result = ask(client, question("retrieve"), id, DEEPIDV_OK);
  assert_status(
      deepidv_result_string(result, "session_record.id", DEEPIDV_NTS, text, sizeof text, NULL), DEEPIDV_OK);
  assert_string_equal(text, id);
  assert_status(
      deepidv_result_string(result, "session_record.external_id", DEEPIDV_NTS, text, sizeof text, NULL),
      DEEPIDV_OK);
  assert_string_equal(text, "by path");
  deepidv_result_free(result);
  deepidv_result_free(created);
  deepidv_session_request_free(request);
  deepidv_client_free(client);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(strings, start, end),
    cmocka_unit_test_setup_teardown(integers, start, end),
    cmocka_unit_test_setup_teardown(booleans, start, end),
    cmocka_unit_test_setup_teardown(paths_that_lead_nowhere, start, end),
    cmocka_unit_test_setup_teardown(outputs_that_are_missing, start, end),
    cmocka_unit_test(responses_of_another_form),
    cmocka_unit_test(what_the_service_says_of_an_error),
    cmocka_unit_test_setup_teardown(many_threads, start, end),
    cmocka_unit_test(a_record_of_the_emulator),
  };

  return cmocka_run_group_tests_name("JSON path", tests, start_service, stop_service);
}
