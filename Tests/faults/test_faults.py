"""Every way in which a create can go wrong on its way, and what may then be said of it.

Each situation is tried on a connection that is fresh and on one that has served before, over TCP and over TLS.
That nothing is executed twice and that nothing untrue is said is checked by ``create`` for every call.
"""

import contextlib
import gzip
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import proxy as p
import pytest
from truth import EXECUTED_UNHEARD, NOT_EXECUTED_UNHEARD, NOT_SENT_OR_PROCESSED, UNKNOWN

ENDS = [p.fin, p.rst, p.silence]
# A body that fits in no buffer between here and the server.
LARGE = {"first_name": '"' * 65_536, "last_name": '"' * 65_536}


def name(value):
    """The name of a parameter, where it has one."""
    return getattr(value, "__name__", None)


@pytest.fixture(params=["fresh", "reused"])
def reused(request):
    """Run the test on a new connection, and on one that has served before."""
    return request.param == "reused"


@pytest.fixture
def situation(start_proxy, start_client, create, transport, reused):
    """Perform an act upon a create, and give what is said of it."""

    def perform(act, *, expected, timeout_ms=3000, **fields):
        front = start_proxy(*([p.pass_on()] if reused else []), act, transport=transport)
        client = start_client(front.url, timeout_ms=timeout_ms)
        if reused:
            create(client, expected={"OK"})
        return create(client, ending=[front], expected=expected, **fields)

    return perform


def patience(then):
    """The milliseconds for a create after which the connection is closed like this."""
    return 400 if then is p.silence else 3000


# The request is cut.


@pytest.mark.parametrize(
    "place",
    [p.at(0), p.at(1), p.in_first_line, p.in_headers, p.before_blank_line, p.after_headers, p.in_body, p.at(-1)],
    ids=["at 0", "at 1", "first line", "headers", "blank line", "after headers", "body", "last byte"],
)
@pytest.mark.parametrize("then", ENDS, ids=name)
def test_request_is_cut(situation, place, then):
    # A small request has left as a whole when the connection dies, so nobody can tell.
    said = situation(
        p.cut_request(place, then), expected=NOT_EXECUTED_UNHEARD | NOT_SENT_OR_PROCESSED, timeout_ms=patience(then)
    )
    assert said.executions == (said.status == "OK")


@pytest.mark.parametrize("then", ENDS, ids=name)
@pytest.mark.parametrize("count", [0, 1, 400, 30_000, 200_000])
def test_large_request_is_cut(start_proxy, start_client, create, transport, then, count):
    front = start_proxy(p.cut_request(p.at(count), then), transport=transport, narrow=True)
    client = start_client(front.url, timeout_ms=patience(then))
    create(client, ending=[front], expected=NOT_EXECUTED_UNHEARD | NOT_SENT_OR_PROCESSED, **LARGE)


def test_most_of_a_large_request_never_left(start_proxy, start_client, create):
    """Then it was certainly not executed, and that is said."""
    front = start_proxy(p.cut_request(p.at(1000), p.silence), narrow=True)
    # Long enough for the second try, which gets through.
    client = start_client(front.url, timeout_ms=3000)
    create(client, ending=[front], expected=NOT_SENT_OR_PROCESSED, **LARGE)


# The request is executed, and the answer is cut.


