"""Retries, rate limits and early ends: a request that may have been executed is never sent again."""

import asyncio
import re
import socket
import threading
import time
import uuid

import certificate
import deepidv
import pytest
from conftest import APPLICANT, each
from deepidv import _abi
from deepidv._abi import (
    DEEPIDV_E_CANCELLED,
    DEEPIDV_E_CLOSED,
    DEEPIDV_E_NO_OPERATION,
    DEEPIDV_E_NOT_SENT,
    DEEPIDV_E_OUTCOME_UNKNOWN,
    DEEPIDV_E_RATE_LIMITED,
    DEEPIDV_OK,
)
from peer import Peer, answer, hang_up, reset, slam, socks

REFUSE, ADMIT = socks(5), socks(0)
TOO_MANY = {"message": "Too Many Requests"}


@pytest.fixture
def key():
    """Return a key of its own, since clients with the same key share their rate limit."""
    return f"key-{uuid.uuid4()}"


def create_behind(*doors, acts=(), count=1, **options):
    """Create through a SOCKS proxy; return the sessions and exceptions, and the peer."""
    peer = Peer(*acts, doors=doors, tls=certificate.server_context())
    options = {"base_url": peer.url, "timeout": 10, "rate_limit": 0, **options}
    options.update(proxy=f"socks5h://{peer.address}", ca_file=certificate.FILE)
    with deepidv.Client("key", **options) as client:
        outcomes = at_once(count, lambda: client.create_session(**APPLICANT))
    peer.end()
    return outcomes, peer


def at_once(count, function):
    """Call a function on several threads; return what they returned or raised."""
    outcomes = []

    def work():
        try:
            outcomes.append(function())
        except deepidv.Error as error:
            outcomes.append(error)

    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(outcomes) == count
    return outcomes


# Sent again, because nothing was executed


SHUT = {
    f"{name} {times}": (door, times)
    for name, door in (("refused", REFUSE), ("hung up", slam))
    for times in (1, 2, 3, 4)
}
shut_for_a_while = each(SHUT, lambda case: create_behind(*[case[0]] * case[1], ADMIT))


@pytest.mark.parametrize("case", SHUT)
def test_a_create_that_was_not_sent_is_tried_four_times(shut_for_a_while, case):
    [outcome], peer = shut_for_a_while[case]
    times = SHUT[case][1]
    if times < 4:
        assert (outcome.id, outcome.attempts, outcome.reconciled) == ("sess_1", 1, False)
        assert len(peer.requests) == 1
        assert peer.connections == times + 1
    else:
        assert type(outcome) is deepidv.NotSent
        assert (outcome.cause, outcome.attempts) == ("DEEPIDV_E_PROXY", 0)
        assert peer.requests == []
        assert peer.connections == 4


def test_a_port_that_opens_late(start_peer, applicant):
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        port = reserved.getsockname()[1]
    sessions = []
    with deepidv.Client("key", base_url=f"http://127.0.0.1:{port}", timeout=10) as client:
        thread = threading.Thread(target=lambda: sessions.append(client.create_session(**applicant)))
        thread.start()
        time.sleep(0.01)
        peer = start_peer(port=port)
        thread.join(20)
    assert [session.id for session in sessions] == ["sess_1"]
    assert len(peer.end()) == 1


def test_retries_have_a_budget():
    """After twenty retries each create is tried once, to spare a service that is down."""
    errors, peer = create_behind(REFUSE, count=30)
    assert {type(error) for error in errors} == {deepidv.NotSent}
    assert peer.requests == []
    assert peer.connections == 30 + 20


