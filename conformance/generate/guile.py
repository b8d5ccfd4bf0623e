"""A module of Guile: a text is a string, a bytevector, or #f."""

NUMBERS = {"void": "void", "int": "int", "size_t": "size_t", "char": "int8"}
NUMBERS |= {f"{sign}int{bits}_t": f"{sign}int{bits}" for sign in ("", "u") for bits in (32, 64)}

OPENING = """\
(define-module (deepidv)
  #:use-module (system foreign)
  #:use-module (system foreign-library)
  #:use-module (rnrs bytevectors)
  #:export (finalizer))
(define library (load-foreign-library "{soname}"))
(define (finalizer kind) (foreign-library-pointer library (format #f "deepidv_~a_free" kind)))
(define (bytes text) (if (string? text) (string->utf8 text) text))
(define (pointer-of bytes) (if bytes (bytevector->pointer bytes) %null-pointer))
(define (size-of bytes) (if bytes (bytevector-length bytes) 0))
(define (text pointer) (and (not (null-pointer? pointer)) (pointer->string pointer -1 "UTF-8")))"""


def scheme(name):
    return name.lower().replace("_", "-")


def type_of(interface, value):
    return "'*" if value.stars or interface.is_structure(value) else NUMBERS[interface.number(value)]


def generate(interface):
    yield OPENING.format(soname=interface.soname)
    for one in interface.constants:
        yield f"(define-public {scheme(one.short)} {one.value})"
    for structure in interface.structures:
        yield f"(define-public {scheme(structure.short)}-size {structure.size})"
        for field in structure.fields:
            yield f"(define-public {scheme(structure.short)}:{scheme(field.name)} {field.offset})"
    for function in interface.functions:
        name = scheme(function.short)
        types = " ".join(type_of(interface, one) for one in function.parameters)
        yield f'(define %{name} (foreign-library-function library "{function.name}"'
        yield f"  #:return-type {type_of(interface, function.returns)} #:arg-types (list {types})))"
        lengths = {one.name: one.length_of for one in function.parameters if one.length_of and one.direction == "in"}
        parameters = " ".join(scheme(one.name) for one in function.parameters if one.name not in lengths)
        bindings = " ".join(f"({scheme(text)} (bytes {scheme(text)}))" for text in lengths.values())
        arguments = [
            f"(size-of {scheme(lengths[one.name])})" if one.name in lengths
            else f"(pointer-of {scheme(one.name)})" if one.name in lengths.values()
            else scheme(one.name)
            for one in function.parameters
        ]  # fmt: skip
        call = f"(%{name} {' '.join(arguments)})"
        if function.returns.type == "const char *":
            call = f"(text {call})"
        yield f"(define-public ({name} {parameters}) (let ({bindings}) {call}))"
