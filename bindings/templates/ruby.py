"""Ruby: declarations for FFI, constants, error classes, and the names of options and fields."""

import pathlib

from .interface import comment, generated, pascal, sentence, used_functions

FOLDER = pathlib.Path(__file__).resolve().parents[1] / "ruby"
ENUMS = ["verdict", "decision", "redirect_status", "reason", "webhook_type", "fact", "result_fact"]
TYPES = {
    "size_t": "size_t", "int": "int", "void": "void", "deepidv_status": "int32", "int32_t": "int32",
    "uint32_t": "uint32", "int64_t": "int64", "uint64_t": "uint64",
}  # fmt: skip
# Ruby's own class that an exception is also an instance of.
BASES = {"argument": "::ArgumentError", "network": "::IOError"}


def ruby_type(parameter):
    """Return the type for FFI. An input is a String, whatever its bytes are."""
    name = parameter["type"]
    if name == "const char *" and parameter.get("direction") == "in":
        return "buffer_in"
    return "pointer" if "*" in name else TYPES[name]


def render(interface):
    """Return native.rb."""
    lines = ["# frozen_string_literal: true", "", generated("#"), "", "require 'ffi'", "", "module Deepidv"]
    lines += ["  # The functions of libdeepidv.", "  module Native", "    extend FFI::Library", ""]
    lines += [f"    ffi_lib [ENV.fetch('DEEPIDV_LIBRARY', nil), '{interface.soname}'].compact", ""]
    for function in used_functions(interface, FOLDER / "lib", {".rb"}):
        types = ", ".join(f":{ruby_type(parameter)}" for parameter in function["parameters"])
        returned = ruby_type({"type": function["returns"]["type"]})
        blocking = ", blocking: true" if function["blocks"] else ""
        lines.append(f"    attach_function :{function['name']}, [{types}], :{returned}{blocking}")
    return "\n".join([*lines, "  end", "end", ""])


def render_constants(interface):
    """Return generated.rb."""
    lines = ["# frozen_string_literal: true", "", generated("#"), "", "module Deepidv"]
    lines += ["  # The interface that this package was generated from."]
    lines += [f"  ABI_MAJOR = {interface.abi['major']}", f"  ABI_MINOR = {interface.abi['minor']}", ""]
    for group in ENUMS:
        lines += comment(interface.groups[group]["doc"], "#", "  ")
        lines.append(f"  module {pascal(group)}")
        for number, (name, constant) in enumerate(interface.members(group)):
            lines += [""] if number else []
            lines += comment(constant["doc"], "#", "    ")
            lines.append(f"    {name} = {constant['value']}")
        lines += ["  end", ""]
    size = interface.structures["deepidv_redirect"]["size"]
    lines += [
        "  class Redirect",
        "    # The size of deepidv_redirect.",
        f"    SIZE = {size}",
        "    private_constant :SIZE",
    ]
    lines += ["  end", "", "  # The class of each status.", "  STATUS_CLASSES = {"]
    lines += [f"    {s['value']} => :{s['class']}," for s in interface.statuses if s["class"] != "success"]
    lines[-1] = lines[-1].rstrip(",")
    lines += ["  }.freeze", "", "  # Statuses after which the same call is safe to repeat.", "  RETRYABLE = ["]
    values = [str(status["value"]) for status in interface.retryable()]
    lines += [f"    {', '.join(values)}", "  ].freeze", ""]
    values = ", ".join(str(status["value"]) for status in interface.uncertain())
    lines += ["  # Statuses after which a session may exist.", f"  UNCERTAIN = [{values}].freeze", ""]
    lines += ["  # The options of a client.", "  OPTIONS = {"]
    for option in interface.options:
        lines += comment(interface.option_doc(option), "#", "    ")
        lines.append(f"    {option['key']}: :{option['type']},")
    lines[-1] = lines[-1].rstrip(",")
    lines += ["  }.freeze", "", "  # The fields of an applicant.", "  FIELDS = {"]
    for field in interface.fields:
        required = " Required." if field["required"] and "required" not in interface.field_doc(field) else ""
        lines += comment(interface.field_doc(field) + required, "#", "    ")
        lines.append(f"    {field['name']}: :{field['type']},")
    lines[-1] = lines[-1].rstrip(",")
    lines += ["  }.freeze", ""]
    for name in interface.classes():
        lines += comment(sentence(f"a failure of the class {name}: see README.md"), "#", "  ")
        lines += [
            f"  class {name.capitalize()}Error < {BASES.get(name, 'StandardError')}",
            "    include Error",
            "  end",
            "",
        ]
    lines += ["  # The exception of each class.", "  CLASSES = {"]
    lines += [f"    {name}: {name.capitalize()}Error," for name in interface.classes()]
    lines[-1] = lines[-1].rstrip(",")
    return "\n".join([*lines, "  }.freeze", "end", ""])


FILES = {"lib/deepidv/native.rb": render, "lib/deepidv/generated.rb": render_constants}
