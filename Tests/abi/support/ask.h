/* Questions to the service: retrieve, list and reconcile. */

#ifndef ABI_ASK_H
#define ABI_ASK_H

#include "calls.h"
#include "peer.h"
#include "queue.h"

/* Asks in a blocking and in a submitted call; returns the result of the submitted one. */
deepidv_result *ask(deepidv_client *client, const question_row *row, const char *text, deepidv_status status);

/* Returns the question with this name. */
const question_row *question(const char *name);

/* A session of a page, this many seconds old; valid for three more calls. */
const char *record(const char *id, const char *external_id, int age);

/* A page of up to two sessions; valid until the next call. */
const char *page(const char *first, const char *second);

/* Fails unless the last request was a question that begins with this text. */
void assert_asked(peer *peer, const char *line);

#endif
