/* The request bodies of all soak programs: the same for the same seed, small, medium and large. */

#ifndef SOAK_BODIES_H
#define SOAK_BODIES_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { SOAK_NAME_LIMIT = 65536 };

/* Returns the first and last name for a create; the caller frees it. One in twenty has the maximum length and
   consists of characters that JSON escapes, so that the body exceeds packets and most buffers. */
static char *soak_name(uint64_t seed, uint64_t number)
{
  uint64_t mixed = seed * 0x9e3779b97f4a7c15u + number;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9u;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
  mixed ^= mixed >> 31;
  size_t length = 3;
  int letter = 'a';
  if (mixed % 20 == 0) {
    length = SOAK_NAME_LIMIT;
    letter = '"';
  } else if (mixed % 20 < 4) {
    length = 2000;
  }
  char *name = malloc(length + 1);
  if (name == NULL)
    abort();
  memset(name, letter, length);
  name[length] = 0;
  return name;
}

#endif
