"""What is tried again, what is paced, and what ends early: never a request that may have been executed."""

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
    """Give a key that nobody shares the pace of."""
    return f"key-{uuid.uuid4()}"


def create_behind(*doors, acts=(), count=1, **options):
    """Create with a peer behind doors of SOCKS; gives what came of it, and the peer."""
    peer = Peer(*acts, doors=doors, tls=certificate.server_context())
    options = {"base_url": peer.url, "timeout": 10, "rate_limit": 0, **options}
    options.update(proxy=f"socks5h://{peer.address}", ca_file=certificate.FILE)
    with deepidv.Client("key", **options) as client:
        outcomes = at_once(count, lambda: client.create_session(**APPLICANT))
    peer.end()
    return outcomes, peer


def at_once(count, function):
    """Call a function on so many threads, and answer what they returned or raised."""
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


# Tried again, because nothing was executed


SHUT = {
    f"{name} {times}": (door, times)
    for name, door in (("refused", REFUSE), ("hung up", slam))
    for times in (1, 2, 3, 4)
}
shut_for_a_while = each(SHUT, lambda case: create_behind(*[case[0]] * case[1], ADMIT))


@pytest.mark.parametrize("case", SHUT)
def test_what_was_not_sent_is_tried_four_times(shut_for_a_while, case):
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
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
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
    """Twenty of them, and then every create is tried once: who is down is not hammered."""
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


@pytest.mark.parametrize("status", [302, 400, 401, 402, 403, 404, 418])
def test_a_refusal_is_not_tried_again(failing, status):
    error, requests = failing(answer(status), options={"make_external_id": True})
    assert isinstance(error, deepidv.ServiceError)
    assert len(requests) == 1


# 429


def throttled(headers):
    """Create with a peer that says 429 once; gives what came of it, and the peer."""
    peer = Peer(answer(429, TOO_MANY, headers=headers))
    with deepidv.Client("key", base_url=peer.url, timeout=10, rate_limit=0) as client:
        session = client.create_session(**APPLICANT)
    peer.end()
    return session, peer


RETRY_AFTER = {
    "seconds": ["Retry-After: 1"],
    # By the service's clock, whatever ours says.
    "a date": ["Date: Sun, 06 Nov 1994 08:49:37 GMT", "Retry-After: Sun, 06 Nov 1994 08:49:38 GMT"],
    "a date to come": ["Date: Sat, 06 Nov 2094 08:49:37 GMT", "Retry-After: Sat, 06 Nov 2094 08:49:38 GMT"],
}
NO_RETRY_AFTER = {
    f"{value!r}": [f"Retry-After: {value}"]
    for value in (
        "0",
        "soon",
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "\x7f",
    )
}
throttled_once = each({"": [], **RETRY_AFTER, **NO_RETRY_AFTER}, throttled)


def test_429_is_no_end(throttled_once):
    session, peer = throttled_once[""]
    assert (session.id, session.attempts) == ("sess_1", 2)
    first, second = peer.requests
    # The same one, under the same external id.
    assert first.body == second.body


@pytest.mark.parametrize("case", RETRY_AFTER)
def test_retry_after(throttled_once, case):
    session, peer = throttled_once[case]
    assert session.id == "sess_1"
    first, second = peer.requests
    # Taken down by the peer, so a little late for the first one, and never early for the second.
    assert 0.9 < second.time - first.time < 3


@pytest.mark.parametrize("case", NO_RETRY_AFTER)
def test_retry_after_that_asks_for_nothing(throttled_once, case):
    session, peer = throttled_once[case]
    assert session.id == "sess_1"
    first, second = peer.requests
    assert second.time - first.time < 0.9


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("31536000", 31_536_000),
        ("9" * 30, None),
        ("Fri, 31 Dec 9999 23:59:59 GMT", None),
    ],
)
def test_retry_after_of_a_year(start_peer, applicant, key, value, seconds):
    peer = start_peer(answer(429, TOO_MANY, headers=[f"Retry-After: {value}"]))
    with deepidv.Client(key, base_url=peer.url, timeout=0.3) as client:
        with pytest.raises(deepidv.RateLimited) as caught:
            client.create_session(**applicant)
        assert (caught.value.http_status, caught.value.attempts) == (429, 1)
        assert caught.value.retry_after == (seconds or caught.value.retry_after) > 31_000_000
        # And what comes after it is not even begun.
        start = time.monotonic()
        with pytest.raises(deepidv.RateLimited) as caught:
            client.create_session(**applicant)
        assert (caught.value.http_status, caught.value.attempts, caught.value.raw) == (0, 0, None)
        assert caught.value.retry_after > 31_000_000
        assert time.monotonic() - start < 0.25
    assert len(peer.end()) == 1


