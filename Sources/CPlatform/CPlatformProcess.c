#define _GNU_SOURCE
#include "CPlatformProcess.h"

#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

uint64_t cplatform_now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

int32_t cplatform_process_id(void) { return (int32_t)getpid(); }

const char *cplatform_environment(const char *name) { return getenv(name); }

int cplatform_signal_new(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

void cplatform_signal_raise(int descriptor) { eventfd_write(descriptor, 1); }

void cplatform_signal_lower(int descriptor) {
  eventfd_t count;
  eventfd_read(descriptor, &count);
}

void cplatform_close(int descriptor) { close(descriptor); }

int cplatform_socket(int family, int type, int protocol) {
  return socket(family, type | SOCK_CLOEXEC, protocol);
}
