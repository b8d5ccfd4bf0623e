"""Decisions: making one, waiting for one, and what a record says of it."""

import asyncio
import datetime
import json
import pickle
import threading
import time

import deepidv
import pytest
from conftest import APPLICANT
from deepidv import SessionStatus, _exit_status, _moment
from peer import Peer, answer, hang_up, say_nothing
from test_command import run

UTC = datetime.timezone.utc


def record(status="VERIFIED", session_id="sess_abc", **members):
    return {"session_record": {"id": session_id, "status": status, **members}}


def against(*acts, call, **options):
    """Call a client of a peer; gives what came of it, and the peer."""
    peer = Peer(*acts)
    with deepidv.Client("key", base_url=peer.url, **{"timeout": 10, "rate_limit": 0, **options}) as client:
        try:
            outcome = call(client)
        except (deepidv.DeepIDVError, deepidv.OutcomeUnknown) as error:
            outcome = error
    peer.end()
    return outcome, peer


def verify(client):
    return client.update_status("sess_abc", "VERIFIED")


# Making a decision.


@pytest.mark.parametrize("status", ["VERIFIED", "REJECTED", SessionStatus.VERIFIED, SessionStatus.REJECTED])
def test_a_decision(client, applicant, status):
    session = client.create_session(**applicant)
    decided = client.update_status(session.id, status)
    assert (decided.id, decided.status) == (session.id, status)
    assert isinstance(decided.status, SessionStatus)
    assert (decided.reconciled, decided.attempts, decided.http_status) == (False, 1, 200)
    assert client.retrieve_session(session.id).status == status


def test_what_is_sent():
    decided, peer = against(answer(body=record()), call=verify)
    [request] = peer.requests
    assert (request.method, request.target) == ("PATCH", "/v1/sessions/sess_abc/update-status")
    assert request.json == {"new_status": "VERIFIED"}
    assert request.header("Content-Type") == "application/json"
    assert decided.status is SessionStatus.VERIFIED


@pytest.mark.parametrize("status", ["PENDING", "SUBMITTED", "verified", "", "VERIFIED ", SessionStatus.EXPIRED])
def test_what_is_no_decision(status):
    error, peer = against(call=lambda client: client.update_status("sess_abc", status))
    assert isinstance(error, deepidv.InvalidRequest)
    assert (error.field, error.name) == ("status", "DEEPIDV_E_RANGE")
    assert peer.requests == []


@pytest.mark.parametrize("status", [None, 1, True, b"VERIFIED"])
def test_a_decision_of_another_type(client, status):
    with pytest.raises(TypeError, match="status must be str"):
        client.update_status("sess_abc", status)


@pytest.mark.parametrize(
    ("act", "kind"),
    [
        (answer(404, {"error": "no"}), deepidv.NotFound),
        (answer(400, {"error": "no"}), deepidv.BadRequest),
        (answer(403, {"error": "no"}), deepidv.Forbidden),
    ],
)
def test_a_refused_decision(act, kind):
    error, peer = against(act, call=verify)
    assert type(error) is kind
    assert error.api_message == "no"
    assert len(peer.requests) == 1


def test_a_lost_answer_is_settled_by_the_record():
    decided, peer = against(hang_up, answer(body=record("SUBMITTED")), answer(body=record()), call=verify)
    assert (decided.status, decided.reconciled, decided.attempts) == (SessionStatus.VERIFIED, True, 1)
    assert [request.method for request in peer.requests] == ["PATCH", "GET", "GET"]


def test_a_decision_that_the_record_does_not_show():
    error, peer = against(hang_up, *[answer(body=record("SUBMITTED"))] * 9, call=verify, timeout=2)
    assert type(error) is deepidv.DecisionUnknown
    assert isinstance(error, deepidv.OutcomeUnknown)
    assert (error.name, error.cause) == ("DEEPIDV_E_OUTCOME_UNKNOWN", "DEEPIDV_E_TIMEOUT")
    assert error.session.status is SessionStatus.SUBMITTED
    assert error.reconcile_token is None
    assert [request.method for request in peer.requests].count("PATCH") == 1
    again = deepidv.error_from_dict(json.loads(json.dumps(error.to_dict())))
    assert (type(again), again.session, again.cause) == (deepidv.DecisionUnknown, None, error.cause)
    assert "sess_abc" not in str(error) + repr(error)


def test_a_decision_that_cannot_be_seen():
    error, peer = against(*[hang_up] * 9, call=verify, timeout=2)
    assert type(error) is deepidv.DecisionUnknown
    assert (error.cause, error.session) == ("DEEPIDV_E_CONNECTION_LOST", None)
    assert [request.method for request in peer.requests].count("PATCH") == 1


def test_a_decision_that_was_not_sent():
    peer = Peer()
    url = peer.url
    peer.end()
    with deepidv.Client("key", base_url=url, timeout=1) as client, pytest.raises(deepidv.NotSent):
        verify(client)


# Waiting for one.


