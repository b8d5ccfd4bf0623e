"""HTTP itself: where a request ends, what the server answers at once, and when a connection ends."""

import json
import pathlib
import re
import socket

import pytest
from emulator_process import APPLICANT

HOST = b"Host: localhost\r\n"
STYLE = b"GET /emulator.css HTTP/1.1\r\n" + HOST + b"\r\n"
CREATE = b"POST /v1/sessions HTTP/1.1\r\nx-api-key: dk_emulator\r\nContent-Type: application/json\r\n" + HOST
BODY = json.dumps(APPLICANT).encode()


def connect(running):
    connection = socket.create_connection((running.address.hostname, running.address.port))
    connection.settimeout(20)
    return connection


def rest(connection):
    """Returns what arrives until the server closes the connection."""
    received = b""
    while part := connection.recv(65536):
        received += part
    return received


def statuses(received):
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", received)]


def exchange(running, *sent):
    """Sends bytes and the end of the input, and returns what arrives until the connection is closed."""
    with connect(running) as connection:
        for part in sent:
            connection.sendall(part)
        connection.shutdown(socket.SHUT_WR)
        return rest(connection)


AMBIGUOUS = {
    "two lengths": b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
    "one length twice": b"Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
    "a list of lengths": b"Content-Length: 5, 5\r\n\r\nhello",
    "a length before chunks": b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunks before a length": b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
    "another coding": b"Transfer-Encoding: gzip\r\n\r\nhello",
    "chunks inside another coding": b"Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
    "chunks twice": b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a length with a sign": b"Content-Length: +5\r\n\r\nhello",
    "a hexadecimal length": b"Content-Length: 0x5\r\n\r\nhello",
    "a length without a number": b"Content-Length:\r\n\r\n",
    "a space before the colon": b"Content-Length : 5\r\n\r\nhello",
    "a continued line": b"x-a: b\r\n c\r\n\r\n",
    "a chunk size that is no number": b"Transfer-Encoding: chunked\r\n\r\nx\r\n\r\n",
    "a chunk that is too long": b"Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n",
}


@pytest.mark.parametrize("rest_of_request", AMBIGUOUS.values(), ids=AMBIGUOUS)
def test_a_request_whose_end_is_ambiguous(emulator, rest_of_request):
    """It ends the connection: what follows could be a request that a proxy has not seen."""
    before = emulator.inspect("executions")["total"]
    smuggled = CREATE + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY
    with connect(emulator) as connection:
        connection.sendall(b"POST /v1/sessions HTTP/1.1\r\n" + HOST + rest_of_request + smuggled)
        # The server ends the connection, not the client.
        received = rest(connection)
    assert statuses(received) == [400]
    assert b"\r\nConnection: close\r\n" in received
    assert received.endswith(b'{"error":"This is not a valid HTTP request"}')
    assert emulator.inspect("executions")["total"] == before


