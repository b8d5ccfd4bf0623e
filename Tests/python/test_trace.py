"""The id that the service gives a request, and the trace that a create belongs to."""

import asyncio
import copy
import json
import pickle

import deepidv
import pytest
from conftest import APPLICANT
from peer import NO_SESSIONS, answer, hang_up

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
ID = "X-Request-Id: req-42"
RECORD = {"session_record": {"id": "sess_1", "status": "VERIFIED"}}


def client_of(peer):
    return deepidv.Client("key", base_url=peer.url, rate_limit=0, timeout=2)


def test_sessions_records_and_pages_have_the_request_id(start_peer, applicant):
    peer = start_peer(
        answer(headers=[ID]), answer(200, RECORD, headers=[ID]), answer(200, NO_SESSIONS, headers=["CF-Ray: 7"])
    )  # fmt: skip
    with client_of(peer) as client:
        session = client.create_session(**applicant)
        assert session.request_id == session.to_dict()["request_id"] == "req-42"
        assert client.retrieve_session("sess_1").request_id == "req-42"
        assert client.list_page().request_id == "7"


def test_a_response_without_one(client, applicant):
    session = client.create_session(**applicant)
    assert session.request_id is session.to_dict()["request_id"] is None
    assert client.retrieve_session(session.id).request_id is client.list_page().request_id is None


@pytest.mark.parametrize(
    "remake",
    [
        copy.copy,
        lambda error: pickle.loads(pickle.dumps(error)),
        lambda error: deepidv.error_from_dict(json.loads(json.dumps(error.to_dict()))),
    ],
)
def test_exceptions_have_it_and_keep_it(failing, remake):
    refused, _ = failing(answer(400, {"message": "no"}, headers=[ID]))
    assert refused.request_id == remake(refused).request_id == "req-42"
    lost, _ = failing(hang_up)
    assert lost.request_id is remake(lost).request_id is None
    assert deepidv.NotFound(request_id="mine").request_id == "mine"


def test_a_session_of_an_interrupted_create_keeps_it(start_peer, applicant):
    peer = start_peer(answer(headers=[ID]))
    with client_of(peer) as client:
        created = deepidv.CreatedThoughCancelled.of(client.create_session(**applicant))
    again = deepidv.error_from_dict(json.loads(json.dumps(created.to_dict())))
    assert created.request_id == again.request_id == again.session.request_id == "req-42"


# traceparent

CREATES = {
    "create_session": lambda client, **named: client.create_session(**APPLICANT, **named),
    "find_or_create_session": lambda client, **named: client.find_or_create_session(
        **APPLICANT, external_id="mine", **named
    ),
    "create_session_from": lambda client, **named: client.create_session_from(APPLICANT, **named),
}


def through_asyncio(create, peer, **named):
    async def run():
        async with deepidv.AsyncClient("key", base_url=peer.url, rate_limit=0) as client:
            return await create(client, **named)

    return asyncio.run(run())


def through_a_thread(create, peer, **named):
    with client_of(peer) as client:
        return create(client, **named)


@pytest.mark.parametrize("way", [through_asyncio, through_a_thread])
@pytest.mark.parametrize("name", CREATES)
@pytest.mark.parametrize("given", [TRACE, TRACE.encode(), None, ""])
def test_the_requests_of_a_create(start_peer, way, name, given):
    searches = name.startswith("find")
    peer = start_peer(*[answer(200, NO_SESSIONS)] * searches, answer(429, {}, headers=["Retry-After: 0"]), answer())
    assert way(CREATES[name], peer, traceparent=given).id == "sess_1"
    sent = [request.header("traceparent") for request in peer.end()]
    assert sent == [TRACE if given else None] * (2 + searches)


@pytest.mark.parametrize("way", [through_asyncio, through_a_thread])
@pytest.mark.parametrize("name", CREATES)
@pytest.mark.parametrize("given", ["my trace", TRACE[:-1], TRACE.upper(), f"{TRACE}\r\nX: y", "\ud800"])
def test_what_is_no_traceparent(start_peer, way, name, given):
    peer = start_peer()
    with pytest.raises(deepidv.InvalidRequest) as refused:
        way(CREATES[name], peer, traceparent=given)
    assert refused.value.field == "traceparent"
    assert given not in str(refused.value)
    assert peer.end() == []


def test_what_is_no_text(client):
    for create in CREATES.values():
        with pytest.raises(TypeError, match="traceparent must be str, not int"):
            create(client, traceparent=5)


def test_it_is_no_field(client):
    with pytest.raises(deepidv.InvalidRequest):
        client.create_session_from({**APPLICANT, "traceparent": TRACE})


def test_creates_that_differ_only_in_it_are_the_same(start_peer, applicant):
    peer = start_peer(hang_up, *[answer(200, NO_SESSIONS)] * 9)
    with client_of(peer) as client:
        for trace in (TRACE, TRACE.replace("4bf9", "4bfa")):
            with pytest.raises(deepidv.OutcomeUnknown):
                client.create_session(**applicant, external_id="mine", traceparent=trace)
    assert [request.method for request in peer.end()].count("POST") == 1