def test_half_a_request_is_sent_again_whole(start_peer, applicant):
    def wait_and_reset(connection):
        time.sleep(0.3)
        peer.set_receive_buffer(1 << 20)
        return reset(connection)

    # A body that does not fit into the buffers between the two.
    text = "\u0001" * 65_536
    applicant.update(first_name=text, last_name=text, external_id=text, workflow_id=text)
    peer = start_peer(receive_buffer=2048, doors=[wait_and_reset, lambda _: True])
    with deepidv.Client("key", base_url=peer.url, timeout=30) as client:
        session = client.create_session(**applicant)
    [request] = peer.end()
    assert request.json["workflow_id"] == text
    assert (session.id, session.attempts, peer.connections) == ("sess_1", 2, 2)


LAST = {"lost": hang_up, "reset": reset, "500": answer(500), "408": answer(408)}
tried_till_unknown = each(LAST, lambda end: create_behind(REFUSE, REFUSE, ADMIT, acts=[end], make_external_id=False))


@pytest.mark.parametrize("case", LAST)
def test_a_retry_that_may_have_been_executed_is_the_last(tried_till_unknown, case):
    [outcome], peer = tried_till_unknown[case]
    assert (type(outcome), outcome.attempts) == (deepidv.OutcomeUnknown, 1)
    assert len(peer.requests) == 1
    assert peer.connections == 3


# 429


def throttled(headers):
    """Create with a peer that answers 429 once; return the session and the peer."""
    peer = Peer(answer(429, TOO_MANY, headers=headers))
    with deepidv.Client("key", base_url=peer.url, timeout=10, rate_limit=0) as client:
        session = client.create_session(**APPLICANT)
    peer.end()
    return session, peer


RETRY_AFTER = {
    "seconds": ["Retry-After: 1"],
    # Relative to the service's clock.
    "a date": ["Date: Sat, 06 Nov 2094 08:49:37 GMT", "Retry-After: Sat, 06 Nov 2094 08:49:38 GMT"],
}
NO_RETRY_AFTER = {"0": ["Retry-After: 0"], "nonsense": ["Retry-After: \x7f"]}
throttled_once = each({"": [], **RETRY_AFTER, **NO_RETRY_AFTER}, throttled)


def test_a_429_is_sent_again(throttled_once):
    session, peer = throttled_once[""]
    assert (session.id, session.attempts) == ("sess_1", 2)
    first, second = peer.requests
    # With the same external id.
    assert first.body == second.body


@pytest.mark.parametrize("case", RETRY_AFTER)
def test_retry_after(throttled_once, case):
    session, peer = throttled_once[case]
    assert session.id == "sess_1"
    first, second = peer.requests
    # The peer notes the times: a little late for the first request, and never early for the second.
    assert 0.9 < second.time - first.time < 3


@pytest.mark.parametrize("case", NO_RETRY_AFTER)
def test_retry_after_without_a_wait(throttled_once, case):
    session, peer = throttled_once[case]
    assert session.id == "sess_1"
    first, second = peer.requests
    assert second.time - first.time < 0.9


def test_asyncio_gets_the_wait_in_the_exception(start_peer, applicant, key):
    peer = start_peer(answer(429, TOO_MANY, headers=["Retry-After: 28800"]))

    async def main():
        async with deepidv.AsyncClient(key, base_url=peer.url, timeout=20) as client:
            for status in (429, 0):
                with pytest.raises(deepidv.RateLimited) as caught:
                    await client.create_session(**applicant)
                assert caught.value.http_status == status
                assert 28_790 < caught.value.retry_after <= 28_800

    start = time.monotonic()
    asyncio.run(main())
    assert time.monotonic() - start < 5
    assert len(peer.end()) == 1


# External ids


def test_every_create_gets_an_external_id_of_its_own(start_peer, applicant, key):
    peer = start_peer()
    with deepidv.Client(key, base_url=peer.url, rate_limit=0) as client:

        def work():
            return [client.create_session(**applicant).external_id for _ in range(125)]

        returned = [external_id for external_ids in at_once(8, work) for external_id in external_ids]
    sent = [request.json["external_id"] for request in peer.end()]
    assert len(set(sent)) == 1000
    assert sorted(sent) == sorted(returned)
    assert all(re.fullmatch("didv_[0-9a-f]{32}", external_id) for external_id in sent)


