/* Sessions that are created by a blocking call. */

#ifndef ABI_CREATE_H
#define ABI_CREATE_H

#include <pthread.h>

#include "support.h"

/* Creates a session, with the default request if it is NULL; fails unless it has this status and a result. */
deepidv_result *create_result(
    deepidv_client *client, const deepidv_session_request *request, deepidv_status status);

/* The same, and frees the client and the request. */
deepidv_result *create_once(deepidv_client *client, deepidv_session_request *request, deepidv_status status);

/* Creates a session with the default request; returns the status. */
deepidv_status create_status(deepidv_client *client);

/* The result of an empty request, which the library refuses without the network. */
deepidv_result *refused_result(deepidv_client *client);

/* A thread that creates a session with the default request. */
typedef struct caller {
  pthread_t thread;
  deepidv_client *client;
  deepidv_status status;
} caller;

void caller_start(caller *caller, deepidv_client *client);

/* Waits until its call has ended, and returns the status. */
deepidv_status caller_end(caller *caller);

#endif
