"""Update Session Status."""

import json

import pytest


@pytest.mark.parametrize("status", ["VERIFIED", "REJECTED"])
def test_decision(emulator, status):
    session = emulator.session(external_id="a")
    emulator.finish(session, outcome="success")
    response = emulator.update(session, status)
    assert response.status == 200
    record = response.json["session_record"]
    assert list(response.json) == ["session_record"]
    assert record["status"] == status
    assert record["submitted_at"] <= record["updated_at"]
    assert emulator.retrieve(session).json["session_record"] == record


def test_the_last_decision_counts(emulator):
    session = emulator.session()
    assert emulator.update(session, "VERIFIED").status == 200
    assert emulator.update(session, "REJECTED").json["session_record"]["status"] == "REJECTED"


@pytest.mark.parametrize(
    "body, hint",
    [
        ("", "body: "),
        ("[]", "body: "),
        ("{}", "new_status: "),
        ('{"new_status": null}', "new_status: "),
        ('{"new_status": "verified"}', "new_status: "),
        ('{"new_status": "PENDING"}', "new_status: "),
        ('{"new_status": ["VERIFIED"]}', "new_status: "),
        ('{"new_status": "VERIFIED"}\xff', "body: "),
    ],
)
def test_bad_bodies(emulator, body, hint):
    session = emulator.session()
    headers = {"Content-Type": "application/json", "x-api-key": "dk_emulator"}
    path = f"/v1/sessions/{session}/update-status"
    response = emulator.request("PATCH", path, body.encode("latin-1"), headers)
    assert response.status == 400
    assert response.json["hints"][0].startswith(hint)
    assert emulator.retrieve(session).json["session_record"]["status"] == "PENDING"


def test_refusals(emulator):
    session = emulator.session()
    assert emulator.update("sess_nowhere", "VERIFIED").status == 404
    assert emulator.update(session, "VERIFIED", key="wrong").status == 401
    response = emulator.request(
        "PATCH",
        f"/v1/sessions/{session}/update-status",
        json.dumps({"new_status": "VERIFIED"}),
        {"x-api-key": "dk_emulator"},
    )
    assert response.json["hints"] == ["Content-Type: must be application/json"]


def test_only_submitted_sessions(start):
    running = start("--open", "update-status=submitted")
    session = running.session()
    assert running.update(session, "VERIFIED").status == 400
    running.finish(session, outcome="success")
    assert running.update(session, "VERIFIED").status == 200
