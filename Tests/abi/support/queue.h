/* Submitting operations, and taking them from the queue. */

#ifndef ABI_QUEUE_H
#define ABI_QUEUE_H

#include "support.h"

/* Submits a create with the default request, which is freed; returns the operation's number. */
uint64_t submit_create(deepidv_client *client, uint64_t tag);

/* Returns whether the client's descriptor is readable, or becomes readable within this time. */
int is_readable(deepidv_client *client, int timeout_ms);

/* Takes the next completion, which must come in time; frees its result if result is NULL. */
deepidv_event take_within(deepidv_client *client, int timeout_ms, deepidv_result **out_result);

/* Takes the next completion and its result; fails unless they are this operation's. */
deepidv_result *take_result(deepidv_client *client, uint64_t op, uint64_t tag, uint32_t kind);

/* Takes the next completion, and returns its status. */
deepidv_status take_status(deepidv_client *client);

/* Takes the next create; waits only for the descriptor. */
deepidv_event take_create(deepidv_client *client, deepidv_result **out_result);

/* Fails unless deepidv_client_next() returns this status and no completion. */
void assert_empty(deepidv_client *client, deepidv_status status);

#endif
