/* A program that is not position-independent, and takes the address of functions: it must link with every linker. */

#include <deepidv.h>
#include <stdio.h>
#include <string.h>

typedef void (*any)(void);

static const any freed_by[] = {
  (any)deepidv_result_free,
  (any)deepidv_config_free,
  (any)deepidv_client_free,
};

int main(void)
{
  const char *(*text)(deepidv_status) = deepidv_status_text;
  size_t i;

  for (i = 0; i < sizeof freed_by / sizeof *freed_by; i++)
    if (freed_by[i] == NULL)
      return 1;
  deepidv_result_free(NULL);
  puts(text(DEEPIDV_OK));
  return strcmp(text(DEEPIDV_OK), deepidv_status_text(DEEPIDV_OK)) != 0;
}
