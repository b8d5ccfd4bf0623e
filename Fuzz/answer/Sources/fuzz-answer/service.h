/* A service on the loopback that answers whatever it is told to, in a thread of its own. */

#ifndef FUZZ_SERVICE_H
#define FUZZ_SERVICE_H

#include <stddef.h>

/* Where it is. It is started by the first call, and lasts as long as the process. */
const char *service_url(void);

/*
 * The answers to the next requests, of which there are so many bytes, apart by SEPARATOR; they have to outlive the
 * requests. What comes after the last one is answered by the end of the connection. With closes, so is each answer.
 */
#define SEPARATOR "\n%%\n"
void service_answer(const unsigned char *answers, size_t count, int closes);

/*
 * Ends every connection, those included that wait to be accepted, so that nothing of one input is left for the next.
 * The client has to be gone.
 */
void service_forget(void);

/* How many of the creates since then may have been executed: all that were not answered with a 429. */
unsigned service_creates(void);

#endif
