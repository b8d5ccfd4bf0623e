/* POSTs a webhook through libcurl, whose options are set by variadic functions that Swift cannot call. */

#ifndef DEEPIDV_EMULATOR_POST_H
#define DEEPIDV_EMULATOR_POST_H

#include <stddef.h>

struct post_result {
  /* The HTTP status; 0 if there was no response. */
  long status;
  /* libcurl's error message if there was no response; otherwise empty. */
  char problem[256];
};

/* Call once before the first post, while the process has one thread. */
void post_prepare(void);

/* Posts JSON with a `deepidv-signature` header, waits for the response and discards its body.
   Redirects are not followed. `check_peer` 0 accepts any certificate. */
void post_json(const char *url, const char *signature, const void *body, size_t size, long timeout_ms,
    int check_peer, struct post_result *result);

#endif
