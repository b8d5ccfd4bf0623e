#define _GNU_SOURCE
#include "emulator.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support.h"

#define LONGEST_COMMAND 16

static _Noreturn void become_emulator(int input, int output, char *const *command)
{
  if (dup2(input, 0) == 0 && dup2(output, 1) == 1)
    execv(command[0], command);
  _exit(127);
}

/* Reads the line that the emulator prints when it is ready. */
static void read_line(int descriptor, char *line, size_t capacity)
{
  size_t count = 0;

  while (count + 1 < capacity && read(descriptor, line + count, 1) == 1 && line[count] != '\n')
    count++;
  line[count] = '\0';
}

void emulator_start(emulator *emulator, const char *const *options)
{
  const char *program = getenv("DEEPIDV_EMULATOR");
  char *command[LONGEST_COMMAND] = { NULL, "--port", "0", "--exit-with-parent", "--api-key", "dk_emulator",
    "--api-key", CANARY_KEY };
  int input[2], output[2];
  char line[128];
  const char *url;
  size_t count = 8;

  emulator->process = 0;
  if (!program)
    print_error("DEEPIDV_EMULATOR does not say where the emulator is\n");
  assert_non_null(program);
  command[0] = (char *)program;
  for (; options && *options; options++) {
    assert_true(count + 1 < LONGEST_COMMAND);
    command[count++] = (char *)*options;
  }

  /* Closed on exec: an emulator must not hold another one's input open. */
  assert_int_equal(pipe2(input, O_CLOEXEC), 0);
  assert_int_equal(pipe2(output, O_CLOEXEC), 0);
  emulator->process = fork();
  assert_true(emulator->process >= 0);
  if (emulator->process == 0)
    become_emulator(input[0], output[1], command);
  close(input[0]);
  close(output[1]);
  emulator->input = input[1];
  emulator->output = output[0];

  read_line(emulator->output, line, sizeof line);
  url = strstr(line, "http://");
  assert_non_null(url);
  assert_true(strlen(url) < sizeof emulator->url);
  strcpy(emulator->url, url);
}

void emulator_stop(emulator *emulator)
{
  int status = -1;

  if (emulator->process == 0)
    return; /* it never began */
  close(emulator->input);
  assert_int_equal(waitpid(emulator->process, &status, 0), emulator->process);
  close(emulator->output);
  assert_int_equal(status, 0);
}

emulator service;

int start_service(void **state)
{
  static const char *const options[] = { "--rate", "0", NULL };

  (void)state;
  emulator_start(&service, options);
  return 0;
}

int stop_service(void **state)
{
  (void)state;
  emulator_stop(&service);
  return 0;
}
