/*
 * Eight threads use one client concurrently in all ways: blocking creates, submits, cancels, taking completions in
 * order and by number, questions and decisions, its counters and records, and a close in the middle. They read one result,
 * whose texts are made when they are first read. Every submission must complete exactly once. Built with the thread
 * sanitizer, which finds data races.
 */
#include <pthread.h>
#include <stdio.h>

#include "emulator.h"
#include "support.h"

enum { THREADS = 8, ROUNDS = 80 };

/* What a thread does with a submitted operation. */
enum then { LEAVE, CANCEL, TAKE };

static const char applicant[] =
    "{\"firstName\":\"A\",\"lastName\":\"B\",\"email\":\"a@b.example\",\"phone\":\"+15192223333\"}";

static deepidv_client *client;
/* Of a create before the threads begin. */
static deepidv_result *shared;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned char completed[THREADS * ROUNDS];
static int submitted, completions, twice, wrong;

/* Counts the tag of a completion. */
static void count(const deepidv_event *event, deepidv_result *result)
{
  pthread_mutex_lock(&lock);
  completions++;
  if (event->tag >= THREADS * ROUNDS)
    wrong++;
  else if (completed[event->tag]++)
    twice++;
  if (deepidv_result_status(result) != event->status)
    wrong++;
  pthread_mutex_unlock(&lock);
  deepidv_result_free(result);
}

static void take_all(void)
{
  deepidv_event event;
  deepidv_result *result;

  while (deepidv_client_next(client, &event, &result) == DEEPIDV_OK)
    count(&event, result);
}

/* Waits for one operation, with short timeouts; another thread may take it first. */
static void take_one(uint64_t op)
{
  deepidv_event event;
  deepidv_result *result;
  deepidv_status status;

  do
    status = deepidv_client_take(client, op, 1, &event, &result);
  while (status == DEEPIDV_E_TIMEOUT);
  if (status == DEEPIDV_OK)
    count(&event, result);
}

static void submit(const deepidv_session_request *request, uint64_t tag, enum then then)
{
  uint64_t op;
  deepidv_status status = deepidv_session_create_submit(client, request, tag, &op);

  pthread_mutex_lock(&lock);
  if (status == DEEPIDV_OK)
    submitted++;
  else if (status != DEEPIDV_E_CLOSED)
    wrong++;
  pthread_mutex_unlock(&lock);
  if (status == DEEPIDV_OK && then == CANCEL)
    deepidv_client_cancel(client, op);
  if (status == DEEPIDV_OK && then == TAKE)
    take_one(op);
}

/* Asks about the session of the shared result, and decides it. */
static void ask(int round)
{
  const char *id = deepidv_result_session_id(shared, NULL);
  deepidv_result *result = NULL;

  if (round % 8 == 3)
    deepidv_session_wait(client, id, DEEPIDV_NTS, 1, &result);
  else
    deepidv_session_update_status(client, id, DEEPIDV_NTS, DEEPIDV_DECISION_VERIFIED, &result);
  deepidv_result_free(result);
}

/* Reads what all threads read. */
static void look(void)
{
  char text[8192];
  deepidv_stats stats;
  deepidv_log log;
  deepidv_status status;
  int is_right = deepidv_result_describe(shared, NULL) != NULL && deepidv_result_json(shared, NULL) != NULL;

  is_right &= deepidv_client_stats(client, &stats) == DEEPIDV_OK;
  is_right &= deepidv_client_describe(client, text, sizeof text, NULL) == DEEPIDV_OK;
  do
    status = deepidv_client_next_log(client, &log);
  while (status == DEEPIDV_OK);
  pthread_mutex_lock(&lock);
  wrong += !is_right;
  pthread_mutex_unlock(&lock);
}

static void *work(void *argument)
{
  int thread = *(int *)argument, round;
  deepidv_session_request *request = NULL;

  deepidv_session_request_new(&request);
  deepidv_session_request_set_json(request, applicant, DEEPIDV_NTS, NULL, NULL);
  for (round = 0; round < ROUNDS; round++) {
    uint64_t tag = (uint64_t)(thread * ROUNDS + round);
    deepidv_result *result = NULL;

    switch (round % 4) {
    case 0: deepidv_session_create(client, request, &result); break;
    case 1: submit(request, tag, LEAVE); break;
    case 2: submit(request, tag, round % 8 == 2 ? CANCEL : TAKE); break;
    default:
      deepidv_client_wait(client, 1);
      take_all();
      ask(round);
    }
    look();
    deepidv_result_free(result);
    if (thread == 0 && round == ROUNDS * 3 / 4)
      deepidv_client_close(client);
  }
  deepidv_session_request_free(request);
  return NULL;
}

static void every_submission_completes_once(void **state)
{
  deepidv_config *config = NULL;
  deepidv_session_request *request;
  pthread_t threads[THREADS];
  int numbers[THREADS], i;

  (void)state;
  assert_status(deepidv_config_new(&config), DEEPIDV_OK);
  assert_status(deepidv_config_set_api_key(config, "dk_emulator", DEEPIDV_NTS), DEEPIDV_OK);
  assert_status(deepidv_config_set_base_url(config, service.url, DEEPIDV_NTS), DEEPIDV_OK);
  assert_status(deepidv_config_set_rate_limit(config, 0), DEEPIDV_OK);
  assert_status(deepidv_config_set_timeout_ms(config, 20000), DEEPIDV_OK);
  assert_status(deepidv_config_set_log_level(config, DEEPIDV_LEVEL_DEBUG), DEEPIDV_OK);
  client = make_client_of(config);
  request = make_request();
  assert_status(deepidv_session_create(client, request, &shared), DEEPIDV_OK);
  deepidv_session_request_free(request);
  for (i = 0; i < THREADS; i++) {
    numbers[i] = i;
    assert_int_equal(pthread_create(&threads[i], NULL, work, &numbers[i]), 0);
  }
  for (i = 0; i < THREADS; i++)
    pthread_join(threads[i], NULL);
  while (deepidv_client_wait(client, 10000) == DEEPIDV_OK)
    take_all();
  deepidv_result_free(shared);
  deepidv_client_free(client);
  printf("%d submitted, %d completed, %d twice, %d wrong\n", submitted, completions, twice, wrong);
  assert_true(submitted > 0);
  assert_int_equal(submitted, completions);
  assert_int_equal(twice, 0);
  assert_int_equal(wrong, 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(every_submission_completes_once),
  };

  return cmocka_run_group_tests_name("threads", tests, start_service, stop_service);
}
