"""A proxy between the library and the emulator that does to each request what a script says.

A script is a list of acts, one for each request in the order in which they come, whatever connection they
come on. A request that no act is left for is passed on. Acts that are ``at_accept`` are for a connection, and
are performed before anything is read from it.
"""

import contextlib
import random
import select
import socket
import ssl
import struct
import threading
import time
import urllib.parse

TURN = 0.02
PATIENCE = 10


class Gone(Exception):
    """The client has closed its side."""


# Ends: how the client's connection is closed.


def fin(exchange):
    """Close in good order; over TLS without the close_notify that should come first."""
    exchange.half_close()
    exchange.drain(1)
    return False


def rst(exchange):
    """Close with an RST."""
    exchange.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    exchange.client.close()
    return False


def silence(exchange):
    """Read nothing more and say nothing more, until the client gives up."""
    exchange.wait_for_close()
    return False


def close_notify(exchange):
    """Close in good order; over TLS with its close_notify."""
    if isinstance(exchange.client, ssl.SSLSocket):
        exchange.client.settimeout(0.05)
        with contextlib.suppress(OSError, ValueError):
            exchange.client.unwrap()
    return fin(exchange)


ENDS = {end.__name__: end for end in (fin, rst, silence, close_notify)}


# Places: where bytes are cut. Each gets the bytes, and answers how many of them there are before the cut.


def at(count):
    """Before the byte with this number; a negative one counts from the end."""
    return lambda data: max(0, min(count, len(data))) if count >= 0 else max(0, len(data) + count)


def in_first_line(data):
    return data.index(b"\r\n") // 2


def after_first_line(data):
    return data.index(b"\r\n") + 2


def in_headers(data):
    return (after_first_line(data) + after_headers(data)) // 2


def before_blank_line(data):
    return after_headers(data) - 2


def after_headers(data):
    return data.index(b"\r\n\r\n") + 4


def in_body(data):
    return (after_headers(data) + len(data)) // 2


def anywhere(seed):
    return lambda data: random.Random(seed).randrange(len(data))


# Acts: what becomes of a request. Each gets the exchange, and answers whether the connection stays open.


def pass_on(*, delay=0, late=0, then=None):
    """Execute the request and answer, with a pause before the one or the other; ``then`` as in ``idle``."""

    def act(exchange):
        request = exchange.receive()
        exchange.pause(delay)
        answer = exchange.execute(request)
        exchange.pause(late)
        exchange.send(answer)
        return then(exchange) if then else True

    return act


def execute(then):
    """Execute the request, and then only close the connection."""
    return cut_answer(at(0), then)


def cut_answer(place, then):
    """Execute the request, send the answer up to a place, and close the connection."""

    def act(exchange):
        answer = exchange.execute(exchange.receive())
        exchange.send(answer[: place(answer)])
        return then(exchange)

    return act


def cut_request(place, then):
    """Let the first bytes of the request through, and close both connections."""

    def act(exchange):
        # Where a place is depends on the request, so its head is looked at. What is behind the place, the
        # server never sees.
        count = place(exchange.outline())
        exchange.execute_part(exchange.receive(count))
        return then(exchange)

    return act


def answer(data, then=None, *, executed=False):
    """Answer these bytes: instead of executing the request, or after."""

    def act(exchange):
        request = exchange.receive()
        if executed:
            exchange.execute(request)
        exchange.send(data)
        return then(exchange) if then else True

    return act


def answer_early(data, then):
    """Answer before the body is read."""

    def act(exchange):
        exchange.receive(after_headers(exchange.outline()))
        exchange.send(data)
        return then(exchange)

    return act


def pour(head, piece):
    """Execute the request, and answer without an end."""

    def act(exchange):
        exchange.execute(exchange.receive())
        exchange.send(head)
        while not exchange.proxy.ending.is_set():
            exchange.send(piece)
        return False

    return act


def rewrite(change, then=None):
    """Execute the request, and answer what ``change`` makes of the answer."""

    def act(exchange):
        exchange.send(change(exchange.execute(exchange.receive())))
        return then(exchange) if then else True

    return act


