"""Rust: declarations, constants, errors by class, options, and the fields of an applicant."""

import pathlib
import re
import textwrap

from .interface import comment, generated, option_name, pascal, used_functions

FOLDER = pathlib.Path(__file__).resolve().parents[1] / "rust"
# Group, Rust type, variant for a number that this version does not know.
ENUMS = [
    ("verdict", "Verdict", "Unknown"),
    ("decision", "Decision", None),
    ("redirect_status", "RedirectStatus", "Other"),
    ("reason", "Reason", "Other"),
    ("webhook_type", "WebhookType", "Other"),
]
FLAGS = [("fact", "Facts"), ("result_fact", "ResultFacts")]
TYPES = {
    "char": "c_char", "size_t": "usize", "int": "c_int", "void": "c_void", "deepidv_status": "i32",
    "int32_t": "i32", "uint32_t": "u32", "int64_t": "i64", "uint64_t": "u64",
}  # fmt: skip


def doc(text, indent=""):
    """Return comment lines."""
    # rustdoc refuses a URL that is no link.
    return comment(re.sub(r"https://[\w.-]*\w", r"<\g<0>>", text), "///", indent)


def rust_type(name):
    """Return the type in Rust: const char * to *const c_char."""
    constant = name.startswith("const ")
    name = name.removeprefix("const ")
    stars = name.count("*")
    base = name.replace("*", "").strip()
    base = TYPES.get(base, base)
    for level in range(stars):
        base = f"*{'const' if constant and level == 0 else 'mut'} {base}"
    return base


def declaration(function):
    """Yield the lines of a function."""
    name, returned = function["name"], function["returns"]["type"]
    parameters = [f"{p['name']}: {rust_type(p['type'])}" for p in function["parameters"]]
    arrow = "" if returned == "void" else f" -> {rust_type(returned)}"
    line = f"    pub fn {name}({', '.join(parameters)}){arrow};"
    if len(line) <= 100:
        yield line
    else:
        yield f"    pub fn {name}("
        yield from (f"        {parameter}," for parameter in parameters)
        yield f"    ){arrow};"


def render_ffi(interface):
    """Return ffi.rs: what the package calls."""
    functions = used_functions(interface, FOLDER / "src", {".rs"})
    types = {p["type"].replace("const ", "").replace("*", "").strip() for f in functions for p in f["parameters"]}
    if "deepidv_redirect" in types:
        types.add("deepidv_span")
    lines = [generated("//"), "", "use std::os::raw::{c_char, c_int};", ""]
    for name in sorted(types):
        structure = interface.structures.get(name)
        if structure:
            lines += ["#[repr(C)]", "#[derive(Clone, Copy)]", f"pub struct {name} {{"]
            for field in structure["fields"]:
                kind = rust_type(field["type"])
                kind = f"[{kind}; {field['count']}]" if field["count"] > 1 else kind
                lines.append(f"    pub {field['name']}: {kind},")
            lines += ["}", ""]
        elif name.startswith("deepidv_") and name != "deepidv_status":
            lines += ["#[repr(C)]", f"pub struct {name} {{", "    _private: [u8; 0],", "}", ""]
    lines += ['#[link(name = "deepidv")]', 'extern "C" {']
    for function in functions:
        lines += declaration(function)
    return "\n".join(lines) + "\n}\n"


def enum(lines, interface, group, name, fallback):
    """Add an enumeration and its conversions."""
    members = list(interface.members(group))
    lines += doc(interface.groups[group]["doc"])
    lines += ["#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]", "#[non_exhaustive]", f"pub enum {name} {{"]
    for member, constant in members:
        lines += doc(constant["doc"], "    ")
        lines.append(f"    {pascal(member)} = {constant['value']},")
    lines += ["}", ""]
    if fallback is None:
        return
    lines += [f"impl {name} {{", "    pub(crate) fn from_number(number: i32) -> Self {", "        match number {"]
    for member, constant in members:
        if pascal(member) != fallback:
            lines.append(f"            {constant['value']} => Self::{pascal(member)},")
    lines += [f"            _ => Self::{fallback},", "        }", "    }", "}", ""]


def flags(lines, interface, group, name):
    """Add a set of flags."""
    lines += doc(interface.groups[group]["doc"])
    lines += ["#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]", f"pub struct {name}(pub(crate) u32);", ""]
    lines.append(f"impl {name} {{")
    for member, constant in interface.members(group):
        lines += doc(constant["doc"], "    ")
        lines.append(f"    pub const {member}: Self = Self({constant['value']});")
    lines += [
        "",
        "    /// Returns whether all flags of the other set are in this one.",
        "    pub fn contains(self, other: Self) -> bool {",
        "        self.0 & other.0 == other.0",
        "    }",
        "",
        "    /// Returns the bits.",
        "    pub fn bits(self) -> u32 {",
        "        self.0",
        "    }",
        "}",
        "",
    ]


