/* Shared by both soak programs of the library: clients, requests, and output. */

#ifndef SOAK_LIBRARY_H
#define SOAK_LIBRARY_H

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <deepidv.h>

#include "soak_bodies.h"

enum { CLIENT_LIMIT = 8 };

static void check(deepidv_status status, const char *what)
{
  if (status == DEEPIDV_OK)
    return;
  fprintf(stderr, "%s: %s\n", what, deepidv_status_name(status));
  exit(1);
}

static int has_key(const char *name, size_t length)
{
  const char *key;
  size_t key_length;
  for (uint32_t index = 0; (key = deepidv_config_key(index, &key_length)) != NULL; index++) {
    if (key_length == length && memcmp(key, name, length) == 0)
      return 1;
  }
  return 0;
}

/* Creates a client with options in the form KEY=VALUE, terminated by NULL. */
static deepidv_client *start(const char *url, const char *in_flight, const char *timeout, char **options)
{
  deepidv_config *config = NULL;
  deepidv_client *client = NULL;
  check(deepidv_config_new(&config), "config");
  check(deepidv_config_set_api_key(config, "dk_emulator", DEEPIDV_NTS), "api_key");
  check(deepidv_config_set_base_url(config, url, DEEPIDV_NTS), "base_url");
  check(deepidv_config_set(config, "max_in_flight", DEEPIDV_NTS, in_flight, DEEPIDV_NTS), "max_in_flight");
  check(deepidv_config_set(config, "timeout_ms", DEEPIDV_NTS, timeout, DEEPIDV_NTS), "timeout_ms");
  for (; *options != NULL; options++) {
    const char *equals = strchr(*options, '=');
    if (equals == NULL)
      abort();
    size_t length = (size_t)(equals - *options);
    if (!has_key(*options, length))
      continue;
    check(deepidv_config_set(config, *options, length, equals + 1, DEEPIDV_NTS), *options);
  }
  check(deepidv_client_new(config, &client), "client");
  deepidv_config_free(config);
  return client;
}

/* Creates one client per timeout of the command line. Returns how many there are. */
static size_t start_clients(char **argv, deepidv_client **clients)
{
  size_t count = 0;
  for (char *timeout = strtok(argv[6], ","); timeout && count < CLIENT_LIMIT; timeout = strtok(NULL, ",")) {
    clients[count++] = start(argv[1], argv[5], timeout, argv + 7);
  }
  return count;
}

/* Creates the request with this number; the caller frees it. */
static deepidv_session_request *make_request(const char *prefix, uint64_t seed, uint64_t number)
{
  deepidv_session_request *request = NULL;
  char external_id[200];
  char *name = soak_name(seed, number);
  snprintf(external_id, sizeof external_id, "%s%" PRIu64, prefix, number);
  check(deepidv_session_request_new(&request), "request");
  check(deepidv_session_request_set_first_name(request, name, DEEPIDV_NTS), "first_name");
  check(deepidv_session_request_set_last_name(request, name, DEEPIDV_NTS), "last_name");
  check(deepidv_session_request_set_email(request, "ada@example.com", DEEPIDV_NTS), "email");
  check(deepidv_session_request_set_phone(request, "+15192223333", DEEPIDV_NTS), "phone");
  check(deepidv_session_request_set_external_id(request, external_id, DEEPIDV_NTS), "external_id");
  free(name);
  return request;
}

static const char *short_name(deepidv_status status)
{
  return deepidv_status_name(status) + strlen("DEEPIDV_");
}

/* Prints the line of a completed create. */
static void print_report(const char *prefix, uint64_t number, const deepidv_result *result)
{
  const char *id = deepidv_result_session_id(result, NULL);
  printf("%s%" PRIu64 " %s %s %d %u %s\n", prefix, number, short_name(deepidv_result_status(result)),
      short_name(deepidv_result_cause(result)), (int)deepidv_result_http_status(result),
      (unsigned)deepidv_result_attempts(result), id != NULL ? id : "-");
}

#endif
