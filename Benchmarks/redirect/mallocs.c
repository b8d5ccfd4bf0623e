/* Preloaded with LD_PRELOAD: prints the number of allocations at exit. */

#include <stdio.h>
#include <stdlib.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);

static unsigned long calls;

void *malloc(size_t size) { return calls++, __libc_malloc(size); }

void *calloc(size_t count, size_t size) { return calls++, __libc_calloc(count, size); }

void *realloc(void *memory, size_t size) { return calls++, __libc_realloc(memory, size); }

__attribute__((destructor)) static void print_calls(void) { fprintf(stderr, "mallocs %lu\n", calls); }
