"""The open questions, with each of their readings."""

import re
import subprocess

import pytest
from emulator_process import BINARY, REPOSITORY

RESULT = "session_id={id}&status=success"


@pytest.fixture
def opened(emulator):
    """Sets readings, and restores the previous ones after the test."""
    questions = emulator.inspect("open")["questions"]

    def choose(**choices):
        body = {name.strip("_").replace("__", "-"): value for name, value in choices.items()}
        assert emulator.control("PATCH", "open", **body).status == 200
        return emulator

    yield choose
    assert emulator.control("PATCH", "open", **{q["name"]: q["value"] for q in questions}).status == 200


def test_every_question_is_listed():
    help_text = subprocess.run([BINARY, "--help"], capture_output=True, text=True, timeout=20).stdout
    listed = re.findall(r"^ +([a-z0-9-]+)=([a-z0-9|_-]+)$", help_text, re.MULTILINE)
    assert len(listed) >= 15
    for name, values in listed:
        for value in values.split("|"):
            options = ["--open", f"{name}={value}", "--host", "nowhere"]
            result = subprocess.run([BINARY, *options], capture_output=True, text=True, timeout=20)
            # Only the host is invalid, not the choice.
            assert "--host must be" in result.stderr


@pytest.mark.parametrize("choice", ["401-body", "401-body=", "401-body=other", "nonsense=1", ""])
def test_unknown_choices(choice):
    result = subprocess.run([BINARY, "--port", "0", "--open", choice], capture_output=True, timeout=20)
    assert result.returncode == 2
    assert b"--open" in result.stderr


def test_by_option(start):
    running = start("--open", "401-body=detail", "--open", "missing-key=403")
    response = running.create("wrong")
    assert (response.status, list(response.json)) == (401, ["detail"])
    assert running.create(None).status == 403


def test_by_call(emulator, opened):
    opened(**{"id-field": "idv_id"})
    assert emulator.create().json["idv_id"].startswith("sess_")
    assert emulator.control("PATCH", "open", **{"id-field": "other"}).status == 400
    assert emulator.control("PATCH", "open", nonsense="id").status == 400
    assert "idv_id" in emulator.create().json


def test_400_body(opened):
    response = opened(**{"400-body": "error"}).create(phone="1")
    assert list(response.json) == ["error"] and "phone: must be" in response.json["error"]


def test_402_body(start):
    running = start("--tokens", "0", "--open", "402-body=error")
    assert running.create().json == {"error": "Insufficient funds or subscription."}


@pytest.mark.parametrize("value, pattern", [("seconds", r"\d+"), ("date", r"\w{3}, .* GMT")])
def test_retry_after(start, value, pattern):
    running = start("--rate", "0.1", "--burst", "1", "--open", f"retry-after={value}")
    assert running.create().status == 200
    assert re.fullmatch(pattern, running.create().headers["Retry-After"])


def test_no_retry_after(start):
    running = start("--rate", "0.1", "--burst", "1")
    running.create()
    assert running.create().headers["Retry-After"] is None


@pytest.mark.parametrize("field", ["id", "idv_id", "session_id"])
def test_id_field(opened, field):
    created = opened(**{"id-field": field}).create().json
    assert [name for name in ("id", "idv_id", "session_id") if name in created] == [field]


def test_session_id(opened):
    running = opened(**{"session-id": "uuid"})
    session = running.session()
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", session)
    assert running.retrieve(session).status == 200


def test_session_url(opened):
    running = opened(**{"session-url": "bare"})
    assert running.create().json["session_url"] == running.url


def test_links(opened):
    (link,) = opened(links="rel").create().json["links"]
    assert {"rel", "href"} <= link.keys()
    (link,) = opened(links="type").create().json["links"]
    assert link.keys() == {"url", "type"}


@pytest.mark.parametrize(
    "choices, redirect, expected",
    [
        ({}, "https://a.b/?x=1#f", f"https://a.b/?x=1&{RESULT}#f"),
        ({"redirect-join": "question-mark"}, "https://a.b/?x=1#f", f"https://a.b/?x=1#f?{RESULT}"),
        ({"redirect-join": "after-fragment"}, "https://a.b/?x=1#f", f"https://a.b/?x=1#f&{RESULT}"),
        ({"redirect-join": "after-fragment"}, "https://a.b/#f", f"https://a.b/#f?{RESULT}"),
        ({"redirect-names": "guide"}, "https://a.b/", "https://a.b/?sessionId={id}&status=SUBMITTED"),
        ({"redirect-order": "status-first"}, "https://a.b/", "https://a.b/?status=success&session_id={id}"),
        ({"redirect-repeats": "yes"}, "https://a.b/", f"https://a.b/?{RESULT}&session_id={{id}}"),
    ],
)
def test_redirects(opened, choices, redirect, expected):
    running = opened(**choices)
    session = running.session(redirect_url=redirect)
    response = running.finish(session, outcome="success")
    assert response.headers["Location"] == expected.format(id=session)


@pytest.mark.parametrize(
    "value, expected",
    [
        ("absent", "nothing"),
        ("null", None),
        ("string", "Toronto, Canada"),
        ("object", {"city": "Toronto", "country": "Canada"}),
    ],
)
def test_location(opened, value, expected):
    running = opened(location=value)
    record = running.retrieve(running.session()).json["session_record"]
    assert record.get("location", "nothing") == expected


def test_abandoned(opened):
    running = opened(abandoned="voided")
    session = running.session()
    running.finish(session, outcome="abandoned")
    assert running.retrieve(session).json["session_record"]["status"] == "VOIDED"


def test_the_readme_lists_them(emulator):
    readme = (REPOSITORY / "Emulator/README.md").read_text()
    for question in emulator.inspect("open")["questions"]:
        values = ", ".join(f"`{value}`" for value in question["values"])
        assert f"| `{question['name']}` | {values} | {question['about']} |" in readme
