/* Statistics and log records of a client. */

#include <jansson.h>
#include <sys/time.h>

#include "ask.h"
#include "create.h"

static deepidv_client *logging_client(const peer *peer, uint32_t level)
{
  deepidv_config *config = make_config(peer_url(peer));

  assert_status(deepidv_config_set_log_level(config, level), DEEPIDV_OK);
  assert_status(deepidv_config_set_timeout_ms(config, 4000), DEEPIDV_OK);
  return make_client_of(config);
}

static deepidv_stats read_stats(deepidv_client *client)
{
  static const uint32_t zero[16];
  deepidv_stats stats;

  memset(&stats, 0xff, sizeof stats);
  assert_status(deepidv_client_stats(client, &stats), DEEPIDV_OK);
  assert_memory_equal(stats.reserved, zero, sizeof zero);
  return stats;
}

static uint64_t sum(const uint64_t *numbers, size_t count)
{
  uint64_t total = 0;

  while (count > 0)
    total += numbers[--count];
  return total;
}

static deepidv_log next_log(deepidv_client *client, int32_t code)
{
  deepidv_log log;

  assert_status(deepidv_client_next_log(client, &log), DEEPIDV_OK);
  assert_int_equal(log.code, code);
  return log;
}

static void assert_no_log(deepidv_client *client)
{
  deepidv_log log;

  memset(&log, 0xff, sizeof log);
  assert_status(deepidv_client_next_log(client, &log), DEEPIDV_E_EMPTY);
  assert_int_equal(log.code, 0);
}

/* ---- Statistics ------------------------------------------------------------------ */

static void nothing_is_counted_at_first(void **state)
{
  static const deepidv_stats nothing;
  deepidv_client *client = make_client(NULL);
  deepidv_stats stats = read_stats(client);

  (void)state;
  assert_memory_equal(&stats, &nothing, sizeof stats);
  deepidv_client_free(client);
}

static void outcomes_requests_and_connections(void **state)
{
  peer *peer = peer_of_sessions(PEER_ANSWER);
  deepidv_client *client = peer_client(peer);
  deepidv_result *result;
  deepidv_stats stats;
  size_t buckets;

  (void)state;
  deepidv_result_free(create_result(client, NULL, DEEPIDV_OK));
  deepidv_result_free(create_result(client, NULL, DEEPIDV_OK));
  peer_next(peer, PEER_ANSWER, 400, "{\"message\":\"no\"}");
  deepidv_result_free(create_result(client, NULL, DEEPIDV_E_BAD_REQUEST));
  peer_next(peer, PEER_ANSWER, 500, "{}");
  deepidv_result_free(create_result(client, NULL, DEEPIDV_E_OUTCOME_UNKNOWN));
  peer_next(peer, PEER_ANSWER, 200, "{}");
  assert_status(deepidv_session_retrieve(client, "sess_1", DEEPIDV_NTS, &result), DEEPIDV_E_ANSWER_NO_ID);
  deepidv_result_free(result);
  stats = read_stats(client);
  assert_int_equal(stats.submitted, 5);
  assert_int_equal(stats.in_flight, 0);
  assert_int_equal(stats.succeeded, 2);
  assert_int_equal(stats.refused, 1);
  assert_int_equal(stats.outcome_unknown, 1);
  assert_int_equal(stats.failed, 1);
  assert_int_equal(stats.not_executed, 0);
  assert_int_equal(stats.cancelled, 0);
  assert_int_equal(stats.requests, peer_requests(peer));
  assert_int_equal(stats.connections_opened, peer_connections(peer));
  assert_int_equal(stats.connections_opened + stats.connections_reused, stats.requests);
  assert_true(stats.connections_reused > 0);
  assert_true(stats.bytes_sent > 4 * 200 && stats.bytes_sent < 4 * 2000);
  assert_true(stats.bytes_received > 4 * 20 && stats.bytes_received < 4 * 2000);
  assert_true(stats.elapsed_us > 0);
  buckets = sizeof stats.latency / sizeof *stats.latency;
  assert_int_equal(sum(stats.latency, buckets), 5);
  peer_end(peer, client);
}

