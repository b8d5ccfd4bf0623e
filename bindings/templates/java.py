"""Java: declarations for JNA, enumerations, exceptions by class, options, and the fields of an applicant."""

import functools
import pathlib

from .interface import camel, comment, generated, option_name, pascal, used_functions

FOLDER = pathlib.Path(__file__).resolve().parents[1] / "java"
PACKAGE = "src/main/java/org/libdeepidv"
# Group, type, the constant for a number that this version does not know.
ENUMS = {
    "Verdict": ("verdict", "UNKNOWN"),
    "Decision": ("decision", None),
    "RedirectStatus": ("redirect_status", "OTHER"),
    "Reason": ("reason", "OTHER"),
    "WebhookType": ("webhook_type", "OTHER"),
}
FLAGS = {"Fact": "fact", "ResultFact": "result_fact"}
CLASSES = ["answer", "argument", "client", "network", "outcome", "service", "system", "untrusted"]
TYPES = {
    "const char *": "byte[]", "char *": "byte[]", "const char **": "PointerByReference", "size_t": "long",
    "size_t *": "LongByReference", "uint64_t *": "LongByReference", "int": "int", "void": "void",
    "deepidv_status": "int", "int32_t": "int", "uint32_t": "int", "uint64_t": "long", "int64_t": "long",
}  # fmt: skip


def doc(text, indent=""):
    """Return a comment."""
    text = text.replace("&", "&amp;").replace("<", "&lt;")
    lines = comment(text, " *", indent)
    if len(lines) == 1 and len(lines[0]) < 96:
        return [f"{indent}/** {lines[0].strip()[2:]} */"]
    return [f"{indent}/**", *lines, f"{indent} */"]


def head(*imports):
    """Return the first lines of a file."""
    lines = [generated("//"), "", "package org.libdeepidv;", ""]
    return [*lines, *(f"import {name};" for name in imports), *([""] if imports else [])]


def java_type(name):
    """Return the type for JNA."""
    if name in TYPES:
        return TYPES[name]
    return "PointerByReference" if name.endswith("**") else "Pointer"


def render_native(interface):
    """Return Library.java."""
    lines = head("com.sun.jna.Native", "com.sun.jna.Pointer", "com.sun.jna.ptr.LongByReference")
    lines[-1:] = ["import com.sun.jna.ptr.PointerByReference;", ""]
    lines += ["/** The functions of libdeepidv. */", "final class Library {"]
    lines += [f"    private static final int MAJOR = {interface.abi['major']};"]
    lines += [f"    private static final int MINOR = {interface.abi['minor']};"]
    lines += [f"    static final int REDIRECT_SIZE = {interface.structures['deepidv_redirect']['size']};"]
    lines += [f"    static final int EVENT_SIZE = {interface.structures['deepidv_event']['size']};"]
    tag = next(f for f in interface.structures["deepidv_event"]["fields"] if f["name"] == "tag")
    lines += [f"    static final int EVENT_TAG = {tag['offset']};", "", "    static {"]
    lines += ['        String path = System.getenv("DEEPIDV_LIBRARY");']
    lines += [f'        Native.register(path == null || path.isEmpty() ? "{interface.soname}" : path);']
    lines += ["        int version = deepidv_abi_version();"]
    lines += ["        if (version >>> 16 != MAJOR || (version & 0xffff) < MINOR) {"]
    lines += [
        '            throw new UnsatisfiedLinkError("libdeepidv has another interface than " + MAJOR + "." + MINOR);'
    ]
    lines += ["        }", "    }", "", "    private Library() {}"]
    for function in used_functions(interface, FOLDER / "src" / "main", {".java"}):
        returned = function["returns"]["type"]
        returned = "Pointer" if returned == "const char *" else java_type(returned)
        parameters = [f"{java_type(p['type'])} {camel(p['name'])}" for p in function["parameters"]]
        line = f"    static native {returned} {function['name']}({', '.join(parameters)});"
        if len(line) > 100:
            line = f"    static native {returned} {function['name']}(\n            {', '.join(parameters)});"
        lines += ["", line]
    return "\n".join([*lines, "}", ""])


