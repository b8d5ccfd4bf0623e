"""The C interface itself, through the generated declarations and nothing else of the package."""

import ctypes
import json
import threading
import time
from ctypes import POINTER, byref, c_char, c_size_t, c_uint64, cast

import pytest
from completions import new
from conftest import APPLICANT, ROOT
from deepidv import _abi
from deepidv._abi import (
    DEEPIDV_E_BUSY,
    DEEPIDV_E_CANCELLED,
    DEEPIDV_E_CLOSED,
    DEEPIDV_E_EMPTY,
    DEEPIDV_E_HANDLE,
    DEEPIDV_E_KEY,
    DEEPIDV_E_LENGTH,
    DEEPIDV_E_NO_OPERATION,
    DEEPIDV_E_NOT_SENT,
    DEEPIDV_E_NULL,
    DEEPIDV_E_OUTCOME_UNKNOWN,
    DEEPIDV_E_REQUIRED,
    DEEPIDV_E_TIMEOUT,
    DEEPIDV_NTS,
    DEEPIDV_OK,
)
from peer import answer, say_nothing

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


@pytest.fixture
def result(lib, config, request_, start_peer, start_client):
    """Give the result of a create that went well."""
    result = POINTER(_abi.deepidv_result)()
    client = start_client(start_peer().url)
    assert lib.deepidv_session_create(client, request_, byref(result)) == DEEPIDV_OK
    yield result
    lib.deepidv_result_free(result)


@pytest.fixture
def handles(lib, config, request_, result, start_client):
    """Give a live object of each kind."""
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


# What a call must survive


def arguments_for(function, handles):
    """Make good arguments, by name, for a function of the interface."""
    made = {}
    for parameter in function["parameters"]:
        name, type_ = parameter["name"], parameter["type"].replace("const ", "")
        base = type_.rstrip(" *")
        if base in HANDLES and type_.count("*") == 1:
            made[name] = handles[base]
        elif base in HANDLES:
            made[name] = byref(POINTER(getattr(_abi, base))())
        elif "length_of" in parameter:
            made[name] = DEEPIDV_NTS
        elif type_ == "char *" and parameter["direction"] == "in":
            # The name of an option is the one text that has to be a certain one.
            made[name] = b"user_agent"
        elif type_ == "char *":
            made[name] = ctypes.create_string_buffer(16)
        elif type_ == "char **":
            made[name] = byref(POINTER(c_char)())
        elif type_ == "size_t *":
            made[name] = byref(c_size_t())
        elif type_ == "uint64_t *":
            made[name] = byref(c_uint64())
        elif "*" in type_:
            made[name] = byref(getattr(_abi, base)())
        else:
            made[name] = 1
    return made


def answering(status):
    return [name for name, function in FUNCTIONS.items() if status in function.get("statuses", ())]


def test_the_declarations_are_the_interface():
    assert [name for name, *_ in _abi.FUNCTIONS] == list(FUNCTIONS)
    for name, _, argtypes in _abi.FUNCTIONS:
        assert len(argtypes) == len(FUNCTIONS[name]["parameters"])


@pytest.mark.parametrize("name", answering("DEEPIDV_E_NULL"))
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


@pytest.mark.parametrize("name", answering("DEEPIDV_E_HANDLE"))
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
            # As a host without types would pass it.
            arguments[parameter["name"]] = cast(handles[other], POINTER(getattr(_abi, kind)))
            assert function(*arguments.values()) == DEEPIDV_E_HANDLE, (parameter["name"], other)


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if name.startswith("deepidv_result_")])
def test_readers_of_a_result_want_a_result(lib, handles, name):
    function = getattr(lib, name)
    if name == "deepidv_result_free":
        for other in HANDLES[:3]:
            function(cast(handles[other], POINTER(_abi.deepidv_result)))
        function(None)
        return
    for wrong in (None, cast(handles["deepidv_config"], POINTER(_abi.deepidv_result))):
        arguments = {**arguments_for(FUNCTIONS[name], handles), "result": wrong}
        got = function(*arguments.values())
        if FUNCTIONS[name]["returns"]["type"] == "deepidv_status":
            assert got == (DEEPIDV_E_HANDLE if wrong else DEEPIDV_E_NULL)
        else:
            assert not got


