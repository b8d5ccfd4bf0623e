/* No memory that is given back holds a key or a context. */

#include <malloc.h>

#include "support.h"

/* The C library's own, behind the definition below, which every library in the process gets. */
void __libc_free(void *memory);

/* Not in one piece, so that the text is nowhere but where the test puts it. */
static char key[48], context[48];
static unsigned long frees, found;

static int holds(const unsigned char *memory, size_t size, const char *secret)
{
  size_t i;

  /* Half of it would be too much. */
  for (i = 0; i + 16 <= size; i++)
    if (memory[i] == (unsigned char)*secret && memcmp(memory + i, secret, 16) == 0)
      return 1;
  return 0;
}

void free(void *memory)
{
  if (memory && *key) {
    const size_t size = malloc_usable_size(memory);

    frees++;
    found += holds(memory, size, key) || holds(memory, size, context);
  }
  __libc_free(memory);
}

static void a_secret_that_is_given_back_is_noticed(void **state)
{
  /* Compilers know what free does, and that this one does more they do not. */
  void (*volatile give_back)(void *memory) = free;
  char *copy = malloc(sizeof key);

  (void)state;
  assert_non_null(copy);
  memcpy(copy, key, sizeof key);
  found = 0;
  give_back(copy);
  assert_int_equal(found, 1);
}

static void keys_and_contexts_are_wiped(void **state)
{
  deepidv_state_keys *keys = NULL;
  char text[DEEPIDV_STATE_SIZE], other[sizeof key];
  int i;

  (void)state;
  found = frees = 0;
  assert_status(deepidv_state_keys_new(&keys), DEEPIDV_OK);
  memcpy(other, key, sizeof key);
  for (i = 0; i < 16; i++) {
    /* The set grows, and moves. */
    other[sizeof other - 1] = (char)i;
    assert_status(deepidv_state_keys_add(keys, other, sizeof other), DEEPIDV_OK);
  }
  for (i = 0; i < 10; i++) {
    assert_status(deepidv_state_new(
        keys, context, sizeof context, 60, text, sizeof text, NULL), DEEPIDV_OK);
    assert_status(
        deepidv_state_verify(keys, text, DEEPIDV_NTS, context, sizeof context), DEEPIDV_OK);
    assert_status(
        deepidv_state_verify(keys, text, DEEPIDV_NTS, context, 47), DEEPIDV_E_STATE_CONTEXT);
    text[90] = text[90] == 'A' ? 'B' : 'A';
    assert_status(deepidv_state_verify(keys, text, DEEPIDV_NTS, context, sizeof context),
        DEEPIDV_E_STATE_SIGNATURE);
  }
  deepidv_state_keys_free(keys);
  assert_true(frees > 40);
  assert_int_equal(found, 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_secret_that_is_given_back_is_noticed),
    cmocka_unit_test(keys_and_contexts_are_wiped),
  };
  size_t i;

  for (i = 0; i < sizeof key; i++) {
    key[i] = (char)('!' + i);
    context[i] = (char)('~' - i);
  }
  return cmocka_run_group_tests_name("wiped", tests, NULL, NULL);
}
