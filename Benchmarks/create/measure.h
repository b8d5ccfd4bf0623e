/*
 * Shared by all C rows of the benchmark: arguments, applicant, clock, and output.
 */

#ifndef CREATE_MEASURE_H
#define CREATE_MEASURE_H

#include <stdint.h>

/* The maximum number of concurrent transfers; other creates wait in the program's queue. */
#define CONNECTIONS 64

typedef struct job {
  const char *url;    /* the base URL */
  uint32_t in_flight; /* the number of concurrent creates */
  uint32_t count;     /* the number of measured creates */
  const char *ca;     /* a CA file, or NULL */
  int reuse;          /* whether connections are reused */
} job;

/* The applicant of all rows. %u is a number that differs for each create. */
#define FIRST_NAME "Applicant"
#define LAST_NAME "Number %u"
#define EMAIL "applicant.%u@example.com"
#define PHONE "+15192223333"
#define WORKFLOW_ID "wf_abc123"
#define REDIRECT_URL "https://yourapp.com/verify-callback?cart=8821"

/* PROGRAM URL IN_FLIGHT COUNT [CA_FILE [REUSE]] */
job job_of(int argc, char **argv);

/* The time of a monotonic clock in nanoseconds. */
uint64_t now_ns(void);

/* Starts the measurement after the warm-up. */
void measure_begin(const job *job);

/* Records one response. Exits if it is wrong. */
void measure_one(uint64_t submitted_ns, const char *id, const char *session_url);

/* Prints the results. */
void measure_end(void);

/* Prints an error and exits. */
_Noreturn void give_up(const char *why);

#endif