def enum(name, interface):
    """Return an enumeration."""
    group, fallback = ENUMS[name]
    lines = head() + doc(interface.groups[group]["doc"]) + [f"public enum {name} {{"]
    members = list(interface.members(group))
    for member, constant in members:
        lines += doc(constant["doc"], "    ")
        lines.append(f"    {member}({constant['value']}){';' if member == members[-1][0] else ','}")
    lines += ["", "    final int number;", "", f"    {name}(int number) {{", "        this.number = number;", "    }"]
    if fallback:
        lines += ["", f"    static {name} of(int number) {{", f"        for ({name} one : values()) {{"]
        lines += [
            "            if (one.number == number) {",
            "                return one;",
            "            }",
            "        }",
        ]
        lines += [f"        return {fallback};", "    }"]
    return "\n".join([*lines, "}", ""])


def flags(name, interface):
    """Return an enumeration of flags."""
    group = FLAGS[name]
    lines = head("java.util.EnumSet", "java.util.Set") + doc(interface.groups[group]["doc"])
    lines.append(f"public enum {name} {{")
    members = list(interface.members(group))
    for member, constant in members:
        lines += doc(constant["doc"], "    ")
        lines.append(f"    {member}({constant['value']}){';' if member == members[-1][0] else ','}")
    lines += ["", "    private final int bit;", "", f"    {name}(int bit) {{", "        this.bit = bit;", "    }", ""]
    lines += [f"    static Set<{name}> of(int bits) {{", f"        Set<{name}> all = EnumSet.noneOf({name}.class);"]
    lines += [f"        for ({name} one : values()) {{", "            if ((bits & one.bit) != 0) {"]
    lines += ["                all.add(one);", "            }", "        }", "        return all;", "    }"]
    return "\n".join([*lines, "}", ""])


def render_status(interface):
    """Return Status.java."""
    lines = head() + doc(interface.groups["status"]["doc"]) + ["public enum Status {"]
    safe = {status["name"] for status in interface.retryable()}
    uncertain = {status["name"] for status in interface.uncertain()}
    for member, status in interface.members("status"):
        lines += doc(status["doc"], "    ")
        arguments = [str(status["value"]), f"Kind.{status['class'].upper()}"]
        arguments += [str(status["name"] in some).lower() for some in (safe, uncertain)]
        lines.append(f"    {member}({', '.join(arguments)}),")
    lines += doc("A status that this version does not know: see the code of the exception.", "    ")
    lines += ["    UNRECOGNIZED(-1, Kind.SYSTEM, false, false);", ""]
    lines += ["    enum Kind {", "        SUCCESS,"] + [f"        {name.upper()}," for name in interface.classes()]
    lines[-1] = lines[-1][:-1]
    lines += ["    }", "", "    final int number;", "    final Kind kind;", "    final boolean retryable;"]
    lines += ["    final boolean uncertain;", ""]
    lines += [
        "    Status(int number, Kind kind, boolean retryable, boolean uncertain) {",
        "        this.number = number;",
    ]
    lines += ["        this.kind = kind;", "        this.retryable = retryable;", "        this.uncertain = uncertain;"]
    lines += ["    }", "", "    static Status of(int number) {", "        for (Status one : values()) {"]
    lines += ["            if (one.number == number) {", "                return one;", "            }", "        }"]
    lines += ["        return UNRECOGNIZED;", "    }", ""]
    lines += ["    /** Returns the exception for a failure. */", "    DeepidvException exception(Failure failure) {"]
    lines += ["        if (uncertain) {", "            return new OutcomeUnknownException(failure);", "        }"]
    lines += ["        return switch (kind) {"]
    for name in interface.classes():
        if name != "system":
            lines.append(f"            case {name.upper()} -> new {name.capitalize()}Exception(failure);")
    lines += ["            default -> new SystemException(failure);", "        };", "    }"]
    return "\n".join([*lines, "}", ""])


def exception(name, interface):
    """Return an exception class."""
    if sorted(interface.classes()) != CLASSES:
        raise ValueError("CLASSES is out of date")
    title = f"{name.capitalize()}Exception"
    lines = head() + doc(f"A failure of the class {name}: see README.md.")
    lines += [f"public final class {title} extends DeepidvException {{"]
    lines += ["    private static final long serialVersionUID = 1L;", ""]
    lines += [f"    {title}(Failure failure) {{", "        super(failure);", "    }"]
    return "\n".join([*lines, "}", ""])


