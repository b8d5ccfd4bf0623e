"""The state file: what it stores, and what happens if it cannot be written."""

import contextlib
import http.client
import json
import os
import pathlib
import random
import resource
import shutil
import signal
import sqlite3
import stat
import subprocess
import threading
import time

import pytest
from emulator_process import APPLICANT, BINARY, Emulator

# For a longer run, set EMULATOR_KILLS=1000.
KILLS = int(os.environ.get("EMULATOR_KILLS", "20"))


@pytest.fixture
def state(tmp_path):
    return str(tmp_path / "emulator.state")


def test_everything_is_restored(start, state):
    running = start("--rate", "0", "--tokens", "10", "--state", state)
    running.command("clock", frozen=True, now="2030-01-01T00:00:00.125Z")
    webhook = running.command("webhooks", url="http://127.0.0.1:1/hook")
    sessions = [running.session(external_id=f"é {n}", expires_in_hours=1) for n in range(5)]
    running.finish(sessions[0], outcome="success")
    running.finish(sessions[1], outcome="failed", reason="a_new_reason")
    running.update(sessions[0], "VERIFIED")
    # Wait until each has one attempt.
    while any(not d["attempts"] for d in running.inspect("deliveries")["deliveries"]):
        time.sleep(0.02)
    running.command("clock", advance_seconds=2)

    def everything(emulator):
        shown = {n: emulator.inspect(n) for n in ("sessions", "outbox", "deliveries", "clock", "accounts")}
        shown["accounts"]["accounts"][0]["calls_today"] = 0
        return json.loads(json.dumps(shown).replace(emulator.url, ""))

    before = everything(running)
    assert running.close() == 0
    again = start("--rate", "0", "--tokens", "10", "--state", state)
    assert everything(again) == before
    assert again.inspect("webhooks")["webhooks"] == [webhook]
    assert again.finish(sessions[1], outcome="success").status == 410
    assert again.list(external_id="é 3").json["sessions"][0]["id"] == sessions[3]
    assert [again.create().status for _ in range(6)] == [200] * 5 + [402]
    again.command("reset")
    again.close()
    assert start("--state", state).inspect("sessions")["sessions"] == []


def test_a_webhook_by_option_is_added_once(start, state):
    for _ in range(3):
        running = start("--state", state, "--webhook", "http://127.0.0.1:1/hook")
        assert len(running.inspect("webhooks")["webhooks"]) == 1
        running.close()
    running = start("--state", state, "--webhook", "http://127.0.0.1:1/hook", "--webhook-secret", "b")
    assert [w["secret"] for w in running.inspect("webhooks")["webhooks"]] == ["b"]
    running.command("reset")
    assert [w["secret"] for w in running.inspect("webhooks")["webhooks"]] == ["b"]


class Load(threading.Thread):
    """Creates sessions over one connection until the emulator is killed, and records the acknowledged ones."""

    def __init__(self, running, acknowledged):
        super().__init__()
        self.connection = running.connect()
        self.acknowledged = acknowledged

    def run(self):
        headers = {"Content-Type": "application/json", "x-api-key": "dk_emulator"}
        number = 0
        try:
            while True:
                number += 1
                body = json.dumps({**APPLICANT, "external_id": f"{id(self)}-{number}"})
                self.connection.request("POST", "/v1/sessions", body, headers)
                response = self.connection.getresponse()
                created = json.loads(response.read())
                assert response.status == 200
                self.acknowledged.append(created["id"])
        except (OSError, http.client.HTTPException):
            self.connection.close()


def test_nothing_acknowledged_is_lost_by_a_kill(start, state):
    acknowledged = []
    seed = random.randrange(1 << 32)
    moments = random.Random(seed)
    for _ in range(KILLS):
        running = start("--rate", "0", "--tokens", "100000000", "--state", state)
        load = [Load(running, acknowledged) for _ in range(4)]
        for thread in load:
            thread.start()
        time.sleep(moments.uniform(0, 0.3))
        running.process.send_signal(signal.SIGKILL)
        running.process.wait(timeout=20)
        for thread in load:
            thread.join()
        running.close()
    assert len(acknowledged) > KILLS
    running = start("--rate", "0", "--state", state)
    kept = set()
    page = {"next_token": None}
    while True:
        query = {"limit": 500, "by_organization": "true"}
        if page["next_token"]:
            query["next_token"] = page["next_token"]
        page = running.list(**query).json
        kept.update(session["id"] for session in page["sessions"])
        if page["next_token"] is None:
            break
    lost = set(acknowledged) - kept
    assert not lost, f"{len(lost)} of {len(acknowledged)} sessions are lost, with seed {seed}"
    assert running.inspect("executions")["total"] == len(kept)


