"""Node: error classes, constants, options and fields, in JavaScript and as TypeScript declarations."""

from .interface import camel, comment, generated

ENUMS = [
    ("verdict", "Verdict"),
    ("decision", "Decision"),
    ("redirect_status", "RedirectStatus"),
    ("reason", "Reason"),
    ("webhook_type", "WebhookType"),
]
FLAGS = [("fact", "Fact"), ("result_fact", "ResultFact")]
TYPES = {"text": "string", "boolean": "boolean", "number": "number"}


def doc(text, indent=""):
    """Return a comment."""
    lines = comment(text, " *", indent)
    if len(lines) == 1 and len(lines[0]) < 94:
        return [f"{indent}/** {lines[0].strip()[2:]} */"]
    return [f"{indent}/**", *lines, f"{indent} */"]


def render(interface):
    """Return generated.js."""
    lines = [generated("//"), "", "'use strict';", ""]
    lines += [f"const ABI = {{ major: {interface.abi['major']}, minor: {interface.abi['minor']} }};", ""]
    lines += ["// The class of each status, and whether the same call is safe to repeat.", "const STATUSES = new Map(["]
    safe = {status["name"] for status in interface.retryable()}
    for status in interface.statuses:
        retryable = str(status["name"] in safe).lower()
        lines.append(f"  [{status['value']}, ['{status['name']}', '{status['class']}', {retryable}]],")
    numbers = ", ".join(str(status["value"]) for status in interface.uncertain())
    lines += ["]);", "", f"const UNCERTAIN = new Set([{numbers}]);", ""]
    for group, name in ENUMS + FLAGS:
        lines.append(f"const {name} = Object.freeze({{")
        lines += [f"  {member}: {constant['value']}," for member, constant in interface.members(group)]
        lines += ["});", ""]
    lines.append("const OPTIONS = Object.freeze({")
    lines += [f"  {camel(option['key'])}: '{option['key']}'," for option in interface.options]
    lines += ["});", "", "module.exports = {"]
    lines += [f"  {name}," for name in ["ABI", "STATUSES", "UNCERTAIN", "OPTIONS"]]
    lines += [f"  {name}," for _, name in ENUMS + FLAGS]
    lines += ["  CLASSES: Object.freeze(["]
    lines += [f"    '{name}'," for name in interface.classes()]
    return "\n".join([*lines, "  ]),", "};", ""])


def render_types(interface):
    """Return generated.d.ts."""
    lines = [generated("//"), ""]
    lines += doc("A status of the library, as in `error.code`.")
    lines.append("export type Code =")
    lines += [f"  | '{status['name']}'" for status in interface.statuses]
    lines[-1] += ";"
    lines.append("")
    for group, name in ENUMS + FLAGS:
        lines += doc(interface.groups[group]["doc"])
        lines.append(f"export type {name} =")
        lines += [f"  | '{member}'" for member, _ in interface.members(group)]
        lines[-1] += ";"
        lines.append("")
    lines += doc("The options of a client.")
    lines.append("export interface Options {")
    for option in interface.options:
        kind = TYPES[option["type"]]
        kind = "string | string[]" if option["key"] == "allow_http_hosts" else kind
        lines += doc(interface.option_doc(option), "  ")
        lines.append(f"  {camel(option['key'])}?: {kind};")
    lines += ["}", ""]
    lines += doc("The person to verify, and how to invite them.")
    lines.append("export interface Applicant {")
    for field in interface.fields:
        lines += doc(interface.field_doc(field), "  ")
        lines.append(f"  {field['alias']}{'' if field['required'] else '?'}: {TYPES[field['type']]};")
    return "\n".join([*lines, "}", ""])


FILES = {"lib/generated.js": render, "lib/generated.d.ts": render_types}
