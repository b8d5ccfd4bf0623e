"""A package of Ada, with the names of C: a text is a String, a String_Access if it may be null."""

NUMBERS = {
    "int": "Interfaces.C.int", "size_t": "Interfaces.C.size_t", "int32_t": "Interfaces.Integer_32",
    "uint32_t": "Interfaces.Unsigned_32", "int64_t": "Interfaces.Integer_64", "uint64_t": "Interfaces.Unsigned_64",
}  # fmt: skip


def field_type(interface, field):
    if interface.is_structure(field):
        return field.base
    if field.stars:
        return "Interfaces.C.Strings.chars_ptr"
    if field.count > 1:
        return "Words"
    return NUMBERS[field.type]


def parameter(interface, one):
    if one.type == "const char *":
        return f"{one.name} : {'System.Address' if one.nullable else 'String'}"
    if one.type == "char *":
        return f"{one.name} : System.Address"
    if interface.is_structure(one):
        return f"{one.name} : {'in ' if one.direction == 'in' else 'in out '}{one.base}"
    if interface.is_handle(one):
        return f"{one.name} : {'out ' if one.stars == 2 else ''}{one.base}"
    kind = "Interfaces.C.Strings.chars_ptr" if one.base == "char" else NUMBERS[interface.number(one)]
    if one.stars:
        return f"{one.name} : {f'access {kind}' if one.nullable else f'out {kind}'}"
    return f"{one.name} : {kind}"


def generate(interface):
    yield "with Interfaces.C.Strings;\nwith System;\npackage Deepidv is"
    for constant in interface.constants:
        yield f"   {constant.name} : constant := {constant.value};"
    yield "   type Words is array (Positive range <>) of Interfaces.Unsigned_32;"
    for handle in interface.handles:
        yield f"   type {handle.name} is new System.Address;"
    for structure in interface.structures:
        yield f"   type {structure.name} is record"
        for field in structure.fields:
            array = f" (1 .. {field.count})" if field.count > 1 else ""
            initial = "" if field.stars or array or interface.is_structure(field) else " := 0"
            yield f"      {field.name} : aliased {field_type(interface, field)}{array}{initial};"
        yield "   end record with Convention => C;"
    for function in interface.functions:
        parameters = "; ".join(parameter(interface, one) for one in function.parameters)
        returns = function.returns
        kind = "Interfaces.C.Strings.chars_ptr" if returns.stars else NUMBERS.get(interface.number(returns))
        head = f"{function.name} ({parameters})" if parameters else function.name
        yield f"   {'function' if kind else 'procedure'} {head}{f' return {kind}' if kind else ''}"
        yield f'     with Import, Convention => C, External_Name => "{function.name}";'
    yield "end Deepidv;"
