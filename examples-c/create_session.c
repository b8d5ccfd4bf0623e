/*
 * Creates one session and waits for the result.
 *
 *   create_session FIRST LAST EMAIL PHONE [REDIRECT_URL]
 *
 * Set DEEPIDV_API_KEY in the environment, and DEEPIDV_BASE_URL to use an emulator. The exit
 * status is 0 if the session exists, 1 if it does not, 2 for wrong usage, and 3 if the
 * outcome is unknown: then search for the session with find_session and the printed token.
 * Another run knows nothing of this create, and would send it again.
 */

#include <stdio.h>

#include "deepidv.h"

enum { CREATED = 0, NOT_CREATED = 1, USAGE = 2, UNKNOWN = 3 };

/* The arguments in order, each with the setter that checks it. */
static const struct {
  const char *name;
  deepidv_status (*set)(deepidv_session_request *request, const char *value, size_t length);
} fields[] = {
  { "first_name", deepidv_session_request_set_first_name },
  { "last_name", deepidv_session_request_set_last_name },
  { "email", deepidv_session_request_set_email },
  { "phone", deepidv_session_request_set_phone },
  { "redirect_url", deepidv_session_request_set_redirect_url },
};

/* Sets a field from each value. If a value is refused, *refused is the name of its field. */
static deepidv_status fill(
    deepidv_session_request *request, char *const *values, int count, const char **refused)
{
  deepidv_status status = DEEPIDV_OK;
  int i;

  for (i = 0; i < count && status == DEEPIDV_OK; i++) {
    status = fields[i].set(request, values[i], DEEPIDV_NTS);
    if (status != DEEPIDV_OK)
      *refused = fields[i].name;
  }
  return status;
}

static int report_session(const deepidv_result *result)
{
  deepidv_session session;

  deepidv_result_session(result, &session);
  printf("id       %s\n", session.id);
  if (session.url)
    printf("url      %s\n", session.url);
  else if (session.reconciled)
    puts("url      (lost with the response; a search found the session)");
  else
    puts("url      (the service sent none)");
  return CREATED;
}

/* Prints the failure. The result is NULL if the library refused an argument. */
static int report_failure(deepidv_status status, const char *refused, const deepidv_result *result)
{
  uint32_t i;

  fprintf(stderr, "status   %s (%d)\n", deepidv_status_name(status), (int)status);
  fprintf(stderr, "meaning  %s\n", deepidv_status_text(status));
  if (refused)
    fprintf(stderr, "refused  %s\n", refused);
  if (result) {
    const char *message = deepidv_result_message(result, NULL);

    fprintf(stderr, "cause    %s\n", deepidv_status_name(deepidv_result_cause(result)));
    if (deepidv_result_http_status(result) != 0)
      fprintf(stderr, "http     %d\n", (int)deepidv_result_http_status(result));
    if (message)
      fprintf(stderr, "message  %s\n", message);
    for (i = 0; i < deepidv_result_hint_count(result); i++)
      fprintf(stderr, "hint     %s\n", deepidv_result_hint(result, i, NULL));
  }
  if (status == DEEPIDV_E_OUTCOME_UNKNOWN) {
    const char *token = deepidv_result_reconcile_token(result, NULL);

    if (token)
      fprintf(stderr, "token    %s\n", token);
    fputs("A session may exist: run find_session --token TOKEN later.\n"
          "Another run knows nothing of this create, and would send it again.\n",
        stderr);
    return UNKNOWN;
  }
  if (status == DEEPIDV_E_DUPLICATE) {
    for (i = 0; i < deepidv_result_session_count(result); i++)
      fprintf(stderr, "session  %s\n", deepidv_result_session_id_at(result, i, NULL));
    return CREATED; /* more than once */
  }
  return NOT_CREATED;
}

int main(int argc, char **argv)
{
  deepidv_config *config = NULL;
  deepidv_client *client = NULL;
  deepidv_session_request *request = NULL;
  deepidv_result *result = NULL;
  const char *refused = NULL;
  deepidv_status status;
  int code;

  if (argc < 5 || argc > 6) {
    fprintf(stderr, "usage: %s FIRST LAST EMAIL PHONE [REDIRECT_URL]\n", argv[0]);
    return USAGE;
  }

  status = deepidv_config_new(&config);
  if (status == DEEPIDV_OK)
    status = deepidv_config_from_env(config, &refused);
  if (status == DEEPIDV_OK) {
    status = deepidv_client_new(config, &client);
    if (status == DEEPIDV_E_REQUIRED)
      refused = "api_key";
  }
  if (status == DEEPIDV_OK)
    status = deepidv_session_request_new(&request);
  if (status == DEEPIDV_OK)
    status = fill(request, argv + 1, argc - 1, &refused);
  if (status == DEEPIDV_OK)
    status = deepidv_session_create(client, request, &result);

  code = status == DEEPIDV_OK ? report_session(result) : report_failure(status, refused, result);

  deepidv_result_free(result);
  deepidv_session_request_free(request);
  deepidv_client_free(client);
  deepidv_config_free(config);
  return code;
}
