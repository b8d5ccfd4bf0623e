/* Shared by both rows of the library. */

#ifndef DEEPIDV_JOB_H
#define DEEPIDV_JOB_H

#include "deepidv.h"
#include "measure.h"

/* Exits unless the status is DEEPIDV_OK. */
void check(deepidv_status status);

deepidv_client *make_client(const job *job);

/* Creates a request, which the caller frees. */
deepidv_session_request *make_request(unsigned number);

#endif
