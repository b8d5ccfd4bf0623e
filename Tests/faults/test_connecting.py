"""Proxies that answer badly, addresses of which some are dead, and connections that hang."""

import contextlib
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from server import Server, response, session
from truth import UNKNOWN


@pytest.fixture
def start(start_client):
    """Start servers that the test is itself; stop them at the end of the test."""
    servers = []

    def run(handle, **options):
        servers.append(Server(handle, **options))
        return servers[-1]

    yield run
    for server in servers:
        server.end()


def connect(start_client, url, **options):
    return start_client(url, **{"timeout_ms": 20_000, "make_external_id": 0, "repeat_guard": 0, **options})


def answer_all(wire):
    while wire.request():
        wire.send(response(session()[0]))


@contextlib.contextmanager
def full(family=socket.AF_INET, address="127.0.0.1", port=0):
    """Listen, but drop the packets of new connections, as a host does that is not there."""
    with socket.socket(family) as listener, contextlib.ExitStack() as queued:
        listener.bind((address, port))
        listener.listen(0)
        # Linux accepts one connection more than the backlog.
        for _ in range(4):
            waiting = queued.enter_context(socket.socket(family))
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]


# Proxies.

OPENED = b"HTTP/1.1 200 Connection established\r\n"
TUNNELS = {
    "a length": OPENED + b"Content-Length: 5\r\n\r\n",
    "chunked": OPENED + b"Transfer-Encoding: chunked\r\n\r\n",
    "HTTP/1.0": OPENED.replace(b"1.1", b"1.0") + b"\r\n",
    "many headers": OPENED + b"X-Header: something long\r\n" * 500 + b"\r\n",
}


@pytest.mark.parametrize("pace", ["at once", "byte by byte"])
@pytest.mark.parametrize("opened", TUNNELS)
def test_a_proxy_that_opens_a_tunnel(start, start_client, tls_context, opened, pace):
    """The headers of its response say nothing about what follows."""

    def handle(wire):
        assert wire.head().startswith(b"CONNECT localhost:443 HTTP/1.1")
        for byte in TUNNELS[opened][:200] if pace == "byte by byte" else b"":
            wire.send(bytes([byte]))
        wire.send(TUNNELS[opened][200:] if pace == "byte by byte" else TUNNELS[opened])
        wire.client = tls_context.wrap_socket(wire.client, server_side=True)
        answer_all(wire)

    gateway = start(handle)
    client = connect(start_client, "https://localhost", proxy=gateway.url)
    for _ in range(2):
        report = client.create(None)
        assert (report.status, report.attempts) == ("OK", 1)
    assert gateway.connections == 1


BODY = b"<html>" + b"a" * 10_000
REFUSALS = {
    "a body behind 200": OPENED + b"Content-Length: 5\r\n\r\nhello",
    "another response behind 200": OPENED + b"\r\n" + response(session()[0]),
    "407": response(BODY, 407, headers=b'Proxy-Authenticate: Basic realm="a"\r\n'),
    "407 without an end": response(BODY, 407, headers=b"Proxy-Authenticate: NTLM\r\n", length=False),
    "403 and half a body": b"HTTP/1.1 403 No\r\nContent-Length: 20000\r\n\r\n" + BODY,
    "502 in chunks": b"HTTP/1.1 502 No\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n" + BODY,
    "a redirect": response(b"", 307, headers=b"Location: https://elsewhere.example/\r\n"),
    "garbage": bytes(range(256)) * 40,
    "another protocol": b"220 mail.example ESMTP\r\n\r\n",
    "headers without an end": OPENED + b"X-Header: something long\r\n" * 30_000,
    # libcurl does not read on.
    "an interim response": b"HTTP/1.1 100 Continue\r\n\r\n" + OPENED + b"\r\n",
    "half a head": OPENED + b"X-He",
    "nothing": b"",
}


