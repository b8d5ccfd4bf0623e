"""Retrieve Session."""

import datetime
import email.utils
import re

import pytest

TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
ALWAYS = {
    "id",
    "organization_id",
    "user_id",
    "sender_user_id",
    "status",
    "type",
    "session_progress",
    "created_at",
    "updated_at",
}


def test_retrieve(emulator):
    session = emulator.session()
    response = emulator.retrieve(session)
    assert response.status == 200
    assert response.headers["Content-Type"].startswith("application/json")
    assert set(response.json) == {"session_record", "resource_links"}
    assert response.json["resource_links"] == {}
    record = response.json["session_record"]
    assert set(record) == ALWAYS
    assert record["id"] == session
    assert record["organization_id"] == "org_emulator"
    assert (record["status"], record["session_progress"]) == ("PENDING", "PENDING")
    assert re.fullmatch(TIME, record["created_at"])
    assert record["updated_at"] == record["created_at"]


def test_retrieve_with_everything(emulator):
    session = emulator.session(
        external_id='Zoë "1"',
        workflow_id="wf_abc123",
        redirect_url="https://yourapp.com/cb?a=b",
        expires_in_hours=24,
    )
    record = emulator.retrieve(session).json["session_record"]
    assert set(record) == ALWAYS | {"external_id", "workflow_id", "redirect_url", "expires_at"}
    assert record["external_id"] == 'Zoë "1"'
    assert record["workflow_id"] == "wf_abc123"
    assert record["redirect_url"] == "https://yourapp.com/cb?a=b"
    created, expires = (datetime.datetime.fromisoformat(record[name]) for name in ("created_at", "expires_at"))
    assert expires - created == datetime.timedelta(hours=24)


@pytest.mark.parametrize(
    "form, status, progress",
    [
        ({"outcome": "success"}, "SUBMITTED", "COMPLETED"),
        ({"outcome": "failed", "reason": "face_mismatch"}, "FAILED", "STARTED"),
        ({"outcome": "abandoned"}, "PENDING", "STARTED"),
    ],
)
def test_after_the_hosted_page(emulator, form, status, progress):
    session = emulator.session()
    emulator.show(session)
    assert emulator.retrieve(session).json["session_record"]["session_progress"] == "PENDING"
    emulator.finish(session, **form)
    record = emulator.retrieve(session).json["session_record"]
    assert (record["status"], record["session_progress"]) == (status, progress)
    assert record["updated_at"] >= record["created_at"]
    assert record.get("submitted_at") == (record["updated_at"] if status == "SUBMITTED" else None)
    # The record no longer changes.
    emulator.finish(session, outcome="success")
    assert emulator.retrieve(session).json["session_record"] == record


def test_refusals(emulator):
    session = emulator.session()
    for key in (None, "", "wrong"):
        response = emulator.retrieve(session, key)
        assert response.status == 401
        assert response.json == {"error": "Missing or invalid API key"}
    for unknown in ("sess_abc", session.upper(), session[:-1], "%25"):
        response = emulator.retrieve(unknown)
        assert response.status == 404
        assert response.json == {"error": "Session not found"}
    assert emulator.retrieve("sess_abc", "wrong").status == 401


def test_rate_limit_is_shared_by_all_calls(start):
    running = start("--rate", "0.01", "--burst", "3")
    session = running.session()
    assert [running.retrieve(session).status, running.list().status] == [200, 200]
    for response in (running.retrieve(session), running.list(), running.create()):
        assert response.status == 429
        assert response.json == {"message": "Too Many Requests"}


@pytest.mark.parametrize("target", ["/v1/sessions", "/v1/sessions/x", "/session/x", "/", "/emulator.css"])
def test_every_response_has_a_date(emulator, target):
    before = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
    headers = emulator.request("GET", target).headers
    assert len(headers.get_all("Date")) == 1
    assert re.fullmatch(r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT", headers["Date"])
    date = email.utils.parsedate_to_datetime(headers["Date"])
    assert before <= date <= datetime.datetime.now(datetime.timezone.utc)
    assert email.utils.format_datetime(date, usegmt=True) == headers["Date"]
