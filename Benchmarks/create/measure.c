#define _GNU_SOURCE
#include "measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static uint64_t begun_ns, begun_cpu_us;
static uint64_t *latencies;
static uint32_t answers, capacity;

_Noreturn void give_up(const char *why)
{
  fprintf(stderr, "%s\n", why);
  exit(1);
}

job job_of(int argc, char **argv)
{
  job job = { NULL, 1, 1, NULL, 1 };

  if (argc < 4)
    give_up("usage: PROGRAM URL IN_FLIGHT COUNT [CA_FILE [REUSE]]");
  job.url = argv[1];
  job.in_flight = (uint32_t)strtoul(argv[2], NULL, 10);
  job.count = (uint32_t)strtoul(argv[3], NULL, 10);
  if (argc > 4)
    job.ca = argv[4];
  if (argc > 5)
    job.reuse = atoi(argv[5]);
  return job;
}

uint64_t now_ns(void)
{
  struct timespec now;

  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static uint64_t cpu_us(void)
{
  struct rusage usage;

  getrusage(RUSAGE_SELF, &usage);
  return (uint64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000
      + (uint64_t)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

void measure_begin(const job *job)
{
  capacity = job->count;
  latencies = calloc(capacity, sizeof *latencies);
  if (!latencies)
    give_up("out of memory");
  answers = 0;
  begun_cpu_us = cpu_us();
  begun_ns = now_ns();
}

void measure_one(uint64_t submitted_ns, const char *id, const char *session_url)
{
  if (!id || strcmp(id, "sess_5f8a7c2b9e4d4c1a8f3e6d7b2a1c0e9f") != 0)
    give_up("a response has no id");
  if (!session_url || strncmp(session_url, "https://", 8) != 0)
    give_up("a response has no session URL");
  if (latencies && answers < capacity)
    latencies[answers++] = now_ns() - submitted_ns;
}

static int compare(const void *left, const void *right)
{
  const uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

  return a < b ? -1 : a > b;
}

void measure_end(void)
{
  const double seconds = (double)(now_ns() - begun_ns) / 1e9;
  const double cpu = (double)(cpu_us() - begun_cpu_us);
  struct rusage usage;

  if (answers != capacity)
    give_up("responses are missing");
  getrusage(RUSAGE_SELF, &usage);
  qsort(latencies, answers, sizeof *latencies, compare);
  printf("%.0f %.1f %.0f %.0f %ld\n", answers / seconds, cpu / answers, (double)latencies[answers / 2] / 1e3,
      (double)latencies[answers / 100 * 99] / 1e3, usage.ru_maxrss);
}
