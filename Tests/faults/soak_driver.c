/*
 * Creates sessions concurrently through the queue of libdeepidv, and reports the outcome of each.
 *
 *   soak_driver BASE_URL COUNT PREFIX SEED IN_FLIGHT TIMEOUT_MS[,TIMEOUT_MS...] [KEY=VALUE...]
 *
 * There is one client per timeout, and creates are distributed in turn. External ids are PREFIX and a number. KEY
 * is an option of the library; unknown options are ignored. repeats=N is an option of the driver: it repeats a create
 * that fails up to N times, whatever the failure. Prints one line per create, about its last completion: external id,
 * status, cause, HTTP status, attempts, and the session's id or "-".
 *
 * The exit status is 0 if every create completed exactly once.
 */

#include <poll.h>

#include "soak_library.h"

static deepidv_status submit(deepidv_client *client, const char *prefix, uint64_t seed, uint64_t number)
{
  deepidv_session_request *request = make_request(prefix, seed, number);
  uint64_t operation;
  deepidv_status status = deepidv_session_create_submit(client, request, number, &operation);
  deepidv_session_request_free(request);
  return status;
}

typedef struct create {
  unsigned char completed;
  unsigned char repeats;
} create;

/* Takes all completions, and repeats what failed. Returns how many creates have completed. */
static uint64_t take_completions(deepidv_client *client, const char *prefix, uint64_t seed, create *creates,
    uint64_t count, unsigned long repeats)
{
  deepidv_event event;
  deepidv_result *result = NULL;
  uint64_t taken = 0;
  while (deepidv_client_next(client, &event, &result) == DEEPIDV_OK) {
    if (event.tag >= count || event.status != deepidv_result_status(result))
      abort();
    create *create = &creates[event.tag];
    if (event.status != DEEPIDV_OK && create->repeats < repeats) {
      create->repeats++;
      check(submit(client, prefix, seed, event.tag), "submit");
    } else {
      create->completed++;
      taken++;
      print_report(prefix, event.tag, result);
    }
    deepidv_result_free(result);
  }
  return taken;
}

static unsigned long repeats_of(char **options)
{
  for (; *options != NULL; options++) {
    if (strncmp(*options, "repeats=", 8) == 0)
      return strtoul(*options + 8, NULL, 10) & 0xff;
  }
  return 0;
}

int main(int argc, char **argv)
{
  if (argc < 7)
    return 2;
  uint64_t count = strtoull(argv[2], NULL, 10), seed = strtoull(argv[4], NULL, 10);
  const char *prefix = argv[3];
  deepidv_client *clients[CLIENT_LIMIT];
  struct pollfd descriptors[CLIENT_LIMIT];
  nfds_t client_count = start_clients(argv, clients);
  for (nfds_t index = 0; index < client_count; index++) {
    descriptors[index].fd = deepidv_client_fd(clients[index]);
    descriptors[index].events = POLLIN;
  }
  create *creates = calloc(count + 1, sizeof *creates);
  unsigned long repeats = repeats_of(argv + 7);
  if (client_count == 0 || creates == NULL)
    return 2;

  /* The clients share one window, so that slow operations occupy a part of it. */
  uint64_t window = strtoull(argv[5], NULL, 10), submitted = 0, taken = 0;
  while (taken < count) {
    while (submitted < count && submitted - taken < window) {
      deepidv_status status = submit(clients[submitted % client_count], prefix, seed, submitted);
      check(status, "submit");
      submitted++;
    }
    /* Every operation has a deadline, so a completion that does not arrive is lost. */
    if (poll(descriptors, client_count, 30000) <= 0) {
      fprintf(stderr, "%" PRIu64 " of %" PRIu64 " were completed\n", taken, submitted);
      return 3;
    }
    for (nfds_t index = 0; index < client_count; index++) {
      taken += take_completions(clients[index], prefix, seed, creates, count, repeats);
    }
  }

  int wrong = 0;
  for (nfds_t index = 0; index < client_count; index++) {
    deepidv_event event;
    deepidv_result *result = NULL;
    check(deepidv_client_close(clients[index]), "close");
    if (deepidv_client_next(clients[index], &event, &result) != DEEPIDV_E_CLOSED)
      wrong = 1;
    deepidv_client_free(clients[index]);
  }
  for (uint64_t number = 0; number < count; number++)
    wrong |= creates[number].completed != 1;
  free(creates);
  if (wrong)
    fprintf(stderr, "not every create was completed once\n");
  return wrong ? 3 : 0;
}
