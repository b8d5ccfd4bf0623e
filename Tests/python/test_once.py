"""A create is never sent twice, also on a connection that was used before."""

import time

import deepidv
import pytest
from peer import answer, hang_up, reset, say_nothing, send

SECOND = {"first_name": "Bob", "last_name": "B", "email": "b@b.example", "phone": "+1"}


@pytest.mark.parametrize("end", [hang_up, reset])
@pytest.mark.parametrize("rounds", range(10))
def test_a_used_connection_that_dies_without_an_answer(start_peer, applicant, end, rounds):
    peer = start_peer(answer(), end)
    with deepidv.Client("key", base_url=peer.url, make_external_id=False) as client:
        client.create_session(**applicant)
        with pytest.raises(deepidv.OutcomeUnknown) as caught:
            client.create_session(**SECOND)
        # The client still works.
        client.create_session(**applicant)
    assert caught.value.cause == "DEEPIDV_E_CONNECTION_LOST"
    assert caught.value.attempts == 1
    names = [request.json["first_name"] for request in peer.end()]
    assert names == [applicant["first_name"], "Bob", applicant["first_name"]]
    assert [request.connection for request in peer.requests[:2]] == [1, 1]


def test_a_used_connection_that_stays_silent(start_peer, applicant):
    peer = start_peer(answer(), say_nothing)
    with deepidv.Client("key", base_url=peer.url, timeout=0.4, make_external_id=False) as client:
        client.create_session(**applicant)
        with pytest.raises(deepidv.OutcomeUnknown) as caught:
            client.create_session(**SECOND)
    assert caught.value.cause == "DEEPIDV_E_TIMEOUT"
    assert len(peer.end()) == 2


def test_a_connection_that_was_closed_meanwhile(start_peer, applicant):
    peer = start_peer(answer(keep=False))
    with deepidv.Client("key", base_url=peer.url, make_external_id=False) as client:
        client.create_session(**applicant)
        time.sleep(0.1)
        session = client.create_session(**SECOND)
    assert session.id
    assert [request.json["first_name"] for request in peer.end()] == [applicant["first_name"], "Bob"]


def test_a_response_without_a_request(start_peer, applicant):
    """Bytes left over on a connection are not the response to the next request."""
    left_over = b'HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{"id": "evil"}\n'
    first = b'HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{"id": "good"}\n'
    peer = start_peer(send(first + left_over, keep=True))
    with deepidv.Client("key", base_url=peer.url, make_external_id=False) as client:
        assert client.create_session(**applicant).id == "good"
        try:
            second = client.create_session(**SECOND)
        except deepidv.OutcomeUnknown:
            pass
        else:
            assert second.id == "sess_1"
    assert len(peer.end()) == 2


NETWORK_ERRORS = [OSError, TimeoutError, ConnectionError, deepidv.TryAgain, deepidv.DeepIDVError]


@pytest.mark.parametrize("caught", NETWORK_ERRORS)
def test_code_that_retries_after_network_errors_does_not_repeat_an_unknown_outcome(start_peer, applicant, caught):
    peer = start_peer(hang_up)

    def retried(function):
        for _ in range(3):
            try:
                return function()
            except caught:
                continue
        return None

    with deepidv.Client("key", base_url=peer.url, make_external_id=False) as client:
        with pytest.raises(deepidv.OutcomeUnknown):
            retried(lambda: client.create_session(**applicant))
    assert len(peer.end()) == 1


def test_code_that_retries_repeats_a_safe_failure(start_peer, applicant):
    peer = start_peer(answer(429, {"message": "Too Many Requests"}, headers=["Retry-After: 1"]))
    with deepidv.Client("key", base_url=peer.url, rate_limit=0, timeout=0.5) as client:
        for _ in range(20):
            try:
                session = client.create_session(**applicant)
                break
            except deepidv.TryAgain:
                time.sleep(0.25)
    assert session.id == "sess_1"
    assert len(peer.end()) == 2


def test_code_that_retries_after_every_exception(start_peer, applicant):
    """The loop that is in every decorator that retries: the first attempt is the only one that is sent."""
    peer = start_peer(hang_up)
    raised = []
    with deepidv.Client("key", base_url=peer.url, timeout=0.5) as client:
        for _ in range(4):
            try:
                client.create_session(**applicant)
            except Exception as error:
                raised.append(error)
    assert [type(error) for error in raised] == [deepidv.OutcomeUnknown] * 4
    assert len({error.reconcile_token for error in raised}) == 1
    # What is left of the two minutes in which the service may still execute it.
    assert all(0 < later.retry_after <= earlier.retry_after <= 120 for earlier, later in zip(raised, raised[1:]))
    peer.end()
    assert len(peer.posts) == 1
    # Each repeat has searched.
    assert len(peer.searches) >= 3
