"""Go: constants, errors by class, options, and the fields of an applicant."""

from .interface import comment, generated, go_name, option_name

# Group, Go type, prefix of its constants.
ENUMS = [
    ("verdict", "Verdict", "Verdict"),
    ("decision", "Decision", "Decision"),
    ("redirect_status", "RedirectStatus", "Redirect"),
    ("reason", "Reason", "Reason"),
    ("webhook_type", "WebhookType", "Webhook"),
]
FLAGS = [("fact", "Facts", "Fact"), ("result_fact", "ResultFacts", "ResultFact")]

HEADER = """
package deepidv

// #include <deepidv.h>
import "C"

import (
\t"strconv"
\t"time"
)

// The interface that this package was generated from.
const (
\tabiMajor = {major}
\tabiMinor = {minor}
)
"""


def doc(text, indent="", width=100):
    """Return comment lines."""
    return comment(text, "//", indent, width)


def constants(lines, members, type_name, prefix):
    """Add a block of typed constants."""
    lines.append("const (")
    for number, (name, constant) in enumerate(members):
        lines += [""] if number else []
        lines += doc(constant["doc"], "\t")
        lines.append(f"\t{prefix}{go_name(name)} {type_name} = {constant['value']}")
    lines += [")", ""]


def options(interface):
    """Yield the lines of a function for each option."""
    for option in interface.options:
        key = option["key"]
        if option["required"]:
            continue
        name = go_name(option_name(key))
        kind, value = {"text": ("string", "value"), "boolean": ("bool", "flag(value)")}.get(
            option["type"], ("uint32", "strconv.FormatUint(uint64(value), 10)")
        )
        if key.endswith("_ms"):
            kind, value = "time.Duration", "milliseconds(value)"
        yield from doc(f"With{name}: {interface.option_doc(option)}")
        yield from [f"func With{name}(value {kind}) Option {{", f'\treturn Option{{"{key}", {value}}}', "}", ""]


def applicant(interface):
    """Yield the lines of the struct and of the function that fills a request."""
    types = {"text": "string", "boolean": "*bool", "number": "uint32"}
    yield from doc("Applicant is the person to verify, and how to invite them. Fields that are empty are not sent.")
    yield "type Applicant struct {"
    for number, field in enumerate(interface.fields):
        yield from [""] if number else []
        required = " Required." if field["required"] and "required" not in interface.field_doc(field) else ""
        yield from doc(interface.field_doc(field) + required, "\t")
        yield f"\t{go_name(field['name'])} {types[field['type']]}"
    yield from ["}", "", "func (a Applicant) fill(request *C.deepidv_session_request) error {"]
    for field in interface.fields:
        name, setter = go_name(field["name"]), f"C.{field['setter']}"
        if field["type"] == "text":
            yield f'\tif a.{name} != "" {{'
            yield f"\t\tp, n := text(a.{name})"
            yield f"\t\tif s := {setter}(request, p, n); s != 0 {{"
        elif field["type"] == "boolean":
            yield f"\tif a.{name} != nil {{"
            yield f"\t\tif s := {setter}(request, number(*a.{name})); s != 0 {{"
        else:
            yield f"\tif a.{name} != 0 {{"
            yield f"\t\tif s := {setter}(request, C.uint32_t(a.{name})); s != 0 {{"
        yield from [f'\t\t\treturn refused(s, "{field["name"]}")', "\t\t}", "\t}"]
    yield from ["\treturn nil", "}"]


def render(interface):
    """Return generated.go."""
    lines = [generated("//")]
    lines += [*HEADER.format(**interface.abi).splitlines(), ""]
    lines += doc("Status codes. Use them with errors.Is.")
    constants(lines, interface.members("status"), "Status", "Status")
    lines += doc("Classes of failures. Use them with errors.Is.")
    lines.append("const (")
    for number, name in enumerate(interface.classes()):
        lines += [""] if number else []
        lines += doc(f"Class{name.capitalize()} is the class {name}: see README.md.", "\t")
        lines.append(f'\tClass{name.capitalize()} Class = "{name}"')
    lines += [")", "", "var classes = map[Status]Class{"]
    names = [f"Status{go_name(name)}" for name, _ in interface.members("status")]
    by_value = {constant["value"]: name for (_, constant), name in zip(interface.members("status"), names)}
    failures = [status for status in interface.statuses if status["class"] != "success"]
    width = max(len(by_value[status["value"]]) for status in failures)
    for status in failures:
        name = by_value[status["value"]]
        lines.append(f"\t{name + ':':{width + 1}} Class{status['class'].capitalize()},")
    lines += ["}", ""]
    for variable, statuses in [("retryable", interface.retryable()), ("uncertain", interface.uncertain())]:
        lines.append(f"var {variable} = map[Status]bool{{")
        width = max(len(by_value[status["value"]]) for status in statuses)
        lines += [f"\t{by_value[status['value']] + ':':{width + 1}} true," for status in statuses]
        lines += ["}", ""]
    for group, type_name, prefix in ENUMS + FLAGS:
        lines += doc(f"{type_name}: {interface.groups[group]['doc']}")
        lines += [f"type {type_name} {'int32' if (group, type_name, prefix) in ENUMS else 'uint32'}", ""]
        lines += doc(f"Values of {type_name}.")
        constants(lines, interface.members(group), type_name, prefix)
    lines += options(interface)
    lines += applicant(interface)
    return "\n".join(lines) + "\n"


FILES = {"generated.go": render}
