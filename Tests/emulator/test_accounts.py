"""Organisations, their keys, balances and days; and keys that only look."""

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
    for answer in (running.retrieve(theirs), running.update(theirs, "VERIFIED")):
        assert answer.status == 403
        assert "error" in answer.json


def test_balances(start):
    running = start("--rate", "0", "--tokens", "1", "--account", "org_b:dk_b")
    assert [running.create().status for _ in range(2)] == [200, 402]
    assert running.create("dk_b").status == 200
    accounts = running.told("accounts")["accounts"]
    assert [(a["organization"], a["tokens"]) for a in accounts] == [("org_emulator", 0), ("org_b", 0)]
    assert running.control("PATCH", "accounts/org_b", tokens=5).status == 200
    assert [a["tokens"] for a in running.told("accounts")["accounts"]] == [0, 5]
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
    assert running.told("accounts")["accounts"][0]["keys"] == [{"key": "dk_…cdef", "test": False}]


def test_daily_quota(start):
    running = start("--rate", "0", "--daily", "3")
    running.order("clock", frozen=True, now="2030-01-31T23:59:59Z")
    assert [running.create().status for _ in range(4)] == [200, 200, 200, 429]
    assert running.create("wrong").status == 401
    assert running.told("accounts")["accounts"][0]["calls_today"] == 3
    running.order("clock", advance_seconds=1)
    assert running.create().status == 200


STANDINGS = {
    "test_verified": "VERIFIED",
    "test_rejected": "REJECTED",
    "test_submitted": "SUBMITTED",
    "test_pending": "PENDING",
    "test_failed": "FAILED",
}


def test_a_test_key_reads_what_is_canned(start):
    running = start("--test-key", "dk_test")
    for session, status in STANDINGS.items():
        record = running.retrieve(session, "dk_test").json["session_record"]
        assert (record["id"], record["status"]) == (session, status)
    anything = running.retrieve("sess_abc", "dk_test")
    assert anything.status == 200
    assert anything.json == running.retrieve("sess_abc", "dk_test").json
    listed = running.list("dk_test").json
    assert {s["id"]: s["status"] for s in listed["sessions"]} == STANDINGS
    assert listed["next_token"] is None
    assert len(running.list("dk_test", limit=2).json["sessions"]) == 2
    assert running.list("dk_test", limit=0).status == 400


@pytest.mark.parametrize("body", [{}, {"phone": "1"}])
def test_a_test_key_writes_nothing(start, body):
    running = start("--test-key", "dk_test")
    session = running.session()
    for answer in (running.create("dk_test", **body), running.update(session, "VERIFIED", "dk_test")):
        assert answer.status == 403
        assert "sandbox API key" in answer.json["error"]
    assert running.told("executions")["total"] == 1
