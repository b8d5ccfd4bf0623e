"""Common Lisp with CFFI: each text is a string, which the function converts to UTF-8, or nil."""

NUMBERS = {
    "void": ":void", "int": ":int", "size_t": ":size", "int32_t": ":int32", "uint32_t": ":uint32",
    "int64_t": ":int64", "uint64_t": ":uint64",
}  # fmt: skip

OPENING = """\
(defpackage :deepidv (:use :cl) (:export . #1=(#:load-library {names})))
(in-package :deepidv)
(defun load-library () (cffi:load-foreign-library "{soname}"))
(defun call-with-text (text function)
  (if text
      (cffi:with-foreign-string ((pointer size) text :encoding :utf-8)
        (funcall function pointer (1- size)))
      (funcall function (cffi:null-pointer) 0)))
(defmacro with-text ((pointer size text) &body body)
  `(call-with-text ,text (lambda (,pointer ,size) ,@body)))"""


def lisp(name):
    return name.lower().replace("_", "-")


def type_of(interface, value):
    if value.type == "const char *" and value.direction is None:
        return "(:string :encoding :utf-8)"
    return ":pointer" if value.stars or interface.is_structure(value) else NUMBERS[interface.number(value)]


def field_type(interface, field):
    if interface.is_structure(field):
        return f"(:struct {lisp(field.base.removeprefix('deepidv_'))})"
    return ":pointer" if field.stars else NUMBERS[field.type]


def constant(one):
    return f"+{lisp(one.short)}+"


def generate(interface):
    names = [lisp(function.short) for function in interface.functions]
    names += [constant(one) for one in interface.constants]
    names += [name for structure in interface.structures for name in [lisp(structure.short)]]
    names += [lisp(field.name) for structure in interface.structures for field in structure.fields]
    yield OPENING.format(soname=interface.soname, names=" ".join(f"#:{name}" for name in dict.fromkeys(names)))
    for one in interface.constants:
        yield f"(defconstant {constant(one)} {one.value})"
    for structure in interface.structures:
        yield f"(cffi:defcstruct {lisp(structure.short)}"
        for field in structure.fields:
            yield f"  ({lisp(field.name)} {field_type(interface, field)} :count {field.count})"
        yield ")"
    for function in interface.functions:
        yield from define(interface, function)


def define(interface, function):
    name = lisp(function.short)
    types = " ".join(f"({lisp(one.name)} {type_of(interface, one)})" for one in function.parameters)
    yield f'(cffi:defcfun ("{function.name}" %{name}) {type_of(interface, function.returns)} {types})'
    lengths = {one.length_of: one.name for one in function.parameters if one.length_of and one.direction == "in"}
    parameters = " ".join(lisp(one.name) for one in function.parameters if one.name not in lengths.values())
    texts = [f"(with-text ({lisp(text)} {lisp(length)} {lisp(text)})" for text, length in lengths.items()]
    arguments = " ".join(lisp(one.name) for one in function.parameters)
    yield f"(defun {name} ({parameters}) {' '.join(texts)} (%{name} {arguments}){')' * len(texts)})"
