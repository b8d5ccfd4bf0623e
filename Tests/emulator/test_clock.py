"""The clock, and everything that depends on it."""

import datetime

import pytest


def test_default_is_the_system_time(start):
    running = start()
    shown = running.inspect("clock")
    assert not shown["frozen"]
    now = datetime.datetime.fromisoformat(shown["now"].replace("Z", "+00:00"))
    assert abs((datetime.datetime.now(datetime.timezone.utc) - now).total_seconds()) < 60


def test_frozen(start):
    running = start("--rate", "0")
    running.command("clock", frozen=True, now="2030-06-01T12:00:00Z")
    first, second = running.session(), running.session()
    moments = [running.retrieve(s).json["session_record"]["created_at"] for s in (first, second)]
    assert moments == ["2030-06-01T12:00:00.000Z"] * 2
    assert running.retrieve(first).headers["Date"] == "Sat, 01 Jun 2030 12:00:00 GMT"
    assert running.command("clock", advance_seconds=90.5) == {
        "frozen": True,
        "now": "2030-06-01T12:01:30.500Z",
    }
    assert running.command("clock", frozen=False)["now"] >= "2030-06-01T12:01:30.500Z"
    assert running.inspect("clock")["now"] < "2030-06-01T13"


def test_expiry(start):
    running = start("--rate", "0")
    running.command("clock", frozen=True, now="2030-01-01")
    created = running.create(expires_in_hours=2, redirect_url="https://yourapp.com/r").json
    session = created["id"]
    assert created["expires_at"] == "2030-01-01T02:00:00.000Z"

    def status():
        return running.retrieve(session).json["session_record"]["status"]

    running.command("clock", advance_seconds=7199)
    assert status() == "PENDING"
    running.command("clock", advance_seconds=1)
    assert status() == "EXPIRED"
    assert running.finish(session, outcome="success").status == 410
    assert status() == "EXPIRED"
    assert running.list().json["sessions"][0]["status"] == "EXPIRED"
    shown = running.inspect(f"sessions/{session}")
    assert shown["redirect"].endswith(f"?session_id={session}&status=failed&reason=session_expired")
    assert shown["timeline"][-1] == {"what": "expired", "at": "2030-01-01T02:00:00.000Z"}
    # Before the expiry again.
    running.command("clock", now="2030-01-01T01:00:00Z")
    assert running.finish(session, outcome="success").status == 303
    running.command("clock", now="2031-01-01")
    assert status() == "SUBMITTED"


def test_rate_windows(start):
    running = start("--rate", "1", "--burst", "2")
    running.command("clock", frozen=True)
    assert [running.create().status for _ in range(3)] == [200, 200, 429]
    running.command("clock", advance_seconds=1)
    assert [running.create().status for _ in range(2)] == [200, 429]
    # The empty bucket refills after the clock was moved back.
    running.command("clock", now="2001-01-01")
    assert running.create().status == 429
    running.command("clock", advance_seconds=2)
    assert [running.create().status for _ in range(3)] == [200, 200, 429]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"now": "yesterday"},
        {"now": "2025-02-31"},
        {"frozen": "yes"},
        {"advance_seconds": 1e12},
        {"advance_seconds": -1e12},
        {"advance_seconds": 1e308},
    ],
)
def test_invalid_body(emulator, body):
    before = emulator.inspect("clock")["frozen"]
    assert emulator.control("POST", "clock", **body).status == 400
    assert emulator.inspect("clock")["frozen"] == before
