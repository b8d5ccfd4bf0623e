"""The option log_level: records for the logger deepidv."""

import asyncio
import json
import logging
import re
import time

import deepidv
import pytest
from conftest import APPLICANT, ROOT
from deepidv import _abi, _log
from peer import answer, hang_up
from test_command import create
from test_import import loaded_by

LEVELS = ["off", "error", "warning", "info", "debug"]
ATTRIBUTES = ["op", "kind", "code", "status", "cause", "http_status", "attempt", "seconds", "lost"]


@pytest.fixture
def logged(caplog):
    """Return a function that returns the records since its last call."""
    caplog.set_level(logging.DEBUG, "deepidv")

    def take():
        taken = list(caplog.records)
        caplog.clear()
        assert {record.name for record in taken} <= {"deepidv"}
        return taken

    return take


@pytest.fixture
def talkative(start_peer):
    """Return a function that creates a session with a client that logs, and returns the outcome."""

    def create(*acts, level="debug", **options):
        peer = start_peer(*acts)
        with deepidv.Client("key", base_url=peer.url, rate_limit=0, log_level=level, **options) as client:
            try:
                return client.create_session(**APPLICANT)
            except deepidv.Error as error:
                return error

    return create


def codes(records):
    return [record.code for record in records]


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        ("off", []),
        ("error", []),
        ("warning", ["throttled"]),
        ("info", ["throttled", "retry", "ended"]),
        ("debug", ["submitted", "connected", "attempt", "throttled", "retry", "attempt", "ended"]),
    ],
)
def test_what_a_level_has(logged, talkative, level, expected):
    assert talkative(answer(429, {}), answer(), level=level).id == "sess_1"
    found = logged()
    assert codes(found) == expected
    assert all(LEVELS.index(record.levelname.lower()) <= LEVELS.index(level) for record in found)


def test_an_unknown_outcome_is_an_error(logged, talkative):
    assert type(talkative(hang_up, level="error", make_external_id=False)) is deepidv.OutcomeUnknown
    (record,) = logged()
    assert record.levelno == logging.ERROR
    assert record.status == "DEEPIDV_E_OUTCOME_UNKNOWN"
    assert record.cause == "DEEPIDV_E_CONNECTION_LOST"
    assert record.status in record.getMessage() and record.cause in record.getMessage()


def test_the_attributes(logged, talkative):
    refused = talkative(answer(400, {"message": "no"}))
    records = logged()
    ended = records[-1]
    assert {record.kind for record in records} == {"create_session"}
    assert len({record.op for record in records}) == 1
    assert (ended.code, ended.status, ended.cause) == ("ended", "DEEPIDV_E_BAD_REQUEST", "DEEPIDV_E_BAD_REQUEST")
    assert (ended.http_status, ended.attempt, ended.seconds) == (400, 1, refused.elapsed)
    assert all(hasattr(record, name) for record in records for name in ATTRIBUTES)


def test_a_record_has_the_time_when_it_happened(logged, talkative):
    before = time.time()
    talkative(answer(429, {}), answer())
    after = time.time()
    times = [record.created for record in logged()]
    # The clocks of the two may differ by less than a tick of the system.
    assert before - 0.02 <= times[0] and times[-1] <= after + 0.02
    assert times == sorted(times) and len(set(times)) > 1


