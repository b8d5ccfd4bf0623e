/*
 * A server with TLS, or without, whose connections a test handles itself, each in a thread of its own. It has a
 * certificate for 127.0.0.1, which it signed itself.
 */

#ifndef ABI_SECURE_H
#define ABI_SECURE_H

#include <openssl/ssl.h>

#include "deepidv.h"

typedef struct secure secure;

/* A connection; `tls` is NULL if it has none, or before a handshake that the test makes itself. */
typedef struct secure_link {
  secure *server;
  SSL *tls;
  int socket;
  unsigned number; /* from 1 on */
  void *context;
} secure_link;

/* Handles a connection, which is closed afterwards. Assertions do not work here. */
typedef void secure_handler(secure_link *link);

/* How it speaks. */
typedef enum secure_kind {
  SECURE_TLS12,
  SECURE_TLS13,
  SECURE_BY_HAND, /* TLS 1.3, and the handler makes the handshake */
  SECURE_PLAIN
} secure_kind;

/* Starts one on 127.0.0.1. */
secure *secure_start(secure_kind kind, secure_handler *handler, void *context);

/* Closes all connections, waits for their threads, and stops it. */
void secure_stop(secure *server);

/* A config of a client of it, as from make_config(), and a client with a timeout. */
deepidv_config *secure_config(const secure *server);
deepidv_client *secure_client(const secure *server, uint32_t timeout_ms);

/* How many connections there have been. */
unsigned secure_connections(secure *server);

/* Makes the handshake of a connection; 0 if it failed. */
int secure_shake_hands(secure_link *link);

/* Reads a request; 0 if the client has closed the connection. Requests have less than 16 KiB. */
int secure_read(secure_link *link);

/* Sends bytes; 0 if the client has closed the connection. */
int secure_write(secure_link *link, const char *bytes, size_t count);

/* Sends the response to a create, PEER_SESSION, with these headers, each with a line end. */
int secure_answer(secure_link *link, const char *headers);

/* Whether the client has closed the connection, which OpenSSL does not always tell. */
int secure_is_over(const secure_link *link);

/* Closes a connection with a reset. */
void secure_reset(secure_link *link);

#endif
