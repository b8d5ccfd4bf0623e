#ifndef CPLATFORM_SOCKET_H
#define CPLATFORM_SOCKET_H

/* socket(2) with close-on-exec: libcurl 7.88 leaks its sockets into programs that the host starts. */
int cplatform_socket(int family, int type, int protocol);

/* The port of its own end of a TCP socket, or -1. */
int cplatform_socket_port(int socket);

/* 1 if nothing has come in on the socket, not even its end. Reads nothing. */
int cplatform_socket_is_quiet(int socket);

/* The two numbers that the next descriptors get, unless another thread is faster; -1 if there are none. */
void cplatform_next_descriptors(int *first, int *second);

/* 1 if bytes wait to be read from this descriptor, or were written to it and not read at its other end. */
int cplatform_has_bytes_under_way(int descriptor);

/* Keeps a descriptor from the programs that the host starts. */
void cplatform_close_on_exec(int descriptor);

#endif
