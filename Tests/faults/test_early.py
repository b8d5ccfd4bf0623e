"""Responses that arrive before the request has left, parts of requests, and ends in one direction."""

import threading

import pytest
from server import chunked, response, session
from truth import UNKNOWN

# A body that exceeds all buffers on the way to a server which does not read it.
LARGE = dict.fromkeys(("first_name", "last_name"), "\x01" * 65536)
STATUSES = {400: "E_BAD_REQUEST", 401: "E_UNAUTHORIZED", 413: "E_REFUSED"}


def kept(wire):
    """Respond to a request, so that the next one is sent over a connection that is kept."""
    body, _ = session()
    if wire.request():
        wire.send(response(body))


@pytest.fixture(params=["fresh", "kept"])
def begin(request):
    """Return what to do on a connection first, and how many creates have succeeded then."""
    return (kept, 1) if request.param == "kept" else (lambda wire: None, 0)


def before(client, count):
    for _ in range(count):
        assert client.create(None).status == "OK"


# Responses that arrive early.


@pytest.mark.parametrize(
    ("status", "end"),
    [(400, "close"), (401, "reset"), (413, "close"), (413, "reset"), (413, "stay"), (400, "half close")],
)
def test_a_refusal_while_the_body_is_sent(start_server, begin, status, end):
    """The response is read, whatever the server does then with the rest of the body."""
    first, count = begin

    def handle(wire):
        first(wire)
        wire.head()
        wire.send(response(b'{"error":"no"}', status))
        if end == "reset":
            wire.wait_until_read()
            wire.reset()
        elif end == "half close":
            wire.half_close()
            wire.stay()
        elif end == "stay":
            wire.stay()

    server, client = start_server(handle, narrow=True)
    before(client, count)
    report = client.create(None, **LARGE)
    assert (report.status, report.http_status, report.attempts) == (STATUSES[status], status, 1)
    assert server.connections == 1


def test_a_connection_with_half_a_request_is_not_used_again(start_server):
    names = []

    def handle(wire):
        head = wire.head()
        if not names:
            names.append("")
            wire.send(response(b'{"error":"no"}', 401))
            return wire.stay()
        wire.body(head)
        body, name = session()
        names.append(name)
        return wire.send(response(body))

    server, client = start_server(handle, narrow=True)
    assert client.create(None, **LARGE).status == "E_UNAUTHORIZED"
    report = client.create(None)
    assert (report.status, report.session_id, server.connections) == ("OK", names[-1], 2)


def test_100_while_the_body_is_sent(start_server):
    names = []

    def handle(wire):
        while head := wire.head():
            wire.send(b"HTTP/1.1 100 Continue\r\n\r\n" * 20)
            wire.wait_until_read()
            wire.body(head)
            body, name = session()
            names.append(name)
            wire.send(response(body))

    server, client = start_server(handle, narrow=True)
    for _ in range(2):
        report = client.create(None, **LARGE)
        assert (report.status, report.session_id, report.attempts) == ("OK", names[-1], 1)
    assert server.connections == 1


# Parts of a request.


@pytest.mark.parametrize("part", [0, 20_000])
@pytest.mark.parametrize("end", ["close", "reset", "half close", "stay"])
def test_a_part_of_the_body(start_server, begin, part, end):
    """No server executes half a body, and no part of it is sent twice over one connection."""
    first, count = begin

    def handle(wire):
        # Retries come over connections of their own.
        if wire.number == 1:
            first(wire)
        wire.body(wire.head(), most=part)
        if end == "reset":
            wire.reset()
        elif end == "half close":
            wire.half_close()
            wire.stay()
        elif end == "stay":
            wire.stay()

    _, client = start_server(handle, narrow=True, client={"timeout_ms": 1000})
    before(client, count)
    report = client.create(None, **LARGE)
    assert (report.status, report.http_status, report.session_id) == ("E_NOT_PROCESSED", 0, None), report


def test_a_server_that_never_reads(start_server):
    """The timeout ends it, and nothing was processed."""
    _, client = start_server(lambda wire: wire.stay(), narrow=True, client={"timeout_ms": 800})
    report = client.create(None, **LARGE)
    assert (report.status, report.cause) == ("E_NOT_PROCESSED", "E_TIMEOUT")


@pytest.mark.parametrize("end", ["close", "reset", "half close"])
def test_a_whole_request_without_a_response(start_server, begin, end):
    first, count = begin

    def handle(wire):
        first(wire)
        wire.request()
        if end == "reset":
            return wire.reset()
        if end == "half close":
            wire.half_close()
            wire.stay()
        return None

    server, client = start_server(handle)
    before(client, count)
    report = client.create(None)
    assert (report.status, report.cause, report.attempts) == (UNKNOWN, "E_CONNECTION_LOST", 1)
    assert server.connections == 1


# Ends in one direction.


@pytest.mark.parametrize("notify", [False, True])
@pytest.mark.parametrize("shape", ["length", "chunked", "until closed"])
def test_an_end_behind_a_response(start_server, transport, shape, notify):
    """Over TLS, a response without a length is complete only with a close_notify: anybody can send a FIN."""
    names = []

    def handle(wire):
        while wire.request():
            body, name = session()
            names.append(name)
            wire.send(chunked(body) if shape == "chunked" else response(body, length=shape == "length"))
            wire.half_close(notify=notify)
            ended.set()
            wire.stay()

    ended = threading.Event()
    server, client = start_server(handle)
    for count in range(1, 4):
        ended.clear()
        report = client.create(None)
        # The record was complete.
        assert (report.status, report.session_id) == ("OK", names[-1])
        assert ended.wait(10)
        assert server.connections == count


PAGE = b'{"sessions":[],"next_token":null}'


@pytest.mark.parametrize("notify", [False, True])
@pytest.mark.parametrize("count", range(0, len(PAGE) + 1, 11))
def test_a_page_without_a_length(start_server, notify, count):
    """Whoever cuts it, nobody can make another page of it."""

    def handle(wire):
        while wire.request():
            wire.send(response(PAGE[:count], length=False))
            wire.half_close(notify=notify)
            wire.linger()

    _, client = start_server(handle, client={"timeout_ms": 300})
    assert (client.list() == "OK") == (count == len(PAGE))