def test_nobody_waits_for_what_cannot_be_in_time(start_peer, applicant, key):
    """Told to come back in eight hours, neither the create itself nor one behind it holds its caller."""
    peer = start_peer(answer(429, TOO_MANY, headers=["Retry-After: 28800"]))
    with deepidv.Client(key, base_url=peer.url, rate_limit=1, rate_burst=1, timeout=20) as client:
        start = time.monotonic()
        errors = at_once(5, lambda: client.create_session(**applicant))
        assert time.monotonic() - start < 5
        assert {type(error) for error in errors} == {deepidv.RateLimited}
        assert all(28_790 < error.retry_after <= 28_810 for error in errors)
        assert sorted(error.http_status for error in errors) == [0, 0, 0, 0, 429]
    assert len(peer.end()) == 1


def test_event_loops_are_told_how_long_to_wait(start_peer, applicant, key):
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


def test_a_first_429_costs_what_it_says(start_peer, applicant, key):
    peer = start_peer(answer(429, TOO_MANY, headers=["Retry-After: 1"]))
    with deepidv.Client(key, base_url=peer.url, timeout=3) as client:
        session = client.create_session(**applicant)
        assert (session.attempts, 1 <= session.elapsed < 2) == (2, True)
    assert len(peer.end()) == 2


# External ids


def test_every_create_gets_an_external_id_of_its_own(start_peer, applicant, key):
    peer = start_peer()
    with deepidv.Client(key, base_url=peer.url, rate_limit=0) as client:

        def work():
            return [client.create_session(**applicant).external_id for _ in range(125)]

        told = [external_id for told in at_once(8, work) for external_id in told]
    sent = [request.json["external_id"] for request in peer.end()]
    assert len(set(sent)) == 1000
    assert sorted(sent) == sorted(told)
    assert all(re.fullmatch("didv_[0-9a-f]{32}", external_id) for external_id in sent)


@pytest.mark.parametrize("given", ["order-1", "didv_mine", 'ü 😀/%2F?&=+#"\\\n', " ", "x" * 65_536])
@pytest.mark.parametrize("make", [True, False])
def test_your_own_external_id_is_left_alone(start_peer, applicant, given, make):
    peer = start_peer()
    with deepidv.Client("key", base_url=peer.url, make_external_id=make) as client:
        assert client.create_session(**applicant, external_id=given).external_id == given
    [request] = peer.end()
    assert request.json["external_id"] == given


@pytest.mark.parametrize("status", [400, 401, 404])
def test_a_refusal_tells_the_external_id_too(failing, status):
    error, [request] = failing(answer(status), options={"make_external_id": True})
    assert error.external_id == request.json["external_id"]
    assert error.external_id.startswith("didv_")
    assert error.external_id not in str(error)


# Pace


def test_the_pace(start_peer, applicant, key):
    peer = start_peer()
    start = time.monotonic()
    with deepidv.Client(key, base_url=peer.url, rate_limit=50, rate_burst=5) as client:
        sessions = at_once(30, lambda: client.create_session(**applicant))
    # 5 at once, and the others one by one.
    assert time.monotonic() - start >= (30 - 5) / 50
    assert {type(session) for session in sessions} == {deepidv.Session}
    times = sorted(request.time for request in peer.end())
    assert len(times) == 30
    # In any fifth of a second 5 and 10 more; some leeway for a peer that looks at its clock late.
    for first in times:
        assert sum(first <= moment < first + 0.2 for moment in times) <= 5 + 10 + 4


def test_a_pace_for_all_clients_of_a_key(start_peer, applicant, key):
    peer = start_peer()

    def create(key, **options):
        options = {"rate_limit": 1, "rate_burst": 4, "timeout": 0.2, **options}
        with deepidv.Client(key, base_url=peer.url, **options) as client:
            return client.create_session(**applicant)

    for _ in range(4):
        create(key)
    # The next one may leave in a second, which is more than it has.
    with pytest.raises(deepidv.RateLimited):
        create(key)
    create(key + "-other")
    create(key, rate_burst=3)
    create(key, rate_limit=0)
    # One that has the time waits.
    start = time.monotonic()
    create(key, timeout=5)
    assert 0.1 < time.monotonic() - start < 3
    assert len(peer.end()) == 8


def test_what_cannot_be_sent_in_time_is_refused_at_once(start_peer, applicant, key):
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
        # Nothing is known of a create that was not even looked for, and least of all that it was not executed.
        with pytest.raises(deepidv.OutcomeUnknown) as caught:
            client.reconcile("1.1700000000.x")
        assert (caught.value.cause, caught.value.attempts) == ("DEEPIDV_E_RATE_LIMITED", 0)
        assert caught.value.reconcile_token == "1.1700000000.x"
        assert 0.3 < caught.value.retry_after <= 1.1
    assert len(peer.end()) == 1