@pytest.mark.parametrize(
    "request_bytes, status",
    [
        (b"GET /emulator.css HTTP/1.1\r\n\r\n", 400),
        (b"GET /emulator.css HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n", 400),
        (b"GET /emulator.css HTTP/1.1\r\nHost: localhost\r\nhost: evil.example\r\n\r\n", 400),
        (b"GET /emulator.css HTTP/1.0\r\n\r\n", 200),
        (b"GET /emulator.css HTTP/1.0\r\nHost: evil.example\r\n\r\n", 403),
        (b"GET /emulator.css HTTP/2.0\r\nHost: localhost\r\n\r\n", 400),
        (b"POST /v1/sessions HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    ],
)
def test_versions_and_hosts(emulator, request_bytes, status):
    with connect(emulator) as connection:
        connection.sendall(request_bytes)
        if status == 403:
            connection.shutdown(socket.SHUT_WR)
        assert statuses(rest(connection)) == [status]


def test_http_1_0_connections(emulator):
    keep = b"GET /emulator.css HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
    with connect(emulator) as connection:
        connection.sendall(keep * 2 + b"GET /emulator.css HTTP/1.0\r\n\r\n")
        assert statuses(rest(connection)) == [200, 200, 200]


def test_close_on_request(emulator):
    with connect(emulator) as connection:
        connection.sendall(STYLE + STYLE.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n") + STYLE)
        received = rest(connection)
    assert statuses(received) == [200, 200]
    assert received.count(b"Connection: close") == 1


def test_another_protocol_is_not_spoken(emulator):
    """Java's client asks for HTTP/2 in this way; it gets the response, and opens another connection."""
    upgrade = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAA\r\n"
    for sent in (
        STYLE[:-2] + upgrade + b"\r\n",
        CREATE + upgrade + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY,
    ):
        with connect(emulator) as connection:
            connection.sendall(sent)
            received = rest(connection)
        assert statuses(received) == [200] and b"Connection: close" in received
    with connect(emulator) as connection:
        connection.sendall(b"CONNECT localhost:443 HTTP/1.1\r\nHost: localhost:443\r\n\r\n")
        assert statuses(rest(connection)) == [404]


def test_requests_in_one_packet(emulator):
    creates = (CREATE + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY) * 3
    received = exchange(emulator, STYLE * 100 + creates + STYLE)
    assert statuses(received) == [200] * 104


def test_requests_in_single_bytes(emulator):
    sent = CREATE + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n" % len(BODY) + BODY + b"\r\n0\r\nx-a: b\r\n\r\n"
    received = exchange(emulator, *(sent[n : n + 1] for n in range(len(sent))), STYLE)
    assert statuses(received) == [200, 200]


def test_a_wait_holds_back_later_requests_of_the_connection(start):
    running = start("--rate", "0")
    running.command("faults", kind="wait", milliseconds=300, path="/v1/")
    received = exchange(running, CREATE + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY, STYLE)
    assert statuses(received) == [200, 200]
    assert received.index(b"application/json") < received.index(b"text/css")


def test_a_wait_ends_in_an_execution_without_its_client(start):
    running = start("--rate", "0")
    running.command("faults", kind="wait", milliseconds=300)
    with connect(running) as connection:
        connection.sendall(CREATE + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY)
    while running.inspect("executions")["total"] == 0:
        assert running.process.poll() is None


@pytest.mark.parametrize("framing", [b"Content-Length: %d" % len(BODY), b"Transfer-Encoding: chunked"])
def test_permission_for_a_body(emulator, framing):
    with connect(emulator) as connection:
        connection.sendall(CREATE + framing + b"\r\nExpect: 100-Continue\r\n\r\n")
        # Before any byte of the body.
        assert connection.recv(65536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        is_chunked = framing.endswith(b"chunked")
        connection.sendall(b"%x\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY) if is_chunked else BODY)
        assert statuses(connection.recv(65536)) == [200]
        connection.sendall(STYLE)
        assert statuses(connection.recv(65536)) == [200]


def test_no_permission(emulator):
    with connect(emulator) as connection:
        connection.sendall(CREATE + b"Content-Length: 1048577\r\nExpect: 100-continue\r\n\r\n")
        received = rest(connection)
        assert statuses(received) == [413] and b"Connection: close" in received
    # No body, or a client that knows no permission.
    assert statuses(exchange(emulator, STYLE[:-2] + b"Expect: 100-continue\r\n\r\n")) == [200]
    old = CREATE.replace(b"1.1", b"1.0") + b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n" % len(BODY)
    assert statuses(exchange(emulator, old + BODY)) == [200]


def test_a_length_beyond_all_limits_is_refused_at_once(emulator):
    with connect(emulator) as connection:
        connection.sendall(CREATE + b"Content-Length: 16777217\r\n\r\n")
        assert statuses(rest(connection)) == [413]


ENDLESS = {
    "a target": b"GET /",
    "a header name": b"GET / HTTP/1.1\r\n",
    "a header value": b"GET / HTTP/1.1\r\nx: ",
    "a chunk extension": b"POST /v1/sessions HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n5;",
    "a trailer": b"POST /v1/sessions HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n0\r\nx: ",
    "a chunk size": b"POST /v1/sessions HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n0",
}


@pytest.mark.parametrize("start_of_line", ENDLESS.values(), ids=ENDLESS)
def test_a_line_without_end(emulator, start_of_line):
    """It is not read to its end, which would never come."""
    filler = (b"0" if start_of_line.endswith(b"\r\n0") else b"a") * 100_000
    with connect(emulator) as connection, pytest.raises(ConnectionError):
        connection.sendall(start_of_line)
        for _ in range(1000):
            connection.sendall(filler)
    assert emulator.create().status == 200


@pytest.mark.parametrize("start", [b"", b"GET / HTTP/1.1\r\n"])
def test_lines_without_end(emulator, start):
    with connect(emulator) as connection, pytest.raises(ConnectionError):
        connection.sendall(start)
        for _ in range(1000):
            connection.sendall((b"a: b\r\n" if start else b"\r\n") * 20_000)


@pytest.mark.parametrize("lines, status", [(900, 200), (1001, 431)])
def test_the_number_of_header_lines(emulator, lines, status):
    head = b"GET /emulator.css HTTP/1.1\r\n" + HOST + b"a: b\r\n" * (lines - 1) + b"\r\n"
    with connect(emulator) as connection:
        connection.sendall(head)
        assert statuses(connection.recv(65536)) == [status]


def test_a_client_that_does_not_read(start):
    """The emulator keeps no more responses for it than the system's buffers hold."""
    running = start("--rate", "0")
    for _ in range(500):
        running.session()
    request = b"GET /v1/sessions?limit=500 HTTP/1.1\r\nx-api-key: dk_emulator\r\n" + HOST + b"\r\n"
    with connect(running) as connection:
        connection.settimeout(1)
        with pytest.raises(TimeoutError):
            while True:
                connection.sendall(request * 100)
        kilobytes = re.search(r"VmHWM:\s+(\d+)", pathlib.Path(f"/proc/{running.process.pid}/status").read_text())
        assert int(kilobytes.group(1)) < 100_000
        assert running.create().status == 200


def test_a_client_that_reads_late(start):
    """Responses that the system's buffers cannot hold arrive completely, in order, and then the connection ends."""
    running = start("--rate", "0")
    for _ in range(500):
        running.session()
    target = b"GET /v1/sessions?limit=%d HTTP/1.1\r\nx-api-key: dk_emulator\r\n" + HOST
    with connect(running) as connection:
        for limit in range(401, 500):
            connection.sendall(target % limit + b"\r\n")
        connection.sendall(target % 500 + b"Connection: close\r\n\r\n")
        received = rest(connection)
    assert statuses(received) == [200] * 100
    counts = [part.count(b'"id":"sess_') for part in received.split(b"HTTP/1.1 200 OK")[1:]]
    assert counts == list(range(401, 501))


def test_a_client_that_closes_its_side_before_it_reads(start):
    """It still gets the whole response, which is larger than the system's buffers."""
    running = start("--rate", "0")
    for _ in range(500):
        running.session(external_id="a" * 30_000)
    target = b"GET /v1/sessions?limit=500 HTTP/1.1\r\nConnection: close\r\nx-api-key: dk_emulator\r\n"
    with connect(running) as connection:
        connection.sendall(target + HOST + b"\r\n")
        assert connection.recv(1, socket.MSG_PEEK) == b"H"
        connection.shutdown(socket.SHUT_WR)
        # Until the emulator has seen the end.
        assert running.create().status == 200
        head, body = rest(connection).split(b"\r\n\r\n", 1)
    assert len(body) > 15_000_000
    assert b"Content-Length: %d\r\n" % len(body) in head
