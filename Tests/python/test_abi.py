"""The C interface through the generated declarations: every function of abi/deepidv.abi.json with bad arguments.

New functions are tested without a change here. What each function does is tested in Tests/abi.
"""

import ctypes
import json
from ctypes import POINTER, byref, c_char, c_int32, c_int64, c_size_t, c_uint64, cast

import pytest
from completions import new
from conftest import ROOT
from deepidv import _abi
from deepidv._abi import (
    DEEPIDV_E_HANDLE,
    DEEPIDV_E_LENGTH,
    DEEPIDV_E_NULL,
    DEEPIDV_NTS,
    DEEPIDV_OK,
)

INTERFACE = json.loads((ROOT / "abi" / "deepidv.abi.json").read_text())
FUNCTIONS = {function["name"]: function for function in INTERFACE["functions"]}
HANDLES = (
    "deepidv_config",
    "deepidv_client",
    "deepidv_session_request",
    "deepidv_result",
    "deepidv_state_keys",
    "deepidv_webhook_secrets",
    "deepidv_webhook",
)
# What `arguments_for` passes for a text is the secret as well.
EVENT = b'{"type":"session.created","data":{"id":"sess_1"}}'
TOO_LONG = (2**63, 2**64 - 2)
INTEGERS = {"uint64_t *": c_uint64, "int64_t *": c_int64, "int32_t *": c_int32}


@pytest.fixture
def result(lib, config, request_, start_peer, start_client):
    """Return the result of a successful create."""
    result = POINTER(_abi.deepidv_result)()
    client = start_client(start_peer().url)
    assert lib.deepidv_session_create(client, request_, byref(result)) == DEEPIDV_OK
    yield result
    lib.deepidv_result_free(result)


@pytest.fixture
def handles(lib, config, request_, result, start_client):
    """Return a live object of each kind."""
    keys, secrets = new(lib, "deepidv_state_keys"), new(lib, "deepidv_webhook_secrets")
    assert lib.deepidv_webhook_secrets_add(secrets, b"user_agent", DEEPIDV_NTS) == DEEPIDV_OK
    webhook = POINTER(_abi.deepidv_webhook)()
    opened = lib.deepidv_webhook_open(secrets, b"user_agent", DEEPIDV_NTS, EVENT, DEEPIDV_NTS, byref(webhook))
    assert opened == DEEPIDV_OK
    client = start_client("http://127.0.0.1:1")
    yield dict(zip(HANDLES, (config, client, request_, result, keys, secrets, webhook)))
    lib.deepidv_state_keys_free(keys)
    lib.deepidv_webhook_secrets_free(secrets)
    lib.deepidv_webhook_free(webhook)


def arguments_for(function, handles):
    """Return valid arguments, by name, for a function of the interface."""
    arguments = {}
    for parameter in function["parameters"]:
        name, type_ = parameter["name"], parameter["type"].replace("const ", "")
        base = type_.rstrip(" *")
        if base in HANDLES and type_.count("*") == 1:
            arguments[name] = handles[base]
        elif base in HANDLES:
            arguments[name] = byref(POINTER(getattr(_abi, base))())
        elif "length_of" in parameter and parameter["direction"] == "in":
            arguments[name] = DEEPIDV_NTS
        elif type_ == "char *" and parameter["direction"] == "in":
            # Only deepidv_config_set() wants a certain text: the name of an option.
            arguments[name] = b"user_agent"
        elif type_ == "char *":
            arguments[name] = ctypes.create_string_buffer(16)
        elif type_ == "char **":
            arguments[name] = byref(POINTER(c_char)())
        elif type_ == "size_t *":
            arguments[name] = byref(c_size_t())
        elif type_ in INTEGERS:
            arguments[name] = byref(INTEGERS[type_]())
        elif "*" in type_:
            arguments[name] = byref(getattr(_abi, base)())
        else:
            arguments[name] = 1
    return arguments


def functions_that_return(status):
    return [name for name, function in FUNCTIONS.items() if status in function.get("statuses", ())]


