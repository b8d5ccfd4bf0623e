/* Memory. Embedded Swift has no module for the C library, so each function is handed on by name. */
#ifndef CPLATFORM_MEMORY_H
#define CPLATFORM_MEMORY_H

#include <stddef.h>

/* `malloc`. Where Swift's own allocation fails, it answers a null that its types call non-null. */
void *_Nullable cplatform_malloc(size_t size);

/* `free`, for what `cplatform_malloc` gave. */
void cplatform_free(void *_Nullable memory);

/* `explicit_bzero`, which the compiler may not leave out before a `free`, as it may a `memset`. */
void cplatform_explicit_bzero(void *_Nonnull memory, size_t size);

/* `memcmp`, which is vectorised where a Swift loop is not. Not constant-time: never for secrets. */
int cplatform_memcmp(const void *_Nonnull left, const void *_Nonnull right, size_t size);

/* `strlen`, for texts that end at their NUL. */
size_t cplatform_strlen(const char *_Nonnull text);

#endif
