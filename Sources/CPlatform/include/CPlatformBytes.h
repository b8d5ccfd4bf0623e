/*
 * Bytes 16 or 64 at a time. Swift's vectors compare like this, but the answer is a vector again, and there is no
 * way from it to the number whose lowest bit says where the first match is.
 */
#ifndef CPLATFORM_BYTES_H
#define CPLATFORM_BYTES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Tells Swift that a C function does not allocate. */
#define CPLATFORM_INLINE static inline __attribute__((always_inline, swift_attr("@_noAllocation")))

typedef uint8_t cplatform_bytes16 __attribute__((ext_vector_type(16)));

typedef struct cplatform_bytes64 {
  cplatform_bytes16 first, second, third, fourth;
} cplatform_bytes64;

/* `memcpy`; `copyMemory` ends the process if the size is negative, which it never is. */
CPLATFORM_INLINE void cplatform_copy(void *_Nonnull target, const void *_Nonnull source, size_t size)
{
  memcpy(target, source, size);
}

/* Loads 64 bytes, unaligned. */
CPLATFORM_INLINE cplatform_bytes64 cplatform_load64(const uint8_t *_Nonnull bytes)
{
  cplatform_bytes64 block;
  memcpy(&block, bytes, sizeof block);
  return block;
}

/* Loads at most 64 bytes and pads with zeros. */
CPLATFORM_INLINE cplatform_bytes64 cplatform_load_some(const uint8_t *_Nonnull bytes, size_t count)
{
  cplatform_bytes64 block = { 0, 0, 0, 0 };
  memcpy(&block, bytes, count < sizeof block ? count : sizeof block);
  return block;
}

/* Bit i is the highest bit of byte i. */
CPLATFORM_INLINE uint32_t cplatform_high_bits16(cplatform_bytes16 bytes)
{
#if defined(__SSE2__)
  /* What is below becomes the same instruction, until a branch comes between its parts: then each
       truth value is carried over by itself. */
  return (uint32_t)__builtin_ia32_pmovmskb128((char __attribute__((vector_size(16))))bytes);
#else
  typedef _Bool bits16 __attribute__((ext_vector_type(16)));
  const bits16 bits = __builtin_convertvector(bytes >> 7, bits16);
  uint16_t number;
  memcpy(&number, &bits, sizeof number);
  return number;
#endif
}

/* Bit i is the highest bit of byte i. */
CPLATFORM_INLINE uint64_t cplatform_high_bits64(cplatform_bytes64 block)
{
  return cplatform_high_bits16(block.first) | (uint64_t)cplatform_high_bits16(block.second) << 16
      | (uint64_t)cplatform_high_bits16(block.third) << 32
      | (uint64_t)cplatform_high_bits16(block.fourth) << 48;
}

/* Bit i is set if byte i is one of the two bytes. */
CPLATFORM_INLINE uint64_t cplatform_find64(cplatform_bytes64 block, uint8_t one, uint8_t other)
{
  const cplatform_bytes64 found = { (cplatform_bytes16)((block.first == one) | (block.first == other)),
    (cplatform_bytes16)((block.second == one) | (block.second == other)),
    (cplatform_bytes16)((block.third == one) | (block.third == other)),
    (cplatform_bytes16)((block.fourth == one) | (block.fourth == other)) };
  return cplatform_high_bits64(found);
}

/* Bit i is set if byte i is the given byte or is not ASCII. */
CPLATFORM_INLINE uint64_t cplatform_find64_or_above_ascii(cplatform_bytes64 block, uint8_t wanted)
{
  const cplatform_bytes64 found = { (cplatform_bytes16)(block.first == wanted) | block.first,
    (cplatform_bytes16)(block.second == wanted) | block.second,
    (cplatform_bytes16)(block.third == wanted) | block.third,
    (cplatform_bytes16)(block.fourth == wanted) | block.fourth };
  return cplatform_high_bits64(found);
}

/* Which bytes of a text are special. Each kind has all bytes from 0x7F on. */
typedef enum cplatform_special {
  CPLATFORM_NOT_ASCII,
  CPLATFORM_NOT_PRINTABLE,      /* below 0x20 */
  CPLATFORM_NOT_PLAIN_IN_JSON,  /* below 0x20, a quote, a backslash */
  CPLATFORM_NOT_PLAIN_IN_URL,   /* below 0x21, a backslash */
  CPLATFORM_NOT_LOWER_CASE,     /* all but 'a' to 'z' */
  CPLATFORM_NOT_PLAIN_IN_QUERY, /* below 0x20, '%', '+' */
} cplatform_special;

/*
 * Returns the index, from `start` on, of the first special byte; `count` if there is none. Searches 16 bytes at a time,
 * because most texts of an answer are short.
 */
size_t cplatform_find_special(const uint8_t *_Nonnull text, size_t start, size_t count,
    cplatform_special special) __attribute__((swift_attr("@_noAllocation")));

/*
 * Returns the row of a text in a table, or -1. A row is the number of its bytes in one byte, and the bytes, of
 * which there is at least one. Not
 * constant-time: never for secrets.
 */
ptrdiff_t cplatform_find_row(
    const uint8_t *_Nonnull rows, size_t size, const uint8_t *_Nonnull text, size_t length);

/* Whether two texts of a compile-time size are equal. Not constant-time: never for secrets. */
CPLATFORM_INLINE int cplatform_equal(const void *_Nonnull left, const void *_Nonnull right, size_t size)
{
  return memcmp(left, right, size) == 0;
}

#endif
