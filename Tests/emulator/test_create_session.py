"""Create Session: accepted requests and their responses."""

import json
import re
import urllib.parse


def test_create(emulator):
    response = emulator.create()
    assert response.status == 200
    assert response.headers["Content-Type"].startswith("application/json")
    body = response.json
    assert set(body) == {"id", "session_url", "links"}
    assert re.fullmatch(r"sess_[a-z0-9]{20}", body["id"])
    assert body["session_url"] == f"{emulator.url}/session/{body['id']}?oid=org_emulator"
    assert body["links"] == []


def test_create_with_everything(emulator):
    response = emulator.create(
        external_id="user-12345",
        send_email_invite=False,
        send_phone_invite=False,
        workflow_id="wf_abc123",
        redirect_url="https://yourapp.com/verify-callback",
        expires_in_hours=24,
    )
    assert response.status == 200
    body = response.json
    assert body["externalId"] == "user-12345"
    assert body["session_url"].endswith("?oid=org_emulator&redirect_url=https%3A%2F%2Fyourapp.com%2Fverify-callback")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", body["expires_at"])


def test_ids_are_all_different(emulator):
    assert len({emulator.session() for _ in range(50)}) == 50


def test_redirect_url_comes_back_from_session_url_unchanged(emulator):
    url = "https://yourapp.com:8443/a%20b/~x?q=1&r=%2B+c#top"
    query = urllib.parse.urlsplit(emulator.create(redirect_url=url).json["session_url"]).query
    assert urllib.parse.parse_qs(query)["redirect_url"] == [url]
    assert re.fullmatch(r"[A-Za-z0-9._~%-]+", query.split("redirect_url=")[1])


def test_text_survives(emulator):
    external_id = 'Zoë "山田" \\ </b> \u2028 👩‍👩‍👧'
    assert emulator.create(external_id=external_id).json["externalId"] == external_id


def test_null_is_absent(emulator):
    response = emulator.create(external_id=None, workflow_id=None, redirect_url=None, expires_in_hours=None)
    assert response.status == 200
    assert set(response.json) == {"id", "session_url", "links"}


def test_camel_case_wins(emulator):
    response = emulator.create(
        external_id="snake",
        externalId="camel",
        redirect_url="https://snake.example/",
        redirectUrl="https://camel.example/",
    )
    assert response.json["externalId"] == "camel"
    assert "camel.example" in response.json["session_url"]
    assert "snake.example" not in response.json["session_url"]


def test_camel_case_alone(emulator):
    camel = {
        "firstName": "Ada",
        "lastName": "Lovelace",
        "email": "a@example.com",
        "phone": "+15192223333",
        "workflowId": "wf_abc123",
        "expiresInHours": 1,
    }
    response = emulator.create_raw(json.dumps(camel))
    assert response.status == 200
    assert "expires_at" in response.json
    assert "Ada Lovelace" in emulator.show(response.json["id"]).text