def test_a_session_in_one_piece(lib, result):
    session = _abi.deepidv_session()
    assert lib.deepidv_result_session(result, byref(session)) == DEEPIDV_OK
    names = [name for name, *_ in session._fields_ if name != "reserved" and not name.endswith("_len")]
    for name in names:
        # Of the operation there is a status as well.
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


def test_python_s_types_do_not_let_the_wrong_handle_through(lib, handles):
    with pytest.raises(ctypes.ArgumentError):
        lib.deepidv_client_close(handles["deepidv_config"])


@pytest.mark.parametrize("length", TOO_LONG)
@pytest.mark.parametrize("name", answering("DEEPIDV_E_LENGTH"))
def test_lengths(lib, handles, name, length):
    for parameter in FUNCTIONS[name]["parameters"]:
        if "length_of" in parameter:
            arguments = arguments_for(FUNCTIONS[name], handles)
            arguments[parameter["name"]] = length
            assert getattr(lib, name)(*arguments.values()) == DEEPIDV_E_LENGTH, parameter["name"]


def test_a_capacity_that_is_none(lib):
    span, room = _abi.deepidv_span(0, 1), ctypes.create_string_buffer(4)
    assert lib.deepidv_span_decode(b"x", 1, byref(span), room, 2**63, None) == DEEPIDV_E_LENGTH


@pytest.mark.parametrize("name", [f"{kind}_free" for kind in HANDLES])
def test_free_of_null(lib, name):
    assert getattr(lib, name)(None) is None


def test_the_descriptor_of_no_client(lib, handles):
    assert lib.deepidv_client_fd(None) == -1
    assert lib.deepidv_client_fd(cast(handles["deepidv_config"], POINTER(_abi.deepidv_client))) == -1


# Options


def keys(lib):
    found = []
    while True:
        length = c_size_t(99)
        key = _abi.text(lib.deepidv_config_key(len(found), byref(length)))
        if key is None:
            assert length.value == 0
            return found
        assert len(key) == length.value
        found.append(key.decode())


def test_every_setter_has_a_key_and_every_key_a_setter(lib):
    prefix = "deepidv_config_set_"
    assert sorted(keys(lib)) == sorted(name[len(prefix) :] for name in FUNCTIONS if name.startswith(prefix))
    assert lib.deepidv_config_key(2**32 - 1, None).__bool__() is False


def test_every_key_can_be_set(lib, config):
    values = {"base_url": b"https://a.example", "proxy": b"http://proxy.example"}
    values.update({"connection_reuse": b"0", "make_external_id": b"1", "use_environment": b"1"})
    values["repeat_guard"] = b"1"
    for key in keys(lib):
        value = values.get(key, b"1000")
        for length in (len(value), DEEPIDV_NTS):
            assert lib.deepidv_config_set(config, key.encode(), len(key), value, length) == DEEPIDV_OK
    for key in (b"api_key ", b"API_KEY", b"", b"timeout", b"api_key\0"):
        assert lib.deepidv_config_set(config, key, len(key), b"1", 1) == DEEPIDV_E_KEY


@pytest.mark.parametrize("value", [b"", b"-1", b"+1", b"1.0", b" 1", b"0x10", b"1e3", b"4294967297", b"9" * 99])
def test_numbers_are_decimal_digits(lib, config, value):
    status = lib.deepidv_config_set(config, b"timeout_ms", DEEPIDV_NTS, value, len(value))
    assert status in (_abi.DEEPIDV_E_RANGE, _abi.DEEPIDV_E_REQUIRED)


def test_outputs_are_cleared_when_a_call_fails(lib, handles):
    out = POINTER(_abi.deepidv_client)(_abi.deepidv_client())
    config = new(lib, "deepidv_config")
    assert lib.deepidv_client_new(config, byref(out)) == DEEPIDV_E_REQUIRED
    assert not out
    lib.deepidv_config_free(config)


# The queue


def test_every_submission_completes_once(start_queue, request_, emulator):
    queue = start_queue(emulator)
    submitted = {}
    for tag in (0, 1, 2**64 - 1, *range(100, 150)):
        status, op = queue.submit(request_, tag)
        assert status == DEEPIDV_OK
        submitted[op] = tag
    assert len(submitted) == 53
    taken = queue.take(53)
    assert {event.op: event.tag for event, _ in taken} == submitted
    assert {(event.status, cause) for event, cause in taken} == {(DEEPIDV_OK, DEEPIDV_OK)}
    assert queue.next()[0] == DEEPIDV_E_EMPTY