static void throttled_requests_are_sent_again(void **state)
{
  peer *peer = peer_of_sessions(PEER_ANSWER);
  deepidv_client *client = logging_client(peer, DEEPIDV_LEVEL_INFO);
  deepidv_stats stats;
  deepidv_log log;

  (void)state;
  peer_next_with(peer, PEER_ANSWER, 429, "Retry-After: 1\r\n", "{}");
  deepidv_result_free(create_result(client, NULL, DEEPIDV_OK));
  stats = read_stats(client);
  assert_int_equal(stats.submitted, 1);
  assert_int_equal(stats.succeeded, 1);
  assert_int_equal(stats.requests, 2);
  assert_int_equal(stats.throttled, 1);
  assert_int_equal(stats.retries, 1);
  assert_int_equal(stats.searches, 0);
  log = next_log(client, DEEPIDV_LOG_THROTTLED);
  assert_int_equal(log.level, DEEPIDV_LEVEL_WARNING);
  assert_int_equal(log.value, 1000);
  assert_int_equal(log.http_status, 429);
  assert_int_equal(log.attempt, 1);
  log = next_log(client, DEEPIDV_LOG_RETRY);
  assert_int_equal(log.level, DEEPIDV_LEVEL_INFO);
  log = next_log(client, DEEPIDV_LOG_ENDED);
  assert_int_equal(log.level, DEEPIDV_LEVEL_INFO);
  assert_int_equal(log.status, DEEPIDV_OK);
  assert_int_equal(log.http_status, 200);
  assert_int_equal(log.attempt, 2);
  assert_no_log(client);
  peer_end(peer, client);
}

/* A retry that is cancelled before it is sent is none. */
static void a_retry_that_is_not_sent(void **state)
{
  peer *peer = peer_of_sessions(PEER_ANSWER);
  deepidv_client *client = peer_client(peer);
  deepidv_session_request *request = make_request();
  deepidv_event event;
  deepidv_result *result;
  deepidv_stats stats;
  uint64_t op;

  (void)state;
  peer_next_with(peer, PEER_ANSWER, 429, "Retry-After: 3\r\n", "{}");
  assert_status(deepidv_session_create_submit(client, request, 7, &op), DEEPIDV_OK);
  deepidv_session_request_free(request);
  while (read_stats(client).throttled == 0)
    sleep_ms(1);
  assert_status(deepidv_client_cancel(client, op), DEEPIDV_OK);
  assert_status(deepidv_client_take(client, op, -1, &event, &result), DEEPIDV_OK);
  deepidv_result_free(result);
  stats = read_stats(client);
  assert_int_equal(stats.requests, 1);
  assert_int_equal(stats.retries, 0);
  peer_end(peer, client);
}

/* A lost response leads to a search; the search is not counted as a retry. */
static void searches_are_counted(void **state)
{
  peer *peer = peer_start(PEER_ANSWER, 200, page(record("sess_found", "order-1", 0), NULL));
  deepidv_client *client = logging_client(peer, DEEPIDV_LEVEL_INFO);
  deepidv_session_request *request = make_request_as("order-1");
  deepidv_stats stats;

  (void)state;
  peer_next(peer, PEER_CLOSE, 200, "");
  deepidv_result_free(create_result(client, request, DEEPIDV_OK));
  deepidv_session_request_free(request);
  stats = read_stats(client);
  assert_int_equal(stats.succeeded, 1);
  assert_int_equal(stats.requests, 2);
  assert_int_equal(stats.searches, 1);
  assert_int_equal(stats.retries, 0);
  next_log(client, DEEPIDV_LOG_SEARCH);
  next_log(client, DEEPIDV_LOG_ENDED);
  assert_no_log(client);
  peer_end(peer, client);
}

