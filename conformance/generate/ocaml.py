"""A module of OCaml with ctypes: numbers are int, texts string or string option, and objects unit ptr."""

NUMBERS = {
    "void": "void", "int": "int", "size_t": "size", "int32_t": "int", "uint32_t": "uint32",
    "int64_t": "int64_t", "uint64_t": "uint64",
}  # fmt: skip

OPENING = """\
open Ctypes
let library = Dl.dlopen ~filename:"{soname}" ~flags:[ Dl.RTLD_NOW ]
let size = view ~read:Unsigned.Size_t.to_int ~write:Unsigned.Size_t.of_int size_t
let uint32 = view ~read:Unsigned.UInt32.to_int ~write:Unsigned.UInt32.of_int uint32_t
let uint64 = view ~read:Unsigned.UInt64.to_int ~write:Unsigned.UInt64.of_int uint64_t
let function_ name blocks kind = Foreign.foreign ~from:library ~release_runtime_lock:blocks name kind"""


def module(value):
    """The type of a structure, which is in a module of its own."""
    return f"{value.base.removeprefix('deepidv_').capitalize()}.t"


def type_of(interface, value):
    if value.type == "const char *":
        return "string" if value.nullable is False else "string_opt"
    if value.type == "const char **":
        return "(ptr string_opt)"
    base = NUMBERS.get(interface.number(value), "char" if value.base == "char" else "void")
    if interface.is_structure(value):
        base = module(value)
    for _ in range(value.stars):
        base = f"(ptr {base})"
    return base


def field_type(interface, field):
    if interface.is_structure(field):
        return module(field)
    base = "(ptr char)" if field.stars else NUMBERS[field.type]
    return f"(array {field.count} {base})" if field.count > 1 else base


def generate(interface):
    yield OPENING.format(soname=interface.soname)
    for constant in interface.constants:
        yield f"let {constant.short.lower()} = {constant.value}"
    for structure in interface.structures:
        yield f"module {structure.short.capitalize()} = struct"
        yield f'  type s\n  let t : s structure typ = structure "{structure.name}"'
        for field in structure.fields:
            yield f'  let {field.name} = field t "{field.name}" {field_type(interface, field)}'
        yield "  let () = seal t\nend"
    for function in interface.functions:
        parameters = [type_of(interface, one) for one in function.parameters] or ["void"]
        blocks = "true" if function.blocks else "false"
        yield f'let {function.short} = function_ "{function.name}" {blocks}'
        yield f"  ({' @-> '.join(parameters)} @-> returning {type_of(interface, function.returns)})"
