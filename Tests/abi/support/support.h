/* What every C test of the library uses: cmocka, the header, and a few words for both. */

#ifndef ABI_SUPPORT_H
#define ABI_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "deepidv.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A length with its top bit set, which is no length. */
#define HUGE_LENGTH ((size_t)1 << (sizeof(size_t) * 8 - 1))

/* Fails with the names of both statuses. */
#define assert_status(call, expected) check_status((call), (expected), #call, __FILE__, __LINE__)

/* Fails naming the row of a table that was not as expected. */
#define assert_row(condition, name) check_row((condition) ? 1 : 0, #condition, (name), __FILE__, __LINE__)

void check_status(
    deepidv_status actual, deepidv_status expected, const char *call, const char *file, int line);
void check_row(int holds, const char *condition, const char *name, const char *file, int line);

/*
 * A config with an API key and a base URL (NULL: the default). It is not paced, and a create
 * whose fate is unknown is not looked for, also when it is repeated: one create is one request.
 */
deepidv_config *make_config(const char *base_url);

/* A client of a config, which is freed. */
deepidv_client *make_client_of(deepidv_config *config);

/* A client of a server, with such a config; its operations may have a timeout of their own. */
deepidv_client *make_client(const char *base_url);
deepidv_client *make_hasty_client(const char *base_url, uint32_t timeout_ms);

/* One that holds only so many operations at once. */
deepidv_client *make_limited_client(const char *base_url, uint32_t max_in_flight);

/* A request with the four required fields, and one with none. */
deepidv_session_request *make_request(void);
deepidv_session_request *make_empty_request(void);

/* One with the required fields and an external id. */
deepidv_session_request *make_request_as(const char *external_id);

/* A text of so many bytes, to be freed. */
char *make_text(char byte, size_t count);

/* Is the span exactly this text, as it came? */
int is_text(const char *url, deepidv_span span, const char *text);

/* Does valgrind watch? It has some things of its own, and takes longer. */
int is_watched(void);

/* Milliseconds of a clock that does not jump. */
uint64_t now_ms(void);

void sleep_ms(unsigned milliseconds);

#endif