@pytest.mark.parametrize("end", ["close", "reset", "stay"])
@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_proxy_that_opens_none(start, start_client, refusal, end, capfd):
    """Nothing was sent, nothing of its response is read as the service's, and none is printed."""

    def handle(wire):
        wire.head()
        with contextlib.suppress(OSError):
            wire.send(REFUSALS[refusal])
        if end == "reset":
            wire.reset()
        elif end == "stay":
            wire.stay()

    client = connect(start_client, "https://localhost", proxy=start(handle).url, timeout_ms=500)
    report = client.create(None)
    assert (report.status, report.http_status, report.attempts) == ("E_NOT_SENT", 0, 0)
    if "behind 200" not in refusal:
        assert report.cause in {"E_PROXY", "E_TIMEOUT", "E_CONNECTION_LOST"}, report
    captured = capfd.readouterr()
    assert captured.out + captured.err == ""


# Addresses.


def test_ipv6_alone(start, start_client):
    heads = []

    def handle(wire):
        heads.append(wire.head())
        wire.body(heads[-1])
        wire.send(response(session()[0]))

    server = start(handle, address="::1")
    assert connect(start_client, server.url).create(None).status == "OK"
    assert f"Host: [::1]:{server.port}\r\n".encode() in heads[0]


@pytest.mark.parametrize("alive", ["127.0.0.1", "::1"])
@pytest.mark.parametrize("other", ["refuses", "is silent"])
def test_one_family_is_dead(start, start_client, alive, other):
    """The other family's address is tried meanwhile, and each request is sent once."""
    server = start(answer_all, address=alive)
    dead = (socket.AF_INET6, "::1") if alive == "127.0.0.1" else (socket.AF_INET, "127.0.0.1")
    with full(*dead, port=server.port) if other == "is silent" else contextlib.nullcontext():
        client = connect(start_client, f"http://localhost:{server.port}")
        for _ in range(3):
            report = client.create(None)
            assert (report.status, report.attempts) == ("OK", 1)
        assert server.connections == 1


# Connections that hang.


def test_many_creates_while_some_connections_hang(start, start_client, tls_context):
    """Those whose handshake is never answered delay no others, and were not sent."""
    hanging = 20

    def handle(wire):
        if wire.number <= hanging:
            return wire.stay()
        wire.client = tls_context.wrap_socket(wire.client, server_side=True)
        return answer_all(wire)

    server = start(handle)
    url = f"https://localhost:{server.port}"
    client = connect(start_client, url, timeout_ms=3000, max_in_flight=1000)
    with ThreadPoolExecutor(100) as pool:
        reports = list(pool.map(lambda _: client.create(None), range(200)))
    statuses = [report.status for report in reports]
    assert set(statuses) <= {"OK", "E_NOT_SENT"}
    assert statuses.count("OK") >= 200 - hanging
    assert all(report.attempts == 0 for report in reports if report.status == "E_NOT_SENT")


def reached(wire, place):
    """Take a connection to where it hangs; return the status of a create that is cancelled there."""
    if place == "response":
        wire.request()
        wire.send(response(session()[0])[:60])


PLACES = {"connect": "E_NOT_SENT", "handshake": "E_NOT_SENT", "request": "E_NOT_PROCESSED", "response": UNKNOWN}


@pytest.mark.parametrize("place", PLACES)
def test_close_wherever_it_hangs(start, start_client, tls_context, place):
    """Closing ends it at once, with what is true there."""
    arrived = threading.Event()

    def handle(wire):
        reached(wire, place)
        arrived.set()
        wire.stay()

    with full() if place == "connect" else contextlib.nullcontext() as port:
        server = start(handle, narrow=True)
        port = port or server.port
        url = f"https://localhost:{port}" if place == "handshake" else f"http://127.0.0.1:{port}"
        client = connect(start_client, url, timeout_ms=600_000, connect_timeout_ms=600_000)
        fields = {"first_name": "\x01" * 65_536, "last_name": "\x01" * 65_536} if place == "request" else {}
        with ThreadPoolExecutor(1) as pool:
            call = pool.submit(client.create, None, **fields)
            assert place == "connect" or arrived.wait(20)
            # Nothing tells that the system's buffers are full.
            time.sleep(0.3)
            assert not call.done()
            client.close()
            report = call.result(timeout=20)
    assert (report.status, report.cause) == (PLACES[place], "E_CANCELLED")
