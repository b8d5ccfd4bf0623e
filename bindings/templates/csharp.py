"""C#: declarations for P/Invoke, enumerations, exceptions by class, options, and the fields of an applicant."""

import pathlib

from .interface import comment, generated, option_name, pascal, used_functions

FOLDER = pathlib.Path(__file__).resolve().parents[1] / "csharp"
ENUMS = [
    ("status", "Status"),
    ("verdict", "Verdict"),
    ("decision", "Decision"),
    ("redirect_status", "RedirectStatus"),
    ("reason", "Reason"),
    ("webhook_type", "WebhookType"),
]
FLAGS = [("fact", "Facts"), ("result_fact", "ResultFacts")]
TYPES = {
    "size_t": "UIntPtr", "int": "int", "void": "void", "deepidv_status": "int", "int32_t": "int",
    "uint32_t": "uint", "int64_t": "long", "uint64_t": "ulong", "const char *": "IntPtr",
}  # fmt: skip
# Parameters whose names are words of the language.
WORDS = {"operator", "params", "event", "object"}


def doc(text, indent="    "):
    """Return a comment."""
    text = text.replace("&", "&amp;").replace("<", "&lt;")
    return comment(f"<summary>{text}</summary>", "///", indent)


def handle(name):
    """deepidv_session_request to SessionRequestHandle."""
    return pascal(name.removeprefix("deepidv_")) + "Handle"


def parameter(interface, one):
    """Return a parameter for P/Invoke."""
    kind, name = one["type"], one["name"]
    name = "@" + name if name in WORDS else name
    base = kind.replace("const ", "").replace("*", "").strip()
    if kind in ("const char *", "char *"):
        return f"byte[] {name}"
    if base in interface.structures:
        return f"{'out' if one['direction'] == 'out' else 'ref'} {pascal(base.removeprefix('deepidv_'))}Struct {name}"
    if base.startswith("deepidv_") and "*" in kind:
        if kind.endswith("**"):
            return f"out {handle(base)} {name}"
        return f"{'IntPtr' if one.get('ownership') == 'consumed' else handle(base)} {name}"
    if "*" in kind:
        return f"out {'IntPtr' if base == 'char' else TYPES[base]} {name}"
    return f"{TYPES[kind]} {name}"


def render_native(interface):
    """Return Native.cs."""
    functions = used_functions(interface, FOLDER / "src", {".cs"})
    used = {p["type"].replace("const ", "").replace("*", "").strip() for f in functions for p in f["parameters"]}
    lines = [generated("//"), "", "using System;", "using System.Runtime.InteropServices;"]
    lines += ["using Microsoft.Win32.SafeHandles;", "", "namespace Deepidv", "{"]
    for name in sorted({*used, "deepidv_span"} & set(interface.structures)):
        lines += ["    [StructLayout(LayoutKind.Sequential)]"]
        lines += [f"    internal struct {pascal(name.removeprefix('deepidv_'))}Struct", "    {"]
        for field in interface.structures[name]["fields"]:
            kind = field["type"]
            kind = f"{pascal(kind.removeprefix('deepidv_'))}Struct" if kind in interface.structures else TYPES[kind]
            for number in range(field["count"]):
                suffix = str(number) if field["count"] > 1 else ""
                lines.append(f"        internal {kind} {pascal(field['name'])}{suffix};")
        lines += ["    }", ""]
    names = {function["name"] for function in interface.functions}
    freed = [f"{name}_free" for name in sorted(used) if f"{name}_free" in names]
    for free in freed:
        kind = handle(free.removesuffix("_free"))
        lines += [f"    internal sealed class {kind} : SafeHandleZeroOrMinusOneIsInvalid", "    {"]
        lines += [f"        public {kind}() : base(true) {{ }}", ""]
        lines += ["        protected override bool ReleaseHandle()", "        {"]
        lines += [f"            Native.{free}(handle);", "            return true;", "        }", "    }", ""]
    lines += [
        "    internal static class Native",
        "    {",
        f'        private const string Library = "{interface.soname}";',
    ]
    lines += [f"        internal const int Major = {interface.abi['major']};"]
    lines += [f"        internal const int Minor = {interface.abi['minor']};"]
    wanted = {function["name"] for function in functions} | set(freed)
    for function in interface.functions:
        if function["name"] not in wanted:
            continue
        parameters = [parameter(interface, one) for one in function["parameters"]]
        start = f"        internal static extern {TYPES[function['returns']['type']]} {function['name']}("
        line = start + ", ".join(parameters) + ");"
        if len(line) > 110:
            line = start + "\n            " + ", ".join(parameters) + ");"
        lines += ["", "        [DllImport(Library)]", line]
    return "\n".join([*lines, "    }", "}", ""])


