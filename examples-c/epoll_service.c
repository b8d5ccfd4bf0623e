/*
 * Creates many sessions from one event loop, without a thread of its own.
 *
 *   epoll_service [COUNT]
 *
 * The environment says how to reach the service, as for create_session. The exit status
 * is 0 when every session was created, 1 when not, 2 for wrong usage, and 3 when it is
 * not known of at least one.
 */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "deepidv.h"

/* More are not held at once: a service has a limit too, and this shows DEEPIDV_E_BUSY. */
#define IN_FLIGHT 16

struct totals {
  unsigned long under_way, created, failed, unknown, busy;
};

/* A client from the environment, or NULL after saying why not. */
static deepidv_client *make_client(void)
{
  deepidv_config *config = NULL;
  deepidv_client *client = NULL;
  const char *key = NULL;
  deepidv_status status = deepidv_config_new(&config);

  if (status == DEEPIDV_OK)
    status = deepidv_config_from_env(config, &key);
  if (status == DEEPIDV_OK)
    status = deepidv_config_set_max_in_flight(config, IN_FLIGHT);
  if (status == DEEPIDV_OK)
    status = deepidv_client_new(config, &client);
  if (status != DEEPIDV_OK)
    fprintf(stderr, "%s: %s\n", key ? key : "client", deepidv_status_text(status));
  deepidv_config_free(config);
  return client;
}

/* Submits the applicant of a number. The number is the tag, so it comes back with the end. */
static deepidv_status submit(deepidv_client *client, unsigned long number)
{
  deepidv_session_request *request = NULL;
  char json[256];
  deepidv_status status = deepidv_session_request_new(&request);

  snprintf(json, sizeof json,
      "{\"firstName\": \"Applicant\", \"lastName\": \"Number %lu\", \"phone\": \"+1519%07lu\","
      " \"email\": \"applicant.%lu@example.com\", \"externalId\": \"example-%lu\"}",
      number, number % 10000000, number, number);
  if (status == DEEPIDV_OK)
    status = deepidv_session_request_set_json(request, json, DEEPIDV_NTS, NULL, NULL);
  if (status == DEEPIDV_OK)
    status = deepidv_session_create_submit(client, request, number, NULL);
  deepidv_session_request_free(request); /* an operation has its own copy */
  return status;
}

/* Takes what has ended. Called when the descriptor is readable; it never blocks. */
static void take(deepidv_client *client, struct totals *totals)
{
  deepidv_event event;
  deepidv_result *result;

  while (deepidv_client_next(client, &event, &result) == DEEPIDV_OK) {
    const char *id = deepidv_result_session_id(result, NULL);

    printf("%" PRIu64 "  %s  %s\n", event.tag, deepidv_status_name(event.status), id ? id : "-");
    if (event.status == DEEPIDV_OK)
      totals->created++;
    else if (event.status == DEEPIDV_E_OUTCOME_UNKNOWN)
      totals->unknown++; /* never submit this one again */
    else
      totals->failed++;
    deepidv_result_free(result);
    totals->under_way--;
  }
}

/* Runs until every applicant has been submitted and has ended. A server would watch more here. */
static int serve(deepidv_client *client, int loop, unsigned long count, struct totals *totals)
{
  struct epoll_event ready = { .events = EPOLLIN };
  deepidv_status status = DEEPIDV_OK;
  unsigned long next = 1;

  if (epoll_ctl(loop, EPOLL_CTL_ADD, deepidv_client_fd(client), &ready) != 0)
    return 1;
  while (next <= count || totals->under_way > 0) {
    while (next <= count && (status = submit(client, next)) == DEEPIDV_OK) {
      next++;
      totals->under_way++;
    }
    if (status == DEEPIDV_E_BUSY) {
      totals->busy++; /* nothing is lost: there is room again when some have been taken */
    } else if (status != DEEPIDV_OK) {
      fprintf(stderr, "applicant %lu: %s\n", next, deepidv_status_text(status));
      return 1;
    }
    if (epoll_wait(loop, &ready, 1, -1) < 0 && errno != EINTR)
      return 1;
    take(client, totals);
  }
  return totals->unknown ? 3 : totals->failed ? 1 : 0;
}

int main(int argc, char **argv)
{
  unsigned long count = argc > 1 ? strtoul(argv[1], NULL, 10) : 20;
  struct totals totals = { 0, 0, 0, 0, 0 };
  deepidv_client *client;
  int loop, code = 1;

  if (argc > 2 || count == 0) {
    fprintf(stderr, "usage: %s [COUNT]\n", argv[0]);
    return 2;
  }
  client = make_client();
  loop = epoll_create1(EPOLL_CLOEXEC);
  if (client && loop >= 0) {
    code = serve(client, loop, count, &totals);
    printf("created %lu, failed %lu, unknown %lu, busy %lu times\n", totals.created,
        totals.failed, totals.unknown, totals.busy);
  }
  if (loop >= 0)
    close(loop);
  deepidv_client_free(client);
  return code;
}