def test_the_queue_counts_when_it_is_decided_what_can_be_sent(lib, start_queue, request_, start_peer):
    peer = start_peer()
    queue = start_queue(peer.url, rate_limit=10, rate_burst=5, timeout_ms=1000)
    statuses = [queue.submit(request_, tag) for tag in range(100)]
    assert {status for status, _ in statuses} == {DEEPIDV_OK}
    taken = queue.take(100)
    assert sorted(event.op for event, _ in taken) == sorted(op for _, op in statuses)
    refused = [event for event, _ in taken if event.status == DEEPIDV_E_RATE_LIMITED]
    # 5 at once and 10 in the second that each has.
    assert 84 <= len(refused) <= 87
    assert not queue.is_readable(100)
    sent = [event for event, _ in taken if event.status == DEEPIDV_OK]
    assert 13 <= len(sent) == len(peer.end())


def test_no_pace(start_peer, applicant, key):
    peer = start_peer()
    start = time.monotonic()
    with deepidv.Client(key, base_url=peer.url, rate_limit=0, rate_burst=1) as client:
        sessions = at_once(100, lambda: client.create_session(**applicant))
    # The default would take 2.6 s.
    assert time.monotonic() - start < 2.5
    assert {type(session) for session in sessions} == {deepidv.Session}
    assert len(peer.end()) == 100


def test_connections_are_used_again_only_if_they_may_be(start_peer, applicant):
    for reuse, connections in ((True, 1), (False, 5)):
        peer = start_peer()
        with deepidv.Client("key", base_url=peer.url, connection_reuse=reuse) as client:
            for _ in range(5):
                client.create_session(**applicant)
        assert len(peer.end()) == 5
        assert peer.connections == connections


# Ended while they rest


def submit(queue, request, count):
    ops = []
    for tag in range(count):
        status, op = queue.submit(request, tag)
        assert status == DEEPIDV_OK
        ops.append(op)
    return ops


def resting_between_tries(start_queue, start_peer, request, count):
    peer = start_peer(doors=[REFUSE])
    queue = start_queue("https://127.0.0.1:1", proxy=f"socks5h://{peer.address}")
    return peer, queue, submit(queue, request, count)


def test_cancel_between_tries(lib, start_queue, start_peer, request_):
    peer, queue, ops = resting_between_tries(start_queue, start_peer, request_, 6)
    answers = []
    for op in ops:
        time.sleep(0.02)
        answers.append(lib.deepidv_client_cancel(queue.client, op))
    assert set(answers) <= {DEEPIDV_OK, DEEPIDV_E_NO_OPERATION}
    assert DEEPIDV_OK in answers
    taken = queue.take(6)
    assert sorted(event.op for event, _ in taken) == sorted(ops)
    assert {event.status for event, _ in taken} == {DEEPIDV_E_NOT_SENT}
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


def test_cancel_before_a_look(lib, start_queue, start_peer, request_):
    peer = start_peer(hang_up)
    queue = start_queue(peer.url)
    [op] = submit(queue, request_, 1)
    peer.wait_for(1)
    # The first look comes after 0.4 s at the earliest.
    time.sleep(0.1)
    assert not queue.is_readable()
    assert lib.deepidv_client_cancel(queue.client, op) == DEEPIDV_OK
    # At once, and not when it would have gone on.
    assert queue.is_readable(150)
    [(event, _)] = queue.take(1)
    assert (event.op, event.status) == (op, DEEPIDV_E_OUTCOME_UNKNOWN)
    assert lib.deepidv_client_cancel(queue.client, op) == DEEPIDV_E_NO_OPERATION
    assert not queue.is_readable(800)
    assert [request.method for request in peer.end()] == ["POST"]


def test_close_while_operations_rest(lib, start_queue, start_peer, request_):
    peer, queue, ops = resting_between_tries(start_queue, start_peer, request_, 6)
    time.sleep(0.05)
    assert lib.deepidv_client_close(queue.client) == DEEPIDV_OK
    taken = queue.take(6)
    assert sorted(event.op for event, _ in taken) == sorted(ops)
    assert {event.status for event, _ in taken} == {DEEPIDV_E_NOT_SENT}
    assert queue.next()[0] == DEEPIDV_E_CLOSED
    assert peer.end() == []


def test_close_before_a_look(start_peer, applicant):
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
    # What was lost can still be found, by a client that is open.
    with deepidv.Client("key", base_url=peer.url, timeout=0.3) as other:
        with pytest.raises(deepidv.OutcomeUnknown):
            other.reconcile(unknown.reconcile_token)
    assert [request.method for request in peer.end()] == ["POST", "GET"]


def _abi_name(code):
    return next(name for name, value in vars(_abi).items() if value == code and name.startswith("DEEPIDV_E_"))
