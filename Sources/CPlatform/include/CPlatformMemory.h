/* Memory. Embedded Swift has no module for the C library, so each function has a wrapper. */
#ifndef CPLATFORM_MEMORY_H
#define CPLATFORM_MEMORY_H

#include <stddef.h>

/* `malloc`. If Swift's own allocation fails, it returns null in a non-null type. */
void *_Nullable cplatform_malloc(size_t size);

/* `free`, for memory from `cplatform_malloc`. */
void cplatform_free(void *_Nullable memory);

/* Wipes the first `size` bytes, then frees. NULL is allowed. */
void cplatform_wipe_and_free(void *_Nullable memory, size_t size);

/* `explicit_bzero`, which the compiler must not remove before a `free`, unlike `memset`. */
void cplatform_explicit_bzero(void *_Nonnull memory, size_t size);

/* Whether all bytes are equal, by `memcmp`, which is vectorised, unlike a Swift loop. Not constant-time: never for secrets. */
int cplatform_equal(const void *_Nonnull left, const void *_Nonnull right, size_t size);

/* `strlen`, for NUL-terminated texts. */
size_t cplatform_strlen(const char *_Nonnull text);

#endif
