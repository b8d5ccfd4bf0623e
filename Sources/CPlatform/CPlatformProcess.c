#define _GNU_SOURCE
#include "CPlatformProcess.h"
#include "CPlatformThread.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

uint64_t cplatform_now_ns(void)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

int64_t cplatform_wall_seconds(void)
{
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (int64_t)now.tv_sec;
}

uint64_t cplatform_wall_us(void)
{
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

cplatform_bits cplatform_random(void)
{
  cplatform_bits bits;
  if (!cplatform_random_bytes(&bits, sizeof bits))
    bits = (cplatform_bits){ cplatform_now_ns(), (uintptr_t)&bits };
  return bits;
}

int cplatform_random_bytes(void *memory, size_t size)
{
  /* Up to 256 bytes are returned in one call. A thread is not cancelled here: half of a call would be done. */
  const int state = cplatform_cancel_disable();
  const int is_filled = size <= 256 && getrandom(memory, size, 0) == (ssize_t)size;
  cplatform_cancel_restore(state);
  return is_filled;
}

static pthread_mutex_t registry = PTHREAD_MUTEX_INITIALIZER;

/* Of the thread that holds the registry, to be restored: one that was cancelled inside would leave it locked. */
static int registry_cancel_state;

void cplatform_registry_lock(void)
{
  const int state = cplatform_cancel_disable();
  pthread_mutex_lock(&registry);
  registry_cancel_state = state;
}

void cplatform_registry_unlock(void)
{
  const int state = registry_cancel_state;
  pthread_mutex_unlock(&registry);
  cplatform_cancel_restore(state);
}

/* When the library is loaded. For the first client would be too late: another thread may be inside of fork then, past
   the moment at which handlers are called, and would copy a locked registry. */
__attribute__((constructor)) static void watch_forks(void)
{
  pthread_atfork(cplatform_registry_lock, cplatform_registry_unlock, cplatform_registry_unlock);
}

int cplatform_registry_lock_for_exit(void)
{
  struct timespec deadline;
  const int state = cplatform_cancel_disable();
  clock_gettime(CLOCK_REALTIME, &deadline);
  deadline.tv_sec += 2;
  if (pthread_mutex_timedlock(&registry, &deadline) == 0) {
    registry_cancel_state = state;
    return 1;
  }
  cplatform_cancel_restore(state);
  return 0;
}

int cplatform_at_exit(void (*body)(void)) { return atexit(body) == 0; }

static atomic_int remembered;

int32_t cplatform_remembered(void) { return atomic_load_explicit(&remembered, memory_order_relaxed); }

void cplatform_add_remembered(int32_t count)
{
  atomic_fetch_add_explicit(&remembered, count, memory_order_relaxed);
}

/* A page that a forked child gets empty, however it was forked. */
static _Atomic(atomic_int *) process_page;

static atomic_int *make_process_page(void)
{
  atomic_int *none = NULL;
  atomic_int *page = mmap(NULL, sizeof *page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED)
    return NULL;
  /* No lock: a fork could leave it locked in the child. */
  if (madvise(page, sizeof *page, MADV_WIPEONFORK) == 0
      && atomic_compare_exchange_strong(&process_page, &none, page))
    return page;
  munmap(page, sizeof *page);
  return none;
}

/* Each call of the library asks, and glibc does not remember the number. */
int32_t cplatform_process_id(void)
{
  atomic_int *page = atomic_load_explicit(&process_page, memory_order_acquire);
  int32_t number;
  if (page == NULL)
    page = make_process_page();
  if (page == NULL)
    return (int32_t)getpid();
  number = atomic_load_explicit(page, memory_order_relaxed);
  if (number == 0) {
    number = (int32_t)getpid();
    atomic_store_explicit(page, number, memory_order_relaxed);
  }
  return number;
}

const char *cplatform_environment(const char *name) { return secure_getenv(name); }

int cplatform_signal_new(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

void cplatform_signal_raise(int descriptor) { eventfd_write(descriptor, 1); }

void cplatform_signal_lower(int descriptor)
{
  eventfd_t count;
  eventfd_read(descriptor, &count);
}

void cplatform_close(int descriptor) { close(descriptor); }
