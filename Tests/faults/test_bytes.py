"""Connections that end between any two bytes of a response, and bytes that do not belong to it."""

import threading

import pytest
from server import TIMEOUT, chunked, response, session
from truth import UNKNOWN

SHAPES = {
    "length": lambda body: response(body),
    "chunked": lambda body: chunked(body, trailers=b"Trailer: a\r\nOther: b\r\n"),
    "until closed": lambda body: response(body, length=False),
    "after 100": lambda body: b"HTTP/1.1 100 Continue\r\nA: b\r\n\r\n" + response(body),
}


@pytest.mark.parametrize("end", ["fin", "reset", "close_notify"])
@pytest.mark.parametrize("shape", SHAPES)
def test_ends_between_any_two_bytes(start_server, transport, shape, end):
    """The session is known exactly if all of its record has arrived, whatever is missing behind it."""
    if end == "close_notify" and transport == "plain":
        pytest.skip("plain connections end with a FIN")
    whole = SHAPES[shape](session()[0])
    # Over TLS each byte costs two handshakes' time.
    counts = range(0, len(whole), 1 if transport == "plain" else 5)
    cuts = iter(counts)
    ids = {}

    def handle(wire):
        while wire.request():
            count = next(cuts)
            body, name = session()
            data = SHAPES[shape](body)
            ids[count] = (name, data[:count])
            wire.send(data[:count])
            wire.wait_until_read()
            if end == "reset":
                return wire.reset()
            wire.half_close(notify=end == "close_notify")
            wire.linger()
            return None

    server, client = start_server(handle)
    for count in counts:
        report = client.create(None)
        name, data = ids[count]
        record_is_whole = data.count(b"}") == 1 if b"{" in data else False
        if record_is_whole and report.status == "OK":
            assert report.session_id == name
        elif not record_is_whole:
            assert (report.status, report.session_id) == (UNKNOWN, None), (count, data[-40:], report)
        else:
            pytest.fail(f"{count}: {data[-40:]}: {report}")
    assert server.connections == len(counts)


# What follows a response.

STALE = response(b'{"id":"sess_stale","session_url":"https://verify.example.com/session/sess_stale","links":[]}')
BEHIND = {"a response": STALE, "a byte": b"H", "a line end": b"\r\n", "garbage": bytes(range(256)) * 100}


@pytest.mark.parametrize("shape", ["length", "chunked"])
@pytest.mark.parametrize("when", ["at once", "while idle"])
@pytest.mark.parametrize("behind", BEHIND)
def test_bytes_behind_a_response(start_server, shape, when, behind):
    """They are not read as the next response: the next request is sent over another connection."""
    names, sent = [], threading.Event()

    def handle(wire):
        while wire.request():
            body, name = session()
            names.append(name)
            data = SHAPES[shape](body)
            if when == "at once":
                wire.send(data + BEHIND[behind])
            else:
                wire.send(data)
                # The client has no other way to tell it from the next response than its time.
                may_send.wait(TIMEOUT)
                may_send.clear()
                wire.send(BEHIND[behind])
                wire.wait_until_read()
            sent.set()

    may_send = threading.Event()
    server, client = start_server(handle)
    for count in range(1, 4):
        sent.clear()
        report = client.create(None)
        assert (report.status, report.session_id) == ("OK", names[-1])
        may_send.set()
        assert sent.wait(TIMEOUT)
        assert (server.connections, len(names)) == (count, count)


@pytest.mark.parametrize("surplus", [0, 1])
def test_bytes_behind_a_response_of_one_piece(start_server, surplus):
    """The response ends exactly where a read of the library or a TLS record does."""
    names, sent = [], threading.Event()

    def handle(wire):
        while wire.request():
            body, name = session()
            names.append(name)
            head = b"HTTP/1.1 200 OK\r\nContent-Length: 16315\r\nX-Filled: %b\r\n\r\n"
            head %= b"a" * (16384 - 16315 - len(head) + 2)
            assert len(head) + 16315 == 16384
            wire.send(head + body.ljust(16315) + STALE[:surplus])
            wire.wait_until_read()
            sent.set()

    server, client = start_server(handle)
    for _ in range(3):
        report = client.create(None)
        assert (report.status, report.session_id) == ("OK", names[-1])
        assert sent.wait(TIMEOUT)
        sent.clear()
    assert server.connections == (3 if surplus else 1)


# Interim responses that nobody asked for.

INTERIM = b"HTTP/1.1 100 Continue\r\n\r\n"


@pytest.mark.parametrize("count", [1, 1000])
def test_interim_responses(start_server, count):
    names = []

    def handle(wire):
        while wire.request():
            body, name = session()
            names.append(name)
            wire.send(INTERIM * count)
            wire.wait_until_read()
            wire.send(response(body))

    server, client = start_server(handle)
    for _ in range(2):
        report = client.create(None)
        assert (report.status, report.session_id) == ("OK", names[-1])
    assert server.connections == 1


def test_interim_responses_without_end(start_server):
    def handle(wire):
        wire.request()
        while True:
            wire.send(INTERIM * 100)

    _, client = start_server(handle)
    report = client.create(None)
    assert (report.status, report.cause) == (UNKNOWN, "E_ANSWER_TOO_LARGE")


@pytest.mark.parametrize(
    "headers", [b"Content-Length: 5\r\n", b"Connection: close\r\n", b"Transfer-Encoding: chunked\r\n"]
)
def test_headers_of_an_interim_response_do_not_count(start_server, headers):
    names = []

    def handle(wire):
        while wire.request():
            body, name = session()
            names.append(name)
            wire.send(b"HTTP/1.1 103 Early Hints\r\n%b\r\n" % headers + response(body))

    server, client = start_server(handle)
    for _ in range(2):
        report = client.create(None)
        assert (report.status, report.session_id) == ("OK", names[-1])
    assert server.connections == 1
