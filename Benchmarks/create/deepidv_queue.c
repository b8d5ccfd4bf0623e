/* The library's queue: submit, wait, take. */

#include "deepidv_job.h"

/* Submits a create. The tag is the time of submission. */
static void submit(deepidv_client *client, unsigned number)
{
  const uint64_t submitted = now_ns();
  deepidv_session_request *request = make_request(number);

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
      measure_one(
          event.tag, deepidv_result_session_id(result, NULL), deepidv_result_session_url(result, NULL));
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
