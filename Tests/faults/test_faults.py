"""Network failures during a create, and the allowed reports for each.

Each situation is tested on a new and on a reused connection, over TCP and over TLS. For every call, ``create`` checks
that nothing was executed twice and that the report is true.
"""

import contextlib
import gzip
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import proxy as p
import pytest
from truth import EXECUTED_UNSEEN, NOT_EXECUTED_UNSEEN, NOT_SENT_OR_PROCESSED, UNKNOWN

ENDS = [p.fin, p.rst, p.silence]
# A body that exceeds all buffers on the way to the server.
LARGE = {"first_name": '"' * 65_536, "last_name": '"' * 65_536}


def name(value):
    """Return the name of a parameter, if it has one."""
    return getattr(value, "__name__", None)


@pytest.fixture(params=["fresh", "reused"])
def reused(request):
    """Run the test on a new and on a reused connection."""
    return request.param == "reused"


@pytest.fixture
def situation(start_proxy, start_client, create, transport, reused):
    """Return a function that performs an action on a create, and returns the report."""

    def perform(action, *, expected, timeout_ms=3000, **fields):
        front = start_proxy(*([p.pass_on()] if reused else []), action, transport=transport)
        client = start_client(front.url, timeout_ms=timeout_ms)
        if reused:
            create(client, expected={"OK"})
        return create(client, ending=[front], expected=expected, **fields)

    return perform


def timeout_for(then):
    """Return a timeout in milliseconds for a create whose connection is closed like this."""
    return 400 if then is p.silence else 3000


# The request is truncated.


@pytest.mark.parametrize(
    "position",
    [p.at(0), p.at(1), p.in_first_line, p.in_headers, p.before_blank_line, p.after_headers, p.in_body, p.at(-1)],
    ids=["at 0", "at 1", "first line", "headers", "blank line", "after headers", "body", "last byte"],
)
@pytest.mark.parametrize("then", ENDS, ids=name)
def test_request_is_cut(situation, position, then):
    # A small request was sent completely before the connection was closed, so the outcome may be unknown.
    report = situation(
        p.cut_request(position, then),
        expected=NOT_EXECUTED_UNSEEN | NOT_SENT_OR_PROCESSED,
        timeout_ms=timeout_for(then),
    )
    assert report.executions == (report.status == "OK")


@pytest.mark.parametrize("then", ENDS, ids=name)
@pytest.mark.parametrize("count", [0, 1, 400, 30_000, 200_000])
def test_large_request_is_cut(start_proxy, start_client, create, transport, then, count):
    front = start_proxy(p.cut_request(p.at(count), then), transport=transport, narrow=True)
    client = start_client(front.url, timeout_ms=timeout_for(then))
    create(client, ending=[front], expected=NOT_EXECUTED_UNSEEN | NOT_SENT_OR_PROCESSED, **LARGE)


def test_most_of_a_large_request_never_left(start_proxy, start_client, create):
    """If most of the body was not sent, the report must be that it was not executed."""
    front = start_proxy(p.cut_request(p.at(1000), p.silence), narrow=True)
    # Long enough for the second attempt, which succeeds.
    client = start_client(front.url, timeout_ms=3000)
    create(client, ending=[front], expected=NOT_SENT_OR_PROCESSED, **LARGE)


# The request is executed, and the response is truncated.


@pytest.mark.parametrize(
    "position",
    [
        p.at(0),
        p.at(1),
        p.in_first_line,
        p.after_first_line,
        p.in_headers,
        p.before_blank_line,
        p.after_headers,
        p.in_body,
        p.at(-1),
    ],
    ids=[
        "at 0",
        "at 1",
        "first line",
        "after first line",
        "headers",
        "blank line",
        "after headers",
        "body",
        "last byte",
    ],
)
@pytest.mark.parametrize("then", [*ENDS, p.close_notify], ids=name)
def test_response_is_cut(situation, position, then):
    report = situation(p.cut_response(position, then), expected=EXECUTED_UNSEEN, timeout_ms=timeout_for(then))
    assert report.executions == 1


