/*
 * Eight threads use one client at once in every way there is: blocking creates, submits, cancels, taking
 * completions in turn and by their number, and a close in the middle. Every submission has to complete exactly
 * once. The thread sanitizer, with which this is built, watches the rest.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "deepidv.h"

enum { THREADS = 8, ROUNDS = 80 };

/* What a thread does with an operation that it has submitted. */
enum then { LEAVE, CANCEL, TAKE };

static const char applicant[] =
    "{\"firstName\":\"A\",\"lastName\":\"B\",\"email\":\"a@b.example\",\"phone\":\"+15192223333\"}";

static deepidv_client *client;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned char completed[THREADS * ROUNDS];
static int submitted, taken, twice, wrong;

/* Counts the tag of a completion. */
static void count(const deepidv_event *event, deepidv_result *result)
{
  pthread_mutex_lock(&lock);
  taken++;
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

/* Waits for one in slices; others may be faster. */
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
    default: deepidv_client_wait(client, 1); take_all();
    }
    deepidv_result_free(result);
    if (thread == 0 && round == ROUNDS * 3 / 4)
      deepidv_client_close(client);
  }
  deepidv_session_request_free(request);
  return NULL;
}

int main(void)
{
  deepidv_config *config = NULL;
  pthread_t threads[THREADS];
  int numbers[THREADS], i;

  deepidv_config_new(&config);
  if (deepidv_config_from_env(config, NULL) != DEEPIDV_OK
      || deepidv_client_new(config, &client) != DEEPIDV_OK)
    return 2;
  for (i = 0; i < THREADS; i++) {
    numbers[i] = i;
    pthread_create(&threads[i], NULL, work, &numbers[i]);
  }
  for (i = 0; i < THREADS; i++)
    pthread_join(threads[i], NULL);
  while (deepidv_client_wait(client, 10000) == DEEPIDV_OK)
    take_all();
  deepidv_client_free(client);
  deepidv_config_free(config);
  printf("%d submitted, %d completed, %d twice, %d wrong\n", submitted, taken, twice, wrong);
  return submitted == 0 || submitted != taken || twice || wrong;
}
