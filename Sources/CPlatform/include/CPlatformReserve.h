/* Memory for Swift, which ends the process if it gets none. scripts/ld makes Swift's code call these functions. */
#ifndef CPLATFORM_RESERVE_H
#define CPLATFORM_RESERVE_H

#include <stddef.h>
#include <stdint.h>

/* `posix_memalign`, or memory of the reserve if there is no other. */
int cplatform_swift_allocate(void *_Nullable *_Nonnull memory, size_t alignment, size_t size);

/* `free`, also for memory of the reserve. */
void cplatform_swift_free(void *_Nullable memory);

/* Whether memory has run out, so that nothing new may begin. */
int cplatform_memory_is_short(void);

#endif
