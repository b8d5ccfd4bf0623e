/*
 * A server that does what a test says: it reads whole requests, keeps the last one, and
 * answers, waits, or breaks the connection. One thread, any number of connections.
 */

#ifndef ABI_PEER_H
#define ABI_PEER_H

#include <stddef.h>

#include "deepidv.h"

typedef struct peer peer;

/* What it does with a request. */
typedef enum peer_act {
  PEER_ANSWER, /* sends its answer, and keeps the connection */
  PEER_HANG,   /* says nothing until peer_release() */
  PEER_CLOSE,  /* closes the connection, which ends it in order */
  PEER_RESET,  /* resets the connection */
  PEER_REFUSE  /* resets the connection as soon as it is made, before any request */
} peer_act;

/* A session as the service answers it. */
#define PEER_SESSION \
  "{\"id\":\"sess_peer\",\"session_url\":\"https://verify.example.com/session/sess_peer\"," \
  "\"links\":[]}"

/* Starts one that answers with an HTTP status and a body. */
peer *peer_start(peer_act act, int status, const char *body);

/* Starts one that answers with such a session. */
peer *peer_of_sessions(peer_act act);

/* Ends it, with its thread and its connections. */
void peer_stop(peer *peer);

/* A client of it, as make_client() makes them. */
deepidv_client *peer_client(const peer *peer);

/* Frees a client of it, and then ends it. */
void peer_end(peer *peer, deepidv_client *client);

/* Where it is, as in http://127.0.0.1:40000. */
const char *peer_url(const peer *peer);

/* Where one was that has ended, so that nobody listens there; it lasts until the next call. */
const char *peer_gone_url(void);

/* How many whole requests it has read, and how many of them were POST, and how many PATCH. */
unsigned peer_requests(peer *peer);
unsigned peer_creates(peer *peer);
unsigned peer_decisions(peer *peer);

/* How many connections were made to it. */
unsigned peer_connections(peer *peer);

/* Waits until it has read so many; fails after ten seconds. */
void peer_wait(peer *peer, unsigned requests);

/* Does something else with the requests to come. */
void peer_become(peer *peer, peer_act act);

/*
 * Does this with the next request that nothing was said about, whatever it does with the
 * others. The headers end with a line's end each.
 */
void peer_next(peer *peer, peer_act act, int status, const char *body);
void peer_next_with(peer *peer, peer_act act, int status, const char *headers, const char *body);

/* Answers it with these bytes, whatever they are. */
void peer_next_raw(peer *peer, const char *answer);

/* Closes the connections of the requests that hang. */
void peer_give_up(peer *peer);

/* Answers the requests that hang, and from now on every other. */
void peer_release(peer *peer);

/* The last request's head, and the body of the last that was no GET, each to be freed. */
char *peer_last_head(peer *peer);
char *peer_last_body(peer *peer);

#endif
