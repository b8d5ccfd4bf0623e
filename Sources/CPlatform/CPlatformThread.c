#define _GNU_SOURCE
#include "CPlatformThread.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

struct cplatform_lock {
  pthread_mutex_t mutex;
  pthread_cond_t condition;
};

cplatform_lock *cplatform_lock_new(void) {
  cplatform_lock *lock = calloc(1, sizeof *lock);
  pthread_condattr_t attributes;
  if (lock == NULL) return NULL;
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

void cplatform_lock_free(cplatform_lock *lock) {
  if (lock == NULL) return;
  pthread_cond_destroy(&lock->condition);
  pthread_mutex_destroy(&lock->mutex);
  free(lock);
}

void cplatform_lock_lock(cplatform_lock *lock) { pthread_mutex_lock(&lock->mutex); }

void cplatform_lock_unlock(cplatform_lock *lock) { pthread_mutex_unlock(&lock->mutex); }

void cplatform_lock_broadcast(cplatform_lock *lock) { pthread_cond_broadcast(&lock->condition); }

int cplatform_lock_wait(cplatform_lock *lock, uint64_t deadline_ns) {
  struct timespec deadline;
  if (deadline_ns == UINT64_MAX) return pthread_cond_wait(&lock->condition, &lock->mutex) == 0;
  deadline.tv_sec = (time_t)(deadline_ns / 1000000000u);
  deadline.tv_nsec = (long)(deadline_ns % 1000000000u);
  return pthread_cond_timedwait(&lock->condition, &lock->mutex, &deadline) != ETIMEDOUT;
}

struct cplatform_thread {
  pthread_t thread;
  void (*body)(void *);
  void *context;
};

static void *run(void *argument) {
  /* A copy: the creator may release the struct as soon as the thread has been started. */
  struct cplatform_thread start = *(struct cplatform_thread *)argument;
  free(argument);
  start.body(start.context);
  return NULL;
}

cplatform_thread *cplatform_thread_start(const char *name, void (*body)(void *), void *context) {
  cplatform_thread *handle = calloc(1, sizeof *handle);
  cplatform_thread *start = calloc(1, sizeof *start);
  sigset_t all, before;
  int refused;
  if (handle == NULL || start == NULL) {
    free(handle);
    free(start);
    return NULL;
  }
  start->body = body;
  start->context = context;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  refused = pthread_create(&handle->thread, NULL, run, start);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (refused) {
    free(handle);
    free(start);
    return NULL;
  }
  pthread_setname_np(handle->thread, name);
  return handle;
}

void cplatform_thread_join(cplatform_thread *thread) {
  pthread_join(thread->thread, NULL);
  free(thread);
}

uintptr_t cplatform_thread_id(void) { return (uintptr_t)pthread_self(); }

/* All but those that the thread raises by a mistake of its own: blocked, they end the process and pass by the
   handlers that report a crash. */
static void block_signals(sigset_t *before) {
  static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS};
  sigset_t signals;
  size_t i;
  sigfillset(&signals);
  for (i = 0; i < sizeof faults / sizeof *faults; i++) sigdelset(&signals, faults[i]);
  pthread_sigmask(SIG_BLOCK, &signals, before);
}

/* A SIGPIPE that has come in meanwhile is the library's own, and goes. One of the host's would have been
   delivered before, unless the host blocks it: then all stay. */
static void restore_signals(const sigset_t *before) {
  static const struct timespec now = {0, 0};
  sigset_t pipe;
  if (!sigismember(before, SIGPIPE)) {
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    while (sigtimedwait(&pipe, NULL, &now) == -1 && errno == EINTR) continue;
  }
  pthread_sigmask(SIG_SETMASK, before, NULL);
}

void cplatform_loan_begin(cplatform_loan *loan) {
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &loan->cancel_state);
  block_signals(&loan->blocked_by_host);
}

void cplatform_loan_end(cplatform_loan *loan) {
  restore_signals(&loan->blocked_by_host);
  pthread_setcancelstate(loan->cancel_state, NULL);
}

void cplatform_loan_open(cplatform_loan *loan) { restore_signals(&loan->blocked_by_host); }

void cplatform_loan_close(cplatform_loan *loan) { block_signals(&loan->blocked_by_host); }
