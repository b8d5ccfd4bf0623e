/* The emulator as a child process. DEEPIDV_EMULATOR is the path of its program. */

#ifndef ABI_EMULATOR_H
#define ABI_EMULATOR_H

#include <sys/types.h>

typedef struct emulator {
  pid_t process;
  int input;  /* it ends when this is closed */
  int output; /* kept open, so that it can write */
  char url[64];
} emulator;

/* Starts it with up to four more arguments; NULL ends them. */
void emulator_start(emulator *emulator, const char *const *options);

/* Stops it, and fails unless its exit status is 0. */
void emulator_stop(emulator *emulator);

/* The emulator of a test group, without a rate limit. */
extern emulator service;
int start_service(void **state);
int stop_service(void **state);

#endif
