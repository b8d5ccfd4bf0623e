"""A module of D, with the names of C."""

NUMBERS = {"int32_t": "int", "uint32_t": "uint", "int64_t": "long", "uint64_t": "ulong"}


def type_of(interface, value):
    base = interface.number(value)
    base = NUMBERS.get(base, base)
    if value.type.startswith("const "):
        base = f"const({base})"
    return base + "*" * value.stars


def generate(interface):
    yield "module deepidv;"
    yield "enum size_t DEEPIDV_NTS = size_t.max;"
    yield "enum : int {"
    for constant in interface.constants:
        yield f"    {constant.name} = {constant.value},"
    yield "}"
    yield "extern (C) nothrow @nogc:"
    yield "alias deepidv_status = int;"
    for handle in interface.handles:
        yield f"struct {handle.name};"
    for structure in interface.structures:
        yield f"struct {structure.name} {{"
        for field in structure.fields:
            array = f"[{field.count}]" if field.count > 1 else ""
            yield f"    {type_of(interface, field)}{array} {field.name};"
        yield "}"
    for function in interface.functions:
        parameters = ", ".join(f"{type_of(interface, one)} {one.name}" for one in function.parameters)
        yield f"{type_of(interface, function.returns)} {function.name}({parameters});"
