"""Scripted outcomes in the applicant's data."""

import pytest


def outcome(emulator, session):
    shown = emulator.inspect(f"sessions/{session}")
    return shown["session_record"]["status"], shown.get("outcome"), shown.get("reason")


@pytest.mark.parametrize(
    "script, expected",
    [
        ("success", ("SUBMITTED", "success", None)),
        ("verified", ("VERIFIED", "success", None)),
        ("rejected", ("REJECTED", "success", None)),
        ("failed", ("FAILED", "failed", "unknown")),
        ("failed+document_unreadable", ("FAILED", "failed", "document_unreadable")),
        ("failed+a_new_reason", ("FAILED", "failed", "a_new_reason")),
        ("Abandoned", ("PENDING", "abandoned", "user_cancelled")),
        ("abandoned+other", ("PENDING", "abandoned", "other")),
    ],
)
def test_scripts(emulator, script, expected):
    for fields in (
        {"email": f"{script}@example.com"},
        {"email": f"{script}@shop.test"},
        {"external_id": f"order-17#{script}"},
    ):
        created = emulator.create(redirect_url="https://yourapp.com/", **fields)
        assert created.status == 200
        assert outcome(emulator, created.json["id"]) == expected


@pytest.mark.parametrize(
    "fields",
    [
        {"email": "failed@yourapp.com"},
        {"email": "failed@notexample.com"},
        {"email": "john+failed@example.com"},
        {"email": "failed+Too-Long@example.com"},
        {"email": "failed+a+b@example.com"},
        {"email": "success+a@example.com"},
        {"external_id": "failed"},
        {"external_id": "#"},
        {"external_id": "#failed#"},
        {"external_id": "#failure"},
    ],
)
def test_other_texts_are_not_scripts(emulator, fields):
    assert outcome(emulator, emulator.session(**fields)) == ("PENDING", None, None)


def test_the_page_of_a_scripted_session_has_the_redirect(emulator):
    session = emulator.session(email="failed+face_mismatch@example.com", redirect_url="https://yourapp.com/r")
    target = f"https://yourapp.com/r?session_id={session}&amp;status=failed&amp;reason=face_mismatch"
    assert target in emulator.show(session).text
    assert emulator.finish(session, outcome="success").status == 410
