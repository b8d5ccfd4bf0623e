/*
 * The two parts of a verification in a web application: starting it, and handling the
 * redirect with which the applicant returns.
 *
 *   callback start COOKIE URL APPLICANT
 *   callback finish COOKIE ID REDIRECT
 *
 * COOKIE identifies the browser, APPLICANT is a session request in JSON, and ID is the
 * session id, which start prints and an application stores with its user. STATE_KEY in the
 * environment is the secret key that both parts share, at least 16 bytes; for the other
 * variables see create_session. The exit status is 0 if the applicant is verified, or if
 * the session was started, 1 if not, 2 for wrong usage, and 3 if it is not known yet.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deepidv.h"

enum { DONE = 0, REFUSED = 1, USAGE = 2, UNKNOWN = 3 };
enum { LIFETIME = 24 * 60 * 60 }; /* of the state, in seconds */

static deepidv_config *config;
static deepidv_client *client;
static deepidv_state_keys *keys;
static deepidv_session_request *request;
static deepidv_result *result;

static int fail(deepidv_status status)
{
  fprintf(stderr, "%s: %s\n", deepidv_status_name(status), deepidv_status_text(status));
  return status == DEEPIDV_E_OUTCOME_UNKNOWN ? UNKNOWN : REFUSED;
}

/* argv: COOKIE URL APPLICANT */
static int start(char **argv)
{
  char state[DEEPIDV_STATE_SIZE], url[8192 + DEEPIDV_STATE_SIZE];
  deepidv_status status;

  status = deepidv_state_new(keys, argv[0], DEEPIDV_NTS, LIFETIME, state, sizeof state, NULL);
  if (status == DEEPIDV_OK)
    status = deepidv_redirect_url_with_state(argv[1], DEEPIDV_NTS, state, DEEPIDV_NTS, url, sizeof url, NULL);
  if (status == DEEPIDV_OK)
    status = deepidv_session_request_new(&request);
  if (status == DEEPIDV_OK)
    status = deepidv_session_request_set_json(request, argv[2], DEEPIDV_NTS, NULL, NULL);
  if (status == DEEPIDV_OK)
    status = deepidv_session_request_set_redirect_url(request, url, DEEPIDV_NTS);
  if (status == DEEPIDV_OK)
    status = deepidv_session_create(client, request, &result);
  if (status != DEEPIDV_OK)
    return fail(status);
  printf("id       %s\n", deepidv_result_session_id(result, NULL));
  /* NULL if the session was found by a search, or if the URL is unsafe for a browser. */
  if (deepidv_result_session_url(result, NULL))
    printf("url      %s\n", deepidv_result_session_url(result, NULL));
  return DONE;
}

/* argv: COOKIE ID REDIRECT */
static int finish(char **argv)
{
  deepidv_status status = deepidv_state_verify(keys, argv[2], DEEPIDV_NTS, argv[0], DEEPIDV_NTS);

  /* Checks the browser. Without this, anybody with the link could complete the verification. */
  if (status != DEEPIDV_OK)
    return fail(status);

  /* Confirms the outcome with the service, not with the status in the redirect. */
  status = deepidv_redirect_confirm(client, argv[2], DEEPIDV_NTS, argv[1], DEEPIDV_NTS, &result);
  printf("verdict  %s\n", deepidv_verdict_name(deepidv_result_verdict(result)));
  switch (deepidv_result_verdict(result)) {
  case DEEPIDV_VERDICT_VERIFIED: return DONE;
  case DEEPIDV_VERDICT_SUBMITTED: /* ask again later */
  case DEEPIDV_VERDICT_PENDING: return UNKNOWN;
  case DEEPIDV_VERDICT_REJECTED:
  case DEEPIDV_VERDICT_EXPIRED:
  case DEEPIDV_VERDICT_FORGED: return REFUSED;
  default: /* the service could not be reached, refused, or used a new status */
    if (status != DEEPIDV_OK)
      fail(status);
    return UNKNOWN;
  }
}

int main(int argc, char **argv)
{
  const int starts = argc == 5 && strcmp(argv[1], "start") == 0;
  const char *key = getenv("STATE_KEY");
  deepidv_status status;
  int code;

  if (!starts && (argc != 5 || strcmp(argv[1], "finish") != 0)) {
    fprintf(stderr,
        "usage: %s start COOKIE URL APPLICANT\n"
        "       %s finish COOKIE ID REDIRECT\n",
        argv[0], argv[0]);
    return USAGE;
  }
  status = deepidv_state_keys_new(&keys);
  if (status == DEEPIDV_OK)
    status = deepidv_state_keys_add(keys, key ? key : "", DEEPIDV_NTS);
  if (status == DEEPIDV_OK)
    status = deepidv_config_new(&config);
  if (status == DEEPIDV_OK)
    status = deepidv_config_from_env(config, NULL);
  if (status == DEEPIDV_OK)
    status = deepidv_client_new(config, &client);
  code = status != DEEPIDV_OK ? fail(status) : starts ? start(argv + 2) : finish(argv + 2);

  deepidv_result_free(result);
  deepidv_session_request_free(request);
  deepidv_client_free(client);
  deepidv_config_free(config);
  deepidv_state_keys_free(keys);
  return code;
}
