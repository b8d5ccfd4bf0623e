/* Threads, descriptors and memory of this process, from /proc. */

#ifndef ABI_PROCESS_H
#define ABI_PROCESS_H

#include <stddef.h>
#include <stdint.h>

/* The number of threads, and of threads with this name. */
unsigned thread_count(void);
unsigned threads_named(const char *name);

/* Waits until there are this many threads: a joined thread may be listed for a moment. */
void assert_threads(unsigned expected);

/* The number of open descriptors. */
unsigned descriptor_count(void);

/* The bytes of resident memory. */
size_t resident_bytes(void);

/* The signals that the thread with a name blocks, one bit each, signal 1 the lowest. */
uint64_t blocked_signals(const char *name);

/* How often the thread with a name has slept. */
uint64_t times_slept(const char *name);

#endif
