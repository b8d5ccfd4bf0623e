/* The memory functions of the C library, for tests that define malloc and free themselves. */
#ifndef LIBC_MEMORY_H
#define LIBC_MEMORY_H

#include <stddef.h>

#ifdef __GLIBC__

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *memory);

#else

#include <dlfcn.h>

#define LIBC_FUNCTION(name, type) (__extension__(type) dlsym(RTLD_NEXT, name))
#define __libc_malloc LIBC_FUNCTION("malloc", void *(*)(size_t))
#define __libc_calloc LIBC_FUNCTION("calloc", void *(*)(size_t, size_t))
#define __libc_realloc LIBC_FUNCTION("realloc", void *(*)(void *, size_t))
#define __libc_memalign LIBC_FUNCTION("aligned_alloc", void *(*)(size_t, size_t))
#define __libc_free LIBC_FUNCTION("free", void (*)(void *))

#endif

#endif