def made(**values):
    record = _abi.deepidv_log(level=_abi.DEEPIDV_LEVEL_INFO, kind=1, op=7, time_us=1_700_000_000_250_000)
    for name, value in values.items():
        setattr(record, name, value)
    return record


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"code": 1, "value": 3}, "3 older log records were dropped"),
        ({"code": 2, "value": 25000}, "create_session 7: accepted, with a timeout of 25 s"),
        ({"code": 3, "value": 1500}, "create_session 7: connected in 0.002 s"),
        (
            {"code": 4, "value": 1_500_000, "attempt": 2, "http_status": 200},
            "create_session 7: attempt 2: HTTP 200 after 1.500 s",
        ),
        (
            {"code": 4, "value": 1_500_000, "attempt": 2, "cause": _abi.DEEPIDV_E_TIMEOUT},
            "create_session 7: attempt 2: no response after 1.500 s (DEEPIDV_E_TIMEOUT)",
        ),
        (
            {"code": 4, "value": 1_500_000, "cause": _abi.DEEPIDV_E_CONNECT},
            "create_session 7: nothing sent after 1.500 s (DEEPIDV_E_CONNECT)",
        ),
        ({"code": 5}, "create_session 7: a kept connection was closed by the peer; sending on a new one"),
        ({"code": 6, "value": 2000}, "create_session 7: HTTP 429, Retry-After 2 s"),
        ({"code": 6}, "create_session 7: HTTP 429 without Retry-After"),
        ({"code": 7, "value": 50}, "create_session 7: sending again in 0.050 s"),
        ({"code": 7}, "create_session 7: sending again when the rate limiter allows it"),
        ({"code": 8, "value": 1000}, "create_session 7: searching for the session in 1.000 s"),
        ({"code": 9, "value": 34000}, "create_session 7: succeeded after 0.034 s"),
        (
            {"code": 9, "value": 34000, "status": _abi.DEEPIDV_E_CLOSED, "cause": _abi.DEEPIDV_E_CLOSED},
            "create_session 7: failed after 0.034 s: The client is closed. (DEEPIDV_E_CLOSED)",
        ),
        ({"code": 99}, "create_session 7: 99"),
    ],
)
def test_the_sentence(logged, values, sentence):
    _log._pass_on(made(**values))
    (record,) = logged()
    assert record.getMessage() == sentence
    assert (record.created, record.msecs) == (1_700_000_000.25, 250)


def test_each_code_and_each_kind_has_words():
    assert set(_log._SENTENCES) | {_abi.DEEPIDV_LOG_LOST} == set(_abi.LOG_CODE_WORDS)
    kinds = {value for name, value in vars(_abi).items() if name.startswith("DEEPIDV_EVENT_")}
    assert set(_log.METHODS) == kinds
    assert all(callable(getattr(deepidv.Client, method)) for method in _log.METHODS.values())


def test_no_personal_data_and_no_key(logged, talkative):
    echo = {"message": " ".join(APPLICANT.values()), "hints": ["lovelace"], "code": "ada@example.com"}
    talkative(answer(429, echo), answer(400, echo, headers=["X-Request-Id: +15192223333"]))
    records = logged()
    assert len(records) == 7
    shown = repr([vars(record) for record in records]) + "".join(record.getMessage() for record in records)
    for secret in [*APPLICANT.values(), "'key'", "sess_"]:
        assert secret.lower() not in shown.lower()


def test_asyncio(logged, emulator):
    async def run():
        async with deepidv.AsyncClient("dk_emulator", base_url=emulator, rate_limit=0, log_level="info") as client:
            await asyncio.gather(*(client.list_page() for _ in range(5)))
            return codes(logged())

    assert asyncio.run(run()) == ["ended"] * 5


def test_what_closing_ends(logged, start_peer, applicant):
    async def run():
        async with deepidv.AsyncClient("key", base_url=peer.url, log_level="info") as client:
            task = asyncio.create_task(client.create_session(**applicant))
            await asyncio.to_thread(peer.wait_for, 1)
        with pytest.raises(deepidv.OutcomeUnknown):
            await task

    peer = start_peer(lambda connection: True)
    asyncio.run(run())
    assert codes(logged()) == ["ended"]


