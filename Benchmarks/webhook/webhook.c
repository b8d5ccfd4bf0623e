/*
 * Opens and frees the webhook in a file so many times, and prints nanoseconds of CPU time
 * and calls of malloc for each.
 *
 *   webhook FILE SECRET COUNT
 */

#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "deepidv.h"

enum { LARGEST = 4 << 20 };

/* The C library's own, behind the definition below, which every library in the process gets. */
void *__libc_malloc(size_t size);

static unsigned long mallocs;

void *malloc(size_t size) { return mallocs++, __libc_malloc(size); }

static double now_ns(void)
{
  struct timespec now;

  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

int main(int argc, char **argv)
{
  static char body[LARGEST];
  deepidv_webhook_secrets *secrets = NULL;
  unsigned long count, i, before;
  double began;
  size_t length;
  FILE *file;

  if (argc != 4 || !(file = fopen(argv[1], "rb")))
    return 2;
  length = fread(body, 1, sizeof body, file);
  fclose(file);
  count = strtoul(argv[3], NULL, 10);
  if (deepidv_webhook_secrets_new(&secrets) != DEEPIDV_OK
      || deepidv_webhook_secrets_add(secrets, argv[2], DEEPIDV_NTS) != DEEPIDV_OK)
    return 1;
  before = mallocs;
  began = now_ns();
  for (i = 0; i < count; i++) {
    deepidv_webhook *webhook = NULL;
    deepidv_session session;

    if (deepidv_webhook_open(secrets, argv[2], DEEPIDV_NTS, body, length, &webhook) != DEEPIDV_OK
        || deepidv_webhook_session(webhook, &session) != DEEPIDV_OK || !session.id)
      return 1;
    deepidv_webhook_free(webhook);
  }
  printf("%.1f %.1f\n", (now_ns() - began) / (double)count, (double)(mallocs - before) / (double)count);
  deepidv_webhook_secrets_free(secrets);
  return 0;
}