static void cancelled_operations_and_those_in_flight(void **state)
{
  peer *peer = peer_start(PEER_HANG, 200, PEER_SESSION);
  deepidv_client *client = peer_client(peer);
  deepidv_session_request *request = make_request();
  deepidv_event event;
  deepidv_result *result;
  deepidv_stats stats;
  uint64_t op;

  (void)state;
  assert_status(deepidv_session_create_submit(client, request, 7, &op), DEEPIDV_OK);
  deepidv_session_request_free(request);
  peer_wait(peer, 1);
  stats = read_stats(client);
  assert_int_equal(stats.submitted, 1);
  assert_int_equal(stats.in_flight, 1);
  assert_status(deepidv_client_cancel(client, op), DEEPIDV_OK);
  assert_status(deepidv_client_take(client, op, -1, &event, &result), DEEPIDV_OK);
  assert_status(event.status, DEEPIDV_E_OUTCOME_UNKNOWN);
  deepidv_result_free(result);
  stats = read_stats(client);
  assert_int_equal(stats.in_flight, 0);
  assert_int_equal(stats.outcome_unknown, 1);
  assert_int_equal(stats.cancelled, 1);
  peer_end(peer, client);
}

/* The JSON text has all members of the structure, in order, with their values. */
static void the_json_text(void **state)
{
  peer *peer = peer_of_sessions(PEER_ANSWER);
  deepidv_client *client = peer_client(peer);
  deepidv_stats stats;
  char text[4096];
  size_t length, i;
  json_t *json, *value, *latency;
  const char *name;
  const uint64_t *word = &stats.submitted;

  (void)state;
  deepidv_result_free(create_result(client, NULL, DEEPIDV_OK));
  stats = read_stats(client);
  assert_status(deepidv_client_describe(client, text, sizeof text, &length), DEEPIDV_OK);
  assert_int_equal(length, strlen(text));
  json = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
  assert_true(json_is_object(json));
  json_object_foreach(json, name, value)
  {
    if (strcmp(name, "latency") == 0)
      continue;
    assert_row(json_is_integer(value), name);
    assert_row((uint64_t)json_integer_value(value) == *word, name);
    word++;
  }
  assert_ptr_equal(word, stats.latency);
  assert_int_equal(json_integer_value(json_object_get(json, "succeeded")), 1);
  assert_int_equal(json_integer_value(json_object_get(json, "elapsed_us")), stats.elapsed_us);
  latency = json_object_get(json, "latency");
  assert_int_equal(json_array_size(latency), sizeof stats.latency / sizeof *stats.latency);
  json_array_foreach(latency, i, value) assert_int_equal(json_integer_value(value), stats.latency[i]);
  json_decref(json);
  assert_status(deepidv_client_describe(client, text, length, &length), DEEPIDV_E_BUFFER);
  peer_end(peer, client);
}

/* ---- Logs ------------------------------------------------------------------------ */

static void no_records_unless_asked_for(void **state)
{
  peer *peer = peer_of_sessions(PEER_ANSWER);
  deepidv_client *client = peer_client(peer);

  (void)state;
  deepidv_result_free(create_result(client, NULL, DEEPIDV_OK));
  assert_no_log(client);
  assert_int_equal(read_stats(client).logs_lost, 0);
  peer_end(peer, client);
}

