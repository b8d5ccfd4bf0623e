/* Sessions that are created by a blocking call. */

#ifndef ABI_CREATE_H
#define ABI_CREATE_H

#include <pthread.h>

#include "support.h"

/* Creates a session, of the usual applicant if the request is NULL; fails unless it ends so, with a result. */
deepidv_result *create_result(
    deepidv_client *client, const deepidv_session_request *request, deepidv_status status);

/* Creates one with a client and a request that are used only once: both are freed. */
deepidv_result *create_once(deepidv_client *client, deepidv_session_request *request, deepidv_status status);

/* Creates the usual applicant's, and answers only how it ended. */
deepidv_status create_status(deepidv_client *client);

/* The result of an empty request, which the library refuses itself, so that it needs no network. */
deepidv_result *refused_result(deepidv_client *client);

/* A thread that creates the usual applicant's session. */
typedef struct caller {
  pthread_t thread;
  deepidv_client *client;
  deepidv_status status;
} caller;

void caller_start(caller *caller, deepidv_client *client);

/* Waits until its call has ended, and answers how. */
deepidv_status caller_end(caller *caller);

#endif
