"""Creates that are repeated: the guard, find or create, and searching first."""

import asyncio
import time

import deepidv
import pytest
from conftest import APPLICANT, each
from peer import CREATED, NO_SESSIONS, Peer, answer, hang_up
from test_lookup import page, record

ORDER = {**APPLICANT, "external_id": "order-1"}


def client_of(peer, **options):
    """Create a client whose lost creates are not searched for: they end before the first search."""
    return deepidv.Client("the-key", base_url=peer.url, timeout=0.3, rate_limit=0, **options)


def lose(client, applicant):
    """Create a session whose response is lost, and return the exception."""
    with pytest.raises(deepidv.OutcomeUnknown) as caught:
        client.create_session(**applicant)
    return caught.value


# The guard


@pytest.mark.parametrize("applicant", [APPLICANT, ORDER])
def test_a_repeated_create_is_not_sent(start_peer, applicant):
    peer = start_peer(hang_up)
    with client_of(peer) as client:
        lost = lose(client, applicant)
        for _ in range(3):
            again = lose(client, applicant)
            assert again.reconcile_token == lost.reconcile_token
            assert 60 < again.retry_after <= 120
            assert again.attempts == 0
            assert "not sent" in again.api_message
            # The search got a response, but the explanation is the library's.
            assert again.http_status == 200
            assert again.api_message in str(again)
    assert len(peer.posts) == 1


def test_the_text_of_a_search_that_failed_is_the_service_s(start_peer, applicant):
    peer = start_peer(hang_up, answer(500, {"message": "Ada Lovelace"}))
    with client_of(peer) as client:
        lose(client, applicant)
        again = lose(client, applicant)
        assert (again.http_status, again.api_message) == (500, "Ada Lovelace")
        assert "Ada" not in str(again)


def test_a_repeated_create_is_found(start_peer, applicant):
    def listed(connection):
        external_id = peer.posts[0].json["external_id"]
        return page(record(external_id=external_id))(connection)

    peer = start_peer(hang_up, listed)
    with client_of(peer) as client:
        lose(client, applicant)
        session = client.create_session(**applicant)
        assert (session.id, session.url) == ("sess_found", None)
        assert (session.created, session.reconciled) == (False, True)
        # Another caller may be about to repeat it too.
        peer.acts.append(listed)
        assert client.create_session(**applicant).id == "sess_found"
    assert len(peer.posts) == 1


def test_a_create_that_was_reconciled_is_forgotten(start_peer, applicant):
    peer = start_peer(hang_up)
    with client_of(peer) as client:
        lost = lose(client, applicant)
        external_id = peer.posts[0].json["external_id"]
        peer.acts.append(page(record(external_id=external_id)))
        assert client.reconcile(lost.reconcile_token).id == "sess_found"
        assert client.create_session(**applicant).created
    assert len(peer.posts) == 2


def test_a_repeated_create_is_sent_once_it_has_settled(start_peer, applicant):
    peer = start_peer(hang_up)
    with client_of(peer, settle=0.5) as client:
        lose(client, applicant)
        time.sleep(0.6)
        assert client.create_session(**applicant).created
    assert [post.json for post in peer.posts] == [peer.posts[0].json] * 2
    assert len(peer.searches) == 1


def test_without_the_guard_it_is_sent(start_peer, applicant):
    peer = start_peer(hang_up)
    with client_of(peer, repeat_guard=False) as client:
        assert lose(client, applicant).retry_after == 0
        assert client.create_session(**applicant).created
    assert len(peer.posts) == 2
    assert peer.searches == []


def test_a_new_client_knows_of_it(start_peer, applicant):
    peer = start_peer(hang_up)
    tokens = set()
    for _ in range(2):
        with client_of(peer) as client:
            tokens.add(lose(client, applicant).reconcile_token)
    assert len(tokens) == len(peer.posts) == 1


def test_the_options_from_the_environment(start_peer, applicant, monkeypatch):
    peer = start_peer(hang_up)
    monkeypatch.setenv("DEEPIDV_API_KEY", "the-key")
    monkeypatch.setenv("DEEPIDV_BASE_URL", peer.url)
    monkeypatch.setenv("DEEPIDV_SETTLE_MS", "5000")
    with deepidv.Client.from_env(timeout=0.3) as client:
        assert 0 < lose(client, applicant).retry_after <= 5
    monkeypatch.setenv("DEEPIDV_REPEAT_GUARD", "0")
    with deepidv.Client.from_env(timeout=5) as client:
        client.create_session(**applicant)
    assert len(peer.posts) == 2


