#ifndef CPLATFORM_PROCESS_H
#define CPLATFORM_PROCESS_H

#include <stdint.h>

/* The monotonic clock in nanoseconds. Embedded Swift has no clock of its own. */
uint64_t cplatform_now_ns(void);

/* The process, to tell a forked child by. */
int32_t cplatform_process_id(void);

/* A variable of the environment, or NULL. */
const char *cplatform_environment(const char *name);

/* An eventfd, close-on-exec and non-blocking, or -1. It is readable from raise to lower. */
int cplatform_signal_new(void);
void cplatform_signal_raise(int descriptor);
void cplatform_signal_lower(int descriptor);
void cplatform_close(int descriptor);

/* socket(2) with close-on-exec: libcurl 7.88 leaks its sockets into programs that the host starts. */
int cplatform_socket(int family, int type, int protocol);

#endif
