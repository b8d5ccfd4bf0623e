/* The library's blocking call: one create at a time; IN_FLIGHT is ignored. */

#include "deepidv_job.h"

static void create(deepidv_client *client, unsigned number)
{
  const uint64_t submitted = now_ns();
  deepidv_session_request *request = make_request(number);
  deepidv_result *result = NULL;

  check(deepidv_session_create(client, request, &result));
  measure_one(submitted, deepidv_result_session_id(result, NULL), deepidv_result_session_url(result, NULL));
  deepidv_result_free(result);
  deepidv_session_request_free(request);
}

int main(int argc, char **argv)
{
  const job job = job_of(argc, argv);
  deepidv_client *client = make_client(&job);
  unsigned number;

  for (number = 0; number < 4 * CONNECTIONS; number++)
    create(client, number);
  measure_begin(&job);
  for (number = 0; number < job.count; number++)
    create(client, number);
  measure_end();
  deepidv_client_free(client);
  return 0;
}
