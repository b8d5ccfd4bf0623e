/* Tables of similar functions, so that a test can call all of them. */

#ifndef ABI_CALLS_H
#define ABI_CALLS_H

#include "support.h"

typedef deepidv_status config_text(deepidv_config *config, const char *text, size_t length);
typedef deepidv_status config_number(deepidv_config *config, uint32_t number);
typedef deepidv_status request_text(deepidv_session_request *request, const char *text, size_t length);
typedef deepidv_status request_flag(deepidv_session_request *request, int32_t flag);
typedef const char *result_text(const deepidv_result *result, size_t *length);

/* A text option, with a valid value and its maximum length. */
typedef struct config_text_row {
  const char *key;
  config_text *set;
  const char *good;
  size_t longest;
} config_text_row;

/* A number option with its smallest and largest value; 1 is always valid. */
typedef struct config_number_row {
  const char *key;
  config_number *set;
  uint32_t smallest, largest;
} config_number_row;

/* A call of the service that takes one text, blocking and submitted. */
typedef struct question_row {
  const char *name;
  deepidv_status (*ask)(deepidv_client *client, const char *text, size_t length, deepidv_result **out_result);
  deepidv_status (*submit)(
      deepidv_client *client, const char *text, size_t length, uint64_t tag, uint64_t *out_op);
  uint32_t kind;            /* of its completion */
  size_t longest, too_long; /* a length that is taken, and one that is not */
  const char *good;
  deepidv_status empty; /* the status for an empty text */
  int may_be_null;
} question_row;

/* The complete tables. */
extern const config_text_row config_texts[6];
extern const config_number_row config_numbers[11];
extern request_text *const request_texts[7];
extern request_flag *const request_flags[3];
extern result_text *const result_texts[14];
extern const question_row questions[6];

#endif
