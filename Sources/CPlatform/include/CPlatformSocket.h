#ifndef CPLATFORM_SOCKET_H
#define CPLATFORM_SOCKET_H

/* socket(2) with close-on-exec: libcurl 7.88 leaks its sockets into programs that the host starts. */
int cplatform_socket(int family, int type, int protocol);

/* The local port of a TCP socket, or -1. */
int cplatform_socket_port(int socket);

/* 1 if nothing has arrived on the socket, not even its end. Reads nothing. */
int cplatform_socket_is_quiet(int socket);

/* The numbers of the next two descriptors, unless another thread takes them; -1 if there are none. */
void cplatform_next_descriptors(int *first, int *second);

/* 1 if this descriptor has unread bytes, or if its other end has not read all bytes written to it. */
int cplatform_has_bytes_under_way(int descriptor);

/* Sets close-on-exec, so that programs started by the host do not inherit the descriptor. */
void cplatform_close_on_exec(int descriptor);

#endif
