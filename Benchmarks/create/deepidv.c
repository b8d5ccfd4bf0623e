/* The library's queue: submit, wait, take. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deepidv.h"
#include "measure.h"

static void check(deepidv_status status)
{
  if (status != DEEPIDV_OK)
    give_up(deepidv_status_name(status));
}

static deepidv_client *make_client(const job *job)
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

/* The tag is when it was submitted. */
static void submit(deepidv_client *client, unsigned number)
{
  deepidv_session_request *request = NULL;
  const uint64_t submitted = now_ns();
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
  check(deepidv_session_create_submit(client, request, submitted, NULL));
  deepidv_session_request_free(request);
}

static void create(deepidv_client *client, uint32_t in_flight, uint32_t count)
{
  uint32_t submitted = 0, ended = 0;

  while (ended < count) {
    deepidv_event event;
    deepidv_result *result;

    while (submitted < count && submitted - ended < in_flight)
      submit(client, submitted++);
    check(deepidv_client_wait(client, -1));
    while (deepidv_client_next(client, &event, &result) == DEEPIDV_OK) {
      check(event.status);
      measure_one(event.tag, deepidv_result_session_id(result, NULL),
          deepidv_result_session_url(result, NULL));
      deepidv_result_free(result);
      ended++;
    }
  }
}

int main(int argc, char **argv)
{
  const job job = job_of(argc, argv);
  deepidv_client *client = make_client(&job);

  create(client, job.in_flight < CONNECTIONS ? job.in_flight : CONNECTIONS, 4 * CONNECTIONS);
  measure_begin(&job);
  create(client, job.in_flight, job.count);
  measure_end();
  deepidv_client_free(client);
  return 0;
}