@pytest.mark.parametrize("seed", range(10))
def test_response_is_cut_anywhere(situation, seed):
    situation(p.cut_response(p.anywhere(seed), p.fin), expected=EXECUTED_UNSEEN)


# The request is executed, and the response is missing or invalid.

BROKEN = {
    "garbage": b"\x00\xff\xfe garbage \r\n\r\n",
    "HTTP/0.9": b"<html><body>It works!</body></html>\r\n",
    "HTTP/9.9": b"HTTP/9.9 200 OK\r\nContent-Length: 2\r\n\r\n{}",
    "another protocol": b"220 mail.example ESMTP\r\n",
    "no status": b"HTTP/1.1 OK\r\nContent-Length: 2\r\n\r\n{}",
    "status 99999": b"HTTP/1.1 99999 Huh\r\nContent-Length: 2\r\n\r\n{}",
    "only newlines": b"\r\n" * 1000,
    "bad Content-Length": b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n{}",
    "negative Content-Length": b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}",
    "two Content-Lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    "NUL in a header": b"HTTP/1.1 200 OK\r\nX: a\x00b\r\nContent-Length: 2\r\n\r\n{}",
    "header without colon": b"HTTP/1.1 200 OK\r\nnonsense\r\nContent-Length: 2\r\n\r\n{}",
    "unknown transfer coding": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: secret\r\n\r\n{}",
    "unknown content coding": b"HTTP/1.1 200 OK\r\nContent-Encoding: secret\r\nContent-Length: 2\r\n\r\n{}",
    "bad chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n{}\r\n",
    "cut chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n{}",
    "compressed": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n" + gzip.compress(b"{}"),
    "empty": b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    "no content": b"HTTP/1.1 204 No Content\r\n\r\n",
    "empty object": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
    "HTML": b"HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n<html></html>",
    "300 KB of headers": b"HTTP/1.1 200 OK\r\n" + b"X-Header: something long\r\n" * 12_000 + b"\r\n{}",
    "a header of 300 KB": b"HTTP/1.1 200 OK\r\nX: " + b"x" * 300_000 + b"\r\n\r\n{}",
    "100": b"HTTP/1.1 100 Continue\r\n\r\n",
    "101": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
    "103": b"HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n",
    "100, many times": b"HTTP/1.1 100 Continue\r\n\r\n" * 100,
    "408": b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    "500": b'HTTP/1.1 500 Internal Server Error\r\nContent-Length: 16\r\n\r\n{"error": "oops"}',
    "502": b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 13\r\n\r\n<html></html>",
    "503": b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n",
    "504": b"HTTP/1.1 504 Gateway Timeout\r\nContent-Length: 0\r\n\r\n",
    "599": b"HTTP/1.1 599 Whatever\r\nContent-Length: 0\r\n\r\n",
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN)
def test_broken_response(situation, data):
    report = situation(p.respond(data, p.fin, executed=True), expected=EXECUTED_UNSEEN)
    assert report.executions == 1


@pytest.mark.parametrize("status", [100, 101, 103])
@pytest.mark.parametrize("then", ENDS, ids=name)
def test_interim_response_only(situation, status, then):
    situation(
        p.respond(b"HTTP/1.1 %d Wait\r\n\r\n" % status, then, executed=True),
        expected=EXECUTED_UNSEEN,
        timeout_ms=timeout_for(then),
    )


@pytest.mark.parametrize("status", [100, 103])
def test_interim_response_first(situation, status):
    report = situation(p.rewrite(lambda response: b"HTTP/1.1 %d Wait\r\n\r\n" % status + response), expected={"OK"})
    assert report.attempts == 1


def test_response_without_an_end(situation):
    endless = p.respond_endlessly(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"10000\r\n" + b" " * 65536 + b"\r\n"
    )
    situation(endless, expected=EXECUTED_UNSEEN)