@pytest.mark.parametrize(
    ("option", "value", "error"),
    [
        ("repeat_guard", 1, TypeError),
        ("settle", "120", TypeError),
        ("settle", 0, deepidv.InvalidOption),
        ("settle", 86_401, deepidv.InvalidOption),
        ("settle", float("inf"), deepidv.InvalidOption),
    ],
)
def test_options_that_are_refused(option, value, error):
    with pytest.raises(error, match=option):
        deepidv.Client("the-key", **{option: value})


# Find or create


async def _async(method, options, arguments):
    async with deepidv.AsyncClient("the-key", **options) as client:
        return await getattr(client, method)(**arguments)


def _blocking(method, options, arguments):
    with deepidv.Client("the-key", **options) as client:
        return getattr(client, method)(**arguments)


WAYS = {
    "find or create": lambda *call: _blocking("find_or_create_session", *call),
    "async find or create": lambda *call: asyncio.run(_async("find_or_create_session", *call)),
    "search first": lambda options, fields: _blocking("create_session", options, {**fields, "search_first": True}),
    "async search first": lambda options, fields: asyncio.run(
        _async("create_session", options, {**fields, "search_first": True})
    ),
}


def find(way, peer, applicant=ORDER):
    return WAYS[way]({"base_url": peer.url, "timeout": 5, "rate_limit": 0}, applicant)


@pytest.mark.parametrize("way", WAYS)
def test_a_session_that_exists(start_peer, way):
    peer = start_peer(page(record(external_id="order-1", created_at="2020-01-01T00:00:00Z")))
    session = find(way, peer)
    assert (session.id, session.url, session.attempts) == ("sess_found", None, 0)
    assert (session.created, session.reconciled) == (False, True)
    assert peer.posts == []


@pytest.mark.parametrize("way", WAYS)
def test_a_session_that_does_not_exist(start_peer, way):
    peer = start_peer(answer(body=NO_SESSIONS), answer(body=CREATED))
    session = find(way, peer)
    assert (session.id, session.url) == (CREATED["id"], CREATED["session_url"])
    assert (session.created, session.reconciled) == (True, False)
    assert [request.method for request in peer.requests] == ["GET", "POST"]
    assert peer.posts[0].json == ORDER


UNCLEAR = {
    "several": (page(record("a", external_id="order-1"), record("b", external_id="order-1")), "DUPLICATE"),
    "refused": (answer(403, {"error": "no"}), "FORBIDDEN"),
    "more pages": (page(next_token="more"), "NOT_SENT"),
}


def _unclear(case):
    act, _ = UNCLEAR[case]
    peer = Peer(*[act] * 9)
    try:
        with pytest.raises((deepidv.DeepIDVError, deepidv.OutcomeUnknown)) as caught:
            find("find or create", peer)
    finally:
        peer.end()
    return caught.value, peer


unclear = each({case: case for case in UNCLEAR}, _unclear)


@pytest.mark.parametrize("case", UNCLEAR)
def test_nothing_is_sent_unless_there_is_certainly_none(unclear, case):
    error, peer = unclear[case]
    assert error.name == f"DEEPIDV_E_{UNCLEAR[case][1]}"
    assert peer.posts == []
    if case == "several":
        assert error.session_ids == ("a", "b")
    if case == "refused":
        assert (error.cause, len(peer.searches)) == ("DEEPIDV_E_FORBIDDEN", 1)


@pytest.mark.parametrize("external_id", [None, "x" * 1025])
@pytest.mark.parametrize("way", WAYS)
def test_it_needs_an_external_id(start_peer, way, external_id):
    peer = start_peer()
    with pytest.raises(deepidv.InvalidRequest) as caught:
        find(way, peer, {**APPLICANT, "external_id": external_id})
    assert caught.value.field == "external_id"
    assert peer.requests == []


def test_search_first_is_no_number(start_peer):
    peer = start_peer()
    for value in (1, "yes", None):
        with client_of(peer) as client, pytest.raises(TypeError, match="search_first"):
            client.create_session(**ORDER, search_first=value)


def test_a_job_that_is_delivered_twice(client):
    job = {**APPLICANT, "external_id": "job-that-is-delivered-twice"}
    first = client.find_or_create_session(**job)
    again = client.find_or_create_session(**job)
    assert (first.created, again.created) == (True, False)
    assert again.id == first.id
    assert again.url is None
    assert [one.id for one in client.list_sessions(external_id=job["external_id"])] == [first.id]


def test_the_session_of_a_cancelled_call_keeps_how_it_was_found():
    session = deepidv.Session("a", None, None, None, (), b"", 200, 0, 0.0, reconciled=True, created=False)
    error = deepidv.CreatedThoughCancelled.of(session)
    assert deepidv.error_from_dict(error.to_dict()).session.created is False