def test_the_descriptor_is_readable_until_the_last_one_is_taken(start_queue, request_, emulator):
    queue = start_queue(emulator)
    assert not queue.is_readable()
    for tag in range(3):
        queue.submit(request_, tag)
    assert queue.is_readable(10_000)
    time.sleep(0.5)
    for _ in range(3):
        # Looking does not change it.
        assert queue.is_readable()
        assert queue.is_readable()
        assert queue.next()[0] == DEEPIDV_OK
    assert not queue.is_readable()
    assert queue.next()[0] == DEEPIDV_E_EMPTY
    queue.submit(request_, 3)
    assert queue.is_readable(10_000)


def test_wait(lib, start_queue, request_, start_peer):
    queue = start_queue(start_peer(say_nothing).url)
    start = time.monotonic()
    assert lib.deepidv_client_wait(queue.client, 0) == DEEPIDV_E_TIMEOUT
    assert time.monotonic() - start < 1
    queue.submit(request_, 1)
    start = time.monotonic()
    assert lib.deepidv_client_wait(queue.client, 200) == DEEPIDV_E_TIMEOUT
    assert 0.15 < time.monotonic() - start < 5


def test_close_completes_what_is_under_way(lib, start_queue, request_, start_peer):
    peer = start_peer(*[say_nothing] * 5)
    queue = start_queue(peer.url)
    for tag in range(5):
        assert queue.submit(request_, tag)[0] == DEEPIDV_OK
    peer.wait_for(5)
    assert lib.deepidv_client_close(queue.client) == DEEPIDV_OK
    assert lib.deepidv_client_close(queue.client) == DEEPIDV_OK
    assert queue.submit(request_, 6)[0] == DEEPIDV_E_CLOSED
    taken = queue.take(5)
    assert sorted(event.tag for event, _ in taken) == [0, 1, 2, 3, 4]
    assert {(event.status, cause) for event, cause in taken} == {(DEEPIDV_E_OUTCOME_UNKNOWN, DEEPIDV_E_CANCELLED)}
    assert queue.next()[0] == DEEPIDV_E_CLOSED
    assert lib.deepidv_client_wait(queue.client, -1) == DEEPIDV_E_CLOSED
    assert not queue.is_readable()
    assert len(peer.end()) == 5


def test_close_wakes_who_waits(lib, start_queue, emulator):
    queue = start_queue(emulator)
    answers = []
    thread = threading.Thread(target=lambda: answers.append(lib.deepidv_client_wait(queue.client, -1)))
    thread.start()
    time.sleep(0.1)
    assert answers == []
    lib.deepidv_client_close(queue.client)
    thread.join(10)
    assert answers == [DEEPIDV_E_CLOSED]


def test_completions_that_nobody_took_survive_close(lib, start_queue, request_, emulator):
    queue = start_queue(emulator)
    queue.submit(request_, 7)
    assert queue.is_readable(10_000)
    lib.deepidv_client_close(queue.client)
    [(event, _)] = queue.take(1)
    assert (event.tag, event.status) == (7, DEEPIDV_OK)
    assert queue.next()[0] == DEEPIDV_E_CLOSED


def test_cancel(lib, start_queue, request_, start_peer):
    # More than run at once, so that the last ones wait.
    peer = start_peer(*[say_nothing] * 100)
    queue = start_queue(peer.url)
    ops = [queue.submit(request_, tag)[1] for tag in range(100)]
    peer.wait_for(1)
    time.sleep(0.3)
    sent = len(peer.requests)
    assert sent < 100

    assert lib.deepidv_client_cancel(queue.client, ops[99]) == DEEPIDV_OK
    [(event, cause)] = queue.take(1)
    assert (event.op, event.status, cause) == (ops[99], DEEPIDV_E_NOT_SENT, DEEPIDV_E_CANCELLED)
    assert lib.deepidv_client_cancel(queue.client, ops[99]) == DEEPIDV_E_NO_OPERATION

    assert lib.deepidv_client_cancel(queue.client, ops[0]) == DEEPIDV_OK
    [(event, cause)] = queue.take(1)
    assert (event.op, event.status, cause) == (ops[0], DEEPIDV_E_OUTCOME_UNKNOWN, DEEPIDV_E_CANCELLED)

    for op in (0, 2**64 - 1, max(ops) + 12345):
        assert lib.deepidv_client_cancel(queue.client, op) == DEEPIDV_E_NO_OPERATION
    lib.deepidv_client_close(queue.client)
    rest = queue.take(98)
    assert sorted([event.op for event, _ in rest] + [ops[0], ops[99]]) == sorted(ops)
    assert queue.next()[0] == DEEPIDV_E_CLOSED


