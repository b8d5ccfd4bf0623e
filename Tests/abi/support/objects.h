/* One live object of each kind, for tests with invalid arguments. */

#ifndef ABI_OBJECTS_H
#define ABI_OBJECTS_H

#include "support.h"

typedef struct objects {
  deepidv_config *config;
  deepidv_client *client;
  deepidv_session_request *request;
  deepidv_result *result;
} objects;

/* The state of a test; none of the objects needs the network. */
int make_objects(void **state);
int free_objects(void **state);

#endif
