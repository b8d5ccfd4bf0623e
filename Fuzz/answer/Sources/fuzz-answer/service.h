/* A server on the loopback interface that sends given responses, on its own thread. */

#ifndef FUZZ_SERVICE_H
#define FUZZ_SERVICE_H

#include <stddef.h>

/* Returns the URL. The first call starts the server, which runs until the process exits. */
const char *service_url(void);

/*
 * Sets the responses to the next requests, separated by SEPARATOR; they must outlive the requests. After the last
 * response, or with `closes` after each one, the server closes the connection.
 */
#define SEPARATOR "\n%%\n"
void service_set_responses(const unsigned char *bytes, size_t count, int closes);

/*
 * Closes all connections, including those that wait to be accepted, so that one input does not affect the next. Free
 * the client before.
 */
void service_reset(void);

/* Returns the number of creates that may have been executed: those without a 429. */
unsigned service_creates(void);

#endif
