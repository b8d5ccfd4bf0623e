/* One reused easy handle: one create after another. */

#include "plain.h"

static void create(transfer *transfer, uint32_t count)
{
  uint32_t i;

  for (i = 0; i < count; i++) {
    transfer_begin(transfer, make_waiting(i));
    transfer_end(transfer, curl_easy_perform(transfer->easy));
  }
}

int main(int argc, char **argv)
{
  const job job = job_of(argc, argv);
  transfer transfer;

  curl_global_init(CURL_GLOBAL_DEFAULT);
  transfer_make(&transfer, &job);
  create(&transfer, 4 * CONNECTIONS);
  measure_begin(&job);
  create(&transfer, job.count);
  measure_end();
  transfer_free(&transfer);
  return 0;
}
