"""Confirming a redirect: the verdict is the service's, whatever the redirect claims.

Which redirects are forged, and what each status means, is tested in Tests/DeepIDVCoreTests/ConfirmationTests.swift.
"""

import json
import pickle
import threading

import deepidv
import pytest
from conftest import APPLICANT
from deepidv import Verdict, _abi, _confirmation
from peer import Peer, answer, hang_up
from test_state import finish

CALLBACK = "https://yourapp.com/verify-callback"
SUCCESS = f"{CALLBACK}?session_id=sess_abc&status=success"


def record(status="VERIFIED", session_id="sess_abc", **members):
    made = {"id": session_id, "status": status, "session_progress": "COMPLETED", **members}
    return {"session_record": {name: value for name, value in made.items() if value is not None}}


def confirm(*acts, redirect=SUCCESS, session_id="sess_abc", **options):
    """Confirm against a peer; return the confirmation or the exception, and the peer."""
    peer = Peer(*acts)
    with deepidv.Client("the-key", base_url=peer.url, **{"timeout": 10, "rate_limit": 0, **options}) as client:
        try:
            outcome = client.confirm_redirect(redirect, session_id)
        except deepidv.DeepIDVError as error:
            outcome = error
    peer.end()
    return outcome, peer


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        ("VERIFIED", Verdict.VERIFIED),
        ("IN_REVIEW", Verdict.UNKNOWN),
        (None, Verdict.UNKNOWN),
    ],
)
def test_a_verdict_and_its_record(status, verdict):
    found, peer = confirm(answer(body=record(status)))
    assert found.verdict is verdict
    assert found.session.id == "sess_abc"
    assert found.session.status == (status if isinstance(status, str) else None)
    assert json.loads(found.session.raw) == record(status)
    [request] = peer.requests
    assert request.target == "/v1/sessions/sess_abc"
    assert request.header("x-api-key") == "the-key"
    assert pickle.loads(pickle.dumps(found)) == found


@pytest.mark.parametrize("redirect", [f"{CALLBACK}?session_id=sess_abc", b"session_id=sess_abc&status=\xff&x=\xff"])
def test_the_claim_of_a_redirect_is_not_believed(redirect):
    for status, verdict in (("REJECTED", Verdict.REJECTED), ("VERIFIED", Verdict.VERIFIED)):
        found, _ = confirm(answer(body=record(status)), redirect=redirect)
        assert found.verdict is verdict


@pytest.mark.parametrize("redirect", ["", "?session_id=sess_abd&status=success", "?session_id=sess_abc&session_id=x"])
def test_a_forged_redirect_sends_no_request(redirect):
    found, peer = confirm(redirect=redirect)
    assert found == deepidv.Confirmation(Verdict.FORGED, None)
    assert peer.requests == []


def test_a_refusal():
    error, peer = confirm(answer(404, {"error": "No such session"}))
    assert type(error) is deepidv.NotFound
    assert len(peer.requests) == 1


def test_the_record_of_another_session_is_requested_again():
    other = answer(200, record("VERIFIED", "sess_other"))
    found, peer = confirm(hang_up, other, answer(200, record("REJECTED")))
    assert (found.verdict, found.session.attempts) == (Verdict.REJECTED, 3)
    error, peer = confirm(*[other] * 4)
    assert (type(error), error.cause) == (deepidv.NoAnswer, "DEEPIDV_E_ANSWER_FOREIGN")
    assert len(peer.requests) == 4


@pytest.mark.parametrize("session_id", ["", "..", "\ud800"])
def test_an_invalid_session_id(session_id):
    error, peer = confirm(session_id=session_id)
    assert type(error) is deepidv.InvalidRequest
    assert error.field == "session_id"
    assert peer.requests == []


def test_arguments_of_another_type(client):
    with pytest.raises(TypeError, match="redirect must be str or bytes"):
        client.confirm_redirect(None, "a")
    with pytest.raises(TypeError, match="session_id must be str"):
        client.confirm_redirect("?", None)


def test_a_closed_client():
    client = deepidv.Client("key", base_url="http://127.0.0.1:1")
    client.close()
    for redirect in (SUCCESS, "?forged"):
        with pytest.raises(deepidv.ClosedError):
            client.confirm_redirect(redirect, "sess_abc")


def test_many_at_once():
    peer = Peer(*[answer(body=record())] * 200)
    found = []
    with deepidv.Client("key", base_url=peer.url, rate_limit=0) as client:

        def work():
            for _ in range(25):
                found.append(client.confirm_redirect(SUCCESS, "sess_abc").verdict)
                found.append(client.confirm_redirect("?", "sess_abc").verdict)

        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    peer.end()
    assert (found.count(Verdict.VERIFIED), found.count(Verdict.FORGED)) == (200, 200)


def test_every_verdict_has_a_name():
    codes = {name: getattr(_abi, name) for name in dir(_abi) if name.startswith("DEEPIDV_VERDICT_")}
    assert {f"DEEPIDV_VERDICT_{known.name}": known.value for known in Verdict} == codes
    for code in (-1, 7, 99):
        assert _confirmation.verdict(code) is Verdict.UNKNOWN


def test_against_the_emulator(client):
    session = client.create_session(**APPLICANT, redirect_url=CALLBACK)
    typed = f"{CALLBACK}?session_id={session.id}&status=success"
    assert client.confirm_redirect(typed, session.id).verdict is Verdict.PENDING
    redirect = finish(session.url, outcome="success")
    assert redirect == typed
    found = client.confirm_redirect(redirect, session.id)
    assert found.verdict is Verdict.SUBMITTED
    assert found.session.record["id"] == session.id
    other = client.create_session(**APPLICANT, redirect_url=CALLBACK)
    assert client.confirm_redirect(redirect, other.id).verdict is Verdict.FORGED
    with pytest.raises(deepidv.NotFound):
        client.confirm_redirect("?session_id=sess_none", "sess_none")


@pytest.mark.parametrize("outcome", ["failed", "abandoned"])
def test_a_verification_that_did_not_succeed(client, outcome):
    session = client.create_session(**APPLICANT, redirect_url=CALLBACK)
    redirect = finish(session.url, outcome=outcome, reason="session_expired")
    forged = redirect.replace(f"status={outcome}", "status=success")
    expected = client.confirm_redirect(redirect, session.id)
    assert expected.verdict is not Verdict.VERIFIED
    assert client.confirm_redirect(forged, session.id).verdict is expected.verdict
