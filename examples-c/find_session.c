/*
 * Retrieves a session, or searches for the session of a create whose response was lost.
 *
 *   find_session ID
 *   find_session --token TOKEN
 *
 * create_session prints the token. The environment is the same as for create_session. The
 * exit status is 0 if the session exists, 1 if the request failed or there is no such
 * session, 2 for wrong usage, and 3 if the outcome is still unknown: the create may be
 * executed later, so search again before you repeat it.
 */

#include <stdio.h>
#include <string.h>

#include "deepidv.h"

enum { FOUND = 0, FAILED = 1, USAGE = 2, UNKNOWN = 3 };

static void print(const char *name, const char *text)
{
  if (text)
    printf("%-10s%s\n", name, text);
}

static int report(deepidv_status status, const deepidv_result *result)
{
  uint32_t i;

  if (status == DEEPIDV_OK) {
    deepidv_session session;

    deepidv_result_session(result, &session);
    print("id", session.id);
    print("status", session.status);
    print("progress", session.progress);
    print("reference", session.external_id);
    return FOUND;
  }
  fprintf(stderr, "%s: %s\n", deepidv_status_name(status), deepidv_status_text(status));
  if (deepidv_result_message(result, NULL))
    fprintf(stderr, "message   %s\n", deepidv_result_message(result, NULL));
  if (status == DEEPIDV_E_DUPLICATE)
    for (i = 0; i < deepidv_result_session_count(result); i++)
      print("session", deepidv_result_session_id_at(result, i, NULL));
  return status == DEEPIDV_E_OUTCOME_UNKNOWN ? UNKNOWN : FAILED;
}

int main(int argc, char **argv)
{
  const int has_token = argc == 3 && strcmp(argv[1], "--token") == 0;
  deepidv_config *config = NULL;
  deepidv_client *client = NULL;
  deepidv_result *result = NULL;
  deepidv_status status;
  int code;

  if (!has_token && (argc != 2 || argv[1][0] == '-')) {
    fprintf(stderr, "usage: %s ID | --token TOKEN\n", argv[0]);
    return USAGE;
  }

  status = deepidv_config_new(&config);
  if (status == DEEPIDV_OK)
    status = deepidv_config_from_env(config, NULL);
  if (status == DEEPIDV_OK)
    status = deepidv_client_new(config, &client);
  if (status == DEEPIDV_OK)
    status = has_token ? deepidv_session_reconcile(client, argv[2], DEEPIDV_NTS, &result)
                       : deepidv_session_retrieve(client, argv[1], DEEPIDV_NTS, &result);

  code = report(status, result);

  deepidv_result_free(result);
  deepidv_client_free(client);
  deepidv_config_free(config);
  return code;
}
