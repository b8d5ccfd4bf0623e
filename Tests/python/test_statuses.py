"""What the service answers when it does not create, and which exception that is."""

import deepidv
import pytest
from peer import answer


@pytest.mark.parametrize(
    ("status", "kind", "name"),
    [
        (302, deepidv.Redirected, "DEEPIDV_E_REDIRECTED"),
        (400, deepidv.BadRequest, "DEEPIDV_E_BAD_REQUEST"),
        (401, deepidv.Unauthorized, "DEEPIDV_E_UNAUTHORIZED"),
        (402, deepidv.InsufficientBalance, "DEEPIDV_E_BALANCE"),
        (403, deepidv.Forbidden, "DEEPIDV_E_FORBIDDEN"),
        (404, deepidv.NotFound, "DEEPIDV_E_NOT_FOUND"),
        (418, deepidv.Refused, "DEEPIDV_E_REFUSED"),
        (408, deepidv.OutcomeUnknown, "DEEPIDV_E_OUTCOME_UNKNOWN"),
        (503, deepidv.OutcomeUnknown, "DEEPIDV_E_OUTCOME_UNKNOWN"),
    ],
)
def test_every_status_has_its_exception(failing, start_peer, status, kind, name):
    elsewhere = start_peer()
    error, requests = failing(answer(status, {"error": "words"}, headers=[f"Location: {elsewhere.url}/"]))
    assert type(error) is kind
    assert (error.name, error.http_status, error.attempts) == (name, status, 1)
    assert error.cause == ("DEEPIDV_E_SERVER" if kind is deepidv.OutcomeUnknown else name)
    assert f"HTTP {status}" in str(error)
    assert (error.api_message, error.raw) == ("words", b'{"error": "words"}')
    # The one that was sent, and no other; and nobody was followed to elsewhere.
    assert len(requests) == 1
    assert elsewhere.end() == []


def test_too_many_requests(failing, start_peer):
    """The one that is sent again, for it was not executed: until the time is up."""
    busy = answer(429, {"error": "words"}, headers=["Location: https://elsewhere.example/"])
    error, requests = failing(*[busy] * 99, options={"timeout": 1, "rate_limit": 0})
    assert type(error) is deepidv.RateLimited
    assert (error.name, error.cause, error.http_status) == ("DEEPIDV_E_RATE_LIMITED",) * 2 + (429,)
    assert (error.api_message, error.raw) == ("words", b'{"error": "words"}')
    assert 1 < error.attempts == len(requests) < 99


@pytest.mark.parametrize("status", [400, 402, 500])
@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"message": "m", "error": "e", "detail": "d"}, "m"),
        ({"other": "x"}, "HTTP <n>"),
        ("Insufficient funds or subscription.", "Insufficient funds or subscription."),
        ("<html><h1>Bad Gateway</h1></html>", "HTTP <n>"),
        ("", "HTTP <n>"),
        ({"message": "a\x1b[31m\r\nb\u202e"}, "a [31m  b?"),
    ],
)
def test_the_message(failing, status, body, message):
    error, requests = failing(answer(status, body))
    assert error.api_message == message.replace("<n>", str(status))
    assert len(requests) == 1


def test_hints_and_code(failing):
    body = {
        "message": "Invalid request body",
        "hints": ["phone: must be E.164", 5, None, "email: ü\n"],
        "code": "INVALID",
    }
    error, _ = failing(answer(400, body))
    assert error.hints == ("phone: must be E.164", "email: ü ")
    assert error.api_code == "INVALID"
    error, _ = failing(answer(400, {"code": 1042, "hints": "no list"}))
    assert (error.api_code, error.hints) == ("1042", ())
    error, _ = failing(answer(400, {"error": "x"}))
    assert (error.api_code, error.hints) == (None, ())


def test_an_unknown_key(emulator, applicant):
    with deepidv.Client("dk_wrong", base_url=emulator) as client:
        with pytest.raises(deepidv.Unauthorized) as caught:
            client.create_session(**applicant)
    assert (caught.value.http_status, caught.value.api_message) == (401, "Missing or invalid API key")


def test_an_unknown_workflow(client, applicant):
    with pytest.raises(deepidv.NotFound) as caught:
        client.create_session(**applicant, workflow_id="wf_missing")
    assert (caught.value.http_status, caught.value.api_message) == (404, "Workflow not found")


def test_a_phone_number_that_only_the_service_refuses(client, applicant):
    with pytest.raises(deepidv.BadRequest) as caught:
        client.create_session(**{**applicant, "phone": "+123"})
    assert caught.value.api_message == "Invalid request body"
    assert caught.value.hints[0].startswith("phone: ")
    assert caught.value.field is None


def test_an_empty_account(start_emulator, applicant):
    url = start_emulator("--tokens", "1")
    with deepidv.Client("dk_emulator", base_url=url) as client:
        client.create_session(**applicant)
        with pytest.raises(deepidv.InsufficientBalance) as caught:
            client.create_session(**applicant)
    assert (caught.value.http_status, caught.value.api_message) == (402, "Insufficient funds or subscription.")


def test_the_rate_limit(start_emulator, applicant):
    url = start_emulator("--rate", "0.001", "--burst", "1")
    with deepidv.Client("dk_emulator", base_url=url, timeout=1) as client:
        client.create_session(**applicant)
        with pytest.raises(deepidv.RateLimited) as caught:
            client.create_session(**applicant)
    assert (caught.value.http_status, caught.value.api_message) == (429, "Too Many Requests")
    assert isinstance(caught.value, deepidv.TryAgain)