def render_options(interface):
    """Return Options.java."""
    lines = head("java.time.Duration", "java.util.LinkedHashMap", "java.util.Map")
    lines += [*doc("The options of a client."), "public final class Options {"]
    lines += ["    final Map<String, String> values = new LinkedHashMap<>();", "    final boolean environment;", ""]
    lines += [*doc("Starts without options.", "    "), "    public Options() {", "        this(false);", "    }", ""]
    lines += ["    private Options(boolean environment) {", "        this.environment = environment;", "    }", ""]
    lines += doc("Starts with the options in the environment, such as DEEPIDV_API_KEY.", "    ")
    lines += ["    public static Options fromEnvironment() {", "        return new Options(true);", "    }", ""]
    lines += doc("Sets an option by its key, such as timeout_ms.", "    ")
    lines += ["    public Options set(String key, String value) {", "        values.put(key, value);"]
    lines += ["        return this;", "    }"]
    for option in interface.options:
        key = option["key"]
        kind, value = {"text": ("String", "value"), "boolean": ("boolean", 'value ? "1" : "0"')}.get(
            option["type"], ("int", "Integer.toString(value)")
        )
        if key.endswith("_ms"):
            kind, value = "Duration", "Long.toString(Convert.milliseconds(value))"
        lines += ["", *doc(interface.option_doc(option), "    ")]
        lines.append(f"    public Options {camel(option_name(key))}({kind} value) {{")
        lines += [f'        return set("{key}", {value});', "    }"]
    return "\n".join([*lines, "}", ""])


def render_applicant(interface):
    """Return Applicant.java."""
    types = {"text": "String", "boolean": "Boolean", "number": "Integer"}
    lines = head("com.sun.jna.Pointer")
    lines += doc("The person to verify, and how to invite them. Fields that are not set are not sent.")
    lines += ["public final class Applicant {", "    final String json;"]
    lines += [f"    private {types[field['type']]} {camel(field['name'])};" for field in interface.fields]
    lines += [
        "",
        *doc("Starts without fields.", "    "),
        "    public Applicant() {",
        "        this(null);",
        "    }",
        "",
    ]
    lines += ["    private Applicant(String json) {", "        this.json = json;", "    }", ""]
    lines += doc("Starts with a JSON object, with names in snake_case or camelCase.", "    ")
    lines += ["    public static Applicant fromJson(String json) {", "        return new Applicant(json);", "    }"]
    for field in interface.fields:
        required = " Required." if field["required"] and "required" not in interface.field_doc(field) else ""
        name, kind = camel(field["name"]), {"text": "String", "boolean": "boolean", "number": "int"}[field["type"]]
        lines += ["", *doc(interface.field_doc(field) + required, "    ")]
        lines += [f"    public Applicant {name}({kind} value) {{", f"        {name} = value;"]
        lines += ["        return this;", "    }"]
    lines += ["", "    void setFields(Pointer request) {"]
    for field in interface.fields:
        name, setter = camel(field["name"]), f"Library.{field['setter']}"
        lines.append(f"        if ({name} != null) {{")
        if field["type"] == "text":
            lines.append(f"            byte[] value = Convert.utf8({name});")
            call = f"{setter}(request, value, value.length)"
        else:
            call = f"{setter}(request, {name + ' ? 1 : 0' if field['type'] == 'boolean' else name})"
        lines.append(f'            Failure.check({call}, "{field["name"]}");')
        lines.append("        }")
    return "\n".join([*lines, "    }", "}", ""])


FILES = {
    f"{PACKAGE}/Library.java": render_native,
    f"{PACKAGE}/Status.java": render_status,
    f"{PACKAGE}/Options.java": render_options,
    f"{PACKAGE}/Applicant.java": render_applicant,
}
FILES.update({f"{PACKAGE}/{name}.java": functools.partial(enum, name) for name in ENUMS})
FILES.update({f"{PACKAGE}/{name}.java": functools.partial(flags, name) for name in FLAGS})
FILES.update({f"{PACKAGE}/{pascal(name)}Exception.java": functools.partial(exception, name) for name in CLASSES})
