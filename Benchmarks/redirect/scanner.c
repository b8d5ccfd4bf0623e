/*
 * The practical lower bound: one pass with memchr over absolute URLs, written for this
 * benchmark.
 *
 * It finds the first of each of the three parameters in any order, with encoded names or
 * not; it compares the values of status and reason, encoded or not; it stops at the
 * fragment. It does not detect repeated parameters or anomalies, check UTF-8, know the
 * vendor's alternative form, or read a query alone.
 */

#include "parser.h"

#include <string.h>

static int digit(char byte)
{
  if (byte >= '0' && byte <= '9')
    return byte - '0';
  byte |= 0x20;
  return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* Decodes into a buffer of at least the same size. Returns the decoded length. */
static size_t decode_into(const char *from, const char *end, char *out)
{
  char *at = out;

  while (from < end) {
    if (*from == '%' && end - from > 2 && digit(from[1]) >= 0 && digit(from[2]) >= 0) {
      *at++ = (char)(digit(from[1]) << 4 | digit(from[2]));
      from += 3;
    } else {
      *at++ = *from == '+' ? ' ' : *from;
      from++;
    }
  }
  return (size_t)(at - out);
}

/* Longer names and values cannot be known ones, even encoded. */
#define LONGEST 60

static int32_t code_of(int32_t (*code)(const char *, size_t), const char *value, const char *end)
{
  char decoded[LONGEST];
  size_t length = (size_t)(end - value);

  if (length > LONGEST)
    return -1;
  if (!memchr(value, '%', length))
    return code(value, length);
  return code(decoded, decode_into(value, end, decoded));
}

void with_scanner(const char *url, size_t length, int decode, answer *out)
{
  const char *end = url + length, *at = memchr(url, '?', length), *fragment;
  const char *id = NULL, *id_end = NULL;
  int has_status = 0, has_reason = 0;

  out->status = out->reason = 0;
  out->id_length = 0;
  if (!at)
    return;
  at++;
  fragment = memchr(at, '#', (size_t)(end - at));
  if (fragment)
    end = fragment;
  while (at < end) {
    const char *pair_end = memchr(at, '&', (size_t)(end - at)), *equals, *name = at;
    size_t name_length;
    char decoded[LONGEST];

    if (!pair_end)
      pair_end = end;
    equals = memchr(at, '=', (size_t)(pair_end - at));
    if (!equals)
      equals = pair_end;
    name_length = (size_t)(equals - at);
    if (name_length <= LONGEST && memchr(at, '%', name_length)) {
      name_length = decode_into(at, equals, decoded);
      name = decoded;
    }
    at = pair_end + 1;
    if (equals < pair_end)
      equals++;
    if (name_length == 6 && memcmp(name, "status", 6) == 0 && !has_status) {
      has_status = 1;
      out->status = code_of(status_code, equals, pair_end);
    } else if (name_length == 6 && memcmp(name, "reason", 6) == 0 && !has_reason) {
      has_reason = 1;
      out->reason = code_of(reason_code, equals, pair_end);
    } else if (name_length == 10 && memcmp(name, "session_id", 10) == 0 && !id) {
      id = equals;
      id_end = pair_end;
      out->id_length = (size_t)(id_end - id);
    }
  }
  if (decode && id && out->id_length <= sizeof out->id)
    out->id_length = decode_into(id, id_end, out->id);
}
