"""A library in C with the same functions, which checks that each object is freed once and not used after that."""

OPENING = """\
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "deepidv.h"

/* The objects that are alive, with their kinds, in a table with open addresses. */
enum { SLOTS = 1 << 16 };
static struct { const void *object; const char *kind; } slots[SLOTS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *find(const char *name)
{
  static void *library;
  if (!library)
    library = dlopen(getenv("DEEPIDV_CHECKED_LIBRARY"), RTLD_NOW | RTLD_LOCAL);
  void *found = library ? dlsym(library, name) : NULL;
  if (!found) {
    fprintf(stderr, "checked: %s\\n", dlerror());
    abort();
  }
  return found;
}

static size_t slot_of(const void *object)
{
  size_t slot = ((size_t)object >> 4) % SLOTS;
  while (slots[slot].object && slots[slot].object != object)
    slot = (slot + 1) % SLOTS;
  return slot;
}

/* Slots are not emptied, only their kind, so that others are still found. */
static void born(const void *object, const char *kind)
{
  if (!object)
    return;
  pthread_mutex_lock(&lock);
  size_t slot = slot_of(object);
  slots[slot].object = object;
  slots[slot].kind = kind;
  pthread_mutex_unlock(&lock);
}

/* Complains about an object that is not alive, or of another kind. */
static void used(const void *object, const char *kind, const char *function, int dies)
{
  if (!object)
    return;
  pthread_mutex_lock(&lock);
  size_t slot = slot_of(object);
  const char *known = slots[slot].kind;
  if (!known || strcmp(known, kind) != 0)
    fprintf(stderr, "%s: the object is %s\\n", function, known ? known : dies ? "freed twice" : "freed");
  if (dies)
    slots[slot].kind = NULL;
  pthread_mutex_unlock(&lock);
}
"""


def generate(interface):
    yield OPENING
    for function in interface.functions:
        yield from define(interface, function)


def define(interface, function):
    parameters = ", ".join(f"{one.type} {one.name}" for one in function.parameters) or "void"
    returns = function.returns.type
    yield f"{returns} {function.name}({parameters})\n{{"
    yield f"  static __typeof__({function.name}) *real;"
    yield f'  if (!real)\n    real = find("{function.name}");'
    for one in function.parameters:
        if interface.is_handle(one) and one.stars == 1:
            dies = int(one.ownership == "consumed")
            yield f'  used({one.name}, "{one.base}", __func__, {dies});'
    call = f"real({', '.join(one.name for one in function.parameters)});"
    yield f"  {call}" if returns == "void" else f"  {returns} answer = {call}"
    for one in function.parameters:
        if interface.is_handle(one) and one.stars == 2:
            yield f'  if ({one.name})\n    born(*{one.name}, "{one.base}");'
    if returns != "void":
        yield "  return answer;"
    yield "}\n"