def test_a_full_disk(start, state):
    """A limit on the file size has the same effect as a full disk."""
    running = start("--rate", "0", "--state", state)
    resource.prlimit(running.process.pid, resource.RLIMIT_FSIZE, (200_000, 200_000))
    acknowledged = []
    for _ in range(2000):
        response = running.create()
        if response.status != 200:
            break
        acknowledged.append(response.json["id"])
    assert response.status == 500
    assert response.json["error"].startswith("The state file cannot be written: ")
    assert len(acknowledged) > 20
    # It keeps running, and its responses agree with the file.
    assert running.create().status == 500
    # A visitor gets a page.
    for page in (running.finish(acknowledged[0], outcome="success"), running.step(acknowledged[0], "document")):
        assert page.status == 500
        assert page.headers["Content-Type"] == "text/html; charset=utf-8"
        assert "<h1>Not saved</h1>" in page.text and "The session has not changed." in page.text
    assert running.retrieve(acknowledged[0]).json["session_record"]["status"] == "PENDING"
    assert running.inspect("executions")["total"] == len(acknowledged)
    assert running.close() == 0
    again = start("--rate", "0", "--state", state)
    assert [again.retrieve(s).status for s in acknowledged] == [200] * len(acknowledged)
    assert again.inspect("executions")["total"] == len(acknowledged)
    assert again.create().status == 200


def run_with(path):
    return subprocess.run(
        [BINARY, "--port", "0", "--exit-with-parent", "--state", str(path)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=20,
    )


def test_other_files_are_refused(tmp_path, state):
    text = tmp_path / "text"
    text.write_text("hello " * 1000)
    other = tmp_path / "other"
    with sqlite3.connect(other) as database:
        database.execute("CREATE TABLE mine (a)")
    for path in (text, other, tmp_path, tmp_path / "nowhere" / "state"):
        result = run_with(path)
        assert result.returncode == 1, path
        assert b"cannot use the state file" in result.stderr
        assert result.stdout == b""
    assert text.read_text() == "hello " * 1000
    with sqlite3.connect(other) as database:
        assert database.execute("SELECT count(*) FROM sqlite_master").fetchone() == (1,)


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o377])
def test_only_its_owner_can_read_it(start, state, mask):
    previous = os.umask(mask)
    try:
        running = start("--state", state)
    finally:
        os.umask(previous)
    assert running.create().status == 200
    files = list(pathlib.Path(state).parent.iterdir())
    # The write-ahead log has the same data.
    assert len(files) >= 2
    modes = {stat.S_IMODE(file.stat().st_mode) for file in files}
    assert all(mode & ~0o600 == 0 for mode in modes), modes


def test_a_file_of_an_earlier_version_is_closed_to_others(start, state):
    start("--state", state).close()
    os.chmod(state, 0o644)
    assert start("--state", state).create().status == 200
    assert stat.S_IMODE(os.stat(state).st_mode) == 0o600


def refusal(path):
    """Returns why it does not start with this file: one sentence."""
    result = run_with(path)
    assert (result.returncode, result.stdout) == (1, b"")
    begin, end = f"deepidv-emulator: cannot use the state file {path}: ", "\n"
    text = result.stderr.decode()
    assert text.startswith(begin) and text.endswith(end) and text.count("\n") == 1
    return text.removeprefix(begin).removesuffix(end)


def test_files_that_others_could_read_are_refused(start, state, tmp_path):
    start("--state", state).close()
    link = tmp_path / "link"
    link.symlink_to(state)
    assert refusal(link) == "it is a symbolic link"
    link.unlink()
    link.hardlink_to(state)
    assert refusal(link) == "it has another name (a hard link), where others may read it"
    link.unlink()
    os.mkfifo(link)
    assert refusal(link) == "it is not a regular file"
    if os.geteuid() == 0:
        os.chown(state, 12345, 12345)
        assert refusal(state) == "it belongs to another user"


CHANGED = "it was changed by something else: it has "
FORM = CHANGED + "an event in another form"
DATE = CHANGED + "a date outside the years 1970 to 9999"
ID = CHANGED + "an id with characters that ids do not have"
OUTCOME = CHANGED + "an invalid outcome"