static void levels_by_name(void **state)
{
  static const struct {
    const char *word;
    deepidv_status status;
  } cases[] = {
    { "off", DEEPIDV_OK },
    { "error", DEEPIDV_OK },
    { "warning", DEEPIDV_OK },
    { "info", DEEPIDV_OK },
    { "debug", DEEPIDV_OK },
    { "4", DEEPIDV_OK },
    { "5", DEEPIDV_E_RANGE },
    { "Info", DEEPIDV_E_RANGE },
    { "infos", DEEPIDV_E_RANGE },
    { "", DEEPIDV_E_RANGE },
  };
  peer *peer = peer_of_sessions(PEER_ANSWER);
  deepidv_config *config = make_config(peer_url(peer));
  deepidv_client *client = NULL;
  size_t i;

  (void)state;
  for (i = 0; i < COUNT(cases); i++)
    assert_row(
        deepidv_config_set(config, "log_level", DEEPIDV_NTS, cases[i].word, DEEPIDV_NTS) == cases[i].status,
        cases[i].word);
  assert_status(deepidv_config_set(config, "log_level", DEEPIDV_NTS, "info", DEEPIDV_NTS), DEEPIDV_OK);
  client = make_client_of(config);
  deepidv_result_free(create_result(client, NULL, DEEPIDV_OK));
  next_log(client, DEEPIDV_LOG_ENDED);
  assert_no_log(client);
  peer_end(peer, client);
}

static void records_of_a_create(void **state)
{
  peer *peer = peer_of_sessions(PEER_ANSWER);
  deepidv_client *client = logging_client(peer, DEEPIDV_LEVEL_DEBUG);
  deepidv_session_request *request = make_request();
  struct timeval before;
  uint64_t op, now;
  deepidv_event event;
  deepidv_result *result;
  deepidv_log log;

  (void)state;
  gettimeofday(&before, NULL);
  now = (uint64_t)before.tv_sec * 1000000 + (uint64_t)before.tv_usec;
  assert_status(deepidv_session_create_submit(client, request, 7, &op), DEEPIDV_OK);
  deepidv_session_request_free(request);
  assert_status(deepidv_client_take(client, op, -1, &event, &result), DEEPIDV_OK);
  log = next_log(client, DEEPIDV_LOG_SUBMITTED);
  assert_int_equal(log.level, DEEPIDV_LEVEL_DEBUG);
  assert_int_equal(log.value, 4000);
  assert_int_equal(log.op, op);
  assert_int_equal(log.tag, 7);
  assert_int_equal(log.kind, DEEPIDV_EVENT_SESSION_CREATE);
  assert_int_equal(log.attempt, 0);
  assert_true(log.time_us >= now && log.time_us - now < 60000000);
  log = next_log(client, DEEPIDV_LOG_CONNECTED);
  assert_int_equal(log.op, op);
  log = next_log(client, DEEPIDV_LOG_ATTEMPT);
  assert_int_equal(log.op, op);
  assert_int_equal(log.http_status, 200);
  assert_int_equal(log.attempt, 1);
  assert_int_equal(log.cause, DEEPIDV_OK);
  log = next_log(client, DEEPIDV_LOG_ENDED);
  assert_int_equal(log.op, op);
  assert_int_equal(log.tag, 7);
  assert_int_equal(log.value, deepidv_result_elapsed_us(result));
  assert_no_log(client);
  deepidv_result_free(result);
  peer_end(peer, client);
}

static void failures_by_level(void **state)
{
  peer *peer = peer_of_sessions(PEER_ANSWER);
  deepidv_client *client = logging_client(peer, DEEPIDV_LEVEL_WARNING);
  deepidv_log log;

  (void)state;
  deepidv_result_free(create_result(client, NULL, DEEPIDV_OK));
  peer_next(peer, PEER_ANSWER, 401, "{}");
  deepidv_result_free(create_result(client, NULL, DEEPIDV_E_UNAUTHORIZED));
  log = next_log(client, DEEPIDV_LOG_ENDED);
  assert_int_equal(log.level, DEEPIDV_LEVEL_WARNING);
  assert_int_equal(log.status, DEEPIDV_E_UNAUTHORIZED);
  assert_int_equal(log.http_status, 401);
  peer_next(peer, PEER_ANSWER, 503, "{}");
  deepidv_result_free(create_result(client, NULL, DEEPIDV_E_OUTCOME_UNKNOWN));
  log = next_log(client, DEEPIDV_LOG_ENDED);
  assert_int_equal(log.level, DEEPIDV_LEVEL_ERROR);
  assert_int_equal(log.status, DEEPIDV_E_OUTCOME_UNKNOWN);
  assert_no_log(client);
  peer_end(peer, client);
}

