"""No frame of an exception has secrets or personal data in its locals, which error trackers print."""

import asyncio
import collections
import inspect
import json
import signal
import sys

import deepidv
import pytest
from deepidv import _command
from peer import answer, hang_up, say_nothing

KEY = "sk_canary_key"
STATE_KEY = b"canary-state-key-of-32-bytes-sec"
REFERENCE = "canary-reference"
CANARIES = ("canary", "+15550001111", "15550001111")
APPLICANT = {
    "first_name": "canary-first",
    "last_name": "canary-last",
    "email": "canary@private.example",
    "phone": "+15550001111",
    "external_id": REFERENCE,
}


def frames_of(error):
    """Yield the package's frames in an exception, its causes and its contexts."""
    seen, left = set(), [error]
    while left:
        one = left.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        left += [one.__cause__, one.__context__]
        step = one.__traceback__
        while step is not None:
            name = step.tb_frame.f_globals.get("__name__", "")
            if name.split(".")[0] in ("deepidv", "json", "ctypes"):
                yield step.tb_frame
            step = step.tb_next


def check(error):
    frames = list(frames_of(error))
    assert frames
    for frame in frames:
        for name, value in frame.f_locals.items():
            shown = repr(value)
            if isinstance(value, BaseException):
                shown += repr(value.args)
            for canary in CANARIES:
                assert canary not in shown, (frame.f_code.co_name, name, shown)


def caught(function, *arguments, **named):
    try:
        function(*arguments, **named)
    except BaseException as error:
        return error
    raise AssertionError("nothing was raised")


class NotJSON:
    def __repr__(self):
        return "canary"


class Limit(Exception):
    pass


def client_of(peer, **options):
    return deepidv.Client(KEY, base_url=peer.url, **{"timeout": 0.5, "rate_limit": 0, **options})


REFUSED = [
    {"phone": "canary"},
    {"email": "canary"},
    {"first_name": "canary\ud800"},
    {"first_name": ["canary"]},
    {"last_name": NotJSON()},
    {"redirect_url": "http://canary.example/"},
    {"send_email_invite": "canary"},
    {"expires_in_hours": 10**12},
    {"email": None, "workflow_id": "canary"},
]


@pytest.mark.parametrize("changes", REFUSED)
@pytest.mark.parametrize("way", ["named", "mapping", "async", "async mapping"])
def test_a_refused_field(start_peer, changes, way):
    peer = start_peer()
    fields = {**APPLICANT, **changes}

    async def later():
        async with deepidv.AsyncClient(KEY, base_url=peer.url) as client:
            if way == "async":
                await client.create_session(**fields)
            else:
                await client.create_session_from(fields)

    if way.startswith("async"):
        error = caught(asyncio.run, later())
    else:
        client = client_of(peer)
        error = (
            caught(client.create_session, **fields) if way == "named" else caught(client.create_session_from, fields)
        )
    check(error)
    assert peer.end() == []


def test_an_unknown_member(start_peer):
    check(caught(client_of(start_peer()).create_session_from, {**APPLICANT, "canary": "canary"}))
    check(caught(client_of(start_peer()).create_session_from, json.dumps(APPLICANT)))


ACTS = [
    answer(400, {"message": "canary"}),
    answer(500, "canary"),
    answer(200, "canary"),
    hang_up,
    say_nothing,
]


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("way", ["named", "mapping", "async"])
def test_failures_of_the_service(start_peer, act, way):
    peer = start_peer(act)

    async def later():
        async with deepidv.AsyncClient(KEY, base_url=peer.url, timeout=0.5) as client:
            await client.create_session(**APPLICANT)

    if way == "async":
        error = caught(asyncio.run, later())
    elif way == "named":
        error = caught(client_of(peer).create_session, **APPLICANT)
    else:
        error = caught(client_of(peer).create_session_from, APPLICANT)
    check(error)


def test_a_signal(start_peer):
    peer = start_peer(say_nothing)

    def ring(number, frame):
        raise Limit

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    error = caught(client_of(peer, timeout=10).create_session, **APPLICANT)
    signal.signal(signal.SIGALRM, before)
    assert isinstance(error.__context__, Limit)
    check(error)


