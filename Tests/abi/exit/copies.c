/*
 * Counts the copies of the key and of an applicant's data in the process after everything was freed.
 *
 *   copies URL CA_FILE
 *
 * There must be none if nothing was sent. libcurl wipes nothing, so that a few copies of the last requests remain,
 * but no more after more requests. Exit status 0 if that is so.
 */

#define _GNU_SOURCE /* explicit_bzero, pread */

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "deepidv.h"

/* libcurl 7.88 leaves six to nine of each; other versions have other buffers. */
#define MOST 16

typedef struct secret {
  const char *name;
  char text[40];
  unsigned copies;
} secret;

static secret secrets[] = { { "key", "ek", 0 }, { "name", "NA", 0 }, { "phone", "+1", 0 } };

static void check(deepidv_status status)
{
  if (status == DEEPIDV_OK)
    return;
  fprintf(stderr, "%s\n", deepidv_status_name(status));
  exit(2);
}

/* Built at run time, so that the program file does not contain the texts. */
static void make_secrets(void)
{
  int i;

  for (i = 2; i < 39; i++) {
    secrets[0].text[i] = (char)('a' + i * 7 % 26);
    secrets[1].text[i] = (char)('A' + i * 11 % 26);
    if (i < 16)
      secrets[2].text[i] = (char)('0' + i * 7 % 10);
  }
}

static void use(const char *url, const char *ca_file, int creates)
{
  deepidv_config *config = NULL;
  deepidv_client *client = NULL;
  deepidv_session_request *request = NULL;

  check(deepidv_config_new(&config));
  check(deepidv_config_set_api_key(config, secrets[0].text, DEEPIDV_NTS));
  check(deepidv_config_set_base_url(config, url, DEEPIDV_NTS));
  check(deepidv_config_set_ca_file(config, ca_file, DEEPIDV_NTS));
  check(deepidv_config_set_rate_limit(config, 0));
  check(deepidv_client_new(config, &client));
  deepidv_config_free(config);
  check(deepidv_session_request_new(&request));
  check(deepidv_session_request_set_first_name(request, secrets[1].text, DEEPIDV_NTS));
  check(deepidv_session_request_set_last_name(request, "Doe", DEEPIDV_NTS));
  check(deepidv_session_request_set_email(request, "a@b.example", DEEPIDV_NTS));
  check(deepidv_session_request_set_phone(request, secrets[2].text, DEEPIDV_NTS));
  while (creates-- > 0) {
    deepidv_result *result = NULL;

    check(deepidv_session_create(client, request, &result));
    deepidv_result_free(result);
  }
  deepidv_session_request_free(request);
  deepidv_client_free(client);
}

static void count_in(const char *memory, uintptr_t start, size_t size)
{
  size_t i, at;

  for (i = 0; i < sizeof secrets / sizeof *secrets; i++) {
    const size_t length = strlen(secrets[i].text);

    for (at = 0; at + length <= size; at++)
      if (memory[at] == *secrets[i].text && memcmp(memory + at, secrets[i].text, length) == 0
          && start + at != (uintptr_t)secrets[i].text)
        secrets[i].copies++;
  }
}

/* All writable memory except the secrets themselves. */
static void count_copies(void)
{
  FILE *maps = fopen("/proc/self/maps", "re");
  const int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
  uintptr_t start, end;
  char line[512], rights[8];
  size_t i;

  if (!maps || memory < 0)
    exit(2);
  for (i = 0; i < sizeof secrets / sizeof *secrets; i++)
    secrets[i].copies = 0;
  while (fgets(line, sizeof line, maps)) {
    ssize_t size;
    char *copy;

    if (sscanf(line, "%lx-%lx %7s", &start, &end, rights) != 3 || rights[1] != 'w')
      continue;
    copy = malloc(end - start);
    if (!copy)
      exit(2);
    size = pread(memory, copy, end - start, (off_t)start);
    if (size > 0)
      count_in(copy, start, (size_t)size);
    explicit_bzero(copy, end - start);
    free(copy);
  }
  fclose(maps);
  close(memory);
}

int main(int argc, char **argv)
{
  static const int creates[] = { 0, 50, 500 };
  unsigned most[sizeof creates / sizeof *creates] = { 0 };
  size_t round, i;

  if (argc < 3)
    return 2;
  make_secrets();
  for (round = 0; round < sizeof creates / sizeof *creates; round++) {
    use(argv[1], argv[2], creates[round]);
    count_copies();
    printf("after %d creates:", creates[round]);
    for (i = 0; i < sizeof secrets / sizeof *secrets; i++) {
      printf(" %s %u", secrets[i].name, secrets[i].copies);
      if (secrets[i].copies > most[round])
        most[round] = secrets[i].copies;
    }
    printf("\n");
  }
  return most[0] == 0 && most[1] <= MOST && most[2] <= MOST ? 0 : 1;
}
