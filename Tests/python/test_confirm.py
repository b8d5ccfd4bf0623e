"""Confirming a redirect: one verdict, whatever it claims."""

import json
import pickle
import threading

import deepidv
import pytest
from conftest import APPLICANT, each
from deepidv import Verdict, _abi, _confirmation
from peer import Peer, answer, hang_up, reset
from test_state import finish

CALLBACK = "https://yourapp.com/verify-callback"
SUCCESS = f"{CALLBACK}?session_id=sess_abc&status=success"


def record(status="VERIFIED", session_id="sess_abc", **members):
    made = {"id": session_id, "status": status, "session_progress": "COMPLETED", **members}
    return {"session_record": {name: value for name, value in made.items() if value is not None}}


def confirm(*acts, redirect=SUCCESS, session_id="sess_abc", **options):
    """Confirm against a peer; gives what came of it, and the peer."""
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
def test_what_the_record_means(status, verdict):
    found, peer = confirm(answer(body=record(status)))
    assert found.verdict is verdict
    assert found.session.id == "sess_abc"
    assert found.session.status == (status if isinstance(status, str) else None)
    assert json.loads(found.session.raw) == record(status)
    [request] = peer.requests
    assert request.target == "/v1/sessions/sess_abc"
    assert request.header("x-api-key") == "the-key"
    assert pickle.loads(pickle.dumps(found)) == found


@pytest.mark.parametrize(
    "redirect",
    [
        f"{CALLBACK}?session_id=sess_abc&status=failed&reason=document_unreadable",
        f"{CALLBACK}?session_id=sess_abc",
        "?a=%ff&session_id=sess%5Fabc#top",
        b"session_id=sess_abc&status=\xff",
        "session_id=sess_abc&status=\udcff&x=\ud800",
        "?status=SUBMITTED&sessionId=sess_abc",
    ],
)
def test_what_it_claims_is_not_believed(redirect):
    for status, verdict in (("REJECTED", Verdict.REJECTED), ("VERIFIED", Verdict.VERIFIED)):
        found, _ = confirm(answer(body=record(status)), redirect=redirect)
        assert found.verdict is verdict


@pytest.mark.parametrize(
    "redirect",
    [
        "",
        CALLBACK,
        "?session_id=sess_abd&status=success",
        "?sess_id=sess_abc&status=success",
        "?session_id=sess_abc&session_id=sess_abd&status=success",
    ],
)
def test_forged(redirect):
    found, peer = confirm(redirect=redirect)
    assert found == deepidv.Confirmation(Verdict.FORGED, None)
    assert peer.requests == []


REFUSALS = {
    "404": (answer(404, {"error": "No such session"}), deepidv.NotFound),
    "403": (answer(403, {"error": "Another organisation's"}), deepidv.Forbidden),
}
NO_ANSWERS = {
    "hung up": (hang_up, "DEEPIDV_E_CONNECTION_LOST"),
    "reset": (reset, "DEEPIDV_E_CONNECTION_LOST"),
    "another's": (answer(200, record(session_id="sess_abd")), "DEEPIDV_E_ANSWER_FOREIGN"),
}

no_answers = each(NO_ANSWERS, lambda case: confirm(*[case[0]] * 4))


@pytest.mark.parametrize("case", REFUSALS)
def test_what_the_service_refuses(case):
    act, kind = REFUSALS[case]
    error, peer = confirm(act)
    assert type(error) is kind
    assert len(peer.requests) == 1


@pytest.mark.parametrize("case", NO_ANSWERS)
def test_without_an_answer(no_answers, case):
    error, peer = no_answers[case]
    assert type(error) is deepidv.NoAnswer
    assert error.cause == NO_ANSWERS[case][1]
    assert len(peer.requests) == 4


def test_an_answer_at_the_third_try():
    found, peer = confirm(hang_up, answer(200, record("VERIFIED", "sess_other")), answer(200, record("REJECTED")))
    assert (found.verdict, found.session.attempts) == (Verdict.REJECTED, 3)
    assert len(peer.requests) == 3


@pytest.mark.parametrize("session_id", ["", ".", "..", "a\0b", "x" * 1025, "\ud800"])
def test_no_session_id(session_id):
    error, peer = confirm(session_id=session_id)
    assert type(error) is deepidv.InvalidRequest
    assert error.field == "session_id"
    assert peer.requests == []


def test_what_is_no_text(client):
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


# Against the emulator


def test_the_whole_way(client):
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
def test_one_that_did_not_go_well(client, outcome):
    session = client.create_session(**APPLICANT, redirect_url=CALLBACK)
    redirect = finish(session.url, outcome=outcome, reason="session_expired")
    forged = redirect.replace(f"status={outcome}", "status=success")
    expected = client.confirm_redirect(redirect, session.id)
    assert expected.verdict is not Verdict.VERIFIED
    assert client.confirm_redirect(forged, session.id).verdict is expected.verdict
