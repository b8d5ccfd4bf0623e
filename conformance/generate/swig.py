"""An interface file for SWIG, which reads the header itself: it only lists which parameters belong together."""


def generate(interface):
    nullable = {}
    for function in interface.functions:
        names = {parameter.name: parameter for parameter in function.parameters}
        for parameter in function.parameters:
            if parameter.length_of and parameter.direction == "in":
                pair = f"(const char *{parameter.length_of}, size_t {parameter.name})"
                nullable[pair] = nullable.get(pair, True) and names[parameter.length_of].nullable
    for form in "TEXT", "TEXT_OR_NULL":
        pairs = sorted(pair for pair in nullable if nullable[pair] == (form == "TEXT_OR_NULL"))
        yield f"%apply (const char *{form}, size_t LENGTH) {{\n  " + ",\n  ".join(pairs) + "\n};"
    for handle in interface.handles:
        yield f"OBJECT({handle.name})"
    yield '%include "deepidv.h"'
