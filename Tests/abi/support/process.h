/* What a process has, as /proc says. */

#ifndef ABI_PROCESS_H
#define ABI_PROCESS_H

#include <stddef.h>
#include <stdint.h>

/* How many threads, and how many of them have a name. */
unsigned thread_count(void);
unsigned threads_named(const char *name);

/* Fails unless there are so many threads soon: one that was joined may be listed for a moment longer. */
void assert_threads(unsigned expected);

/* How many open descriptors. */
unsigned descriptor_count(void);

/* How much of its memory is in use. */
size_t resident_bytes(void);

/* The signals that the thread with a name blocks, one bit each, signal 1 the lowest. */
uint64_t blocked_signals(const char *name);

/* How often the thread with a name has gone to sleep. */
uint64_t times_slept(const char *name);

#endif
