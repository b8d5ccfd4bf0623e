/*
 * Prints how long the dynamic loader takes for one library, in nanoseconds.
 *
 *   load LIBRARY
 *
 * libcurl and its dependencies are loaded before, because their time would hide the
 * difference. All symbols are bound immediately.
 */

#define _POSIX_C_SOURCE 200809L

#include <dlfcn.h>
#include <stdio.h>
#include <time.h>

int main(int argc, char **argv)
{
  struct timespec begun, ended;
  void *library;

  if (argc != 2) {
    fprintf(stderr, "usage: %s LIBRARY\n", argv[0]);
    return 2;
  }
  if (!dlopen("libcurl.so.4", RTLD_NOW | RTLD_GLOBAL)) {
    fprintf(stderr, "%s\n", dlerror());
    return 1;
  }
  clock_gettime(CLOCK_MONOTONIC, &begun);
  library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
  clock_gettime(CLOCK_MONOTONIC, &ended);
  if (!library) {
    fprintf(stderr, "%s\n", dlerror());
    return 1;
  }
  printf("%lld\n", (long long)(ended.tv_sec - begun.tv_sec) * 1000000000LL + (ended.tv_nsec - begun.tv_nsec));
  return 0;
}