def wait(client, timeout=60):
    return client.wait_for_decision("sess_abc", timeout=timeout)


@pytest.mark.parametrize("status", ["VERIFIED", "REJECTED", "EXPIRED", "VOIDED", "FAILED"])
def test_what_ends_a_wait(status):
    found, peer = against(answer(body=record(status)), call=wait)
    assert found.status is SessionStatus(status)
    assert len(peer.requests) == 1


def test_what_does_not_end_a_wait():
    acts = [answer(body=record("SUBMITTED")), hang_up, answer(body=record("REJECTED"))]
    found, peer = against(*acts, call=wait)
    assert found.status is SessionStatus.REJECTED
    assert [request.target for request in peer.requests] == ["/v1/sessions/sess_abc"] * 3


def test_a_decision_of_somebody_else(client, emulator, applicant):
    session = client.create_session(**applicant)

    def decide():
        time.sleep(0.3)
        with deepidv.Client("dk_emulator", base_url=emulator) as other:
            other.update_status(session.id, "VERIFIED")

    thread = threading.Thread(target=decide)
    thread.start()
    found = client.wait_for_decision(session.id, timeout=60)
    thread.join()
    assert (found.id, found.status) == (session.id, SessionStatus.VERIFIED)


def test_time_that_runs_out():
    error, _ = against(*[answer(body=record("SUBMITTED"))] * 9, call=lambda client: wait(client, 1.7), timeout=0.2)
    assert type(error) is deepidv.NoDecision
    assert isinstance(error, deepidv.TryAgain)
    assert error.name == "DEEPIDV_E_TIMEOUT"
    assert error.session.status is SessionStatus.SUBMITTED


def test_a_session_that_cannot_be_seen():
    error, _ = against(*[hang_up] * 9, call=lambda client: wait(client, 1.2))
    assert type(error) is deepidv.NoAnswer
    assert error.cause == "DEEPIDV_E_CONNECTION_LOST"
    error, _ = against(answer(404, {}), call=wait)
    assert type(error) is deepidv.NotFound


@pytest.mark.parametrize("timeout", [0, -1, 86_400.1, float("nan"), float("inf"), 10**400])
def test_timeouts_that_are_none(client, timeout):
    with pytest.raises(deepidv.InvalidRequest) as caught:
        wait(client, timeout)
    assert caught.value.field == "timeout"


@pytest.mark.parametrize("timeout", [None, "5", True])
def test_a_timeout_of_another_type(client, timeout):
    with pytest.raises(TypeError, match="timeout must be a number of seconds"):
        wait(client, timeout)


def test_both_with_asyncio(emulator):
    async def use():
        async with deepidv.AsyncClient("dk_emulator", base_url=emulator, rate_limit=0) as client:
            sessions = [await client.create_session(**APPLICANT) for _ in range(20)]
            waits = [asyncio.ensure_future(client.wait_for_decision(one.id, timeout=60)) for one in sessions]
            await asyncio.sleep(0.2)
            assert not any(waiting.done() for waiting in waits)
            for one in sessions:
                assert (await client.update_status(one.id, "REJECTED")).id == one.id
            return sessions, await asyncio.gather(*waits)

    sessions, found = asyncio.run(use())
    assert [one.id for one in found] == [one.id for one in sessions]
    assert {one.status for one in found} == {SessionStatus.REJECTED}


def test_a_wait_whose_task_is_cancelled(start_peer):
    peer = start_peer(say_nothing)

    async def use():
        async with deepidv.AsyncClient("key", base_url=peer.url) as client:
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(client.wait_for_decision("sess_abc"), 0.2)

    asyncio.run(use())


# The command.


@pytest.mark.parametrize(
    ("status", "exit_status"),
    [("VERIFIED", _exit_status.OK), ("REJECTED", _exit_status.REJECTED), ("VOIDED", _exit_status.ENDED)],
)
def test_the_command(start_peer, status, exit_status):
    peer = start_peer(answer(body=record(status, created_at="2026-01-01T00:00:00.000Z", secret="s3cret")))
    done = run("wait", "sess_abc", "--timeout", "30", url=peer.url)
    assert done.returncode == exit_status, done.stderr
    printed = json.loads(done.stdout)
    assert (printed["id"], printed["status"]) == ("sess_abc", status)
    assert printed["created_at"] == "2026-01-01T00:00:00.000Z"
    assert "s3cret" not in done.stdout


def test_the_command_when_time_runs_out(start_peer):
    peer = start_peer(*[answer(body=record("PENDING"))] * 9)
    done = run("wait", "sess_abc", "--timeout", "1.2", url=peer.url)
    assert done.returncode == _exit_status.UNDECIDED
    assert json.loads(done.stdout)["status"] == "PENDING"
    assert "DEEPIDV_E_TIMEOUT" in done.stderr


