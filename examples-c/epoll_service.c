/*
 * Creates many sessions from one event loop, without threads.
 *
 *   epoll_service [COUNT]
 *
 * The environment is the same as for create_session. The exit status is 0 if every session
 * was created, 1 if not, and 3 if any outcome is unknown.
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "deepidv.h"

struct totals {
  unsigned long in_flight, created, failed, unknown, busy;
};

static deepidv_status create_client(deepidv_client **client)
{
  deepidv_config *config = NULL;
  deepidv_status status = deepidv_config_new(&config);

  if (status == DEEPIDV_OK)
    status = deepidv_config_from_env(config, NULL);
  if (status == DEEPIDV_OK)
    status = deepidv_config_set_max_in_flight(config, 16); /* to see E_BUSY */
  if (status == DEEPIDV_OK)
    status = deepidv_client_new(config, client);
  deepidv_config_free(config);
  return status;
}

/* Submits a create. The number is the tag, which the completion returns. */
static deepidv_status submit(deepidv_client *client, unsigned long number)
{
  deepidv_session_request *request = NULL;
  char json[256];
  deepidv_status status = deepidv_session_request_new(&request);

  snprintf(json, sizeof json,
      "{\"firstName\": \"Applicant\", \"lastName\": \"Number %lu\","
      " \"email\": \"applicant.%lu@example.com\", \"phone\": \"+1519%07lu\","
      " \"externalId\": \"example-%lu\"}",
      number, number, number % 10000000, number);
  if (status == DEEPIDV_OK)
    status = deepidv_session_request_set_json(request, json, DEEPIDV_NTS, NULL, NULL);
  if (status == DEEPIDV_OK)
    status = deepidv_session_create_submit(client, request, number, NULL);
  deepidv_session_request_free(request); /* the operation has its own copy */
  return status;
}

/* Takes all completions. Called when the descriptor is readable; never blocks. */
static void take_completions(deepidv_client *client, struct totals *totals)
{
  deepidv_event event;
  deepidv_result *result;

  while (deepidv_client_next(client, &event, &result) == DEEPIDV_OK) {
    const char *id = deepidv_result_session_id(result, NULL);

    printf("%" PRIu64 "  %s  %s\n", event.tag, deepidv_status_name(event.status), id ? id : "-");
    if (event.status == DEEPIDV_OK)
      totals->created++;
    else if (event.status == DEEPIDV_E_OUTCOME_UNKNOWN || event.status == DEEPIDV_E_DUPLICATE)
      totals->unknown++; /* never submit this one again */
    else
      totals->failed++;
    deepidv_result_free(result);
    totals->in_flight--;
  }
}

/* Runs until every create has completed. A server would watch other descriptors too. */
static void serve(deepidv_client *client, int loop, unsigned long count, struct totals *totals)
{
  struct epoll_event ready;
  unsigned long next = 1;

  while (next <= count || totals->in_flight > 0) {
    while (next <= count) {
      deepidv_status status = submit(client, next);

      if (status == DEEPIDV_E_BUSY) {
        totals->busy++; /* try again after some completions have been taken */
        break;
      }
      /* A create that cannot be sent before its timeout is accepted too, and completes at once. */
      *(status == DEEPIDV_OK ? &totals->in_flight : &totals->failed) += 1;
      next++;
    }
    epoll_wait(loop, &ready, 1, totals->in_flight > 0 ? -1 : 0);
    take_completions(client, totals);
  }
}

int main(int argc, char **argv)
{
  unsigned long count = argc > 1 ? strtoul(argv[1], NULL, 10) : 20;
  struct epoll_event watched = { .events = EPOLLIN };
  struct totals totals = { 0, 0, 0, 0, 0 };
  deepidv_client *client = NULL;
  deepidv_status status = create_client(&client);
  int loop = epoll_create1(EPOLL_CLOEXEC);

  if (status != DEEPIDV_OK)
    fprintf(stderr, "%s: %s\n", argv[0], deepidv_status_text(status));
  else if (epoll_ctl(loop, EPOLL_CTL_ADD, deepidv_client_fd(client), &watched) != 0)
    perror(argv[0]);
  else
    serve(client, loop, count, &totals);
  printf("created %lu, failed %lu, unknown %lu, busy %lu times\n", totals.created, totals.failed,
      totals.unknown, totals.busy);
  deepidv_client_free(client);
  if (loop >= 0)
    close(loop);
  return totals.unknown > 0 ? 3 : totals.created < count;
}