# The kind of event, the path of a member, its new value, and the reason of the refusal.
EDITS = [
    ("created", "_0 createdAt", 1e300, DATE),
    ("created", "_0 createdAt", -1e12, DATE),
    ("created", "_0 createdAt", "2025-01-01", FORM),
    ("created", "_0 expiresAt", 1e18, DATE),
    ("created", "_0 id", "../../x", ID),
    ("created", "_0 id", "", ID),
    ("created", "_0 id", "a\r\nSet-Cookie: b=c", ID),
    ("created", "_0 request redirectURL", "javascript:alert(1)", FORM),
    ("created", "tokensLeft", -1, CHANGED + "a negative number of tokens"),
    ("visited", "_1 at", 1e300, DATE),
    ("visited", "_1 step", "<b>", CHANGED + "an unknown step"),
    ("ended", "_1 at", 1e300, DATE),
    ("ended", "_1 target", "javascript:alert(1)", CHANGED + "a redirect to an invalid URL"),
    ("ended", "_1 outcome", {"status": "failed"}, OUTCOME),
    ("ended", "_1 outcome", {"status": "failed", "reason": {"text": "<b>"}}, OUTCOME),
    ("decided", "_1 at", 1e300, DATE),
    ("clockSet", "_0 ahead", 1e300, CHANGED + "a clock outside the years 1970 to 9999"),
    ("clockSet", "_0 ahead", -4e9, "its clock is outside the years 1970 to 9999"),
    ("clockSet", "_0 frozenAt", 1e300, DATE),
    ("endpointAdded", "_0 url", "file:///etc/passwd", CHANGED + "an invalid webhook"),
    ("endpointAdded", "_0 secret", "a\r\nb: c", CHANGED + "an invalid webhook"),
    ("deliveryQueued", "_0 dueAt", 1e300, DATE),
    ("deliveryQueued", "_0 wished", 1 << 62, CHANGED + "too many attempts"),
    ("deliveryTried", "_1 at", 1e300, DATE),
    ("deliveryRepeated", "times", 1 << 62, CHANGED + "a number of repeats that is not 1 to 10"),
]


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Returns a state file with every kind of event."""
    state = tmp_path_factory.mktemp("written") / "state"
    running = Emulator("--rate", "0", "--state", str(state))
    running.command("webhooks", url="http://127.0.0.1:1/hook")
    session = running.session(redirect_url="https://yourapp.com/", expires_in_hours=1)
    running.step(session, "document")
    running.finish(session, outcome="success")
    running.update(session, "VERIFIED")
    while any(not delivery["attempts"] for delivery in running.inspect("deliveries")["deliveries"]):
        time.sleep(0.02)
    running.command(f"deliveries/{running.inspect('deliveries')['deliveries'][0]['id']}/send", times=1)
    running.command("clock", advance_seconds=1)
    assert running.close() == 0
    return state


def edit(state, statement, *values):
    with contextlib.closing(sqlite3.connect(state)) as database, database:
        if values:
            assert database.execute(statement, values).rowcount > 0
        else:
            database.executescript(statement)


@pytest.mark.parametrize("kind, path, value, reason", EDITS)
def test_an_edited_event_is_refused(written, state, kind, path, value, reason):
    """It has no effect on a later call, such as a list of sessions whose dates overflow."""
    shutil.copy(written, state)
    place = f"$.{kind}." + path.replace(" ", ".")
    changed = "UPDATE event SET body = json_set(body, ?, json(?)) WHERE json_type(body, ?) IS NOT NULL"
    edit(state, changed, place, json.dumps(value), f"$.{kind}")
    before = pathlib.Path(state).read_bytes()
    assert refusal(state) == reason
    assert pathlib.Path(state).read_bytes() == before


@pytest.mark.parametrize("body", ["{", "", '{"unknown":{}}', "[]", b"\xff", 7])
def test_an_event_that_is_not_one_is_refused(written, state, body):
    shutil.copy(written, state)
    edit(state, "UPDATE event SET body = ? WHERE number = 2", body)
    assert refusal(state) == FORM


def test_the_same_file_without_an_edit(written, start, state):
    shutil.copy(written, state)
    edit(state, "UPDATE event SET body = json(body)")
    running = start("--state", state)
    assert len(running.list(by_organization="true").json["sessions"]) == 1


@pytest.mark.parametrize(
    "statement, reason",
    [
        ("CREATE TABLE mine (a)", CHANGED + "other tables"),
        ("CREATE TRIGGER mine AFTER INSERT ON event BEGIN DELETE FROM event; END", CHANGED + "other tables"),
        ("ALTER TABLE event ADD COLUMN more", CHANGED + "other tables"),
        ("DROP TABLE event; CREATE VIEW event AS SELECT 1 AS number, '{}' AS body", CHANGED + "other tables"),
        ("INSERT INTO event (body) SELECT body FROM event", CHANGED + "a session that exists already"),
        ("PRAGMA user_version = 2", "it is not a state file of this version of the emulator"),
        ("PRAGMA application_id = 7", "it is not a state file of this version of the emulator"),
    ],
)
def test_a_changed_database_is_refused(written, state, statement, reason):
    shutil.copy(written, state)
    edit(state, statement)
    assert refusal(state) == reason


def test_a_damaged_file_is_refused(start, state):
    running = start("--rate", "0", "--state", state)
    for _ in range(100):
        running.session()
    running.close()
    with open(state, "r+b") as file:
        file.seek(3 * 4096)
        file.write(b"\xaa" * 4096)
    assert refusal(state) in ("it is damaged", "database disk image is malformed")


def test_one_at_a_time(start, state):
    running = start("--state", state)
    result = run_with(state)
    assert result.returncode == 1
    assert b"locked" in result.stderr
    assert running.create().status == 200
