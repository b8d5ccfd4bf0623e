/* A multi handle with at most 64 easy handles, and a queue of waiting creates. */

#include <stddef.h>

#include "plain.h"

static transfer transfers[CONNECTIONS];
static transfer *idle[CONNECTIONS];
static size_t idle_count;
static waiting *first, **last = &first;

static void create(CURLM *multi, uint32_t in_flight, uint32_t count)
{
  uint32_t submitted = 0, ended = 0;

  while (ended < count) {
    CURLMsg *message;
    int left;

    for (; submitted < count && submitted - ended < in_flight; submitted++) {
      *last = make_waiting(submitted);
      last = &(*last)->next;
    }
    while (first && idle_count > 0) {
      transfer *transfer = idle[--idle_count];
      waiting *next = first;

      first = next->next;
      if (!first)
        last = &first;
      transfer_begin(transfer, next);
      curl_multi_add_handle(multi, transfer->easy);
    }
    curl_multi_perform(multi, &left);
    while ((message = curl_multi_info_read(multi, &left))) {
      const CURLcode code = message->data.result;
      transfer *transfer;

      curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&transfer);
      curl_multi_remove_handle(multi, transfer->easy);
      transfer_end(transfer, code);
      idle[idle_count++] = transfer;
      ended++;
    }
    if (ended < count && (idle_count == 0 || submitted - ended >= in_flight))
      curl_multi_poll(multi, NULL, 0, 1000, NULL);
  }
}

int main(int argc, char **argv)
{
  const job job = job_of(argc, argv);
  CURLM *multi;
  size_t i;

  curl_global_init(CURL_GLOBAL_DEFAULT);
  multi = curl_multi_init();
  for (i = 0; i < CONNECTIONS; i++) {
    transfer_make(&transfers[i], &job);
    idle[idle_count++] = &transfers[i];
  }
  create(multi, job.in_flight < CONNECTIONS ? job.in_flight : CONNECTIONS, 4 * CONNECTIONS);
  measure_begin(&job);
  create(multi, job.in_flight, job.count);
  measure_end();
  for (i = 0; i < CONNECTIONS; i++)
    transfer_free(&transfers[i]);
  curl_multi_cleanup(multi);
  return 0;
}