@pytest.mark.parametrize("given", ['ü 😀/%2F?&=+#"\\\n', "x" * 65_536])
@pytest.mark.parametrize("make", [True, False])
def test_your_own_external_id_is_not_changed(start_peer, applicant, given, make):
    peer = start_peer()
    with deepidv.Client("key", base_url=peer.url, make_external_id=make) as client:
        assert client.create_session(**applicant, external_id=given).external_id == given
    [request] = peer.end()
    assert request.json["external_id"] == given


def test_a_refusal_has_the_external_id(failing):
    error, [request] = failing(answer(400), options={"make_external_id": True})
    assert error.external_id == request.json["external_id"]
    assert error.external_id.startswith("didv_")
    assert error.external_id not in str(error)


# The rate limit


def test_the_rate_limit(start_peer, applicant, key):
    peer = start_peer()
    start = time.monotonic()
    with deepidv.Client(key, base_url=peer.url, rate_limit=50, rate_burst=5) as client:
        sessions = at_once(30, lambda: client.create_session(**applicant))
    # 5 at once, and then one by one.
    assert time.monotonic() - start >= (30 - 5) / 50
    assert {type(session) for session in sessions} == {deepidv.Session}
    times = sorted(request.time for request in peer.end())
    assert len(times) == 30
    # In any fifth of a second 5 and 10 more, and 4 for a peer that reads its clock late.
    for first in times:
        assert sum(first <= moment < first + 0.2 for moment in times) <= 5 + 10 + 4


def test_a_request_that_cannot_be_sent_in_time_fails_at_once(start_peer, applicant, key):
    peer = start_peer()
    with deepidv.Client(key, base_url=peer.url, rate_limit=1, rate_burst=1, timeout=0.3) as client:
        client.create_session(**applicant)
        for call in (
            lambda: client.create_session(**applicant),
            lambda: client.retrieve_session("sess_1"),
            lambda: client.list_page(),
        ):
            start = time.monotonic()
            with pytest.raises(deepidv.RateLimited) as caught:
                call()
            assert time.monotonic() - start < 0.25
            assert isinstance(caught.value, deepidv.TryAgain)
            assert (caught.value.http_status, caught.value.attempts, caught.value.raw) == (0, 0, None)
            assert str(caught.value).endswith("(DEEPIDV_E_RATE_LIMITED)")
            assert 0.3 < caught.value.retry_after <= 1.1
        # A create that could not be searched for may still have been executed.
        with pytest.raises(deepidv.OutcomeUnknown) as caught:
            client.reconcile("1.1700000000.x")
        assert (caught.value.cause, caught.value.attempts) == ("DEEPIDV_E_RATE_LIMITED", 0)
        assert caught.value.reconcile_token == "1.1700000000.x"
        assert 0.3 < caught.value.retry_after <= 1.1
    assert len(peer.end()) == 1


def test_connection_reuse_can_be_disabled(start_peer, applicant):
    for reuse, connections in ((True, 1), (False, 5)):
        peer = start_peer()
        with deepidv.Client("key", base_url=peer.url, connection_reuse=reuse) as client:
            for _ in range(5):
                client.create_session(**applicant)
        assert len(peer.end()) == 5
        assert peer.connections == connections


# Cancelled or closed while they wait


def submit(queue, request, count):
    ops = []
    for tag in range(count):
        status, op = queue.submit(request, tag)
        assert status == DEEPIDV_OK
        ops.append(op)
    return ops


def waiting_between_tries(start_queue, start_peer, request, count):
    peer = start_peer(doors=[REFUSE])
    queue = start_queue("https://127.0.0.1:1", proxy=f"socks5h://{peer.address}")
    return peer, queue, submit(queue, request, count)


