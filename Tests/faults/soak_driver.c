/*
 * Creates sessions concurrently through the queue of libdeepidv, and reports the outcome of each.
 *
 *   soak_driver BASE_URL COUNT PREFIX SEED IN_FLIGHT TIMEOUT_MS[,TIMEOUT_MS...] [KEY=VALUE...]
 *
 * There is one client per timeout, and creates are distributed in turn. External ids are PREFIX and a number. KEY
 * is an option of the library; unknown options are ignored. Prints one line per completion: external id, status,
 * cause, HTTP status, attempts, and the session's id or "-".
 *
 * The exit status is 0 if every submission completed exactly once.
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

/* Takes all completions. Returns how many there were. */
static uint64_t take_completions(
    deepidv_client *client, const char *prefix, unsigned char *completed, uint64_t count)
{
  deepidv_event event;
  deepidv_result *result = NULL;
  uint64_t taken = 0;
  while (deepidv_client_next(client, &event, &result) == DEEPIDV_OK) {
    if (event.tag >= count || event.status != deepidv_result_status(result))
      abort();
    completed[event.tag]++;
    taken++;
    print_report(prefix, event.tag, result);
    deepidv_result_free(result);
  }
  return taken;
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
  unsigned char *completed = calloc(count + 1, 1);
  if (client_count == 0 || completed == NULL)
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
      taken += take_completions(clients[index], prefix, completed, count);
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
    wrong |= completed[number] != 1;
  free(completed);
  if (wrong)
    fprintf(stderr, "not every submission was completed once\n");
  return wrong ? 3 : 0;
}
