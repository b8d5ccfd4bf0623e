/* GETs a health check through libcurl. */

#ifndef DEEPIDV_EMULATOR_GET_H
#define DEEPIDV_EMULATOR_GET_H

#include <stddef.h>

struct get_result {
  /* The HTTP status; 0 if there was no response. */
  long status;
  /* The first bytes of the body, and their number. */
  char body[512];
  size_t size;
  /* libcurl's error message if there was no response; otherwise empty. */
  char problem[256];
};

/* Gets an http URL. Redirects are not followed, and no proxy is used. Call it while the process has one thread. */
void get_http(const char *url, long timeout_ms, struct get_result *result);

#endif
