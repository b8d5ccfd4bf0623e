#ifndef CPLATFORM_THREAD_H
#define CPLATFORM_THREAD_H

#include <signal.h>
#include <stdint.h>

/* A mutex with one condition. Embedded Swift has no Mutex, and a pthread_mutex_t must not move, so it
   lives on the heap behind a pointer. */
typedef struct cplatform_lock cplatform_lock;

cplatform_lock *cplatform_lock_new(void);
void cplatform_lock_free(cplatform_lock *lock);
void cplatform_lock_lock(cplatform_lock *lock);
void cplatform_lock_unlock(cplatform_lock *lock);

/* Wakes every waiter. */
void cplatform_lock_broadcast(cplatform_lock *lock);

/* Waits for a broadcast, until the monotonic time `deadline_ns` at the latest; UINT64_MAX is for ever.
   Answers 0 once the time has come. May wake for nothing. */
int cplatform_lock_wait(cplatform_lock *lock, uint64_t deadline_ns);

/* A thread with every signal blocked, so that the host's handlers never run on it. pthread_t is not a
   type that Swift can spell portably. */
typedef struct cplatform_thread cplatform_thread;

/* NULL if the system refused. `name` has at most 15 characters. */
cplatform_thread *cplatform_thread_start(const char *name, void (*body)(void *), void *context);
/* Waits for its end and releases it. */
void cplatform_thread_join(cplatform_thread *thread);

/* Tells a thread from the others that run at the same time. */
uintptr_t cplatform_thread_id(void);

/* A thread of the host's that does the library's work for a while. Meanwhile no handler of the host's runs
   on it, none of the threads that libcurl makes from it has signals let in, a broken connection raises no
   SIGPIPE, and nobody can cancel it halfway. */
typedef struct cplatform_loan {
  sigset_t blocked_by_host;
  int cancel_state;
} cplatform_loan;

void cplatform_loan_begin(cplatform_loan *loan);
void cplatform_loan_end(cplatform_loan *loan);

/* While the thread sleeps, the host's signals are let in as ever: from open to close. */
void cplatform_loan_open(cplatform_loan *loan);
void cplatform_loan_close(cplatform_loan *loan);

#endif
