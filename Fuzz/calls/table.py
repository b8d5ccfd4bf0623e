"""Prints table.h: every function of the interface, with what it takes, from abi/deepidv.abi.json."""

import json
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
INTERFACE = json.loads((ROOT / "abi" / "deepidv.abi.json").read_text())
HANDLES = [handle["name"] for handle in INTERFACE["handles"]]
VALUES = {
    constant["name"]: constant["value"]
    for group in INTERFACE["constants"] for constant in group["constants"]
}  # fmt: skip


def pointed(type_):
    return re.sub(r"^const |[ *]+$", "", type_)


def kind(parameter):
    """Returns the kind of a parameter, its handle, and the size of what it points to."""
    type_, base = parameter["type"], pointed(parameter["type"])
    if base in HANDLES:
        if type_.endswith("**"):
            return "NEW_HANDLE", HANDLES.index(base), "0"
        return ("FREED" if parameter["ownership"] == "consumed" else "HANDLE"), HANDLES.index(base), "0"
    if type_ == "const char *":
        return "TEXT", 0, "0"
    if type_ == "char *":
        return "BUFFER", 0, "0"
    if type_.endswith("*"):
        return (
            ("INPUT" if type_.startswith("const ") and not type_.endswith("**") else "OUTPUT"),
            0,
            f"sizeof({type_[:-1]})",
        )
    if "length_of" in parameter:
        return "LENGTH", 0, "0"
    if "capacity_of" in parameter:
        return "CAPACITY", 0, "0"
    return ("TIMEOUT" if parameter["name"] == "timeout_ms" else "NUMBER"), 0, "0"


def argument(index, parameter):
    type_ = parameter["type"]
    return f"({type_})a[{index}]" if "*" in type_ else f"({type_})(uintptr_t)a[{index}]"


def main():
    print("/* Made by table.py. */")
    print(f"#define HANDLES {len(HANDLES)}")
    names = [function["name"] for function in INTERFACE["functions"]]
    print(f"#define NEW_CLIENT {names.index('deepidv_client_new')}")
    for index, function in enumerate(INTERFACE["functions"]):
        parameters = function["parameters"]
        call = f"{function['name']}({', '.join(argument(i, p) for i, p in enumerate(parameters))})"
        returned = function["returns"]["type"] if function.get("returns") else "void"
        print(f"static uintptr_t call_{index}(void *const *a)\n{{")
        print("  (void)a;")
        print(f"  {call};\n  return 0;" if returned == "void" else f"  return (uintptr_t){call};")
        print("}")
        print(f"static const parameter parameters_{index}[] = {{")
        for parameter in parameters:
            name, handle, size = kind(parameter)
            print(f"  {{ {name}, {handle}, {size} }},")
        print("  { NUMBER, 0, 0 },\n};")
        print(f"static const int statuses_{index}[] = {{")
        print("  " + ", ".join([str(VALUES[name]) for name in function.get("statuses", [])] + ["-1"]) + "\n};")
    print("static const function functions[] = {")
    for index, function in enumerate(INTERFACE["functions"]):
        returned = function["returns"]["type"] if function.get("returns") else "void"
        result = {"deepidv_status": "STATUS", "const char *": "STRING"}.get(returned, "OTHER")
        print(
            f'  {{ "{function["name"]}", call_{index}, parameters_{index}, {len(function["parameters"])}, {result},'
            f" statuses_{index} }},"
        )
    print("};")
    print("static void (*const free_handle[])(void *) = {")
    for handle in INTERFACE["handles"]:
        print(f"  (void (*)(void *)){handle['free']},")
    print("};")
    print("enum { " + ", ".join(f"{name[8:].upper()}_HANDLE" for name in HANDLES) + " };")


main()