def test_headers_without_an_end(situation):
    situation(p.respond_endlessly(b"HTTP/1.1 200 OK\r\n", b"X-Header: more\r\n" * 100), expected=EXECUTED_UNSEEN)


def test_gzip_bomb(situation):
    bomb = gzip.compress(b'{"id": "' + b"a" * 20_000_000 + b'"}')
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(bomb)
    situation(p.respond(head + bomb, executed=True), expected=EXECUTED_UNSEEN)


# The request is rejected.

REFUSALS = {
    400: "E_BAD_REQUEST",
    401: "E_UNAUTHORIZED",
    402: "E_BALANCE",
    403: "E_FORBIDDEN",
    404: "E_NOT_FOUND",
    417: "E_REFUSED",
    307: "E_REDIRECTED",
    302: "E_REDIRECTED",
}


@pytest.mark.parametrize("status", REFUSALS)
def test_refused(situation, status):
    data = b'HTTP/1.1 %d No\r\nContent-Length: 15\r\nLocation: /\r\n\r\n{"error": "no"}' % status
    assert situation(p.respond(data), expected={REFUSALS[status]}).executions == 0


@pytest.mark.parametrize("then", [p.fin, p.rst], ids=name)
def test_refused_before_the_body_was_read(situation, then):
    data = b'HTTP/1.1 401 No\r\nContent-Length: 15\r\nConnection: close\r\n\r\n{"error": "no"}'
    # A RST may overtake the response.
    situation(p.respond_early(data, then), expected={"E_UNAUTHORIZED"} | NOT_EXECUTED_UNSEEN)


@pytest.mark.parametrize(
    "retry_after",
    [b"", b"Retry-After: 0\r\n", b"Retry-After: -1\r\n", b"Retry-After: soon\r\n", b"Retry-After: 31536000\r\n"],
    ids=repr,
)
def test_too_many_requests(situation, retry_after):
    data = b"HTTP/1.1 429 Slow down\r\nContent-Length: 0\r\n%b\r\n" % retry_after
    situation(p.respond(data), expected={"E_RATE_LIMITED", "OK"}, timeout_ms=1000)


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
def test_not_executed_but_outcome_unknown(situation, status):
    situation(p.respond(b"HTTP/1.1 %d No\r\nContent-Length: 0\r\n\r\n" % status), expected=NOT_EXECUTED_UNSEEN)


def test_redirects_are_not_followed(start_proxy, start_client, create):
    elsewhere = start_proxy()
    location = f"{elsewhere.url}/v1/sessions".encode()
    front = start_proxy(p.respond(b"HTTP/1.1 307 Over there\r\nLocation: %b\r\nContent-Length: 0\r\n\r\n" % location))
    create(start_client(front.url), expected={"E_REDIRECTED"})
    assert elsewhere.connections == 0


# Timeouts.


def test_slow_but_in_time(situation):
    assert situation(p.pass_on(delay=0.3), expected={"OK"}).executions == 1


def test_executed_after_the_timeout(situation):
    """The search for the session runs before the session exists."""
    report = situation(p.pass_on(delay=0.7), expected={UNKNOWN}, timeout_ms=300)
    assert report.executions == 1


def test_response_after_the_timeout(situation):
    situation(p.pass_on(late=0.7), expected=EXECUTED_UNSEEN, timeout_ms=300)


# Connections that are closed before a request, or that fail.


@pytest.mark.parametrize("then", [p.fin, p.rst], ids=name)
def test_closed_when_accepted(start_proxy, start_client, create, transport, then):
    front = start_proxy(otherwise=p.at_accept(then), transport=transport)
    # Over TLS no request was sent yet. Over TCP it may have been sent.
    expected = {"E_NOT_SENT"} if transport == "tls" else {"E_NOT_SENT", "E_NOT_PROCESSED", UNKNOWN}
    report = create(start_client(front.url, timeout_ms=600), ending=[front], expected=expected)
    assert report.executions == 0