def idle(seconds, then):
    """For ``pass_on``: close the connection that long after the answer, whatever has come meanwhile."""

    def close(exchange):
        exchange.pause(seconds)
        return then(exchange)

    return close


def unasked(seconds, data, then):
    """For ``pass_on``: say something nobody asked for that long after the answer."""

    def speak(exchange):
        exchange.pause(seconds)
        exchange.send(data)
        return then(exchange)

    return speak


def meet(barrier):
    """Pass the request on when as many have come as the barrier is for: then they are on as many connections."""

    def act(exchange):
        request = exchange.receive()
        barrier.wait(PATIENCE)
        exchange.send(exchange.execute(request))
        return True

    return act


def at_accept(then, data=b"", seconds=0):
    """Close a connection that was just made, after some bytes or none."""

    def act(exchange):
        exchange.pause(seconds)
        if data:
            exchange.send(data)
        return then(exchange)

    act.at_accept = True
    return act


def relay(then, *, up=None, down=None):
    """Pass bytes both ways without a look at them, and cut after so many."""

    def act(exchange):
        exchange.relay(up, down)
        return then(exchange)

    act.at_accept = True
    return act


class Script:
    """Acts in turn, and after them the same for ever."""

    def __init__(self, acts, otherwise):
        self._acts = list(acts)
        self._otherwise = otherwise
        self._lock = threading.Lock()

    def at_accept(self):
        with self._lock:
            if self._acts and getattr(self._acts[0], "at_accept", False):
                return self._acts.pop(0)
        return self._otherwise if getattr(self._otherwise, "at_accept", False) else None

    def at_request(self):
        with self._lock:
            return self._acts.pop(0) if self._acts else self._otherwise


class Proxy:
    """Listens on this machine, and performs a script in front of a server."""

    def __init__(self, upstream, *acts, script=None, otherwise=None, tls=None, narrow=False):
        address = urllib.parse.urlsplit(upstream)
        self.upstream = (address.hostname, address.port)
        self.script = script or Script(acts, otherwise or pass_on())
        self.tls = tls
        self.ending = threading.Event()
        self.connections = 0
        # The connection that each request came on, for those that came whole.
        self.requests = []
        self.lock = threading.Lock()
        self._threads = set()
        self._listener = socket.socket()
        if narrow:
            # Small segments and little room: then a sender's system buffers little as well.
            self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            self._listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen(512)
        self.port = self._listener.getsockname()[1]
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    @property
    def url(self):
        return f"https://localhost:{self.port}" if self.tls else f"http://127.0.0.1:{self.port}"

    def refuse(self):
        """Stop listening: from now on, the system refuses connections."""
        self.ending.set()
        self._accepting.join(PATIENCE)
        self._listener.close()

    def end(self):
        """Let what is being executed come to its end, and stop."""
        self.refuse()
        for thread in list(self._threads):
            thread.join(PATIENCE)
            assert not thread.is_alive()

    def _accept(self):
        while not self.ending.is_set():
            if not select.select([self._listener], [], [], TURN)[0]:
                continue
            client, _ = self._listener.accept()
            self.connections += 1
            exchange = Exchange(self, client, self.connections)
            thread = threading.Thread(target=self._serve, args=(exchange,), daemon=True)
            self._threads.add(thread)
            thread.start()

    def _serve(self, exchange):
        try:
            exchange.client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            act = self.script.at_accept()
            if act:
                act(exchange)
                return
            exchange.handshake()
            while exchange.has_more() and self.script.at_request()(exchange):
                pass
        except (OSError, Gone, ValueError):
            # The client left in the middle, or does not trust the certificate.
            pass
        finally:
            exchange.client.close()
            self._threads.discard(threading.current_thread())


