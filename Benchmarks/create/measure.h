/*
 * What every C row of the benchmark has in common: its arguments, the applicant, the
 * clock, and the line that it prints.
 */

#ifndef CREATE_MEASURE_H
#define CREATE_MEASURE_H

#include <stdint.h>

/* The most transfers at once; what is more in flight waits in the program's own queue. */
#define CONNECTIONS 64

typedef struct job {
  const char *url;    /* the base URL */
  uint32_t in_flight; /* creates that are outstanding at any time */
  uint32_t count;     /* creates that are measured */
  const char *ca;     /* a file of certificates, or NULL */
  int reuse;          /* whether a connection is used again */
} job;

/* An applicant as every row creates them. The two with %u differ each time. */
#define FIRST_NAME "Applicant"
#define LAST_NAME "Number %u"
#define EMAIL "applicant.%u@example.com"
#define PHONE "+15192223333"
#define WORKFLOW_ID "wf_abc123"
#define REDIRECT_URL "https://yourapp.com/verify-callback?cart=8821"

/* PROGRAM URL IN_FLIGHT COUNT [CA_FILE [REUSE]] */
job job_of(int argc, char **argv);

/* Nanoseconds of a clock that does not jump. */
uint64_t now_ns(void);

/* Forgets what was measured so far: the end of the warming up. */
void measure_begin(const job *job);

/* Takes down one answer; a wrong one ends the program. */
void measure_one(uint64_t submitted_ns, const char *id, const char *session_url);

/* Prints what was measured. */
void measure_end(void);

/* Ends the program. */
_Noreturn void give_up(const char *why);

#endif
