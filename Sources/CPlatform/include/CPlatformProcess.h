#ifndef CPLATFORM_PROCESS_H
#define CPLATFORM_PROCESS_H

#include <stddef.h>
#include <stdint.h>

/* The monotonic clock in nanoseconds. Embedded Swift has no clock of its own. */
uint64_t cplatform_now_ns(void);

/* Seconds since 1970, by a clock that may be set. */
int64_t cplatform_wall_seconds(void);
/* The same in microseconds. */
uint64_t cplatform_wall_us(void);

/* 128 random bits from the system. Not for secrets. */
typedef struct cplatform_bits {
  uint64_t first, second;
} cplatform_bits;
cplatform_bits cplatform_random(void);

/* Random bytes for secrets; returns 0 if the system has none. There is no fallback. */
int cplatform_random_bytes(void *memory, size_t size);

/* One lock for the state that all clients of a process share. A fork waits for it, so that in the child it is never
   held by a thread that does not exist there. */
void cplatform_registry_lock(void);
void cplatform_registry_unlock(void);

/* The same at process exit, where this thread may already hold it, interrupted by a signal whose handler exits.
   Returns 0 if it is not available within two seconds. */
int cplatform_registry_lock_for_exit(void);

/* Registers a function to call at process exit; returns 0 on failure. */
int cplatform_at_exit(void (*body)(void));

/* How many creates are remembered by the guards of all clients, and a change of that number. Read without a lock: a
   create that nothing can be equal to must not pay for one. */
int32_t cplatform_remembered(void);
void cplatform_add_remembered(int32_t count);

/* The process id, to detect a forked child. */
int32_t cplatform_process_id(void);

/* An environment variable, or NULL. Always NULL in a setuid program, where the environment is untrusted. */
const char *cplatform_environment(const char *name);

/* An eventfd, close-on-exec and non-blocking, or -1. It is readable between raise and lower. */
int cplatform_signal_new(void);
void cplatform_signal_raise(int descriptor);
void cplatform_signal_lower(int descriptor);
void cplatform_close(int descriptor);

#endif
