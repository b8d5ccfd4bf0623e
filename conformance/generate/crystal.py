"""A lib of Crystal, with the names of C."""

NUMBERS = {
    "void": "Void", "int": "Int32", "size_t": "LibC::SizeT", "char": "UInt8", "int32_t": "Int32",
    "uint32_t": "UInt32", "int64_t": "Int64", "uint64_t": "UInt64",
}  # fmt: skip


def camel(name):
    return "".join(word.capitalize() for word in name.split("_"))


def type_of(interface, value):
    if interface.is_handle(value):
        return "Void" + "*" * value.stars
    base = interface.number(value)
    return NUMBERS.get(base, camel(base.removeprefix("deepidv_"))) + "*" * value.stars


def generate(interface):
    yield '@[Link("deepidv")]'
    yield "lib LibDeepidv"
    for constant in interface.constants:
        yield f"  {constant.short} = {constant.value}"
    for structure in interface.structures:
        yield f"  struct {camel(structure.short)}"
        for field in structure.fields:
            array = f"[{field.count}]" if field.count > 1 else ""
            yield f"    {field.name} : {type_of(interface, field)}{array}"
        yield "  end"
    for function in interface.functions:
        parameters = ", ".join(f"{one.name} : {type_of(interface, one)}" for one in function.parameters)
        yield f"  fun {function.short} = {function.name}({parameters}) : {type_of(interface, function.returns)}"
    yield "end"
