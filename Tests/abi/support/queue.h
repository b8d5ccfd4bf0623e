/* Operations that are submitted, and taken from the queue when they have ended. */

#ifndef ABI_QUEUE_H
#define ABI_QUEUE_H

#include "support.h"

/* Submits the usual applicant's create, and lets go of the request at once; answers the operation. */
uint64_t submit_create(deepidv_client *client, uint64_t tag);

/* Says whether the client's descriptor is readable, or is so within some time. */
int is_readable(deepidv_client *client, int timeout_ms);

/* Takes the next completion, which must come within some time; its result is freed if nobody wants it. */
deepidv_event take_within(deepidv_client *client, int timeout_ms, deepidv_result **out_result);

/* Takes the next one and its result, and fails unless they are this operation's. */
deepidv_result *take_result(deepidv_client *client, uint64_t op, uint64_t tag, uint32_t kind);

/* Takes the next one, and answers only how it ended. */
deepidv_status take_status(deepidv_client *client);

/* Takes the next create, waiting by the descriptor alone. */
deepidv_event take_create(deepidv_client *client, deepidv_result **out_result);

/* Fails unless nothing can be taken, for which the library has this status. */
void assert_empty(deepidv_client *client, deepidv_status status);

#endif
