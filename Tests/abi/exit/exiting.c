/*
 * Exits while creates are in flight, without freeing the client: its exit status is 0.
 *
 *   exiting URL CA_FILE MICROSECONDS [blocking]
 *
 * With blocking, threads wait in deepidv_session_create() when main returns.
 */

#define _POSIX_C_SOURCE 200809L

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "deepidv.h"

static deepidv_client *client;
static deepidv_session_request *request;

/* The exit status for wrong usage, other than that of a crash. */
static void check(deepidv_status status)
{
  if (status == DEEPIDV_OK)
    return;
  fprintf(stderr, "%s\n", deepidv_status_name(status));
  _Exit(2);
}

static void *create(void *context)
{
  deepidv_result *result = NULL;

  (void)context;
  while (deepidv_session_create(client, request, &result) == DEEPIDV_OK)
    deepidv_result_free(result);
  return NULL;
}

int main(int argc, char **argv)
{
  static const char json[] =
      "{\"first_name\":\"John\",\"last_name\":\"Doe\",\"email\":\"john.doe@example.com\","
      "\"phone\":\"+15192223333\"}";
  struct timespec pause = { 0, 0 };
  deepidv_config *config = NULL;
  pthread_t thread;
  int i;

  if (argc < 4)
    return 2;
  check(deepidv_config_new(&config));
  check(deepidv_config_set_api_key(config, "dk_emulator", DEEPIDV_NTS));
  check(deepidv_config_set_base_url(config, argv[1], DEEPIDV_NTS));
  check(deepidv_config_set_ca_file(config, argv[2], DEEPIDV_NTS));
  check(deepidv_config_set_rate_limit(config, 0));
  check(deepidv_client_new(config, &client));
  check(deepidv_session_request_new(&request));
  check(deepidv_session_request_set_json(request, json, DEEPIDV_NTS, NULL, NULL));
  if (argc > 4) {
    for (i = 0; i < 8; i++)
      if (pthread_create(&thread, NULL, create, NULL) != 0)
        return 2;
  } else {
    for (i = 0; i < 200; i++)
      check(deepidv_session_create_submit(client, request, 1, NULL));
  }
  pause.tv_nsec = atol(argv[3]) * 1000;
  nanosleep(&pause, NULL);
  return 0;
}
