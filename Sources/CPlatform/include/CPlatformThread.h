#ifndef CPLATFORM_THREAD_H
#define CPLATFORM_THREAD_H

#include <stdint.h>

/* Keeps the calling thread from being cancelled, until what this returns is restored. Swift unwinds nothing when a
   thread is cancelled: what a call holds would be lost, locks with it. */
int cplatform_cancel_disable(void);
void cplatform_cancel_restore(int state);

/* A mutex with one condition. Embedded Swift has no Mutex, and a pthread_mutex_t must not move, so it
   lives on the heap behind a pointer. */
typedef struct cplatform_lock cplatform_lock;

cplatform_lock *cplatform_lock_new(void);
void cplatform_lock_free(cplatform_lock *lock);

/* The thread cannot be cancelled between lock and unlock. */
void cplatform_lock_lock(cplatform_lock *lock);
void cplatform_lock_unlock(cplatform_lock *lock);

/* Locks it within a number of nanoseconds, or returns 0. Only for process exit, where this thread may already hold it,
   interrupted by a signal whose handler exits. */
int cplatform_lock_lock_within(cplatform_lock *lock, uint64_t wait_ns);

/* Wakes every waiter. */
void cplatform_lock_broadcast(cplatform_lock *lock);

/* Waits for a broadcast, until the monotonic time `deadline_ns`; UINT64_MAX means forever.
   Returns 0 after the deadline. Spurious wake-ups are possible. */
int cplatform_lock_wait(cplatform_lock *lock, uint64_t deadline_ns);

/* A thread with every signal blocked, so that the host's handlers never run on it. pthread_t is not a
   type that Swift can express portably. */
typedef struct cplatform_thread cplatform_thread;

/* NULL if the system refused. `name` has at most 15 characters. */
cplatform_thread *cplatform_thread_start(const char *name, void (*body)(void *), void *context);
/* Waits for the thread to end, and releases it. */
void cplatform_thread_join(cplatform_thread *thread);
/* The same with a timeout in nanoseconds; returns 0 if the thread is still running. */
int cplatform_thread_join_within(cplatform_thread *thread, uint64_t wait_ns);

/* Adds to a counter that any thread may change and read, and reads it. */
static inline void cplatform_count(uint64_t *counter, uint64_t number)
{
  __atomic_fetch_add(counter, number, __ATOMIC_RELAXED);
}
static inline uint64_t cplatform_counted(const uint64_t *counter)
{
  return __atomic_load_n(counter, __ATOMIC_RELAXED);
}

/* Identifies a thread among those that are running. */
uintptr_t cplatform_thread_id(void);

/*
 * Marks a thread of the host while it does the library's work. Meanwhile a broken connection raises no SIGPIPE
 * on it, and it cannot be cancelled.
 *
 * No other signal is blocked, nor may be: collectors (SBCL, Guile, D, mono, Boehm's) stop threads by a signal and
 * wait until each has answered. A thread that they have stopped may hold a lock, of ours, of libcurl's or
 * malloc's; one that waits for that lock with their signal blocked never answers, and the process hangs.
 */
typedef struct cplatform_loan {
  int cancel_state;
  int guards_sigpipe;
  /* Whether the host itself blocks SIGPIPE, and whether one is pending that is the host's. */
  int blocks_sigpipe, keeps_sigpipe;
} cplatform_loan;

/* Whether it may write to a broken connection so that the system would raise SIGPIPE: OpenSSL does. */
void cplatform_loan_begin(cplatform_loan *loan, int may_break_pipe);
/* Takes away a SIGPIPE that was raised since. */
void cplatform_loan_end(cplatform_loan *loan);

#endif