class Exchange:
    """One client's connection."""

    def __init__(self, proxy, client, number):
        self.proxy = proxy
        self.client = client
        self.number = number
        self._received = b""

    def handshake(self):
        if self.proxy.tls:
            self.client.settimeout(PATIENCE)
            self.client = self.proxy.tls.wrap_socket(self.client, server_side=True)

    def has_more(self):
        """Wait for the next request; false if there is none."""
        if self._received:
            return True
        if isinstance(self.client, ssl.SSLSocket):
            self._received = self._read(1)
            return bool(self._received)
        return self._readable() and bool(self.client.recv(1, socket.MSG_PEEK))

    def outline(self):
        """The request with its head as it is, and any bytes for its body: for places."""
        while b"\r\n\r\n" not in self._received:
            self._more(65536)
        head, _, _ = self._received.partition(b"\r\n\r\n")
        return head + b"\r\n\r\n" + bytes(self._content_length(head))

    def receive(self, count=None):
        """The whole request, or so many bytes of it."""
        if count is None:
            count = len(self.outline())
            with self.proxy.lock:
                self.proxy.requests.append(self.number)
        while len(self._received) < count:
            self._more(min(65536, count - len(self._received)))
        data, self._received = self._received[:count], self._received[count:]
        return data

    def execute(self, request):
        """Have the request executed, and give the answer as it came."""
        with socket.create_connection(self.proxy.upstream, PATIENCE) as server:
            server.sendall(request)
            data = b""
            while b"\r\n\r\n" not in data or len(data) < after_headers(data) + self._content_length(data):
                piece = server.recv(65536)
                if not piece:
                    raise Gone
                data += piece
            return data

    def execute_part(self, part):
        """Let the server have a part of the request, and then the end of the connection."""
        with socket.create_connection(self.proxy.upstream, PATIENCE) as server:
            server.sendall(part)
            server.shutdown(socket.SHUT_WR)
            while server.recv(65536):
                pass

    def send(self, data):
        self.client.settimeout(PATIENCE)
        self.client.sendall(data)

    def pause(self, seconds):
        # Also when the proxy is to end: what was going to be executed late shall be.
        if seconds:
            time.sleep(seconds)

    def half_close(self):
        self.client.shutdown(socket.SHUT_WR)

    def drain(self, seconds):
        """Read what is still coming, and wait for the client to close."""
        until = time.monotonic() + seconds
        self.client.settimeout(TURN)
        while time.monotonic() < until and not self.proxy.ending.is_set():
            try:
                if not self.client.recv(65536):
                    return
            except TimeoutError:
                pass

    def wait_for_close(self):
        watch = select.poll()
        watch.register(self.client, select.POLLRDHUP | select.POLLHUP | select.POLLERR)
        while not self.proxy.ending.is_set() and not watch.poll(TURN * 1000):
            pass

    def relay(self, up, down):
        """Pass on what comes, at most ``up`` bytes to the server and ``down`` to the client."""
        limits = {}
        with socket.create_connection(self.proxy.upstream, PATIENCE) as server:
            limits[self.client], limits[server] = up, down
            others = {self.client: server, server: self.client}
            while 0 not in limits.values() and not self.proxy.ending.is_set():
                for source in select.select(list(others), [], [], TURN)[0]:
                    limit = limits[source]
                    data = source.recv(65536 if limit is None else min(limit, 65536))
                    if not data:
                        return
                    others[source].sendall(data)
                    if limit is not None:
                        limits[source] -= len(data)

    def _content_length(self, data):
        head, _, _ = data.partition(b"\r\n\r\n")
        for line in head.split(b"\r\n")[1:]:
            name, _, value = line.partition(b":")
            if name.strip().lower() == b"content-length":
                return int(value)
        return 0

    def _more(self, count):
        piece = self._read(count)
        if not piece:
            raise Gone
        self._received += piece

    def _readable(self):
        while not self.proxy.ending.is_set():
            if select.select([self.client], [], [], TURN)[0]:
                return True
        return False

    def _read(self, count):
        if isinstance(self.client, ssl.SSLSocket):
            self.client.settimeout(TURN)
            while not self.proxy.ending.is_set():
                try:
                    return self.client.recv(count)
                except TimeoutError:
                    pass
            return b""
        return self.client.recv(count) if self._readable() else b""
