"""The state file: what it stores, and what happens if it cannot be written."""

import http.client
import json
import os
import random
import resource
import signal
import sqlite3
import subprocess
import threading
import time

import pytest
from emulator_process import APPLICANT, BINARY

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
    assert running.finish(acknowledged[0], outcome="success").status == 500
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


def test_one_at_a_time(start, state):
    running = start("--state", state)
    result = run_with(state)
    assert result.returncode == 1
    assert b"locked" in result.stderr
    assert running.create().status == 200
