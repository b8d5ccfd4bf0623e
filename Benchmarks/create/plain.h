/* A create in plain C: cJSON around one of libcurl's easy handles. */

#ifndef CREATE_PLAIN_H
#define CREATE_PLAIN_H

#include <curl/curl.h>
#include <stddef.h>

#include "measure.h"

/* A body that waits for a handle. */
typedef struct waiting {
  struct waiting *next;
  uint64_t submitted;
  size_t length;
  char body[];
} waiting;

typedef struct transfer {
  CURL *easy;
  waiting *sent;
  char *answer;
  size_t count, capacity;
} transfer;

/* Builds an applicant's body, as of now. */
waiting *make_waiting(unsigned number);

/* A handle with every option that does not change. */
void transfer_make(transfer *transfer, const job *job);

/* Takes a body to send. */
void transfer_begin(transfer *transfer, waiting *waiting);

/* Reads the answer, takes it down, and is ready for the next. */
void transfer_end(transfer *transfer, CURLcode code);

void transfer_free(transfer *transfer);

#endif
