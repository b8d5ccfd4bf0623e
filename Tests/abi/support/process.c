#define _POSIX_C_SOURCE 200809L
#include "process.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support.h"

/* Calls a function for every entry of a folder, but not for . and .. */
static void each_entry(const char *path, void (*body)(const char *name, void *context), void *context)
{
  DIR *folder = opendir(path);
  struct dirent *entry;

  if (!folder)
    abort();
  while ((entry = readdir(folder)))
    if (entry->d_name[0] != '.')
      body(entry->d_name, context);
  closedir(folder);
}

static void count_entry(const char *name, void *context)
{
  (void)name;
  ++*(unsigned *)context;
}

unsigned thread_count(void)
{
  unsigned count = 0;

  each_entry("/proc/self/task", count_entry, &count);
  return count;
}

void assert_threads(unsigned expected)
{
  uint64_t deadline = now_ms() + 5000;

  while (thread_count() != expected && now_ms() < deadline)
    sleep_ms(5);
  assert_int_equal(thread_count(), expected);
}

unsigned descriptor_count(void)
{
  unsigned count = 0;

  each_entry("/proc/self/fd", count_entry, &count);
  return count - 1; /* the folder's own */
}

size_t resident_bytes(void)
{
  FILE *statm = fopen("/proc/self/statm", "re");
  unsigned long pages = 0;

  if (!statm || fscanf(statm, "%*u %lu", &pages) != 1)
    abort();
  fclose(statm);
  return pages * (size_t)sysconf(_SC_PAGESIZE);
}

typedef struct search {
  const char *name;
  unsigned found;
  uint64_t blocked, slept;
} search;

/* A thread that ends meanwhile does not count. */
static void look_at_thread(const char *thread, void *context)
{
  search *search = context;
  char path[64], line[256], name[64] = "";
  unsigned long long blocked = 0, slept = 0;
  FILE *status;

  snprintf(path, sizeof path, "/proc/self/task/%.32s/status", thread);
  status = fopen(path, "re");
  if (!status)
    return;
  while (fgets(line, sizeof line, status)) {
    sscanf(line, "Name: %63s", name);
    sscanf(line, "SigBlk: %llx", &blocked);
    sscanf(line, "voluntary_ctxt_switches: %llu", &slept);
  }
  fclose(status);
  if (strcmp(name, search->name) == 0) {
    search->found++;
    search->blocked = blocked;
    search->slept = slept;
  }
}

unsigned threads_named(const char *name)
{
  search search = { .name = name };

  each_entry("/proc/self/task", look_at_thread, &search);
  return search.found;
}

uint64_t blocked_signals(const char *name)
{
  search search = { .name = name };

  each_entry("/proc/self/task", look_at_thread, &search);
  return search.blocked;
}

uint64_t times_slept(const char *name)
{
  search search = { .name = name };

  each_entry("/proc/self/task", look_at_thread, &search);
  return search.slept;
}
