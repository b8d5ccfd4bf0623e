"""A module of Fortran 2018: an output that may be NULL is an optional argument."""

NUMBERS = {
    "int": "integer(c_int)", "size_t": "integer(c_size_t)", "int32_t": "integer(c_int32_t)",
    "uint32_t": "integer(c_int32_t)", "int64_t": "integer(c_int64_t)", "uint64_t": "integer(c_int64_t)",
}  # fmt: skip


def declaration(interface, value):
    """Declare a parameter."""
    optional = ", optional" if value.nullable else ""
    if value.type in ("const char *", "char *"):
        intent = "in" if value.direction == "in" else "out"
        return f"character(kind=c_char), intent({intent}){optional} :: {value.name}(*)"
    if interface.is_structure(value):
        intent = {"in": "in", "out": "out", "inout": "inout"}[value.direction]
        return f"type({value.base}), intent({intent}) :: {value.name}"
    if value.stars == 2:
        return f"type(c_ptr), intent(out){optional} :: {value.name}"
    if interface.is_handle(value):
        return f"type(c_ptr), value :: {value.name}"
    kind = NUMBERS[interface.number(value)]
    if value.stars:
        return f"{kind}, intent(out){optional} :: {value.name}"
    return f"{kind}, value :: {value.name}"


def field(interface, value):
    if interface.is_structure(value):
        kind = f"type({value.base})"
    else:
        kind = "type(c_ptr)" if value.stars else NUMBERS[value.type]
    return f"{kind} :: {value.name}{f'({value.count})' if value.count > 1 else ''}"


def generate(interface):
    yield "module deepidv\n  use, intrinsic :: iso_c_binding\n  implicit none"
    for constant in interface.constants:
        yield f"  integer(c_int32_t), parameter :: {constant.name} = {constant.value}"
    for structure in interface.structures:
        yield f"  type, bind(c) :: {structure.name}"
        yield from (f"    {field(interface, one)}" for one in structure.fields)
        yield "  end type"
    yield "  interface"
    for function in interface.functions:
        yield from define(interface, function)
    yield "  end interface\nend module"


def define(interface, function):
    kind = "subroutine" if function.returns.type == "void" else "function"
    names = ", &\n        ".join(one.name for one in function.parameters)
    result = " result(answer)" if kind == "function" else ""
    yield f"    {kind} {function.name}( &\n        {names}) bind(c){result}"
    yield "      import"
    yield from (f"      {declaration(interface, one)}" for one in function.parameters)
    if result:
        returns = function.returns
        yield f"      {'type(c_ptr)' if returns.stars else NUMBERS[interface.number(returns)]} :: answer"
    yield f"    end {kind}"
