"""NIFs in C for Erlang. An object is a resource, a text an iolist or undefined, a structure a binary.

A function returns what C returns, or a tuple of that and its outputs. Calls that block run on dirty schedulers.
"""

from .erlang import inputs

OPENING = """\
#include <erl_nif.h>
#include <string.h>
#include <unistd.h>
#include "deepidv.h"

typedef struct { void *pointer; } object;
typedef struct { int copy; } descriptor;
static ErlNifResourceType *descriptors;

static ERL_NIF_TERM undefined(ErlNifEnv *env) { return enif_make_atom(env, "undefined"); }

static ERL_NIF_TERM binary(ErlNifEnv *env, const void *bytes, size_t size)
{
  ERL_NIF_TERM term;
  memcpy(enif_make_new_binary(env, size, &term), bytes, size);
  return term;
}

static ERL_NIF_TERM text(ErlNifEnv *env, const char *text)
{
  return text ? binary(env, text, strlen(text)) : undefined(env);
}

static ERL_NIF_TERM wrap(ErlNifEnv *env, ErlNifResourceType *type, void *pointer)
{
  if (!pointer)
    return undefined(env);
  object *made = enif_alloc_resource(type, sizeof *made);
  made->pointer = pointer;
  ERL_NIF_TERM term = enif_make_resource(env, made);
  enif_release_resource(made);
  return term;
}

/* An absent text is undefined. */
static int get_text(ErlNifEnv *env, ERL_NIF_TERM term, ErlNifBinary *bytes)
{
  *bytes = (ErlNifBinary){ 0 };
  return enif_is_identical(term, undefined(env)) || enif_inspect_iolist_as_binary(env, term, bytes);
}

/* The runtime polls a copy of the descriptor, and says when it no longer does. */
static void stop(ErlNifEnv *env, void *object, ErlNifEvent event, int direct)
{
  close(((descriptor *)object)->copy);
}

static ERL_NIF_TERM nif_copy(ErlNifEnv *env, int argc, const ERL_NIF_TERM argv[])
{
  int number;
  if (!enif_get_int(env, argv[0], &number))
    return enif_make_badarg(env);
  descriptor *made = enif_alloc_resource(descriptors, sizeof *made);
  made->copy = dup(number);
  ERL_NIF_TERM term = enif_make_resource(env, made);
  enif_release_resource(made);
  return term;
}

/* The caller gets a message {select, ...} when the descriptor is readable. */
static ERL_NIF_TERM nif_select(ErlNifEnv *env, int argc, const ERL_NIF_TERM argv[])
{
  descriptor *it;
  if (!enif_get_resource(env, argv[0], descriptors, (void **)&it))
    return enif_make_badarg(env);
  return enif_make_int(env, enif_select(env, it->copy, ERL_NIF_SELECT_READ, it, NULL, undefined(env)));
}

static ERL_NIF_TERM nif_stop(ErlNifEnv *env, int argc, const ERL_NIF_TERM argv[])
{
  descriptor *it;
  if (!enif_get_resource(env, argv[0], descriptors, (void **)&it))
    return enif_make_badarg(env);
  return enif_make_int(env, enif_select(env, it->copy, ERL_NIF_SELECT_STOP, it, NULL, undefined(env)));
}
"""

# C type, function that gets it, function that makes it.
NUMBERS = {
    "int": ("int", "enif_get_int", "enif_make_int"),
    "int32_t": ("int", "enif_get_int", "enif_make_int"),
    "uint32_t": ("unsigned", "enif_get_uint", "enif_make_uint"),
    "uint64_t": ("ErlNifUInt64", "enif_get_uint64", "enif_make_uint64"),
    "int64_t": ("ErlNifSInt64", "enif_get_int64", "enif_make_int64"),
    "size_t": ("ErlNifUInt64", "enif_get_uint64", "enif_make_uint64"),
}


