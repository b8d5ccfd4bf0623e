/*
 * A worker of a job queue: finds or creates the session of each job with the blocking call of libdeepidv, and says
 * what became of it. It may be killed at any moment.
 *
 * The arguments and the lines that it writes are those of soak_driver.c, but COUNT says nothing: it reads the number
 * of a job from each line of its input, until that ends. With plain=1 it creates without finding first, for comparison.
 */

#include "soak_library.h"

int main(int argc, char **argv)
{
  if (argc < 7)
    return 2;
  deepidv_client *clients[CLIENT_LIMIT];
  uint64_t seed = strtoull(argv[4], NULL, 10);
  int is_plain = strcmp(argv[argc - 1], "plain=1") == 0;
  size_t client_count = start_clients(argv, clients);
  if (client_count == 0)
    return 2;
  char line[32];
  while (fgets(line, sizeof line, stdin) != NULL) {
    uint64_t number = strtoull(line, NULL, 10);
    deepidv_session_request *request = make_request(argv[3], seed, number);
    deepidv_result *result = NULL;
    deepidv_client *client = clients[number % client_count];
    deepidv_status status = is_plain ? deepidv_session_create(client, request, &result)
                                     : deepidv_session_find_or_create(client, request, &result);
    if (result == NULL || status != deepidv_result_status(result))
      abort();
    print_report(argv[3], number, result);
    fflush(stdout);
    deepidv_result_free(result);
    deepidv_session_request_free(request);
  }
  for (size_t index = 0; index < client_count; index++)
    deepidv_client_free(clients[index]);
  return 0;
}