def test_a_cancelled_task(start_peer):
    peer = start_peer(say_nothing)

    async def later():
        async with deepidv.AsyncClient(KEY, base_url=peer.url) as client:
            await asyncio.wait_for(client.create_session(**APPLICANT), 0.2)

    check(caught(asyncio.run, later()))


def test_questions(start_peer):
    client = client_of(start_peer(*[answer(400, "canary")] * 6))
    check(caught(client.retrieve_session, "canary"))
    check(caught(client.list_page, external_id=REFERENCE, next_token="canary"))
    check(caught(next, client.list_sessions(external_id=REFERENCE)))
    check(caught(client.confirm_redirect, "?session_id=canary&status=success&x=canary", "canary"))
    check(caught(client.reconcile, "canary"))
    check(caught(client.reconcile, f"1.1700000000.{REFERENCE}"))

    async def later():
        async with deepidv.AsyncClient(KEY, base_url=start_peer(answer(400)).url) as other:
            async for _ in other.list_sessions(external_id=REFERENCE):
                pass

    check(caught(asyncio.run, later()))


@pytest.mark.parametrize("kind", [deepidv.Client, deepidv.AsyncClient])
@pytest.mark.parametrize(
    "options",
    [
        {"api_key": "canary\n"},
        {"api_key": "canary\ud800"},
        {"api_key": KEY, "base_url": "http://canary.example"},
        {"api_key": KEY, "timeout": "canary"},
        {"api_key": KEY, "canary_option": "canary"},
        {"api_key": ["canary"]},
    ],
)
def test_options(kind, options, monkeypatch):
    monkeypatch.setenv("DEEPIDV_API_KEY", KEY)
    if "canary_option" not in options:
        check(caught(kind, **options))
        assert inspect.signature(kind).parameters["api_key"].default is None
    check(caught(kind.from_env, **options))


def test_states():
    keys = deepidv.StateKeys(STATE_KEY)
    check(caught(deepidv.StateKeys, STATE_KEY, b"canary"))
    check(caught(deepidv.StateKeys, STATE_KEY, "canary"))
    check(caught(keys.make, "canary", lifetime=0))
    state = keys.make("canary-cookie")
    check(caught(keys.verify, state, "canary-other"))
    check(caught(keys.verify, state[:-3] + "AAA", "canary-cookie"))
    check(caught(deepidv.redirect_url_with_state, "http://canary.example", state))


def test_redirects():
    for function in (deepidv.parse_redirect, deepidv.parse_session_url):
        twice = "https://a/session/canary?session_id=canary&session_id=b&oid=canary&oid=b"
        check(caught(function, twice))
    check(caught(deepidv.redirect_parameters, 5))


def test_the_command(start_peer, tmp_path, monkeypatch, capsys):
    """An unexpected exception ends a command with a sentence, which has no data."""
    monkeypatch.setenv("DEEPIDV_API_KEY", KEY)
    monkeypatch.setenv("DEEPIDV_BASE_URL", start_peer(*[answer(400, "canary")] * 2).url)
    rows = tmp_path / "rows.csv"
    rows.write_text(",".join(APPLICANT) + "\n" + ",".join(APPLICANT.values()) + "\n")

    def broken(*_):
        raise Limit

    monkeypatch.setattr("deepidv._bulk.run.Run._failed", broken)
    assert _command.main(["bulk", str(rows), "--quiet"]) == 5
    monkeypatch.setattr("deepidv._command._failed", broken)
    fields = [f"--{name.replace('_', '-')}={value}" for name, value in APPLICANT.items()]
    assert _command.main(["create", *fields]) == 1
    printed = "".join(capsys.readouterr())
    assert printed.count("internal error, please report it: Limit") == 2
    assert not any(secret in printed for secret in (KEY, "canary", *APPLICANT.values()))


def test_frames_of_the_caller_are_not_cleared(start_peer):
    """Debuggers need them."""

    class Mine(collections.UserDict):
        def __getitem__(self, name):
            mine = "canary"
            raise Limit(len(mine))

    error = caught(client_of(start_peer()).create_session_from, Mine(APPLICANT))
    check(error)
    step, locals_of = error.__traceback__, []
    while step is not None:
        locals_of.append(step.tb_frame.f_locals)
        step = step.tb_next
    assert locals_of[-1].get("mine") == "canary"
    assert sys.exc_info() == (None, None, None)
