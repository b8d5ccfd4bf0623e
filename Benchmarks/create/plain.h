/* A create in plain C, with cJSON and an easy handle of libcurl. */

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

/* Builds the body of a create, submitted now. */
waiting *make_waiting(unsigned number);

/* Creates a handle and sets the options that do not change. */
void transfer_make(transfer *transfer, const job *job);

/* Sets the body to send. */
void transfer_begin(transfer *transfer, waiting *waiting);

/* Parses and records the response. The handle can then be reused. */
void transfer_end(transfer *transfer, CURLcode code);

void transfer_free(transfer *transfer);

#endif
