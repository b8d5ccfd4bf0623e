"""Each response that is no session, and the exception that it raises.

What each status means is tested in Tests/DeepIDVCoreTests/ExchangeEvaluationTests.swift.
"""

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
    assert (error.hints, error.api_code) == ((), None)
    # The request was sent once, and the redirect was not followed.
    assert len(requests) == 1
    assert elsewhere.end() == []


def test_a_429_is_sent_again_until_the_timeout(failing):
    busy = answer(429, {"error": "words"})
    error, requests = failing(*[busy] * 99, options={"timeout": 1, "rate_limit": 0})
    assert type(error) is deepidv.RateLimited
    assert isinstance(error, deepidv.TryAgain)
    assert (error.name, error.cause, error.http_status) == ("DEEPIDV_E_RATE_LIMITED",) * 2 + (429,)
    assert (error.api_message, error.raw) == ("words", b'{"error": "words"}')
    assert 1 < error.attempts == len(requests) < 99


def test_message_hints_and_code(failing):
    body = {"message": "a\x1b[31m\u202eb", "hints": ["phone: must be E.164", 5, "email: ü\n"], "code": 1042}
    error, _ = failing(answer(400, body))
    assert error.api_message == "a [31m?b"
    assert error.hints == ("phone: must be E.164", "email: ü ")
    assert error.api_code == "1042"
    error, _ = failing(answer(400, b"no\0, never\0"))
    assert error.raw == b"no\0, never\0"


def test_a_phone_number_that_only_the_service_refuses(client, applicant):
    with pytest.raises(deepidv.BadRequest) as caught:
        client.create_session(**{**applicant, "phone": "+123"})
    assert caught.value.api_message == "Invalid request body"
    assert caught.value.hints[0].startswith("phone: ")
    assert caught.value.field is None
