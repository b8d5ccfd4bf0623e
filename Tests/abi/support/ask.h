/* Asking the service, and what it answers to a question. */

#ifndef ABI_ASK_H
#define ABI_ASK_H

#include "calls.h"
#include "peer.h"
#include "queue.h"

/* Asks both ways, and answers the result of the one that was submitted. */
deepidv_result *ask(deepidv_client *client, const question_row *row, const char *text, deepidv_status status);

/* The question with a name. */
const question_row *question(const char *name);

/* A session of a page, so many seconds old; it lasts for three calls more. */
const char *record(const char *id, const char *external_id, int age);

/* A page of up to two sessions; it lasts until the next call. */
const char *page(const char *first, const char *second);

/* Fails unless the last request was a question that begins so. */
void assert_asked(peer *peer, const char *line);

#endif
