/*
 * The interface of all rows: they read the first session_id, status and reason of one
 * redirect, decoded.
 */

#ifndef REDIRECT_PARSER_H
#define REDIRECT_PARSER_H

#include <stddef.h>
#include <stdint.h>

/* Codes of DEEPIDV_REDIRECT_ and DEEPIDV_REASON_: -1 is an unknown value, 0 is absent. */
typedef struct answer {
  int32_t status;
  int32_t reason;
  size_t id_length;
  char id[128]; /* decoded, if requested */
} answer;

/*
 * Parses one redirect. With `decode` it also decodes the id, to check the result; the
 * measured calls only find it.
 */
typedef void parser(const char *url, size_t length, int decode, answer *out);

/* libdeepidv, through its C interface. */
parser with_deepidv;

/* The lower bound: a minimal scanner. See scanner.c for what it does not do. */
parser with_scanner;

/* The URL library inside libcurl. */
parser with_curl;

/* ada, in three ways; only if built with ada. */
parser with_ada_url, with_ada_aggregator, with_ada_search_params;

/* The code of a decoded value. */
int32_t status_code(const char *word, size_t length);
int32_t reason_code(const char *word, size_t length);

#endif
