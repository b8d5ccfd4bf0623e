"""Organisations, their keys, balances and daily limits; and test keys."""

import pytest


def test_organisations_do_not_see_each_other(start):
    running = start("--rate", "0", "--account", "org_b:dk_b", "--account", "org_b:dk_c")
    mine = running.session(external_id="same")
    theirs = running.create("dk_b", external_id="same").json["id"]
    assert [s["id"] for s in running.list(external_id="same").json["sessions"]] == [mine]
    assert [s["id"] for s in running.list("dk_c", external_id="same").json["sessions"]] == [theirs]
    listed = running.list("dk_c", by_organization="true").json["sessions"]
    assert [s["organization_id"] for s in listed] == ["org_b"]
    assert running.list("dk_c").json["sessions"] == []
    assert running.retrieve(theirs, "dk_c").status == 200
    for response in (running.retrieve(theirs), running.update(theirs, "VERIFIED")):
        assert response.status == 403
        assert "error" in response.json


def test_balances(start):
    running = start("--rate", "0", "--tokens", "1", "--account", "org_b:dk_b")
    assert [running.create().status for _ in range(2)] == [200, 402]
    assert running.create("dk_b").status == 200
    accounts = running.inspect("accounts")["accounts"]
    assert [(a["organization"], a["tokens"]) for a in accounts] == [("org_emulator", 0), ("org_b", 0)]
    assert running.control("PATCH", "accounts/org_b", tokens=5).status == 200
    assert [a["tokens"] for a in running.inspect("accounts")["accounts"]] == [0, 5]
    assert running.control("PATCH", "accounts/nobody", tokens=5).status == 404
    assert running.control("PATCH", "accounts/org_b", tokens=-1).status == 400
    assert running.create("dk_b").status == 200


def test_keys_are_not_shown(start):
    running = start("--api-key", "dk_live_0123456789abcdef")
    running.create("dk_live_0123456789abcdef")
    running.create("dk_unknown_but_secret")
    for page in ("accounts", "requests"):
        text = running.control("GET", page).text
        assert "0123456789" not in text and "unknown_but" not in text
    assert running.inspect("accounts")["accounts"][0]["keys"] == [{"key": "dk_…cdef", "test": False}]


def test_daily_quota(start):
    running = start("--rate", "0", "--daily", "3")
    running.command("clock", frozen=True, now="2030-01-31T23:59:59Z")
    assert [running.create().status for _ in range(4)] == [200, 200, 200, 429]
    assert running.create("wrong").status == 401
    assert running.inspect("accounts")["accounts"][0]["calls_today"] == 3
    running.command("clock", advance_seconds=1)
    assert running.create().status == 200


STATUSES = {
    "test_verified": "VERIFIED",
    "test_rejected": "REJECTED",
    "test_submitted": "SUBMITTED",
    "test_pending": "PENDING",
    "test_failed": "FAILED",
}


def test_a_test_key_gets_canned_sessions(start):
    running = start("--test-key", "dk_test")
    for session, status in STATUSES.items():
        record = running.retrieve(session, "dk_test").json["session_record"]
        assert (record["id"], record["status"]) == (session, status)
    anything = running.retrieve("sess_abc", "dk_test")
    assert anything.status == 200
    assert anything.json == running.retrieve("sess_abc", "dk_test").json
    listed = running.list("dk_test").json
    assert {s["id"]: s["status"] for s in listed["sessions"]} == STATUSES
    assert listed["next_token"] is None
    assert len(running.list("dk_test", limit=2).json["sessions"]) == 2
    assert running.list("dk_test", limit=0).status == 400


@pytest.mark.parametrize("body", [{}, {"phone": "1"}])
def test_a_test_key_writes_nothing(start, body):
    running = start("--test-key", "dk_test")
    session = running.session()
    for response in (running.create("dk_test", **body), running.update(session, "VERIFIED", "dk_test")):
        assert response.status == 403
        assert "sandbox API key" in response.json["error"]
    assert running.inspect("executions")["total"] == 1
