/*
 * A server that a test controls: it reads complete requests, records the last one, and
 * responds, waits, or breaks the connection. One thread, any number of connections.
 */

#ifndef ABI_PEER_H
#define ABI_PEER_H

#include <stddef.h>

#include "deepidv.h"

typedef struct peer peer;

/* What it does with a request. */
typedef enum peer_act {
  PEER_ANSWER, /* sends its answer, and keeps the connection */
  PEER_HANG,   /* no response until peer_release() */
  PEER_CLOSE,  /* closes the connection, which ends it in order */
  PEER_RESET,  /* resets the connection */
  PEER_REFUSE  /* resets the connection before any request */
} peer_act;

/* The response to a create. */
#define PEER_SESSION \
  "{\"id\":\"sess_peer\",\"session_url\":\"https://verify.example.com/session/sess_peer\"," \
  "\"links\":[]}"

/* Starts a peer that responds with an HTTP status and a body. */
peer *peer_start(peer_act act, int status, const char *body);

/* Starts a peer that responds with that session. */
peer *peer_of_sessions(peer_act act);

/* Stops it, its thread and its connections. */
void peer_stop(peer *peer);

/* A client of it, as from make_client(). */
deepidv_client *peer_client(const peer *peer);

/* Frees a client of it, then stops it. */
void peer_end(peer *peer, deepidv_client *client);

/* Its URL, such as http://127.0.0.1:40000. */
const char *peer_url(const peer *peer);

/* A URL where nobody listens; valid until the next call. */
const char *peer_gone_url(void);

/* The number of requests that it has read, and how many of them were POST and PATCH. */
unsigned peer_requests(peer *peer);
unsigned peer_creates(peer *peer);
unsigned peer_decisions(peer *peer);

/* The number of connections to it. */
unsigned peer_connections(peer *peer);

/* Waits until it has read this many requests; fails after ten seconds. */
void peer_wait(peer *peer, unsigned requests);

/* Changes what it does with later requests. */
void peer_become(peer *peer, peer_act act);

/*
 * Sets what it does with one request: the next one for which this was not called. Other requests
 * are treated as before. Each header ends with a line end.
 */
void peer_next(peer *peer, peer_act act, int status, const char *body);
void peer_next_with(peer *peer, peer_act act, int status, const char *headers, const char *body);

/* The same, with these bytes as the whole response. */
void peer_next_raw(peer *peer, const char *answer);

/* Closes the connections of the requests that hang. */
void peer_give_up(peer *peer);

/* Responds to the requests that hang, and to all later ones. */
void peer_release(peer *peer);

/* The last request's head, and the body of the last POST or PATCH, each to be freed. */
char *peer_last_head(peer *peer);
char *peer_last_body(peer *peer);

#endif
