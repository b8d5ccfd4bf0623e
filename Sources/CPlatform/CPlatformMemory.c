/* explicit_bzero is not in C or POSIX: glibc declares it with this macro. */
#define _DEFAULT_SOURCE

#include "CPlatformMemory.h"

#include <stdlib.h>
#include <string.h>

void *cplatform_malloc(size_t size) { return malloc(size); }

void cplatform_free(void *memory) { free(memory); }

void cplatform_explicit_bzero(void *memory, size_t size) { explicit_bzero(memory, size); }

void cplatform_wipe_and_free(void *memory, size_t size)
{
  if (memory == NULL)
    return;
  explicit_bzero(memory, size);
  free(memory);
}

int cplatform_equal(const void *left, const void *right, size_t size)
{
  return memcmp(left, right, size) == 0;
}

size_t cplatform_strlen(const char *text) { return strlen(text); }
