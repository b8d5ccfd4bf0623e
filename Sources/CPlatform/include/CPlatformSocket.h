/* Sockets, and waiting for them. */
#ifndef CPLATFORM_SOCKET_H
#define CPLATFORM_SOCKET_H

#include <stdint.h>

/* socket(2) with close-on-exec, because libcurl 7.88 leaks its sockets into programs that the host starts. A TCP socket
   accepts little more than the peer receives. */
int cplatform_socket(int family, int type, int protocol);

/* The numbers of the next two descriptors, unless another thread takes them; -1 if there are none. */
void cplatform_next_descriptors(int *_Nonnull first, int *_Nonnull second);

/* 1 if this descriptor has unread bytes, or if its other end has not read all bytes written to it. */
int cplatform_has_bytes_under_way(int descriptor);

/* 1 if this descriptor can be read without waiting, be it only its end. */
int cplatform_is_readable(int descriptor);

/* Sets close-on-exec, so that programs started by the host do not inherit the descriptor. */
void cplatform_close_on_exec(int descriptor);

/* An epoll descriptor, close-on-exec, or -1. */
int cplatform_watch_new(void);

/* Watches a descriptor until it is removed: for bytes to read, and on demand for room to write. Returns 0 if the system
   refused. `number` tells it from others. */
int cplatform_watch_add(int watch, int descriptor, uint32_t number);
int cplatform_watch_change(int watch, int descriptor, uint32_t number, int for_room);

/* Before a descriptor is closed: it stays watched if a forked child has a copy. */
void cplatform_watch_remove(int watch, int descriptor);

/* Closes a connection, but leaves the descriptor open, as that of a socket that has none. */
void cplatform_end_connection(int descriptor);

/* Waits until something can be done, and returns how many descriptors it stored the numbers of. A negative timeout in
   milliseconds never ends. A signal ends it early. */
int cplatform_watch_wait(int watch, uint32_t *_Nonnull numbers, int capacity, int timeout_ms);

#endif
