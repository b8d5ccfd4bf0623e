"""What abi/deepidv.abi.json and include/deepidv.cdef say about values, compared with the library."""

import ctypes
import json

import cffi
import deepidv
import jsonschema
import pytest
from conftest import ROOT
from deepidv import _abi, _config, _request
from deepidv._abi import DEEPIDV_E_RANGE, DEEPIDV_E_REQUIRED, DEEPIDV_E_TOO_LONG, DEEPIDV_NTS, DEEPIDV_OK

INTERFACE = json.loads((ROOT / "abi" / "deepidv.abi.json").read_text())
SCHEMA = json.loads((ROOT / "abi" / "deepidv.abi.schema.json").read_text())
FUNCTIONS = {function["name"]: function for function in INTERFACE["functions"]}
GROUPS = {group["group"]: group for group in INTERFACE["constants"]}
DECLARATIONS = (ROOT / "include" / "deepidv.cdef").read_text()
# Texts of the longest length that also have the form of the value.
LONGEST = {
    "base_url": lambda limit: b"https://example.com/".ljust(limit, b"a"),
    "proxy": lambda limit: b"http://".ljust(limit, b"a"),
    "allow_http_hosts": lambda limit: b"a.b," * (limit // 4 - 1) + b"a.bc",
    "email": lambda limit: b"a@b.example".rjust(limit, b"a"),
    "redirect_url": lambda limit: b"https://example.com/".ljust(limit, b"a"),
}


def test_the_description_follows_its_schema():
    validator = jsonschema.Draft202012Validator(SCHEMA)
    validator.check_schema(SCHEMA)
    assert [error.message for error in validator.iter_errors(INTERFACE)] == []


@pytest.mark.parametrize("change", ["unknown", "missing", "type"])
def test_the_schema_refuses(change):
    other = json.loads(json.dumps(INTERFACE))
    if change == "unknown":
        other["functions"][0]["surprise"] = 1
    elif change == "missing":
        del other["functions"][0]["blocks"]
    else:
        other["functions"][0]["parameters"] = [{"name": "a", "type": "long", "direction": "in", "doc": "a"}]
    assert not jsonschema.Draft202012Validator(SCHEMA).is_valid(other)


def test_options_are_the_keys_of_the_library(lib):
    options = [option["key"] for option in INTERFACE["options"]]
    found = []
    while key := _abi.text(lib.deepidv_config_key(len(found), None)):
        found.append(key.decode())
    assert found == options


def test_the_python_package_has_every_option_and_field():
    # Python counts times in seconds. test_sources compares these names with the methods.
    assert {option["key"].removesuffix("_ms") for option in INTERFACE["options"]} == _config._KNOWN
    assert [field["name"] for field in INTERFACE["request_fields"]] == list(_request.FIELDS)


def numbers(rows):
    return [row for row in rows if row["type"] != "text"]


def texts(rows):
    return [row for row in rows if row["type"] == "text"]


def name(row):
    return row.get("key") or row["name"]


def limits(row):
    return (0, 1) if row["type"] == "boolean" else (row["min"], row["max"])


@pytest.mark.parametrize("row", numbers(INTERFACE["options"]), ids=name)
def test_the_range_of_an_option(lib, config, row):
    least, most = limits(row)
    setter = getattr(lib, row["setter"])
    values = {least: DEEPIDV_OK, most: DEEPIDV_OK, most + 1: DEEPIDV_E_RANGE}
    if least > 0:
        values[least - 1] = DEEPIDV_E_RANGE
    assert least <= row["default"] <= most
    for value, expected in values.items():
        assert setter(config, value) == expected, value
        by_key = lib.deepidv_config_set(config, row["key"].encode(), DEEPIDV_NTS, b"%d" % value, DEEPIDV_NTS)
        assert by_key == expected, value


@pytest.mark.parametrize("row", numbers(INTERFACE["request_fields"]), ids=name)
def test_the_range_of_a_field(lib, request_, row):
    least, most = limits(row)
    setter = getattr(lib, row["setter"])
    assert setter(request_, least) == setter(request_, most) == DEEPIDV_OK
    assert setter(request_, least - 1 & 0xFFFFFFFF) == setter(request_, most + 1) == DEEPIDV_E_RANGE


@pytest.mark.parametrize("row", texts(INTERFACE["options"] + INTERFACE["request_fields"]), ids=name)
def test_the_longest_text(lib, config, request_, row):
    setter, limit = getattr(lib, row["setter"]), row["max_bytes"]
    target = config if "key" in row else request_
    longest = LONGEST.get(name(row), lambda limit: b"a" * limit)(limit)
    assert len(longest) == limit
    assert setter(target, longest + b"a", DEEPIDV_NTS) == DEEPIDV_E_TOO_LONG
    # A phone number is shorter, a proxy has no such host name, and every other text is accepted.
    if name(row) not in ("phone", "proxy"):
        assert setter(target, longest, DEEPIDV_NTS) == DEEPIDV_OK
    else:
        assert setter(target, longest, DEEPIDV_NTS) not in (DEEPIDV_OK, DEEPIDV_E_TOO_LONG)


def test_required_fields(lib):
    for field in INTERFACE["request_fields"]:
        rest = {
            "first_name": "Ada",
            "last_name": "Lovelace",
            "email": "ada@example.com",
            "phone": "+15192223333",
        }
        rest.pop(field["name"], None)
        request = ctypes.POINTER(_abi.deepidv_session_request)()
        assert lib.deepidv_session_request_new(ctypes.byref(request)) == DEEPIDV_OK
        text = json.dumps(rest).encode()
        assert lib.deepidv_session_request_set_json(request, text, DEEPIDV_NTS, None, None) == DEEPIDV_OK
        expected = DEEPIDV_E_REQUIRED if field["required"] else DEEPIDV_OK
        assert lib.deepidv_session_request_validate(request, None) == expected, field["name"]
        # The other name of a field is one that the library knows, too.
        both = json.dumps({field["name"]: None, field["alias"]: None}).encode()
        assert lib.deepidv_session_request_set_json(request, both, DEEPIDV_NTS, None, None) == DEEPIDV_OK
        lib.deepidv_session_request_free(request)


def test_texts_that_are_never_null(lib):
    """Whatever is passed; every other text is NULL without an object."""
    for function in FUNCTIONS.values():
        if function["returns"]["type"] != "const char *":
            continue
        arguments = [None if "*" in parameter["type"] else -1 for parameter in function["parameters"]]
        is_null = not getattr(lib, function["name"])(*arguments)
        assert is_null == function["returns"]["nullable"], function["name"]


def test_a_submission_is_that_of_a_blocking_function():
    for function in FUNCTIONS.values():
        submitted = function.get("submit_of")
        assert (submitted is not None) == function["name"].endswith("_submit")
        if submitted:
            assert FUNCTIONS[submitted]["blocks"] and not function["blocks"]
            names = [parameter["name"] for parameter in FUNCTIONS[submitted]["parameters"]]
            assert [p["name"] for p in function["parameters"]] == [*names[:-1], "tag", "out_op"]


def test_the_classes_of_statuses():
    """As the exceptions of the Python package are."""
    statuses = GROUPS["status"]["constants"]
    for status in statuses:
        code = getattr(_abi, status["name"])
        error = deepidv._errors._CLASSES.get(code)
        if error and status["class"] in ("outcome", "service"):
            assert issubclass(error, deepidv.TryAgain) == (status.get("repeat") == "safe"), status["name"]
    assert {status["name"] for status in statuses if status.get("repeat") == "never"} == {
        "DEEPIDV_OK",
        "DEEPIDV_E_OUTCOME_UNKNOWN",
        "DEEPIDV_E_DUPLICATE",
    }
    kinds = {status["name"]: status["class"] for status in statuses}
    for answer in ("EMPTY", "CLOSED", "TIMEOUT", "ABSENT", "REPEATED"):
        assert kinds[f"DEEPIDV_E_{answer}"] == "answer"


def test_declarations_without_a_preprocessor(lib):
    """cffi reads them unedited, and agrees about every constant, struct and function."""
    ffi = cffi.FFI()
    ffi.cdef(DECLARATIONS)
    library = ffi.dlopen(lib._name)
    assert ffi.string(library.deepidv_version()).decode() == INTERFACE["version"]
    for group in INTERFACE["constants"]:
        for constant in group["constants"]:
            assert getattr(library, constant["name"]) == constant["value"]
    for structure in INTERFACE["structures"]:
        assert ffi.sizeof(structure["name"]) == structure["size"]
        for field in structure["fields"]:
            assert ffi.offsetof(structure["name"], field["name"]) == field["offset"]
    for function in FUNCTIONS.values():
        assert len(ffi.typeof(getattr(library, function["name"])).args) == len(function["parameters"])