def errors(lines, interface):
    """Add the statuses, and the error with a variant for each class."""
    lines += doc(interface.groups["status"]["doc"])
    lines += ["#[derive(Clone, Copy, PartialEq, Eq, Hash)]", "pub struct Status(pub(crate) i32);", "", "impl Status {"]
    for member, constant in interface.members("status"):
        lines += doc(constant["doc"], "    ")
        lines.append(f"    pub const {member}: Self = Self({constant['value']});")
    lines += ["", "    pub(crate) fn retryable(self) -> bool {", "        matches!(", "            self.0,"]
    lines += [*numbers(interface.retryable()), "        )", "    }", "}", ""]
    lines += doc("A call that failed. There is a variant for each class of failures, and one for an unknown outcome.")
    lines += ["#[derive(Debug)]", "#[non_exhaustive]", "pub enum Error {"]
    lines += doc(
        "A session may exist, and the applicant may have been invited. Do not repeat the create in another process.",
        "    ",
    )
    lines.append("    OutcomeUnknown(Box<OutcomeUnknown>),")
    for name in interface.classes():
        lines += doc(f"A failure of the class {name}: see README.md.", "    ")
        lines.append(f"    {name.capitalize()}(Box<Details>),")
    lines += ["}", "", "impl Error {"]
    lines += ["    pub(crate) fn certain(details: Details) -> Self {", "        let details = Box::new(details);"]
    lines.append("        match details.status.0 {")
    for name in interface.classes():
        if name == "system":
            continue
        lines += numbers([s for s in interface.statuses if s["class"] == name])
        lines[-1] += f" => Self::{name.capitalize()}(details),"
    lines += ["            _ => Self::System(details),", "        }", "    }", ""]
    lines += doc("Returns the status, the cause and the rest.", "    ")
    lines += ["    pub fn details(&self) -> &Details {", "        match self {"]
    lines.append("            Self::OutcomeUnknown(unknown) => &unknown.details,")
    names = [f"Self::{name.capitalize()}(details)" for name in interface.classes()]
    lines += [f"            {'| ' if number else ''}{name}" for number, name in enumerate(names)]
    lines[-1] += " => details,"
    lines += ["        }", "    }", "}", ""]
    uncertain = " | ".join(str(status["value"]) for status in interface.uncertain())
    lines += ["pub(crate) fn uncertain(status: Status) -> bool {", f"    matches!(status.0, {uncertain})", "}", ""]


def numbers(statuses):
    """Return the lines of a pattern of these statuses."""
    ranges = []
    for value in sorted(status["value"] for status in statuses):
        if ranges and ranges[-1][1] == value - 1:
            ranges[-1][1] = value
        else:
            ranges.append([value, value])
    words = " | ".join(str(low) if low == high else f"{low}..={high}" for low, high in ranges)
    return textwrap.wrap(words, 100, initial_indent=" " * 12, subsequent_indent=" " * 12)


def options(lines, interface):
    """Add the methods of the builder."""
    lines.append("impl Builder {")
    for option in interface.options:
        key = option["key"]
        if option["required"]:
            continue
        kind, value = {
            "text": ("impl Into<String>", "value.into()"),
            "boolean": ("bool", "u8::from(value).to_string()"),
            "number": ("u32", "value.to_string()"),
        }[option["type"]]
        if key.endswith("_ms"):
            kind, value = "Duration", "milliseconds(value).to_string()"
        lines += doc(interface.option_doc(option), "    ")
        lines.append(f"    pub fn {option_name(key)}(self, value: {kind}) -> Self {{")
        lines += [f'        self.option("{key}", {value})', "    }", ""]
    lines[-1:] = ["}", ""]


def applicant(lines, interface):
    """Add the applicant and the function that fills a request."""
    types = {"text": "String", "boolean": "bool", "number": "u32"}
    arguments = {"text": "impl Into<String>", "boolean": "bool", "number": "u32"}
    lines += doc("The person to verify, and how to invite them. Fields that are not set are not sent.")
    lines += ["#[derive(Clone, Default)]", "pub struct Applicant {", "    pub(crate) json: Option<String>,"]
    lines += [f"    {field['name']}: Option<{types[field['type']]}>," for field in interface.fields]
    lines += ["}", "", "impl Applicant {"]
    for field in interface.fields:
        required = " Required." if field["required"] and "required" not in interface.field_doc(field) else ""
        lines += doc(interface.field_doc(field) + required, "    ")
        lines.append(f"    pub fn {field['name']}(mut self, value: {arguments[field['type']]}) -> Self {{")
        value = "value.into()" if field["type"] == "text" else "value"
        lines += [f"        self.{field['name']} = Some({value});", "        self", "    }", ""]
    lines += ["    pub(crate) fn set_fields(&self, request: &RequestHandle) -> Result<(), Error> {"]
    for field in interface.fields:
        setter, name = f"ffi::{field['setter']}", field["name"]
        if field["type"] == "text":
            lines.append(f"        if let Some(value) = &self.{name} {{")
            call = f"{setter}(request.0, pointer(value), value.len())"
        else:
            lines.append(f"        if let Some(value) = self.{name} {{")
            call = f"{setter}(request.0, {'i32::from(value)' if field['type'] == 'boolean' else 'value'})"
        lines.append("            // SAFETY: the request is live and not shared, and the text is copied.")
        one = f"            let status = unsafe {{ {call} }};"
        if len(one) <= 100:
            lines.append(one)
        else:
            lines += ["            let status = unsafe {", f"                {call}", "            };"]
        lines += [f'            check(status, "{name}")?;', "        }"]
    lines += ["        Ok(())", "    }", "}"]


def render(interface):
    """Return generated.rs."""
    lines = [generated("//"), "", "use crate::client::{check, milliseconds, pointer, Builder, RequestHandle};"]
    lines += ["use crate::error::{Details, OutcomeUnknown};", "use crate::ffi;", "use std::time::Duration;", ""]
    lines += [f"pub(crate) const ABI: (u32, u32) = ({interface.abi['major']}, {interface.abi['minor']});", ""]
    errors(lines, interface)
    for group, name, fallback in ENUMS:
        enum(lines, interface, group, name, fallback)
    for group, name in FLAGS:
        flags(lines, interface, group, name)
    options(lines, interface)
    applicant(lines, interface)
    return "\n".join(lines) + "\n"


FILES = {"src/generated.rs": render, "src/ffi.rs": render_ffi}
