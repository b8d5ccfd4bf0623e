"""Requests that are too large, incomplete, or not HTTP."""

import json
import socket
import time

import pytest
from emulator_process import APPLICANT


@pytest.mark.parametrize("size", [(1 << 20) + 1, 2 << 20, 10 << 20])
def test_body_over_the_limit(emulator, size):
    response = emulator.create_raw(b"x" * size)
    assert response.status == 413
    assert "error" in response.json


def test_body_at_the_limit(emulator):
    body = json.dumps(APPLICANT).encode()
    assert emulator.create_raw(body + b" " * ((1 << 20) - len(body))).status == 200


def test_connection_survives_a_large_body(emulator):
    connection = emulator.connect()
    for size, status in ((2 << 20, 413), (10, 400)):
        connection.request(
            "POST", "/v1/sessions", b"x" * size, {"x-api-key": "dk_emulator", "Content-Type": "application/json"}
        )
        response = connection.getresponse()
        assert response.status == status
        response.read()
    connection.close()


def test_chunked_bodies(emulator):
    headers = {"x-api-key": "dk_emulator", "Content-Type": "application/json"}
    body = json.dumps(APPLICANT).encode()
    chunks = [body[:10], body[10:]]
    assert emulator.request("POST", "/v1/sessions", iter(chunks), headers).status == 200
    chunks = [b"x" * 65536] * 32
    assert emulator.request("POST", "/v1/sessions", iter(chunks), headers).status == 413


def test_endless_body_ends_the_connection(emulator):
    connection = socket.create_connection((emulator.address.hostname, emulator.address.port))
    connection.settimeout(20)
    connection.sendall(b"POST /v1/sessions HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n")
    try:
        for _ in range(64):
            connection.sendall(b"100000\r\n" + b"x" * (1 << 20) + b"\r\n")
    except OSError:
        pass
    else:
        pytest.fail("the emulator read 64 MiB")
    connection.close()


@pytest.mark.parametrize(
    "bytes_sent",
    [
        b"\r\n\r\n",
        b"GET\r\n\r\n",
        b"\xff\xfe\x00 / HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET /v1/sessions HTTP/1.1\r\nx-api-key: \xff\xff\r\n\r\n",
        b"POST /v1/sessions HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST /v1/sessions HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
        b"POST /v1/sessions HTTP/1.1\r\nContent-Length: 9223372036854775807\r\n\r\nx",
        b"POST /v1/sessions HTTP/1.1\r\nContent-Length: 100\r\n\r\nhalf",
        b"POST /v1/sessions HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST /v1/sessions HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\nx",
        b"POST /v1/sessions HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nx",
        b"BREW /v1/sessions HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nx-long: " + b"a" * 4_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 2_000 + b"\r\n",
        b"GET /" + b"a" * 4_000 + b" HTTP/1.1\r\n\r\n",
    ],
    ids=lambda sent: repr(sent[:60]),
)
def test_bad_bytes_do_no_harm(emulator, bytes_sent):
    connection = socket.create_connection((emulator.address.hostname, emulator.address.port))
    connection.sendall(bytes_sent)
    connection.shutdown(socket.SHUT_WR)
    connection.settimeout(5)
    try:
        while connection.recv(65536):
            pass
    except OSError:
        pass
    connection.close()
    assert emulator.create().status == 200


@pytest.mark.parametrize(
    "head, status",
    [
        (b"GET /" + b"a" * 9_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", 414),
        (b"GET /v1/sessions?external_id=" + b"a" * 9_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\n" + b"x-long: " + b"a" * 17_000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\n" + b"".join(b"x-%d: b\r\n" % n for n in range(2_500)) + b"\r\n", 431),
    ],
    ids=lambda value: repr(value[:30]) if isinstance(value, bytes) else value,
)
def test_long_heads_are_refused(emulator, head, status):
    connection = socket.create_connection((emulator.address.hostname, emulator.address.port))
    connection.settimeout(20)
    connection.sendall(head)
    assert connection.recv(65536).startswith(b"HTTP/1.1 %d " % status)
    connection.close()


@pytest.mark.parametrize("size", [200_000, 1_000_000])
@pytest.mark.parametrize("before", [b"", b"GET /emulator.css HTTP/1.1\r\nHost: localhost\r\n\r\n" * 3])
def test_endless_heads_end_the_connection(emulator, size, before):
    connection = socket.create_connection((emulator.address.hostname, emulator.address.port))
    connection.settimeout(30)
    try:
        connection.sendall(before + b"GET / HTTP/1.1\r\nx-long: " + b"a" * size)
        # Returns the responses to the earlier requests, if any, and then the end of the connection.
        while connection.recv(65536):
            pass
    except ConnectionError:
        pass
    connection.close()
    assert emulator.create().status == 200


def test_a_long_body_does_not_count_as_head(emulator):
    """A body can be much longer than a head, slow, and sent together with its head."""
    body = json.dumps(APPLICANT).encode()
    body += b" " * (1_000_000 - len(body))
    head = (
        b"POST /v1/sessions HTTP/1.1\r\nHost: localhost\r\nx-api-key: dk_emulator\r\n"
        b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
    )
    connection = socket.create_connection((emulator.address.hostname, emulator.address.port))
    connection.settimeout(20)
    for _ in range(3):
        sent = head + body
        for start in range(0, len(sent), 250_000):
            connection.sendall(sent[start : start + 250_000])
            time.sleep(0.05)
        response = connection.recv(65536)
        assert response.startswith(b"HTTP/1.1 200 "), response
        while b"session_url" not in response:
            response += connection.recv(65536)
    connection.close()


def test_many_calls_on_one_connection_do_not_count_as_one_head(emulator):
    connection = emulator.connect()
    ended = time.monotonic() + 1.5
    while time.monotonic() < ended:
        connection.request("GET", "/emulator.css", headers={"x-padding": "a" * 1000})
        assert connection.getresponse().read()
    connection.close()


def test_slow_callers_do_not_hold_up_others(emulator):
    slow = [socket.create_connection((emulator.address.hostname, emulator.address.port)) for _ in range(100)]
    for index, connection in enumerate(slow):
        connection.sendall(b"POST /v1/sessions HTTP/1.1\r\nContent-Length: 100\r\n\r\nx"[: 10 + index])
    assert emulator.create().status == 200
    for connection in slow:
        connection.close()


def test_reused_connection_is_fast(emulator):
    connection = emulator.connect()
    started = time.monotonic()
    for _ in range(25):
        connection.request("GET", "/emulator.css")
        connection.getresponse().read()
    # With Nagle's algorithm and delayed ACKs, this would take more than a second.
    assert time.monotonic() - started < 0.5
    connection.close()
