/*
 * Creates sessions with the blocking call of libdeepidv, on threads that share clients, and reports the outcome of
 * each. Arguments and output are those of soak_driver.c; IN_FLIGHT is the number of threads.
 *
 * Small numbers of threads test a different path: a thread that waits alone drives the transfers itself, and hands
 * the remaining ones over to the client's thread when its own create has completed.
 */

#include <pthread.h>

#include "soak_library.h"

enum { THREAD_LIMIT = 64 };

static const char *prefix;
static uint64_t count, seed;
static deepidv_client *clients[CLIENT_LIMIT];
static size_t client_count;

/* Protects `begun` and the output. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static uint64_t begun;

static void *work(void *context)
{
  (void)context;
  for (;;) {
    pthread_mutex_lock(&lock);
    uint64_t number = begun++;
    pthread_mutex_unlock(&lock);
    if (number >= count)
      return NULL;
    deepidv_session_request *request = make_request(prefix, seed, number);
    deepidv_result *result = NULL;
    deepidv_status status = deepidv_session_create(clients[number % client_count], request, &result);
    if (result == NULL || status != deepidv_result_status(result))
      abort();
    pthread_mutex_lock(&lock);
    print_report(prefix, number, result);
    pthread_mutex_unlock(&lock);
    deepidv_result_free(result);
    deepidv_session_request_free(request);
  }
}

int main(int argc, char **argv)
{
  if (argc < 7)
    return 2;
  count = strtoull(argv[2], NULL, 10);
  prefix = argv[3];
  seed = strtoull(argv[4], NULL, 10);
  size_t threads = strtoull(argv[5], NULL, 10);
  client_count = start_clients(argv, clients);
  if (client_count == 0 || threads == 0 || threads > THREAD_LIMIT)
    return 2;
  pthread_t running[THREAD_LIMIT];
  for (size_t index = 0; index < threads; index++) {
    if (pthread_create(&running[index], NULL, work, NULL) != 0)
      abort();
  }
  for (size_t index = 0; index < threads; index++)
    pthread_join(running[index], NULL);
  for (size_t index = 0; index < client_count; index++)
    deepidv_client_free(clients[index]);
  return 0;
}