def enumerations(interface):
    """Yield the lines of the enumerations."""
    for group, name in ENUMS + FLAGS:
        yield from doc(interface.groups[group]["doc"])
        if (group, name) in FLAGS:
            yield "    [Flags]"
        yield from [f"    public enum {name}", "    {"]
        if (group, name) in FLAGS:
            yield from [*doc("Nothing.", "        "), "        None = 0,"]
        for member, constant in interface.members(group):
            yield from doc(constant["doc"], "        ")
            yield f"        {pascal(member)} = {constant['value']},"
        yield from ["    }", ""]


def exceptions(interface):
    """Yield the lines of the exceptions, and of what is known about each status."""
    for name in interface.classes():
        title = f"Deepidv{name.capitalize()}Exception"
        yield from doc(f"A failure of the class {name}: see README.md.")
        yield from [f"    public sealed class {title} : DeepidvException", "    {"]
        yield from [f"        internal {title}(Failure failure) : base(failure) {{ }}", "    }", ""]
    yield from ["    internal static class Statuses", "    {"]
    for title, statuses in [("Retryable", interface.retryable()), ("Uncertain", interface.uncertain())]:
        yield from [f"        internal static bool {title}(Status status)", "        {", "            switch (status)"]
        yield "            {"
        yield from (f"                case Status.{status_name(status)}:" for status in statuses)
        yield from ["                    return true;", "                default:", "                    return false;"]
        yield from ["            }", "        }", ""]
    yield from ["        internal static DeepidvException Exception(Failure failure)", "        {"]
    yield from [
        "            if (Uncertain(failure.Status))",
        "                return new OutcomeUnknownException(failure);",
    ]
    yield from ["            switch (failure.Status)", "            {"]
    for title in interface.classes():
        if title == "system":
            continue
        yield from (f"                case Status.{status_name(s)}:" for s in interface.statuses if s["class"] == title)
        yield f"                    return new Deepidv{title.capitalize()}Exception(failure);"
    yield from ["                default:", "                    return new DeepidvSystemException(failure);"]
    yield from ["            }", "        }", "    }", ""]


def status_name(status):
    """Return the name of a status in the enumeration."""
    return pascal(status["name"].removeprefix("DEEPIDV_").removeprefix("E_"))


def options(interface):
    """Yield the lines of Options."""
    yield from doc("The options of a client. Those that are not set have their default.")
    yield from ["    public sealed partial class Options", "    {"]
    for option in interface.options:
        kind = {"text": "string", "boolean": "bool?", "number": "uint?"}[option["type"]]
        kind = "TimeSpan?" if option["key"].endswith("_ms") else kind
        yield from doc(interface.option_doc(option), "        ")
        yield from [f"        public {kind} {pascal(option_name(option['key']))} {{ get; set; }}", ""]
    yield from ["        internal void SetAll(ConfigHandle config)", "        {"]
    # allow_http_hosts must be set before base_url.
    for option in sorted(interface.options, key=lambda option: option["key"] != "allow_http_hosts"):
        yield f'            Set(config, "{option["key"]}", {pascal(option_name(option["key"]))});'
    yield from ["        }", "    }", ""]


def applicant(interface):
    """Yield the lines of Applicant."""
    yield from doc("The person to verify, and how to invite them. Fields that are null are not sent.")
    yield from ["    public sealed partial class Applicant", "    {"]
    for field in interface.fields:
        kind = {"text": "string", "boolean": "bool?", "number": "uint?"}[field["type"]]
        required = " Required." if field["required"] and "required" not in interface.field_doc(field) else ""
        yield from doc(interface.field_doc(field) + required, "        ")
        yield from [f"        public {kind} {pascal(field['name'])} {{ get; set; }}", ""]
    yield from ["        internal void SetFields(SessionRequestHandle request)", "        {"]
    for field in interface.fields:
        title, setter = pascal(field["name"]), f"Native.{field['setter']}"
        yield f"            if ({title} != null)"
        if field["type"] == "text":
            yield from ["            {", f"                var value = Text.Utf8({title});"]
            call = f"{setter}(request, value, Text.Length(value))"
            yield f'                Failure.Check({call}, "{field["name"]}");'
            yield "            }"
            continue
        value = f"{title}.Value ? 1 : 0" if field["type"] == "boolean" else f"{title}.Value"
        yield f'                Failure.Check({setter}(request, {value}), "{field["name"]}");'
    yield from ["        }", "    }"]


def render(interface):
    """Return Generated.cs."""
    lines = [generated("//"), "", "using System;", "", "namespace Deepidv", "{"]
    for part in (enumerations, exceptions, options, applicant):
        lines += part(interface)
    return "\n".join([*lines, "}", ""])


FILES = {"src/Native.cs": render_native, "src/Generated.cs": render}
