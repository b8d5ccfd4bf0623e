/* A peer for tests of the request on the wire. */

#ifndef ABI_WIRE_H
#define ABI_WIRE_H

#include "peer.h"
#include "support.h"

typedef struct wire {
  peer *peer;
  deepidv_client *client;
} wire;

/* The state of the test group. */
int wire_start(void **state);
int wire_stop(void **state);

/* Sends a request, and fails unless the peer gets a JSON object equal to this one. */
void assert_sent(wire *wire, const deepidv_session_request *request, const char *json);

#endif
