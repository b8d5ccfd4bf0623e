/* The conformance driver in C, whose lines all other drivers must print. The commands are in ../../README.md. */

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "deepidv.h"

static deepidv_client *client;

static deepidv_client *new_client(void)
{
  deepidv_config *config = NULL;
  deepidv_client *made = NULL;

  deepidv_config_new(&config);
  deepidv_config_from_env(config, NULL);
  deepidv_status status = deepidv_client_new(config, &made);
  deepidv_config_free(config);
  if (status == DEEPIDV_OK)
    return made;
  fprintf(stderr, "client: %s\n", deepidv_status_text(status));
  exit(1);
}

/* Prints a status, with the field that it is about. */
static void refuse(deepidv_status status, const char *field)
{
  printf(field ? "%s\t%s\n" : "%s\n", deepidv_status_name(status), field);
}

/* Prints a text; or the status, if there is none. */
static void print(deepidv_status status, const char *text)
{
  if (text)
    puts(text);
  else
    refuse(status, NULL);
}

static void print_result(deepidv_status status, deepidv_result **result)
{
  print(status, deepidv_result_describe(*result, NULL));
  deepidv_result_free(*result);
}

/* Returns a request, or prints why it was refused and returns NULL. */
static deepidv_session_request *new_request(const char *json)
{
  deepidv_session_request *request = NULL;
  const char *field = NULL;

  deepidv_session_request_new(&request);
  deepidv_status status = deepidv_session_request_set_json(request, json, DEEPIDV_NTS, &field, NULL);
  if (status == DEEPIDV_OK)
    return request;
  refuse(status, field);
  deepidv_session_request_free(request);
  return NULL;
}

static void check(char **field)
{
  deepidv_session_request *request = new_request(field[1]);
  const char *refused = NULL;

  if (request) {
    deepidv_status status = deepidv_session_request_validate(request, &refused);
    refuse(status, refused);
  }
  deepidv_session_request_free(request);
}

static void create(char **field)
{
  deepidv_session_request *request = new_request(field[1]);
  deepidv_result *result = NULL;

  if (request && strcmp(field[0], "find") == 0)
    print_result(deepidv_session_find_or_create(client, request, &result), &result);
  else if (request)
    print_result(deepidv_session_create(client, request, &result), &result);
  deepidv_session_request_free(request);
}

/* Submits creates with the tags 1, 2, ... and waits for their completions on the descriptor. */
static void many(char **field)
{
  deepidv_session_request *request = new_request(field[2]);
  struct pollfd watched = { .fd = deepidv_client_fd(client), .events = POLLIN };
  int count = atoi(field[1]), taken = 0, tags = 0, sessions = 0;
  char external_id[32];
  deepidv_event event;
  deepidv_result *result;

  for (int tag = 1; tag <= count; tag++) {
    snprintf(external_id, sizeof external_id, "%s-%d", field[0], tag);
    deepidv_session_request_set_external_id(request, external_id, DEEPIDV_NTS);
    deepidv_session_create_submit(client, request, tag, NULL);
  }
  deepidv_session_request_free(request);
  if (strcmp(field[0], "collect") == 0) /* C has no collector, so these are freed by hand. */
    for (int object = 0; object < 1000; object++)
      deepidv_session_request_free(new_request(field[2]));
  while (taken < count && poll(&watched, 1, -1) > 0)
    while (deepidv_client_next(client, &event, &result) == DEEPIDV_OK) {
      taken++;
      tags += (int)event.tag;
      sessions += deepidv_result_session_id(result, NULL) != NULL;
      deepidv_result_free(result);
    }
  printf("%d completions, tags %d, %d sessions\n", taken, tags, sessions);
}

/* Gives up a lookup, as a program does after Ctrl-C: its completion is still taken. */
static void cancel(char **field)
{
  deepidv_result *result = NULL;
  deepidv_event event;
  uint64_t op = 0;

  deepidv_session_retrieve_submit(client, field[1], DEEPIDV_NTS, 1, &op);
  printf("%s\t", deepidv_status_name(deepidv_client_take(client, op, 50, &event, &result)));
  deepidv_client_cancel(client, op);
  deepidv_client_take(client, op, -1, &event, &result);
  refuse(event.status, NULL);
  deepidv_result_free(result);
}

static void redirect(char **field)
{
  char json[8192];
  deepidv_status status = deepidv_redirect_describe(field[1], DEEPIDV_NTS, json, sizeof json, NULL);

  print(status, status == DEEPIDV_OK ? json : NULL);
}

