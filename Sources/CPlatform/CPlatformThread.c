#define _GNU_SOURCE
#include "CPlatformThread.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

int cplatform_cancel_disable(void)
{
  int state;
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
  return state;
}

void cplatform_cancel_restore(int state) { pthread_setcancelstate(state, NULL); }

struct cplatform_lock {
  pthread_mutex_t mutex;
  pthread_cond_t condition;
  /* The state of the thread inside, to restore. */
  int cancel_state;
};

cplatform_lock *cplatform_lock_new(void)
{
  cplatform_lock *lock = calloc(1, sizeof *lock);
  pthread_condattr_t attributes;
  if (lock == NULL)
    return NULL;
  if (pthread_mutex_init(&lock->mutex, NULL) != 0) {
    free(lock);
    return NULL;
  }
  /* The wall clock may jump; deadlines must not. */
  pthread_condattr_init(&attributes);
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  int refused = pthread_cond_init(&lock->condition, &attributes);
  pthread_condattr_destroy(&attributes);
  if (refused) {
    pthread_mutex_destroy(&lock->mutex);
    free(lock);
    return NULL;
  }
  return lock;
}

void cplatform_lock_free(cplatform_lock *lock)
{
  if (lock == NULL)
    return;
  pthread_cond_destroy(&lock->condition);
  pthread_mutex_destroy(&lock->mutex);
  free(lock);
}

/* A thread that was cancelled inside would end with the mutex locked, and write(2) and all waiting are places where
   threads are cancelled. */
void cplatform_lock_lock(cplatform_lock *lock)
{
  const int state = cplatform_cancel_disable();
  pthread_mutex_lock(&lock->mutex);
  lock->cancel_state = state;
}

void cplatform_lock_unlock(cplatform_lock *lock)
{
  const int state = lock->cancel_state;
  pthread_mutex_unlock(&lock->mutex);
  cplatform_cancel_restore(state);
}

void cplatform_lock_broadcast(cplatform_lock *lock) { pthread_cond_broadcast(&lock->condition); }

/* The wall clock so many nanoseconds from now: what waits within a time takes no other. */
static struct timespec from_now(uint64_t wait_ns)
{
  struct timespec time;
  clock_gettime(CLOCK_REALTIME, &time);
  wait_ns += (uint64_t)time.tv_nsec;
  time.tv_sec += (time_t)(wait_ns / 1000000000u);
  time.tv_nsec = (long)(wait_ns % 1000000000u);
  return time;
}

int cplatform_lock_lock_within(cplatform_lock *lock, uint64_t wait_ns)
{
  const struct timespec deadline = from_now(wait_ns);
  const int state = cplatform_cancel_disable();
  if (pthread_mutex_timedlock(&lock->mutex, &deadline) == 0) {
    lock->cancel_state = state;
    return 1;
  }
  cplatform_cancel_restore(state);
  return 0;
}

int cplatform_lock_wait(cplatform_lock *lock, uint64_t deadline_ns)
{
  const struct timespec deadline = { (time_t)(deadline_ns / 1000000000u), (long)(deadline_ns % 1000000000u) };
  const int state = lock->cancel_state;
  /* UINT64_MAX is a time in some 500 years. */
  const int refused = pthread_cond_timedwait(&lock->condition, &lock->mutex, &deadline);
  lock->cancel_state = state;
  return refused != ETIMEDOUT;
}

struct cplatform_thread {
  pthread_t thread;
  void (*body)(void *);
  void *context;
};

/*
 * The signals are blocked in the new thread alone. The caller must not block its own meanwhile: pthread_create takes
 * locks of the C library, and a collector that stops threads by a signal would wait for the caller while the caller
 * waits for a thread that has been stopped.
 */
#ifdef __GLIBC__
static int block_signals(pthread_attr_t *attributes)
{
  sigset_t all;
  sigfillset(&all);
  return pthread_attr_setsigmask_np(attributes, &all);
}

static void block_own_signals(void) {}
#else
/* musl has no such attribute: the thread blocks them first thing. Until then it has those of its creator blocked, and a
   signal for the process could interrupt it. */
static int block_signals(pthread_attr_t *attributes)
{
  (void)attributes;
  return 0;
}

static void block_own_signals(void)
{
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, NULL);
}
#endif

static void *run(void *argument)
{
  /* A copy, because the creator may free the struct as soon as the thread has started. */
  struct cplatform_thread start = *(struct cplatform_thread *)argument;
  block_own_signals();
  free(argument);
  start.body(start.context);
  return NULL;
}

static int create(pthread_t *thread, void *start)
{
  pthread_attr_t attributes;
  int refused;
  if (pthread_attr_init(&attributes) != 0)
    return 0;
  refused = block_signals(&attributes);
  if (!refused)
    refused = pthread_create(thread, &attributes, run, start);
  pthread_attr_destroy(&attributes);
  return !refused;
}

cplatform_thread *cplatform_thread_start(const char *name, void (*body)(void *), void *context)
{
  cplatform_thread *handle = calloc(1, sizeof *handle);
  cplatform_thread *start = calloc(1, sizeof *start);
  if (handle == NULL || start == NULL) {
    free(handle);
    free(start);
    return NULL;
  }
  start->body = body;
  start->context = context;
  if (!create(&handle->thread, start)) {
    free(handle);
    free(start);
    return NULL;
  }
  pthread_setname_np(handle->thread, name);
  return handle;
}

void cplatform_thread_join(cplatform_thread *thread)
{
  /* If its thread is cancelled, pthread_join returns early and the handle is lost. */
  const int state = cplatform_cancel_disable();
  pthread_join(thread->thread, NULL);
  cplatform_cancel_restore(state);
  free(thread);
}

int cplatform_thread_join_within(cplatform_thread *thread, uint64_t wait_ns)
{
  const struct timespec deadline = from_now(wait_ns);
  if (pthread_timedjoin_np(thread->thread, NULL, &deadline) != 0)
    return 0;
  free(thread);
  return 1;
}

uintptr_t cplatform_thread_id(void) { return (uintptr_t)pthread_self(); }

void cplatform_loan_begin(cplatform_loan *loan, int may_break_pipe)
{
  sigset_t pipe, pending, before;
  loan->cancel_state = cplatform_cancel_disable();
  loan->guards_sigpipe = may_break_pipe;
  if (!may_break_pipe)
    return;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe, &before);
  loan->blocks_sigpipe = sigismember(&before, SIGPIPE) == 1;
  /* A SIGPIPE that is already pending belongs to the host and stays pending. */
  loan->keeps_sigpipe =
      loan->blocks_sigpipe && sigpending(&pending) == 0 && sigismember(&pending, SIGPIPE) == 1;
}

void cplatform_loan_end(cplatform_loan *loan)
{
  static const struct timespec now = { 0, 0 };
  sigset_t pipe;
  if (loan->guards_sigpipe) {
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    if (!loan->keeps_sigpipe) {
      while (sigtimedwait(&pipe, NULL, &now) == -1 && errno == EINTR)
        continue;
    }
    if (!loan->blocks_sigpipe)
      pthread_sigmask(SIG_UNBLOCK, &pipe, NULL);
  }
  cplatform_cancel_restore(loan->cancel_state);
}
