"""A unit of Free Pascal, with the names of C."""

NUMBERS = {
    "int": "cint", "size_t": "csize_t", "char": "cchar", "int32_t": "cint32", "uint32_t": "cuint32",
    "int64_t": "cint64", "uint64_t": "cuint64",
}  # fmt: skip


def type_of(interface, value):
    if value.base == "char":
        return "PChar" if value.stars == 1 else "PPChar"
    base = value.base
    if interface.is_handle(value) or interface.is_structure(value):
        return ["T", "P", "PP"][value.stars] + base
    base = NUMBERS[interface.number(value)]
    return f"p{base}" if value.stars else base


def generate(interface):
    yield "unit deepidv;\n{$mode objfpc}{$packrecords c}\ninterface\nuses ctypes;"
    yield "const"
    for constant in interface.constants:
        yield f"  {constant.name} = {constant.value};"
    yield "  DEEPIDV_NTS = High(csize_t);"
    yield "type"
    for handle in interface.handles:
        yield f"  T{handle.name} = record end;"
        yield f"  P{handle.name} = ^T{handle.name};"
        yield f"  PP{handle.name} = ^P{handle.name};"
    for structure in interface.structures:
        yield f"  T{structure.name} = record"
        for field in structure.fields:
            kind = type_of(interface, field)
            yield f"    {field.name}: {f'array[1..{field.count}] of {kind}' if field.count > 1 else kind};"
        yield f"  end;\n  P{structure.name} = ^T{structure.name};"
    for function in interface.functions:
        parameters = "; ".join(f"{one.name}: {type_of(interface, one)}" for one in function.parameters)
        head = f"{function.name}({parameters})"
        if function.returns.type == "void":
            yield f"procedure {head}; cdecl; external 'deepidv';"
        else:
            yield f"function {head}: {type_of(interface, function.returns)}; cdecl; external 'deepidv';"
    yield "implementation\nend."