static void matches(char **field)
{
  deepidv_redirect parsed;
  deepidv_status status = deepidv_redirect_parse(field[1], DEEPIDV_NTS, &parsed);

  if (status == DEEPIDV_OK)
    status = deepidv_redirect_matches(field[1], DEEPIDV_NTS, &parsed, field[2], DEEPIDV_NTS);
  refuse(status, NULL);
}

static void webhook(char **field)
{
  deepidv_webhook_secrets *secrets = NULL;
  deepidv_webhook *event = NULL;

  deepidv_webhook_secrets_new(&secrets);
  deepidv_webhook_secrets_add(secrets, field[1], DEEPIDV_NTS);
  deepidv_status status = deepidv_webhook_open(secrets, field[2], DEEPIDV_NTS, field[3], DEEPIDV_NTS, &event);
  deepidv_webhook_secrets_free(secrets);
  print(status, deepidv_webhook_describe(event, NULL));
  deepidv_webhook_free(event);
}

static void option(char **field)
{
  deepidv_config *config = NULL;

  deepidv_config_new(&config);
  refuse(deepidv_config_set(config, field[1], DEEPIDV_NTS, field[2], DEEPIDV_NTS), NULL);
  deepidv_config_free(config);
}

static void nul(char **field)
{
  deepidv_session_request *request = new_request(field[1]);

  refuse(deepidv_session_request_set_first_name(request, "a\0b", 3), NULL);
  deepidv_session_request_free(request);
}

/* Frees the client before the result that came from it. */
static void order(char **field)
{
  deepidv_session_request *request = new_request(field[1]);
  deepidv_client *other = new_client();
  deepidv_result *result = NULL;

  deepidv_session_create(other, request, &result);
  deepidv_client_free(other);
  deepidv_session_request_free(request);
  print_result(DEEPIDV_OK, &result);
}

/* Creates in a child of fork, which ends with the status. */
static void forked(char **field)
{
  deepidv_session_request *request = new_request(field[1]);
  deepidv_result *result = NULL;
  int ended = 0;
  pid_t child = fork();

  if (child == 0)
    _exit(deepidv_session_create(client, request, &result));
  waitpid(child, &ended, 0);
  refuse(WEXITSTATUS(ended), NULL);
  deepidv_session_request_free(request);
}

static void version(char **field)
{
  (void)field;
  printf("%u.%u\n", deepidv_abi_version() >> 16, deepidv_abi_version() & 0xFFFF);
}

static void retrieve(char **field)
{
  deepidv_result *result = NULL;

  print_result(deepidv_session_retrieve(client, field[1], DEEPIDV_NTS, &result), &result);
}

static void list(char **field)
{
  deepidv_result *result = NULL;

  print_result(
      deepidv_session_list(client, field[1], DEEPIDV_NTS, atoi(field[2]), NULL, 0, &result), &result);
}

static void update(char **field)
{
  int decision = strcmp(field[2], "VERIFIED") == 0 ? DEEPIDV_DECISION_VERIFIED : DEEPIDV_DECISION_REJECTED;
  deepidv_result *result = NULL;

  print_result(deepidv_session_update_status(client, field[1], DEEPIDV_NTS, decision, &result), &result);
}

static void confirm(char **field)
{
  deepidv_result *result = NULL;

  print_result(
      deepidv_redirect_confirm(client, field[1], DEEPIDV_NTS, field[2], DEEPIDV_NTS, &result), &result);
}

static void reconcile(char **field)
{
  deepidv_result *result = NULL;

  print_result(deepidv_session_reconcile(client, field[1], DEEPIDV_NTS, &result), &result);
}

static const struct {
  const char *name;
  void (*run)(char **field);
} commands[] = {
  { "version", version },
  { "redirect", redirect },
  { "matches", matches },
  { "webhook", webhook },
  { "option", option },
  { "check", check },
  { "create", create },
  { "find", create },
  { "retrieve", retrieve },
  { "list", list },
  { "update", update },
  { "confirm", confirm },
  { "reconcile", reconcile },
  { "many", many },
  { "collect", many },
  { "cancel", cancel },
  { "nul", nul },
  { "order", order },
  { "fork", forked },
};

int main(void)
{
  char *line = NULL, *field[5];
  size_t size = 0;

  client = new_client();
  while (getline(&line, &size, stdin) > 0) {
    char *rest = line;

    line[strcspn(line, "\n")] = 0;
    for (int number = 0; number < 5; number++)
      field[number] = rest ? strsep(&rest, "\t") : "";
    for (size_t number = 0; number < sizeof commands / sizeof *commands; number++)
      if (strcmp(commands[number].name, field[0]) == 0)
        commands[number].run(field);
    fflush(stdout);
  }
  free(line);
  deepidv_client_free(client);
  return 0;
}