def test_cancel_between_tries(lib, start_queue, start_peer, request_):
    peer, queue, ops = waiting_between_tries(start_queue, start_peer, request_, 6)
    answers = []
    for op in ops:
        time.sleep(0.02)
        answers.append(lib.deepidv_client_cancel(queue.client, op))
    assert set(answers) <= {DEEPIDV_OK, DEEPIDV_E_NO_OPERATION}
    assert DEEPIDV_OK in answers
    completions = queue.take(6)
    assert sorted(event.op for event, _ in completions) == sorted(ops)
    assert {event.status for event, _ in completions} == {DEEPIDV_E_NOT_SENT}
    assert not queue.is_readable(300)
    assert peer.end() == []


def test_cancel_after_a_429(lib, start_queue, start_peer, request_):
    peer = start_peer(answer(429, TOO_MANY, headers=["Retry-After: 10"]))
    queue = start_queue(peer.url, api_key=uuid.uuid4())
    [op] = submit(queue, request_, 1)
    peer.wait_for(1)
    time.sleep(0.1)
    assert not queue.is_readable()
    assert lib.deepidv_client_cancel(queue.client, op) == DEEPIDV_OK
    [(event, _)] = queue.take(1)
    assert (event.op, event.status) == (op, DEEPIDV_E_RATE_LIMITED)
    assert lib.deepidv_client_cancel(queue.client, op) == DEEPIDV_E_NO_OPERATION
    assert len(peer.end()) == 1


def test_cancel_before_a_search(lib, start_queue, start_peer, request_):
    peer = start_peer(hang_up)
    queue = start_queue(peer.url)
    [op] = submit(queue, request_, 1)
    peer.wait_for(1)
    # The first search comes after 0.4 s at the earliest.
    time.sleep(0.1)
    assert not queue.is_readable()
    assert lib.deepidv_client_cancel(queue.client, op) == DEEPIDV_OK
    # At once, not when the search would have begun.
    assert queue.is_readable(150)
    [(event, _)] = queue.take(1)
    assert (event.op, event.status) == (op, DEEPIDV_E_OUTCOME_UNKNOWN)
    assert lib.deepidv_client_cancel(queue.client, op) == DEEPIDV_E_NO_OPERATION
    assert not queue.is_readable(800)
    assert [request.method for request in peer.end()] == ["POST"]


def test_close_while_operations_wait(lib, start_queue, start_peer, request_):
    peer, queue, ops = waiting_between_tries(start_queue, start_peer, request_, 6)
    time.sleep(0.05)
    assert lib.deepidv_client_close(queue.client) == DEEPIDV_OK
    completions = queue.take(6)
    assert sorted(event.op for event, _ in completions) == sorted(ops)
    assert {event.status for event, _ in completions} == {DEEPIDV_E_NOT_SENT}
    assert queue.next()[0] == DEEPIDV_E_CLOSED
    assert peer.end() == []


def test_close_before_a_search(start_peer, applicant):
    peer = start_peer(hang_up)
    ended = []

    def create():
        try:
            client.create_session(**applicant)
        except deepidv.OutcomeUnknown as unknown:
            ended.append(unknown)

    client = deepidv.Client("key", base_url=peer.url)
    thread = threading.Thread(target=create)
    thread.start()
    peer.wait_for(1)
    time.sleep(0.1)
    client.close()
    thread.join(5)
    [unknown] = ended
    assert unknown.elapsed < 5
    assert unknown.cause in ("DEEPIDV_E_CONNECTION_LOST", _abi_name(DEEPIDV_E_CANCELLED))
    # Another client can still search for it.
    with deepidv.Client("key", base_url=peer.url, timeout=0.3) as other:
        with pytest.raises(deepidv.OutcomeUnknown):
            other.reconcile(unknown.reconcile_token)
    assert [request.method for request in peer.end()] == ["POST", "GET"]


def _abi_name(code):
    return next(name for name, value in vars(_abi).items() if value == code and name.startswith("DEEPIDV_E_"))