def test_no_more_than_it_may_hold(lib, start_queue, request_, start_peer):
    peer = start_peer(answer(), say_nothing)
    queue = start_queue(peer.url, max_in_flight=1)
    assert queue.submit(request_, 1)[0] == DEEPIDV_OK
    assert queue.submit(request_, 2) == (DEEPIDV_E_BUSY, 0)
    # A completion that waits counts as well.
    assert queue.is_readable(10_000)
    assert queue.submit(request_, 2)[0] == DEEPIDV_E_BUSY
    result = POINTER(_abi.deepidv_result)()
    assert lib.deepidv_session_create(queue.client, request_, byref(result)) == DEEPIDV_E_BUSY
    assert not result
    queue.take(1)
    assert queue.submit(request_, 3)[0] == DEEPIDV_OK
    lib.deepidv_client_close(queue.client)
    assert queue.take(1)[0][0].tag == 3


def test_an_incomplete_request_is_not_accepted(lib, start_queue, emulator):
    queue = start_queue(emulator)
    request = new(lib, "deepidv_session_request")
    assert queue.submit(request, 1) == (DEEPIDV_E_REQUIRED, 0)
    lib.deepidv_session_request_free(request)
    assert queue.next()[0] == DEEPIDV_E_EMPTY


def test_objects_may_be_freed_in_any_order(lib, start_peer):
    config = new(lib, "deepidv_config")
    request = new(lib, "deepidv_session_request")
    document = json.dumps(APPLICANT).encode()
    assert lib.deepidv_session_request_set_json(request, document, len(document), None, None) == DEEPIDV_OK
    for key, value in ((b"api_key", b"k"), (b"base_url", start_peer().url.encode())):
        assert lib.deepidv_config_set(config, key, DEEPIDV_NTS, value, DEEPIDV_NTS) == DEEPIDV_OK
    client = new(lib, "deepidv_client", config)
    lib.deepidv_config_free(config)
    for tag in range(3):
        assert lib.deepidv_session_create_submit(client, request, tag, None) == DEEPIDV_OK
    lib.deepidv_session_request_free(request)
    event, result = _abi.deepidv_event(), POINTER(_abi.deepidv_result)()
    assert lib.deepidv_client_wait(client, 10_000) == DEEPIDV_OK
    assert lib.deepidv_client_next(client, byref(event), byref(result)) == DEEPIDV_OK
    # Two completions are never taken.
    lib.deepidv_client_free(client)
    assert _abi.text(lib.deepidv_result_session_id(result, None)) == b"sess_1"
    lib.deepidv_result_free(result)


def test_freeing_does_not_wait_for_the_network(lib, start_client, request_, start_peer, config):
    peer = start_peer(say_nothing)
    value = peer.url.encode()
    lib.deepidv_config_set(config, b"base_url", DEEPIDV_NTS, value, len(value))
    client = new(lib, "deepidv_client", config)
    lib.deepidv_session_create_submit(client, request_, 1, None)
    peer.wait_for(1)
    start = time.monotonic()
    lib.deepidv_client_free(client)
    assert time.monotonic() - start < 2


# Texts that never change


def test_status_names_and_texts(lib):
    for name, code in vars(_abi).items():
        if name.startswith("DEEPIDV_E_") or name == "DEEPIDV_OK":
            assert _abi.text(lib.deepidv_status_name(code)).decode() == name
            assert _abi.text(lib.deepidv_status_text(code)).endswith(b".")
    for code in (-1, 14, 4711, 2**31 - 1, -(2**31)):
        assert _abi.text(lib.deepidv_status_name(code)) == b"DEEPIDV_E_?"
        assert _abi.text(lib.deepidv_status_text(code))


def test_the_version(lib):
    assert _abi.text(lib.deepidv_version()).decode() == INTERFACE["version"]
    assert lib.deepidv_abi_version() == INTERFACE["abi"]["number"]
