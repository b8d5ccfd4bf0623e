"""Outcomes that an applicant's data decide."""

import pytest


def standing(emulator, session):
    told = emulator.told(f"sessions/{session}")
    return told["session_record"]["status"], told.get("outcome"), told.get("reason")


@pytest.mark.parametrize(
    "words, expected",
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
def test_scripts(emulator, words, expected):
    for fields in (
        {"email": f"{words}@example.com"},
        {"email": f"{words}@shop.test"},
        {"external_id": f"order-17#{words}"},
    ):
        created = emulator.create(redirect_url="https://yourapp.com/", **fields)
        assert created.status == 200
        assert standing(emulator, created.json["id"]) == expected


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
def test_what_is_no_script_means_nothing(emulator, fields):
    assert standing(emulator, emulator.session(**fields)) == ("PENDING", None, None)


def test_the_page_of_a_scripted_session_leads_back(emulator):
    session = emulator.session(email="failed+face_mismatch@example.com", redirect_url="https://yourapp.com/r")
    target = f"https://yourapp.com/r?session_id={session}&amp;status=failed&amp;reason=face_mismatch"
    assert target in emulator.show(session).text
    assert emulator.finish(session, outcome="success").status == 410
