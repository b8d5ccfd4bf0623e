/* Included by every C test: cmocka, the header, and assertions and objects that many tests use. */

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

/* As in Tests/support/canaries.py: no test may print these. */
#define CANARY_KEY "dk_canary_5b1e9c47"
#define CANARY_APPLICANT \
  "{\"first_name\":\"Quillabel\",\"last_name\":\"Zarnowicz\"," \
  "\"email\":\"quillabel@canary.example\",\"phone\":\"+15195550148\"}"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A length with its top bit set, which is invalid. */
#define HUGE_LENGTH ((size_t)1 << (sizeof(size_t) * 8 - 1))

/* Fails with the names of both statuses. */
#define assert_status(call, expected) check_status((call), (expected), #call, __FILE__, __LINE__)

/* Fails naming the row of a table that was not as expected. */
#define assert_row(condition, name) check_row((condition) ? 1 : 0, #condition, (name), __FILE__, __LINE__)

void check_status(
    deepidv_status actual, deepidv_status expected, const char *call, const char *file, int line);
void check_row(int holds, const char *condition, const char *name, const char *file, int line);

/*
 * A config with an API key and a base URL (NULL: the default). It has no rate limit, generates
 * no external ids and does not guard repeats, so that there is no search: one create is one request.
 */
deepidv_config *make_config(const char *base_url);

/* A client of a config, which is freed. */
deepidv_client *make_client_of(deepidv_config *config);

/* A client of a server, with such a config; and one with a timeout. */
deepidv_client *make_client(const char *base_url);
deepidv_client *make_hasty_client(const char *base_url, uint32_t timeout_ms);

/* A client with max_in_flight. */
deepidv_client *make_limited_client(const char *base_url, uint32_t max_in_flight);

/* A request with the four required fields, and one with none. */
deepidv_session_request *make_request(void);
deepidv_session_request *make_empty_request(void);

/* A request with the required fields and an external id. */
deepidv_session_request *make_request_as(const char *external_id);

/* A text of this many bytes, to be freed. */
char *make_text(char byte, size_t count);

/* Whether a span is exactly this text, not decoded. */
int is_text(const char *url, deepidv_span span, const char *text);

/* Whether valgrind runs the test. It has threads and descriptors too, and is slow. */
int is_watched(void);

/* Milliseconds of the monotonic clock. */
uint64_t now_ms(void);

void sleep_ms(unsigned milliseconds);

#endif