def test_more_records_than_the_library_keeps(logged, emulator):
    async def run():
        options = {"base_url": emulator, "rate_limit": 0, "max_in_flight": 2000, "log_level": "debug"}
        async with deepidv.AsyncClient("dk_emulator", **options) as client:
            # All are submitted before the loop takes the first completion.
            await asyncio.gather(*(client.list_page(page_size=1) for _ in range(1200)))
            return client.stats()

    stats = asyncio.run(run())
    records = logged()
    assert stats.logs_lost > 0
    assert sum(record.lost for record in records) == stats.logs_lost
    assert records[0].levelno == logging.WARNING and records[0].code == "lost"


@pytest.mark.parametrize("level", ["3", "info"])
def test_the_environment(logged, monkeypatch, emulator, level):
    monkeypatch.setenv("DEEPIDV_API_KEY", "dk_emulator")
    monkeypatch.setenv("DEEPIDV_BASE_URL", emulator)
    monkeypatch.setenv("DEEPIDV_LOG_LEVEL", level)
    with deepidv.Client.from_env() as client:
        client.list_page()
    assert codes(logged()) == ["ended"]
    with deepidv.Client.from_env(log_level="off") as client:
        client.list_page()
    assert logged() == []


def test_a_logger_that_is_off(logged, caplog, talkative):
    caplog.set_level(logging.ERROR, "deepidv")
    talkative(answer(429, {}), answer())
    assert logged() == []


def test_a_handler_that_raises_loses_no_session(emulator, applicant):
    class Full(logging.Handler):
        def emit(self, record):
            raise OSError("disk full")

    handler = Full()
    logger = logging.getLogger("deepidv")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        with deepidv.Client("dk_emulator", base_url=emulator, log_level="info") as client:
            with pytest.raises(deepidv.CreatedThoughCancelled) as created:
                client.create_session(**applicant)
            logger.removeHandler(handler)
            assert type(created.value.__context__) is OSError
            assert client.create_session(**applicant).id == created.value.session.id
    finally:
        logger.removeHandler(handler)
        logger.setLevel(logging.NOTSET)


def test_a_command_writes_them_to_standard_error(emulator):
    created = create(emulator, DEEPIDV_LOG_LEVEL="4")
    lines = created.stderr.splitlines()
    assert (created.returncode, len(lines)) == (0, 4)
    assert re.fullmatch(r"\S+ \S+ INFO create_session \d+: succeeded after \S+ s", lines[-1])
    assert json.loads(created.stdout)["id"]
    assert create(emulator).stderr == create(emulator, DEEPIDV_LOG_LEVEL="0").stderr == ""


@pytest.mark.parametrize("level", ["", "verbose", "INFO", "5", "info "])
def test_other_words(level):
    with pytest.raises(deepidv.InvalidOption) as refused:
        deepidv.Client("key", log_level=level)
    assert refused.value.field == "log_level"


@pytest.mark.parametrize("level", [3, True, b"info"])
def test_other_types(level):
    with pytest.raises(TypeError, match="log_level must be str"):
        deepidv.Client("key", log_level=level)


def test_logging_is_imported_only_if_it_is_needed():
    assert "logging" not in loaded_by("import deepidv; deepidv.Client('key', log_level='off')")
    assert "logging" in loaded_by("import deepidv; deepidv.Client('key', log_level='info')")


def test_the_guide_names_all_levels_codes_and_attributes():
    guide = (ROOT / "docs" / "observability.md").read_text("utf-8")
    rows = re.findall(r"^\| (.+?) \| (.+) \|$", guide, re.M)
    levels = [re.findall("`(.+?)`", first)[0] for first, _ in rows if re.match(r"\d, ", first)]
    assert levels == list(_abi.LOG_LEVEL_WORDS.values())
    ((begin, text),) = [(number, rest) for number, (first, rest) in enumerate(rows) if first == "`code`"]
    assert set(re.findall("`(.+?)`", text)) == set(_abi.LOG_CODE_WORDS.values())
    named = [word for first, _ in rows[begin - 1 :] for word in re.findall("`(.+?)`", first)]
    assert named[: len(ATTRIBUTES)] == ATTRIBUTES