def test_the_declarations_are_the_interface():
    assert [name for name, *_ in _abi.FUNCTIONS] == list(FUNCTIONS)
    for name, _, argtypes in _abi.FUNCTIONS:
        assert len(argtypes) == len(FUNCTIONS[name]["parameters"])


@pytest.mark.parametrize("name", functions_that_return("DEEPIDV_E_NULL"))
def test_null(lib, handles, name):
    function = getattr(lib, name)
    parameters = FUNCTIONS[name]["parameters"]
    pointers = [p for p in parameters if "*" in p["type"]]
    assert function(*(None if p in pointers else 0 for p in parameters)) == DEEPIDV_E_NULL
    for parameter in pointers:
        if parameter.get("nullable"):
            continue
        arguments = arguments_for(FUNCTIONS[name], handles)
        arguments[parameter["name"]] = None
        assert function(*arguments.values()) == DEEPIDV_E_NULL, parameter["name"]


@pytest.mark.parametrize("name", functions_that_return("DEEPIDV_E_HANDLE"))
def test_another_kind_of_handle(lib, handles, name):
    function = getattr(lib, name)
    for parameter in FUNCTIONS[name]["parameters"]:
        type_ = parameter["type"].replace("const ", "")
        if type_.rstrip(" *") not in HANDLES or type_.count("*") != 1:
            continue
        kind = type_.rstrip(" *")
        for other in HANDLES:
            if other == kind:
                continue
            arguments = arguments_for(FUNCTIONS[name], handles)
            # As a language without types would pass it.
            arguments[parameter["name"]] = cast(handles[other], POINTER(getattr(_abi, kind)))
            assert function(*arguments.values()) == DEEPIDV_E_HANDLE, (parameter["name"], other)


def test_deepidv_session_has_the_values_of_the_functions(lib, result):
    session = _abi.deepidv_session()
    assert lib.deepidv_result_session(result, byref(session)) == DEEPIDV_OK
    names = [name for name, *_ in session._fields_ if name != "reserved" and not name.endswith("_len")]
    for name in names:
        # The operation has a status too.
        prefix = "session_" if f"deepidv_result_session_{name}" in FUNCTIONS else ""
        read = getattr(lib, f"deepidv_result_{prefix}{name}")
        if hasattr(session, f"{name}_len"):
            length = c_size_t(99)
            assert getattr(session, name) == _abi.text(read(result, byref(length))), name
            assert getattr(session, f"{name}_len") == length.value, name
        else:
            assert getattr(session, name) == read(result), name
    assert (session.id, session.http_status, session.attempts) == (b"sess_1", 200, 1)
    assert list(session.reserved) == [0] * 3


def test_ctypes_refuses_another_kind_of_handle(lib, handles):
    with pytest.raises(ctypes.ArgumentError):
        lib.deepidv_client_close(handles["deepidv_config"])


@pytest.mark.parametrize("length", TOO_LONG)
@pytest.mark.parametrize("name", functions_that_return("DEEPIDV_E_LENGTH"))
def test_lengths(lib, handles, name, length):
    for parameter in FUNCTIONS[name]["parameters"]:
        if "length_of" in parameter and parameter["direction"] == "in":
            arguments = arguments_for(FUNCTIONS[name], handles)
            arguments[parameter["name"]] = length
            assert getattr(lib, name)(*arguments.values()) == DEEPIDV_E_LENGTH, parameter["name"]


def test_status_names_and_texts(lib):
    for name, code in vars(_abi).items():
        if name.startswith("DEEPIDV_E_") or name == "DEEPIDV_OK":
            assert _abi.text(lib.deepidv_status_name(code)).decode() == name
            assert _abi.text(lib.deepidv_status_text(code)).endswith(b".")
    for code in (-1, 16, 4711, 2**31 - 1, -(2**31)):
        assert _abi.text(lib.deepidv_status_name(code)) == b"DEEPIDV_E_?"
        assert _abi.text(lib.deepidv_status_text(code))


def test_the_version(lib):
    assert _abi.text(lib.deepidv_version()).decode() == INTERFACE["version"]
    assert lib.deepidv_abi_version() == INTERFACE["abi"]["number"]
