#include "CPlatformReserve.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>

/*
 * Memory that is not used as long as there is any other. While there is none, no new objects and operations begin, so that
 * it needs to be enough for what is under way: less than a kilobyte for each operation.
 */
enum { RESERVE_SIZE = 256 * 1024, UNIT = 16 };

/* If there is so much memory, there is enough for a new object or operation. */
enum { ENOUGH = 64 * 1024 };

static _Alignas(UNIT) unsigned char reserve[RESERVE_SIZE];

/* How many pieces are in use, in the high half, and the end of the last one. When none is in use, it begins again. */
static _Atomic uint64_t use;

static void *take(size_t size)
{
  const uint64_t rounded = (size + (UNIT - 1)) / UNIT * UNIT;
  uint64_t before = use;

  if (size > RESERVE_SIZE)
    return NULL;
  do {
    if ((uint32_t)before + rounded > RESERVE_SIZE)
      return NULL;
  } while (!atomic_compare_exchange_weak(&use, &before, before + ((uint64_t)1 << 32) + rounded));
  return reserve + (uint32_t)before;
}

static void give_back(void)
{
  uint64_t before = use, after;

  do {
    after = before - ((uint64_t)1 << 32);
    if (after >> 32 == 0)
      after = 0;
  } while (!atomic_compare_exchange_weak(&use, &before, after));
}

int cplatform_swift_allocate(void **memory, size_t alignment, size_t size)
{
  void *found = NULL;

  if (posix_memalign(&found, alignment, size) != 0) {
    found = alignment <= UNIT ? take(size) : NULL;
    if (found == NULL)
      return ENOMEM;
  }
  *memory = found;
  return 0;
}

void cplatform_swift_free(void *memory)
{
  const uintptr_t offset = (uintptr_t)memory - (uintptr_t)reserve;

  if (offset < RESERVE_SIZE)
    give_back();
  else
    free(memory);
}

int cplatform_memory_is_short(void)
{
  if (use == 0)
    return 0;
  /* Something may keep its piece for long after memory was short. */
  void *probe = malloc(ENOUGH);

  free(probe);
  return probe == NULL;
}