/* 1,024 records are kept; the others are counted. */
static void old_records_are_dropped(void **state)
{
  peer *peer = peer_of_sessions(PEER_ANSWER);
  deepidv_client *client = logging_client(peer, DEEPIDV_LEVEL_INFO);
  int i;

  (void)state;
  for (i = 0; i < 1024 + 10; i++)
    deepidv_result_free(create_result(client, NULL, DEEPIDV_OK));
  assert_int_equal(read_stats(client).logs_lost, 10);
  assert_int_equal(next_log(client, DEEPIDV_LOG_LOST).value, 10);
  for (i = 0; i < 1024; i++)
    next_log(client, DEEPIDV_LOG_ENDED);
  assert_no_log(client);
  peer_end(peer, client);
}

/* No other language can have such a duration: a year is enough. */
static void a_huge_retry_after(void **state)
{
  static const char *const values[] = { "31536001", "18446744073709552", "99999999999999999999999" };
  size_t i;

  (void)state;
  for (i = 0; i < COUNT(values); i++) {
    /* Clients of the same server share what a 429 says. */
    peer *peer = peer_of_sessions(PEER_ANSWER);
    deepidv_client *client = logging_client(peer, DEEPIDV_LEVEL_WARNING);
    deepidv_result *result;
    char header[64];

    snprintf(header, sizeof header, "Retry-After: %s\r\n", values[i]);
    peer_next_with(peer, PEER_ANSWER, 429, header, "{}");
    result = create_result(client, NULL, DEEPIDV_E_RATE_LIMITED);
    assert_true(deepidv_result_retry_after_ms(result) == 31536000000);
    deepidv_result_free(result);
    assert_true(next_log(client, DEEPIDV_LOG_THROTTLED).value == 31536000000);
    next_log(client, DEEPIDV_LOG_ENDED);
    peer_end(peer, client);
  }
}

static void wrong_arguments(void **state)
{
  deepidv_client *client = make_client(NULL);
  deepidv_config *config = make_config(NULL);
  deepidv_stats stats;
  deepidv_log log;
  char text[8];

  (void)state;
  assert_status(deepidv_client_stats(client, NULL), DEEPIDV_E_NULL);
  assert_status(deepidv_client_stats(NULL, &stats), DEEPIDV_E_NULL);
  assert_status(deepidv_client_stats((deepidv_client *)config, &stats), DEEPIDV_E_HANDLE);
  assert_status(deepidv_client_describe(NULL, text, sizeof text, NULL), DEEPIDV_E_NULL);
  assert_status(deepidv_client_describe(client, NULL, 0, NULL), DEEPIDV_E_NULL);
  assert_status(deepidv_client_next_log(client, NULL), DEEPIDV_E_NULL);
  assert_status(deepidv_client_next_log(NULL, &log), DEEPIDV_E_NULL);
  assert_status(deepidv_client_next_log((deepidv_client *)config, &log), DEEPIDV_E_HANDLE);
  deepidv_config_free(config);
  deepidv_client_free(client);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(nothing_is_counted_at_first),
    cmocka_unit_test(outcomes_requests_and_connections),
    cmocka_unit_test(throttled_requests_are_sent_again),
    cmocka_unit_test(a_retry_that_is_not_sent),
    cmocka_unit_test(searches_are_counted),
    cmocka_unit_test(cancelled_operations_and_those_in_flight),
    cmocka_unit_test(the_json_text),
    cmocka_unit_test(no_records_unless_asked_for),
    cmocka_unit_test(levels_by_name),
    cmocka_unit_test(records_of_a_create),
    cmocka_unit_test(failures_by_level),
    cmocka_unit_test(old_records_are_dropped),
    cmocka_unit_test(a_huge_retry_after),
    cmocka_unit_test(wrong_arguments),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
