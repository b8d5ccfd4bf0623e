/* One live object of each kind, for the tests of what no caller should pass. */

#ifndef ABI_OBJECTS_H
#define ABI_OBJECTS_H

#include "support.h"

typedef struct objects {
  deepidv_config *config;
  deepidv_client *client;
  deepidv_session_request *request;
  deepidv_result *result;
} objects;

/* A test's own, as its state; none of them needs the network. */
int make_objects(void **state);
int free_objects(void **state);

#endif
