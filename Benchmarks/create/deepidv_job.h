/* What both rows of the library have in common. */

#ifndef DEEPIDV_JOB_H
#define DEEPIDV_JOB_H

#include "deepidv.h"
#include "measure.h"

/* Ends the program unless all is well. */
void check(deepidv_status status);

deepidv_client *make_client(const job *job);

/* One of the applicants, to be freed. */
deepidv_session_request *make_request(unsigned number);

#endif
