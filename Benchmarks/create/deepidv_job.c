/* Shared by both rows of the library. */

#include <stdio.h>

#include "deepidv_job.h"

void check(deepidv_status status)
{
  if (status != DEEPIDV_OK)
    give_up(deepidv_status_name(status));
}

deepidv_client *make_client(const job *job)
{
  deepidv_config *config = NULL;
  deepidv_client *client = NULL;

  check(deepidv_config_new(&config));
  check(deepidv_config_set_api_key(config, "dk_benchmark", DEEPIDV_NTS));
  check(deepidv_config_set_base_url(config, job->url, DEEPIDV_NTS));
  check(deepidv_config_set_rate_limit(config, 0));
  check(deepidv_config_set_connection_reuse(config, job->reuse != 0));
  if (job->ca && *job->ca)
    check(deepidv_config_set_ca_file(config, job->ca, DEEPIDV_NTS));
  check(deepidv_client_new(config, &client));
  deepidv_config_free(config);
  return client;
}

deepidv_session_request *make_request(unsigned number)
{
  deepidv_session_request *request = NULL;
  char text[64];

  check(deepidv_session_request_new(&request));
  check(deepidv_session_request_set_first_name(request, FIRST_NAME, DEEPIDV_NTS));
  snprintf(text, sizeof text, LAST_NAME, number);
  check(deepidv_session_request_set_last_name(request, text, DEEPIDV_NTS));
  snprintf(text, sizeof text, EMAIL, number);
  check(deepidv_session_request_set_email(request, text, DEEPIDV_NTS));
  check(deepidv_session_request_set_phone(request, PHONE, DEEPIDV_NTS));
  check(deepidv_session_request_set_workflow_id(request, WORKFLOW_ID, DEEPIDV_NTS));
  check(deepidv_session_request_set_redirect_url(request, REDIRECT_URL, DEEPIDV_NTS));
  return request;
}
