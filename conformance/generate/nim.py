"""A module of Nim, with the names of C."""

TYPES = {"int": "cint", "size_t": "csize_t", "char": "char", "void": "void"}


def type_of(interface, value):
    if value.type in ("const char *", "char *"):
        return "cstring"
    if value.base == "char":
        return "ptr cstring"
    base = interface.number(value)
    base = TYPES.get(base, base.removesuffix("_t") if base.endswith("_t") else base)
    return "ptr " * value.stars + base


def generate(interface):
    for constant in interface.constants:
        yield f"const {constant.name}* = {constant.value}"
    yield "const DEEPIDV_NTS* = high(csize_t)"
    yield "type"
    for handle in interface.handles:
        yield f"  {handle.name}* {{.incompleteStruct.}} = object"
    for structure in interface.structures:
        yield f"  {structure.name}* {{.bycopy.}} = object"
        for field in structure.fields:
            kind = type_of(interface, field)
            yield f"    {field.name}*: {f'array[{field.count}, {kind}]' if field.count > 1 else kind}"
    yield f'{{.push dynlib: "{interface.soname}", cdecl, importc.}}'
    for function in interface.functions:
        parameters = ", ".join(f"{one.name}: {type_of(interface, one)}" for one in function.parameters)
        kind = type_of(interface, function.returns)
        yield f"proc {function.name}*({parameters}){'' if kind == 'void' else ': ' + kind}"
    yield "{.pop.}"
