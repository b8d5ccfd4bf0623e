/* Reads HTTP responses on standard input with libcurl and with llhttp.
 *
 * The frames are those of Tests/http/check, with two verdicts for each response: libcurl's, and llhttp's. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "peers.h"

void fail(const char *what)
{
  perror(what);
  exit(1);
}

void add_to_body(struct verdict *verdict, const char *data, size_t size)
{
  for (size_t i = 0; i < size; i++)
    verdict->body[verdict->body_size++] = data[i];
}

static void write_verdict(const struct verdict *verdict)
{
  char line[64];
  int length;
  if (verdict->kind == 'c') {
    length =
        snprintf(line, sizeof line, "complete %d %s\n", verdict->status, verdict->keeps ? "keep" : "close");
  } else if (verdict->kind == 'x') {
    length = snprintf(line, sizeof line, "cut %d\n", verdict->status);
  } else {
    length = snprintf(line, sizeof line, "refused %d %d\n", verdict->status, verdict->reason);
  }
  const uint32_t size = (uint32_t)length + (uint32_t)verdict->body_size;
  const unsigned char frame[4] = { size >> 24, size >> 16 & 255, size >> 8 & 255, size & 255 };
  fwrite(frame, 1, 4, stdout);
  fwrite(line, 1, (size_t)length, stdout);
  fwrite(verdict->body, 1, verdict->body_size, stdout);
}

int main(void)
{
  unsigned char frame[4];
  while (fread(frame, 1, 4, stdin) == 4) {
    const size_t size = (size_t)frame[0] << 24 | frame[1] << 16 | frame[2] << 8 | frame[3];
    char *response = malloc(size + 1);
    char *body = malloc(size + 1);
    if (!response || !body)
      fail("malloc");
    if (fread(response, 1, size, stdin) != size)
      fail("a response is missing");
    struct verdict verdict = { .body = body };
    read_with_curl(response, size, &verdict);
    write_verdict(&verdict);
    verdict = (struct verdict){ .body = body };
    read_with_llhttp(response, size, &verdict);
    write_verdict(&verdict);
    free(response);
    free(body);
  }
  return fflush(stdout) == 0 ? 0 : 1;
}