@pytest.mark.parametrize(
    "place",
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
def test_answer_is_cut(situation, place, then):
    said = situation(p.cut_answer(place, then), expected=EXECUTED_UNHEARD, timeout_ms=patience(then))
    assert said.executions == 1


@pytest.mark.parametrize("seed", range(10))
def test_answer_is_cut_anywhere(situation, seed):
    situation(p.cut_answer(p.anywhere(seed), p.fin), expected=EXECUTED_UNHEARD)


# The request is executed, and the answer is none, or a broken one.

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
def test_broken_answer(situation, data):
    said = situation(p.answer(data, p.fin, executed=True), expected=EXECUTED_UNHEARD)
    assert said.executions == 1


@pytest.mark.parametrize("status", [100, 101, 103])
@pytest.mark.parametrize("then", ENDS, ids=name)
def test_announced_and_never_answered(situation, status, then):
    situation(
        p.answer(b"HTTP/1.1 %d Wait\r\n\r\n" % status, then, executed=True),
        expected=EXECUTED_UNHEARD,
        timeout_ms=patience(then),
    )


@pytest.mark.parametrize("status", [100, 103])
def test_announced_and_answered(situation, status):
    said = situation(p.rewrite(lambda answer: b"HTTP/1.1 %d Wait\r\n\r\n" % status + answer), expected={"OK"})
    assert said.attempts == 1


def test_answer_without_an_end(situation):
    endless = p.pour(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"10000\r\n" + b" " * 65536 + b"\r\n")
    situation(endless, expected=EXECUTED_UNHEARD)


def test_headers_without_an_end(situation):
    situation(p.pour(b"HTTP/1.1 200 OK\r\n", b"X-Header: more\r\n" * 100), expected=EXECUTED_UNHEARD)


def test_gzip_bomb(situation):
    bomb = gzip.compress(b'{"id": "' + b"a" * 20_000_000 + b'"}')
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(bomb)
    situation(p.answer(head + bomb, executed=True), expected=EXECUTED_UNHEARD)


# The request is refused.

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
    assert situation(p.answer(data), expected={REFUSALS[status]}).executions == 0


@pytest.mark.parametrize("then", [p.fin, p.rst], ids=name)
def test_refused_before_the_body_was_read(situation, then):
    data = b'HTTP/1.1 401 No\r\nContent-Length: 15\r\nConnection: close\r\n\r\n{"error": "no"}'
    # An RST may overtake the answer.
    situation(p.answer_early(data, then), expected={"E_UNAUTHORIZED"} | NOT_EXECUTED_UNHEARD)


@pytest.mark.parametrize(
    "retry_after",
    [b"", b"Retry-After: 0\r\n", b"Retry-After: -1\r\n", b"Retry-After: soon\r\n", b"Retry-After: 31536000\r\n"],
    ids=repr,
)
def test_too_many_requests(situation, retry_after):
    data = b"HTTP/1.1 429 Slow down\r\nContent-Length: 0\r\n%b\r\n" % retry_after
    situation(p.answer(data), expected={"E_RATE_LIMITED", "OK"}, timeout_ms=1000)


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
def test_not_executed_and_nobody_can_tell(situation, status):
    situation(p.answer(b"HTTP/1.1 %d No\r\nContent-Length: 0\r\n\r\n" % status), expected=NOT_EXECUTED_UNHEARD)


def test_redirect_carries_nothing_away(start_proxy, start_client, create):
    elsewhere = start_proxy()
    location = f"{elsewhere.url}/v1/sessions".encode()
    front = start_proxy(p.answer(b"HTTP/1.1 307 Over there\r\nLocation: %b\r\nContent-Length: 0\r\n\r\n" % location))
    create(start_client(front.url), expected={"E_REDIRECTED"})
    assert elsewhere.connections == 0


# Time.


def test_slow_but_in_time(situation):
    assert situation(p.pass_on(delay=0.3), expected={"OK"}).executions == 1


def test_executed_after_the_client_has_left(situation):
    """The worst: when one looks, it is not there yet."""
    said = situation(p.pass_on(delay=0.7), expected={UNKNOWN}, timeout_ms=300)
    assert said.executions == 1


def test_answered_after_the_client_has_left(situation):
    situation(p.pass_on(late=0.7), expected=EXECUTED_UNHEARD, timeout_ms=300)


# Connections that are closed before anything is said, or never made.


@pytest.mark.parametrize("then", [p.fin, p.rst], ids=name)
def test_closed_when_accepted(start_proxy, start_client, create, transport, then):
    front = start_proxy(otherwise=p.at_accept(then), transport=transport)
    # Over TLS there was no request yet. Over TCP it may have been on its way.
    expected = {"E_NOT_SENT"} if transport == "tls" else {"E_NOT_SENT", "E_NOT_PROCESSED", UNKNOWN}
    said = create(start_client(front.url, timeout_ms=600), ending=[front], expected=expected)
    assert said.executions == 0


@pytest.mark.parametrize("data", [b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n", b"garbage"])
def test_something_said_when_accepted(start_proxy, start_client, create, transport, data):
    front = start_proxy(otherwise=p.at_accept(p.fin, data), transport=transport)
    said = create(start_client(front.url, timeout_ms=600), ending=[front])
    assert said.executions == 0
    if transport == "tls":
        assert said.status == "E_NOT_SENT"


def test_tls_is_never_answered(start_proxy, start_client, create):
    front = start_proxy(otherwise=p.at_accept(p.silence), transport="tls")
    said = create(start_client(front.url, timeout_ms=500), ending=[front], expected={"E_NOT_SENT"})
    assert said.executions == 0


def test_connection_refused(start_proxy, start_client, create, transport):
    front = start_proxy(transport=transport)
    client = start_client(front.url, timeout_ms=600)
    create(client, expected={"OK"})
    front.end()
    assert create(client, expected={"E_NOT_SENT"}).attempts == 0


def test_connection_is_never_made(start_client, create):
    """A host that drops packets, as one whose queue of connections is full does."""
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
        said = create(client, expected={"E_NOT_SENT"})
        assert said.attempts == 0
        for connection in queued:
            connection.close()


def test_name_that_is_not_known(start_client, create):
    said = create(start_client("https://deepidv.invalid", timeout_ms=1500), expected={"E_NOT_SENT"})
    assert said.attempts == 0


def test_proxy_refuses_to_connect(start_proxy, start_client, create):
    refusal = b"HTTP/1.1 403 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    gateway = start_proxy(otherwise=p.answer(refusal, p.fin))
    client = start_client("https://localhost:9", proxy=gateway.url, timeout_ms=800)
    said = create(client, expected={"E_NOT_SENT"})
    assert (said.cause, said.attempts, said.executions) == ("E_PROXY", 0, 0)


def test_proxy_is_not_there(start_client, create):
    """It is the proxy, not the service, that somebody has to look at."""
    with socket.socket() as taken, socket.socket() as full, contextlib.ExitStack() as queued:
        taken.bind(("127.0.0.1", 0))
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        # Linux lets in one more than it was told, and then answers nobody.
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
            said = create(client, expected={"E_NOT_SENT"})
            assert (said.cause, said.attempts, said.executions) == ("E_PROXY", 0, 0), proxy


# Connections that idle, and are closed.


@pytest.mark.parametrize("then", [p.fin, p.rst, p.close_notify], ids=name)
def test_closed_while_idle(start_proxy, start_client, create, transport, then):
    front = start_proxy(p.pass_on(then=p.idle(0.02, then)), transport=transport)
    client = start_client(front.url)
    create(client, expected={"OK"})
    time.sleep(0.2)
    # libcurl 7.88 does not see a close_notify on an idle connection, so the request may go into the void.
    said = create(client, expected={"OK"} if then is p.rst or transport == "plain" else {"OK", UNKNOWN})
    assert said.executions == (said.status == "OK")


@pytest.mark.parametrize("milliseconds", [0, 0.2, 0.5, 1, 2, 5])
@pytest.mark.parametrize("then", [p.fin, p.rst, p.close_notify], ids=name)
def test_closed_at_the_moment_of_the_next_request(start_proxy, start_client, create, transport, then, milliseconds):
    closing = p.pass_on(then=p.idle(milliseconds / 1000, then))
    front = start_proxy(*[closing] * 4, transport=transport)
    client = start_client(front.url)
    for _ in range(5):
        create(client, expected=EXECUTED_UNHEARD | NOT_SENT_OR_PROCESSED)


@pytest.mark.parametrize("then", [p.fin, p.silence], ids=name)
def test_unasked_408_while_idle(start_proxy, start_client, create, transport, then):
    stale = b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    front = start_proxy(p.pass_on(then=p.unasked(0.02, stale, then)), transport=transport)
    client = start_client(front.url, timeout_ms=1000)
    create(client, expected={"OK"})
    time.sleep(0.2)
    create(client, ending=[front], expected={"OK", UNKNOWN})


def test_unasked_answer_while_idle(start_proxy, start_client, create, transport):
    """What is left over on a connection must never pass for the answer to the next request."""
    stale = b'HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{"id": "stale"}'
    front = start_proxy(p.pass_on(then=p.unasked(0.02, stale, p.silence)), transport=transport)
    client = start_client(front.url, timeout_ms=1000)
    create(client, expected={"OK"})
    time.sleep(0.2)
    create(client, ending=[front], expected={"OK", UNKNOWN})


@pytest.mark.parametrize("count", [2, 4, 6, 10])
@pytest.mark.parametrize("then", [p.fin, p.rst], ids=name)
def test_many_pooled_connections_die(start_proxy, start_client, create, new_id, transport, count, then):
    """Where libcurl by itself executes a request once for each pooled connection, up to six times."""
    barrier = threading.Barrier(count)
    front = start_proxy(*[p.meet(barrier)] * count, *[p.execute(then)] * count, transport=transport)
    client = start_client(front.url)
    with ThreadPoolExecutor(count) as pool:
        said = list(pool.map(client.create, [new_id() for _ in range(count)]))
    assert [one.status for one in said] == ["OK"] * count
    assert len(set(front.requests)) == count
    create(client, ending=[front], expected=EXECUTED_UNHEARD)


def test_many_at_once_on_connections_that_die(start_proxy, start_client, create, new_id, transport):
    count = 8
    barrier = threading.Barrier(count)
    front = start_proxy(*[p.meet(barrier)] * count, *[p.execute(p.rst), p.pass_on()] * count, transport=transport)
    client = start_client(front.url)
    with ThreadPoolExecutor(count) as pool:
        list(pool.map(client.create, [new_id() for _ in range(count)]))
        list(pool.map(lambda _: create(client, expected=EXECUTED_UNHEARD), range(2 * count)))


def test_the_client_is_as_good_as_before(start_proxy, start_client, create, transport):
    """After every kind of death."""
    acts = [
        p.execute(p.fin),
        p.execute(p.rst),
        p.cut_request(p.at(0), p.rst),
        p.answer(b"garbage", p.fin),
        p.cut_answer(p.in_body, p.fin),
        p.at_accept(p.rst),
    ]
    for act in acts:
        front = start_proxy(act, transport=transport)
        client = start_client(front.url)
        create(client)
        for _ in range(3):
            create(client, expected={"OK"})
