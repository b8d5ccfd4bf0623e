/* What the other HTTP readers make of a response. */
#ifndef PEERS_H
#define PEERS_H

#include <stddef.h>

struct verdict {
  /* 'c' complete, 'x' cut, 'r' refused. */
  char kind;
  int status;
  /* Whether the connection can be used again; only of a complete response. */
  int keeps;
  /* Why it was refused, as the reader's own number. */
  int reason;
  char *body;
  size_t body_size;
};

/* Both begin anew with each response; the connection ends behind it. */
void read_with_curl(const char *response, size_t size, struct verdict *verdict);
void read_with_llhttp(const char *response, size_t size, struct verdict *verdict);

void add_to_body(struct verdict *verdict, const char *data, size_t size);
_Noreturn void fail(const char *what);

#endif
