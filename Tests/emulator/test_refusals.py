"""Refused calls: status, order of the checks, and hints."""

import json
import time

import pytest
from emulator_process import APPLICANT


@pytest.mark.parametrize("key", [None, "", "wrong", "DK_EMULATOR", "dk_emulator,dk_emulator"])
def test_api_key(emulator, key):
    response = emulator.create(key=key)
    assert response.status == 401
    assert response.json == {"error": "Missing or invalid API key"}


def test_every_given_key_works(start):
    running = start("--api-key", "one", "--api-key", "two")
    assert [running.create(key=k).status for k in ("one", "two", "dk_emulator")] == [200, 200, 401]


@pytest.mark.parametrize("field", APPLICANT)
def test_required_fields(emulator, field):
    body = {name: value for name, value in APPLICANT.items() if name != field}
    response = emulator.create_raw(json.dumps(body))
    assert response.status == 400
    assert response.json == {"message": "Invalid request body", "hints": [f"{field}: is required"]}


@pytest.mark.parametrize(
    "fields",
    [
        {"first_name": 1},
        {"last_name": ""},
        {"email": "john.doe"},
        {"phone": "519-222-4444"},
        {"phone": "+1234"},
        {"externalId": 12345},
        {"send_email_invite": "true"},
        {"sendPhoneInvite": 1},
        {"workflow_id": ["wf_abc123"]},
        {"expires_in_hours": 0},
        {"expiresInHours": 8761},
        {"expires_in_hours": "24"},
        {"redirect_url": "http://yourapp.com/"},
        {"redirect_url": "javascript:alert(1)//https://yourapp.com"},
        {"redirect_url": "https://user:secret@yourapp.com/"},
        {"redirectUrl": "https://yourapp.com/\r\nSet-Cookie: a=b"},
        {"redirect_url": "https://yourapp.com/\u0000"},
        {"redirect_url": "https:///verify"},
        {"redirect_url": "not a url"},
    ],
)
def test_one_bad_field(emulator, fields):
    response = emulator.create(**fields)
    ((name, value),) = fields.items()
    assert response.status == 400
    (hint,) = response.json["hints"]
    assert hint.startswith(f"{name}: must ")
    if isinstance(value, str) and len(value) > 4:
        assert value not in response.text


def test_every_problem_has_a_hint(emulator):
    response = emulator.create_raw('{"phone": "1", "sendEmailInvite": 1}')
    assert [hint.split(":")[0] for hint in response.json["hints"]] == [
        "first_name",
        "last_name",
        "email",
        "phone",
        "sendEmailInvite",
    ]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"[]",
        b"null",
        b'"text"',
        b'{"first_name": "John"',
        b'{"first_name": "\xff\xfe"}',
        json.dumps(APPLICANT).encode("utf-16"),
        b"[" * 10_000,
        b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
        b"\x00" * 100,
    ],
    ids=lambda body: repr(body[:20]),
)
def test_not_a_json_object(emulator, body):
    response = emulator.create_raw(body)
    assert response.status == 400
    assert len(response.json["hints"]) == 1


@pytest.mark.parametrize("content_type", [None, "text/plain", "application/x-www-form-urlencoded"])
def test_content_type(emulator, content_type):
    response = emulator.create_raw(json.dumps(APPLICANT), content_type=content_type)
    assert response.status == 400
    assert response.json["hints"] == ["Content-Type: must be application/json"]


def test_content_type_with_parameters(emulator):
    response = emulator.create_raw(json.dumps(APPLICANT), content_type="Application/JSON;charset=utf-8")
    assert response.status == 200


def test_unknown_workflow(emulator):
    response = emulator.create(workflow_id="wf_nowhere")
    assert response.status == 404
    assert response.json == {"error": "Workflow not found"}


def test_given_workflows(start):
    running = start("--workflow", "wf_1", "--workflow", "wf_2")
    statuses = [running.create(workflow_id=w).status for w in ("wf_1", "wf_2", "wf_abc123")]
    assert statuses == [200, 200, 404]


def test_balance(start):
    running = start("--tokens", "2")
    # A refused call costs no token.
    assert running.create(workflow_id="wf_nowhere").status == 404
    assert running.create(phone="1").status == 400
    assert [running.create().status for _ in range(2)] == [200, 200]
    response = running.create()
    assert response.status == 402
    assert response.headers["Content-Type"].startswith("text/plain")
    assert response.text == "Insufficient funds or subscription."
    # The order of the checks: an invalid body or workflow is reported even without tokens.
    assert running.create(workflow_id="wf_nowhere").status == 404
    assert running.create(phone="1").status == 400


def test_rate_limit(start):
    running = start("--rate", "2", "--burst", "5", "--api-key", "one", "--api-key", "two")
    assert [running.create(key="one").status for _ in range(5)] == [200] * 5
    response = running.create(key="one")
    assert response.status == 429
    assert response.json == {"message": "Too Many Requests"}
    # Before the body is parsed, and per key.
    assert running.create_raw("not json", key="one").status == 429
    assert running.create(key="two").status == 200
    assert running.create(key="wrong").status == 401
    time.sleep(0.6)
    assert running.create(key="one").status == 200


def test_default_rate_limit(start):
    running = start()
    statuses = [running.create().status for _ in range(60)]
    assert statuses[:35] == [200] * 35
    assert 429 in statuses


@pytest.mark.parametrize(
    "method, target, status, allow",
    [
        ("GET", "/none", 404, None),
        ("POST", "/v1/sessionz", 404, None),
        ("DELETE", "/v1/sessions", 405, "GET, HEAD, POST"),
        ("PATCH", "/v1/sessions", 405, "GET, HEAD, POST"),
        ("QUERY", "/v1/sessions", 405, "GET, HEAD, POST"),
        ("POST", "/v1/sessions/sess_abc", 405, "GET, HEAD"),
        ("GET", "/v1/sessions/sess_abc/update-status", 405, "PATCH"),
        ("POST", "/emulator/executions", 405, "GET, HEAD"),
        ("POST", "/session/sess_abc", 405, "GET, HEAD"),
        ("GET", "/session/sess_abc/finish", 405, "POST"),
        ("GET", "/../../etc/passwd", 404, None),
        ("GET", "/%2e%2e/%ff%00", 404, None),
        ("GET", "/session/%00", 404, None),
        ("OPTIONS", "*", 404, None),
    ],
)
def test_other_paths_and_methods(emulator, method, target, status, allow):
    response = emulator.request(method, target)
    assert (response.status, response.headers["Allow"]) == (status, allow)
    if not target.startswith("/session/"):
        assert "error" in response.json


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "&lt;b&gt;", '"><img src=x>', "\u202e\u0000"])
def test_names_are_only_text(emulator, name):
    session = emulator.session(first_name=name, last_name=name, external_id=name, email="a@b.example", workflow_id=None)
    page = emulator.show(session).text
    assert name not in page or name.isalnum()
    messages = emulator.inspect(f"outbox?session={session}")["messages"]
    assert name in messages[0]["text"]


@pytest.mark.parametrize("target", ["reset", "clock", "faults", "webhooks"])
def test_forms_of_web_pages_are_refused(emulator, target):
    for content_type in (None, "text/plain", "application/x-www-form-urlencoded"):
        headers = {"Content-Type": content_type} if content_type else {}
        response = emulator.request("POST", f"/emulator/{target}", '{"frozen": true}', headers)
        assert response.status == 400
        assert response.json["hints"] == ["Content-Type: must be application/json"]