def test_the_command_without_a_session(start_peer):
    done = run("wait", "sess_abc", url=start_peer(answer(404, {})).url)
    assert (done.returncode, done.stdout) == (_exit_status.REFUSED, "")
    assert run("wait", "sess_abc", "--timeout", "0").returncode == _exit_status.USAGE_ERROR
    assert run("wait", "sess_abc", "--timeout", "1.2").returncode == _exit_status.TRY_AGAIN


# What a record says.


FULL = record(
    "VERIFIED",
    type="session",
    organization_id="org_1",
    user_id="usr_1",
    sender_user_id="usr_2",
    session_progress="COMPLETED",
    workflow_id="wf_1",
    workflow_steps=[{"id": "one"}],
    redirect_url="https://yourapp.com/cb",
    created_at="2026-01-01T00:00:00.000Z",
    updated_at="2026-01-01T02:00:00+02:00",
    submitted_at="2026-01-01T00:00:01.123456789Z",
    expires_at="2026-01-02T00:00:00Z",
    location={"city": "Utrecht"},
    uploads={"id_front": True, "selfie": False, "other": "yes"},
    meta_data={"applicantName": "Ada"},
    analysis_data={"score": 0.5, "parts": [1, None]},
)


def test_every_field():
    found, _ = against(answer(body=FULL), call=lambda client: client.retrieve_session("sess_abc"))
    start = datetime.datetime(2026, 1, 1, tzinfo=UTC)
    assert (found.created_at, found.updated_at) == (start, start)
    assert found.submitted_at == start + datetime.timedelta(seconds=1, microseconds=123456)
    assert found.expires_at == start + datetime.timedelta(days=1)
    assert all(at.tzinfo for at in (found.created_at, found.updated_at, found.submitted_at, found.expires_at))
    assert (found.type, found.workflow_id, found.workflow_steps) == ("session", "wf_1", [{"id": "one"}])
    assert (found.organization_id, found.user_id, found.sender_user_id) == ("org_1", "usr_1", "usr_2")
    assert found.redirect_url == "https://yourapp.com/cb"
    assert found.location == {"city": "Utrecht"}
    assert found.uploads == {"id_front": True, "selfie": False}
    assert found.meta_data == {"applicantName": "Ada"}
    assert found.analysis_data == {"score": 0.5, "parts": [1, None]}
    assert "Ada" not in repr(found)
    assert "Utrecht" not in repr(found)
    assert pickle.loads(pickle.dumps(found)) == found
    assert hash(found) == hash(pickle.loads(pickle.dumps(found)))


def test_a_list_has_them_too(client, applicant):
    client.create_session(**applicant, external_id="dates")
    [listed] = client.list_page(external_id="dates").sessions
    now = datetime.datetime.now(UTC)
    assert abs(now - listed.created_at) < datetime.timedelta(hours=1)
    assert listed.updated_at == listed.created_at
    assert listed.submitted_at is None


@pytest.mark.parametrize("location", ["Utrecht", None, {"lat": 1}])
def test_a_location_has_three_forms(location):
    found, _ = against(answer(body=record(location=location)), call=lambda client: client.retrieve_session("sess_abc"))
    assert found.location == location


def test_fields_of_another_type():
    wrong = record("SOME_DAY", type=7, uploads=[], location=7, created_at=7, updated_at="soon", expires_at="")
    found, _ = against(answer(body=wrong), call=lambda client: client.retrieve_session("sess_abc"))
    assert (found.status, found.type, found.uploads, found.location) == ("SOME_DAY", None, {}, None)
    assert (found.created_at, found.updated_at, found.expires_at, found.submitted_at) == (None,) * 4
    assert found.record["type"] == 7
    assert (found.meta_data, found.analysis_data, found.workflow_steps) == (None,) * 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-02-28T23:59:59Z", datetime.datetime(2026, 2, 28, 23, 59, 59, tzinfo=UTC)),
        ("2026-02-28t23:59:59z", datetime.datetime(2026, 2, 28, 23, 59, 59, tzinfo=UTC)),
        ("2026-02-28 23:59:59", datetime.datetime(2026, 2, 28, 23, 59, 59, tzinfo=UTC)),
        ("2026-02-28T23:59:59.5Z", datetime.datetime(2026, 2, 28, 23, 59, 59, 500_000, tzinfo=UTC)),
        ("2026-03-01T01:29:59+0130", datetime.datetime(2026, 2, 28, 23, 59, 59, tzinfo=UTC)),
        ("2026-02-28T15:59:59-08:00", datetime.datetime(2026, 2, 28, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_dates(text, expected):
    parsed = _moment.moment(text)
    assert parsed == expected
    assert parsed.tzinfo is not None


@pytest.mark.parametrize(
    "text",
    [None, "", "2026", "2026-02-30T00:00:00Z", "2026-02-28T24:00:00Z", "2026-02-28T00:00:00+25:00",
     "2026-02-28T00:00:00Z ", "2026-02-28T00:00:00.Z", "0000-01-01T00:00:00Z", "\u0662026-02-28T00:00:00Z"],
)  # fmt: skip
def test_what_is_no_date(text):
    assert _moment.moment(text) is None
