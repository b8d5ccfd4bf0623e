#include "CPlatformBytes.h"

#define REPEAT4(byte) byte, byte, byte, byte
#define REPEAT16(byte) { REPEAT4(byte), REPEAT4(byte), REPEAT4(byte), REPEAT4(byte) }

/* From which byte on, and how many of them, are not special; and two of these that are. */
typedef struct {
  cplatform_bytes16 lowest, count, one, other;
} kind;

#define KIND(lowest, end, one, other) \
  { REPEAT16(lowest), REPEAT16((end) - (lowest)), REPEAT16(one), REPEAT16(other) }

static const kind kinds[] = {
  [CPLATFORM_NOT_ASCII] = KIND(0, 0x7F, 0x7F, 0x7F),
  [CPLATFORM_NOT_PRINTABLE] = KIND(0x20, 0x7F, 0x7F, 0x7F),
  [CPLATFORM_NOT_PLAIN_IN_JSON] = KIND(0x20, 0x7F, '"', '\\'),
  [CPLATFORM_NOT_PLAIN_IN_URL] = KIND(0x21, 0x7F, '\\', '\\'),
  [CPLATFORM_NOT_LOWER_CASE] = KIND('a', 'z' + 1, 0x7F, 0x7F),
  [CPLATFORM_NOT_PLAIN_IN_QUERY] = KIND(0x20, 0x7F, '%', '+'),
};

static inline uint32_t find16(const uint8_t *text, const kind *kind)
{
  cplatform_bytes16 block;

  memcpy(&block, text, sizeof block);
  return cplatform_high_bits16((cplatform_bytes16)((block - kind->lowest >= kind->count)
      | (block == kind->one) | (block == kind->other)));
}

/* For a text of less than 16 bytes. */
static size_t find_in_short(const uint8_t *text, size_t start, size_t count, const kind *kind)
{
  for (; start < count; start++) {
    const uint8_t byte = text[start];

    if ((uint8_t)(byte - kind->lowest[0]) >= kind->count[0] || byte == kind->one[0] || byte == kind->other[0])
      break;
  }
  return start;
}

size_t cplatform_find_special(const uint8_t *text, size_t start, size_t count, cplatform_special special)
{
  const kind *kind = &kinds[special];
  const size_t last = count - sizeof(cplatform_bytes16);
  uint32_t found;

  if (start >= count)
    return count;
  if (count < sizeof(cplatform_bytes16))
    return find_in_short(text, start, count, kind);
  for (; start <= last; start += sizeof(cplatform_bytes16)) {
    found = find16(text + start, kind);
    if (found != 0)
      return start + (size_t)__builtin_ctz(found);
  }
  /* The last block overlaps what has been searched, or what comes before the start. */
  found = find16(text + last, kind) >> (start - last);
  return start - last < sizeof(cplatform_bytes16) && found != 0 ? start + (size_t)__builtin_ctz(found)
                                                                : count;
}

ptrdiff_t cplatform_find_row(const uint8_t *rows, size_t size, const uint8_t *text, size_t length)
{
  const uint8_t *const end = rows + size;
  ptrdiff_t row = 0;

  for (; rows < end; rows += 1u + rows[0], row++)
    /* Most rows differ in length or in the first byte; none is empty. */
    if (rows[0] == length && rows[1] == text[0] && memcmp(rows + 1, text, length) == 0)
      return row;
  return -1;
}
