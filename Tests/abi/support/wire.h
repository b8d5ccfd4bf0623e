/* A server for a group of tests that want to see what a request is on the wire. */

#ifndef ABI_WIRE_H
#define ABI_WIRE_H

#include "peer.h"
#include "support.h"

typedef struct wire {
  peer *peer;
  deepidv_client *client;
} wire;

/* The group's own, as its state. */
int wire_start(void **state);
int wire_stop(void **state);

/* Sends a request, and fails unless the server gets an object like this JSON. */
void assert_sent(wire *wire, const deepidv_session_request *request, const char *json);

#endif