@pytest.mark.parametrize("data", [b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n", b"garbage"])
def test_data_before_the_request(start_proxy, start_client, create, transport, data):
    front = start_proxy(otherwise=p.at_accept(p.fin, data), transport=transport)
    report = create(start_client(front.url, timeout_ms=600), ending=[front])
    assert report.executions == 0
    if transport == "tls":
        assert report.status == "E_NOT_SENT"


def test_no_tls_handshake(start_proxy, start_client, create):
    front = start_proxy(otherwise=p.at_accept(p.silence), transport="tls")
    report = create(start_client(front.url, timeout_ms=500), ending=[front], expected={"E_NOT_SENT"})
    assert report.executions == 0


def test_connection_refused(start_proxy, start_client, create, transport):
    front = start_proxy(transport=transport)
    client = start_client(front.url, timeout_ms=600)
    create(client, expected={"OK"})
    front.end()
    assert create(client, expected={"E_NOT_SENT"}).attempts == 0


def test_connect_timeout(start_client, create):
    """A host drops packets, because its accept queue is full."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        address = listener.getsockname()
        queued = []
        for _ in range(4):
            queued.append(socket.socket())
            queued[-1].setblocking(False)
            queued[-1].connect_ex(address)
        client = start_client(f"http://127.0.0.1:{address[1]}", timeout_ms=500)
        report = create(client, expected={"E_NOT_SENT"})
        assert report.attempts == 0
        for connection in queued:
            connection.close()


def test_unknown_host_name(start_client, create):
    report = create(start_client("https://deepidv.invalid", timeout_ms=1500), expected={"E_NOT_SENT"})
    assert report.attempts == 0


def test_proxy_refuses_to_connect(start_proxy, start_client, create):
    refusal = b"HTTP/1.1 403 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    gateway = start_proxy(otherwise=p.respond(refusal, p.fin))
    client = start_client("https://localhost:9", proxy=gateway.url, timeout_ms=800)
    report = create(client, expected={"E_NOT_SENT"})
    assert (report.cause, report.attempts, report.executions) == ("E_PROXY", 0, 0)


def test_proxy_is_unreachable(start_client, create):
    """The cause is the proxy, not the service."""
    with socket.socket() as taken, socket.socket() as full, contextlib.ExitStack() as queued:
        taken.bind(("127.0.0.1", 0))
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        # Linux accepts one connection more than the backlog, and then drops packets.
        for _ in range(4):
            waiting = queued.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        for proxy in (
            f"http://127.0.0.1:{taken.getsockname()[1]}",
            "http://proxy.invalid:3128",
            f"http://127.0.0.1:{full.getsockname()[1]}",
        ):
            client = start_client("https://localhost:9", proxy=proxy, timeout_ms=1500, connect_timeout_ms=300)
            report = create(client, expected={"E_NOT_SENT"})
            assert (report.cause, report.attempts, report.executions) == ("E_PROXY", 0, 0), proxy


# Idle connections that are closed.


@pytest.mark.parametrize("then", [p.fin, p.rst, p.close_notify], ids=name)
def test_closed_while_idle(start_proxy, start_client, create, transport, then):
    front = start_proxy(p.pass_on(then=p.idle(0.02, then)), transport=transport)
    client = start_client(front.url)
    create(client, expected={"OK"})
    time.sleep(0.2)
    # libcurl 7.88 does not detect a close_notify on an idle connection, so the request may be lost.
    report = create(client, expected={"OK"} if then is p.rst or transport == "plain" else {"OK", UNKNOWN})
    assert report.executions == (report.status == "OK")


ENDED = """
import signal, sys, time, deepidv
signal.signal(signal.SIGPIPE, signal.SIG_DFL)
client = deepidv.Client("dk_emulator", base_url=sys.argv[1], ca_file=sys.argv[2] or None)
client.list_sessions()
time.sleep(0.3)
client.close()
print("closed")
"""


def test_closed_while_idle_and_then_the_client_ends(start_proxy, certificate_folder, transport):
    """TLS says good-bye on the host's own thread; no SIGPIPE ends the host, whose action is the default in C."""
    front = start_proxy(p.pass_on(then=p.idle(0.02, p.fin_then_rst)), transport=transport)
    authority = certificate_folder / "authority.pem" if transport == "tls" else ""
    ended = subprocess.run(
        [sys.executable, "-c", ENDED, front.url, authority], capture_output=True, text=True, timeout=30
    )
    assert (ended.returncode, ended.stdout) == (0, "closed\n"), ended.stderr


@pytest.mark.parametrize("milliseconds", [0, 0.2, 0.5, 1, 2, 5])
@pytest.mark.parametrize("then", [p.fin, p.rst, p.close_notify], ids=name)
def test_closed_at_the_moment_of_the_next_request(start_proxy, start_client, create, transport, then, milliseconds):
    closing = p.pass_on(then=p.idle(milliseconds / 1000, then))
    front = start_proxy(*[closing] * 4, transport=transport)
    client = start_client(front.url)
    for _ in range(5):
        create(client, expected=EXECUTED_UNSEEN | NOT_SENT_OR_PROCESSED)


@pytest.mark.parametrize("then", [p.fin, p.silence], ids=name)
def test_unsolicited_408_while_idle(start_proxy, start_client, create, transport, then):
    stale = b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    front = start_proxy(p.pass_on(then=p.unsolicited(0.02, stale, then)), transport=transport)
    client = start_client(front.url, timeout_ms=1000)
    create(client, expected={"OK"})
    time.sleep(0.2)
    create(client, ending=[front], expected={"OK", UNKNOWN})


def test_unsolicited_response_while_idle(start_proxy, start_client, create, transport):
    """Stale data on a connection must never be used as the response to the next request."""
    stale = b'HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{"id": "stale"}'
    front = start_proxy(p.pass_on(then=p.unsolicited(0.02, stale, p.silence)), transport=transport)
    client = start_client(front.url, timeout_ms=1000)
    create(client, expected={"OK"})
    time.sleep(0.2)
    create(client, ending=[front], expected={"OK", UNKNOWN})


@pytest.mark.parametrize("count", [2, 4, 6, 10])
@pytest.mark.parametrize("then", [p.fin, p.rst], ids=name)
def test_many_pooled_connections_die(start_proxy, start_client, create, new_id, transport, count, then):
    """Here libcurl alone would execute a request once per pooled connection, up to six times."""
    barrier = threading.Barrier(count)
    front = start_proxy(*[p.meet(barrier)] * count, *[p.execute(then)] * count, transport=transport)
    client = start_client(front.url)
    with ThreadPoolExecutor(count) as pool:
        report = list(pool.map(client.create, [new_id() for _ in range(count)]))
    assert [one.status for one in report] == ["OK"] * count
    assert len(set(front.requests)) == count
    create(client, ending=[front], expected=EXECUTED_UNSEEN)


def test_concurrent_creates_on_closed_connections(start_proxy, start_client, create, new_id, transport):
    count = 8
    barrier = threading.Barrier(count)
    front = start_proxy(*[p.meet(barrier)] * count, *[p.execute(p.rst), p.pass_on()] * count, transport=transport)
    client = start_client(front.url)
    with ThreadPoolExecutor(count) as pool:
        list(pool.map(client.create, [new_id() for _ in range(count)]))
        list(pool.map(lambda _: create(client, expected=EXECUTED_UNSEEN), range(2 * count)))


def test_the_client_keeps_working(start_proxy, start_client, create, transport):
    """After every kind of failure, the client works as before."""
    actions = [
        p.execute(p.fin),
        p.execute(p.rst),
        p.cut_request(p.at(0), p.rst),
        p.respond(b"garbage", p.fin),
        p.cut_response(p.in_body, p.fin),
        p.at_accept(p.rst),
    ]
    for action in actions:
        front = start_proxy(action, transport=transport)
        client = start_client(front.url)
        create(client)
        for _ in range(3):
            create(client, expected={"OK"})