def generate(interface):
    yield OPENING
    for handle in interface.handles:
        yield f"static ErlNifResourceType *{handle.short}_type;"
        yield f"static void {handle.short}_collected(ErlNifEnv *env, void *it)"
        yield f"{{\n  {handle.free}(((object *)it)->pointer);\n}}"
    for function in interface.functions:
        yield from define(interface, function)
    yield "static ErlNifFunc functions[] = {"
    yield '  { "copy", 1, nif_copy, 0 }, { "select", 1, nif_select, 0 }, { "stop", 1, nif_stop, 0 },'
    for function in interface.functions:
        flags = "ERL_NIF_DIRTY_JOB_IO_BOUND" if function.blocks else "0"
        yield f'  {{ "{function.short}", {len(inputs(function))}, nif_{function.short}, {flags} }},'
    yield "};\nstatic int load(ErlNifEnv *env, void **data, ERL_NIF_TERM info)\n{"
    yield "  ErlNifResourceTypeInit init = { NULL, stop, NULL };"
    yield '  descriptors = enif_open_resource_type_x(env, "descriptor", &init, ERL_NIF_RT_CREATE, NULL);'
    for handle in interface.handles:
        arguments = f'env, NULL, "{handle.short}", {handle.short}_collected, ERL_NIF_RT_CREATE, NULL'
        yield f"  {handle.short}_type = enif_open_resource_type({arguments});"
    yield "  return 0;\n}\nERL_NIF_INIT(deepidv, functions, load, NULL, NULL, NULL)"


def define(interface, function):
    places = {one.name: place for place, one in enumerate(inputs(function))}
    before, arguments, after, outputs = [], [], [], []
    for one in function.parameters:
        name = one.name
        if name in places:
            declaration, getter, argument = read(interface, one, f"argv[{places[name]}]")
            before += [declaration, f"if (!({getter}))\n    return enif_make_badarg(env);"]
            arguments.append(argument)
            if one.ownership == "consumed":
                after.append(f"{name}->pointer = NULL;")
            if one.direction == "inout":
                outputs.append(f"binary(env, &{name}, sizeof {name})")
        elif one.capacity_of:
            arguments.append(f"sizeof {one.capacity_of}")
        elif one.length_of:
            arguments.append("NULL" if one.direction == "out" else f"{one.length_of}.size")
        else:
            declaration, argument, output = write(interface, one)
            before.append(declaration)
            arguments.append(argument)
            outputs.append(output)
    call = f"{function.name}({', '.join(arguments)});"
    base = interface.number(function.returns)
    if function.returns.type == "void":
        value = 'enif_make_atom(env, "ok")'
    elif base == "char":
        call, value = f"const char *answer = {call}", "text(env, answer)"
    else:
        call, value = f"{base} answer = {call}", f"{NUMBERS[base][2]}(env, answer)"
    if outputs:
        value = f"enif_make_tuple{len(outputs) + 1}(env, {value}, {', '.join(outputs)})"
    yield f"static ERL_NIF_TERM nif_{function.short}(ErlNifEnv *env, int argc, const ERL_NIF_TERM argv[])\n{{"
    yield from (f"  {line}" for line in [*before, call, *after, f"return {value};"])
    yield "}\n"


def read(interface, one, term):
    """A declaration, how to get it from a term, and the argument."""
    name = one.name
    if one.base == "char":
        return f"ErlNifBinary {name};", f"get_text(env, {term}, &{name})", f"(const char *){name}.data"
    if interface.is_handle(one):
        kind = one.base.removeprefix("deepidv_")
        getter = f"enif_get_resource(env, {term}, {kind}_type, (void **)&{name})"
        return f"object *{name};", getter, f"{name}->pointer"
    if interface.is_structure(one):
        getter = f"enif_inspect_binary(env, {term}, &{name}_bytes) && {name}_bytes.size == sizeof {name}"
        getter += f" && memcpy(&{name}, {name}_bytes.data, sizeof {name})"
        return f"{one.base} {name};\n  ErlNifBinary {name}_bytes;", getter, f"&{name}"
    kind, getter, _ = NUMBERS[interface.number(one)]
    return f"{kind} {name};", f"{getter}(env, {term}, &{name})", name


def write(interface, one):
    """A declaration, the argument, and how to make a term of an output."""
    name = one.name
    if one.type == "char *":
        return f"char {name}[8192] = {{ 0 }};", name, f"text(env, {name})"
    if one.type == "const char **":
        return f"const char *{name} = NULL;", f"&{name}", f"text(env, {name})"
    if interface.is_handle(one):
        kind = one.base.removeprefix("deepidv_")
        return f"{one.base} *{name} = NULL;", f"&{name}", f"wrap(env, {kind}_type, {name})"
    if interface.is_structure(one):
        return f"{one.base} {name} = {{ 0 }};", f"&{name}", f"binary(env, &{name}, sizeof {name})"
    base = interface.number(one)
    return f"{base} {name} = 0;", f"&{name}", f"{NUMBERS[base][2]}(env, {name})"
