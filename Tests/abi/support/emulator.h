/* The emulator as a child process. DEEPIDV_EMULATOR is where its program is. */

#ifndef ABI_EMULATOR_H
#define ABI_EMULATOR_H

#include <sys/types.h>

typedef struct emulator {
  pid_t process;
  int input;  /* it ends when this is closed */
  int output; /* kept open, so that it can write */
  char url[64];
} emulator;

/* Starts it with up to four options more, each a word; NULL ends them. */
void emulator_start(emulator *emulator, const char *const *options);

/* Ends it, and fails unless it ends well. */
void emulator_stop(emulator *emulator);

/* A group's own, which is not paced. */
extern emulator service;
int start_service(void **state);
int stop_service(void **state);

#endif
