/*
 * What every row of the benchmark does: it reads session_id, status and reason out of one
 * redirect, the first of each, decoded.
 */

#ifndef REDIRECT_PARSER_H
#define REDIRECT_PARSER_H

#include <stddef.h>
#include <stdint.h>

/* Codes of DEEPIDV_REDIRECT_ and DEEPIDV_REASON_: -1 is another word, 0 is none. */
typedef struct answer {
  int32_t status;
  int32_t reason;
  size_t id_length;
  char id[128]; /* decoded, if asked for */
} answer;

/*
 * Reads one redirect. With `decode` it also writes the id down, which is how the answers
 * are checked; the measured calls only find it, and decode nothing that is not compared.
 */
typedef void parser(const char *url, size_t length, int decode, answer *out);

/* libdeepidv, through its C interface. */
parser with_deepidv;

/* The limit: a scanner written for this. See scanner.c for what it leaves out. */
parser with_scanner;

/* The URL library inside libcurl. */
parser with_curl;

/* ada, three ways; only there if the program was built with it. */
parser with_ada_url, with_ada_aggregator, with_ada_search_params;

/* The code of a decoded word. */
int32_t status_code(const char *word, size_t length);
int32_t reason_code(const char *word, size_t length);

#endif
