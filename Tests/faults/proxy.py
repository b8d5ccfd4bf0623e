"""A proxy between the library and the emulator that performs an action on each request.

A script is a list of actions, one per request in the order of arrival, on any connection. Further requests are passed
on. Actions with ``at_accept`` apply to a connection, before anything is read from it.
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

POLL_INTERVAL = 0.02
TIMEOUT = 10


class Gone(Exception):
    """The peer has closed the connection."""


# Ends: how to close the client's connection.


def fin(exchange):
    """Close with a FIN, over TLS without a close_notify before it."""
    exchange.half_close()
    exchange.drain(1)
    return False


def rst(exchange):
    """Close with a RST."""
    exchange.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    exchange.client.close()
    return False


def fin_then_rst(exchange):
    """Close with a FIN, and with a RST after it: the next write of the client raises SIGPIPE."""
    exchange.half_close()
    time.sleep(0.05)
    return rst(exchange)


def silence(exchange):
    """Read and send nothing more, until the client closes the connection."""
    exchange.wait_for_close()
    return False


def close_notify(exchange):
    """Close with a FIN, over TLS with a close_notify before it."""
    if isinstance(exchange.client, ssl.SSLSocket):
        exchange.client.settimeout(0.05)
        with contextlib.suppress(OSError, ValueError):
            exchange.client.unwrap()
    return fin(exchange)


ENDS = {end.__name__: end for end in (fin, rst, silence, close_notify)}


# Positions: where to cut data. Each takes the data, and returns the number of bytes before the cut.


def at(count):
    """Cut before this byte; a negative number counts from the end."""
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


# Actions: what to do with a request. Each takes the exchange, and returns whether the connection stays open.


def pass_on(*, delay=0, late=0, then=None):
    """Execute the request after ``delay``, and send the response after ``late``; ``then`` as in ``idle``."""

    def action(exchange):
        request = exchange.receive()
        exchange.pause(delay)
        response = exchange.execute(request)
        exchange.pause(late)
        exchange.send(response)
        return then(exchange) if then else True

    return action


def execute(then):
    """Execute the request, and close the connection without a response."""
    return cut_response(at(0), then)


def cut_response(position, then):
    """Execute the request, send the response up to a position, and close the connection."""

    def action(exchange):
        response = exchange.execute(exchange.receive())
        exchange.send(response[: position(response)])
        return then(exchange)

    return action


def cut_request(position, then):
    """Pass on the request up to a position, and close both connections."""

    def action(exchange):
        # The position depends on the head of the request. The server does not receive what follows it.
        count = position(exchange.outline())
        exchange.execute_part(exchange.receive(count))
        return then(exchange)

    return action


def respond(data, then=None, *, executed=False):
    """Send these bytes as the response, instead of executing the request or after executing it."""

    def action(exchange):
        request = exchange.receive()
        if executed:
            exchange.execute(request)
        exchange.send(data)
        return then(exchange) if then else True

    return action


def respond_early(data, then):
    """Send a response before reading the body."""

    def action(exchange):
        exchange.receive(after_headers(exchange.outline()))
        exchange.send(data)
        return then(exchange)

    return action


def respond_endlessly(head, piece):
    """Execute the request, and send an endless response."""

    def action(exchange):
        exchange.execute(exchange.receive())
        exchange.send(head)
        while not exchange.proxy.ending.is_set():
            exchange.send(piece)
        return False

    return action


def rewrite(change, then=None):
    """Execute the request, and send the response that ``change`` returns."""

    def action(exchange):
        exchange.send(change(exchange.execute(exchange.receive())))
        return then(exchange) if then else True

    return action


def idle(seconds, then):
    """For ``pass_on``: close the connection some time after the response, even if a request has arrived."""

    def close(exchange):
        exchange.pause(seconds)
        return then(exchange)

    return close


def unsolicited(seconds, data, then):
    """For ``pass_on``: send data without a request, some time after the response."""

    def send(exchange):
        exchange.pause(seconds)
        exchange.send(data)
        return then(exchange)

    return send


def meet(barrier):
    """Pass on the requests when all parties of the barrier have arrived, each on its own connection."""

    def action(exchange):
        request = exchange.receive()
        barrier.wait(TIMEOUT)
        exchange.send(exchange.execute(request))
        return True

    return action


def at_accept(then, data=b"", seconds=0):
    """Close a new connection, optionally after sending some bytes."""

    def action(exchange):
        exchange.pause(seconds)
        if data:
            exchange.send(data)
        return then(exchange)

    action.at_accept = True
    return action


def relay(then, *, up=None, down=None):
    """Pass on raw bytes in both directions, and close after a number of bytes."""

    def action(exchange):
        exchange.relay(up, down)
        return then(exchange)

    action.at_accept = True
    return action


class Script:
    """Performs actions in order, and then one action forever."""

    def __init__(self, actions, otherwise):
        self._acts = list(actions)
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
    """Listens on this machine, and performs a script on the requests to a server."""

    def __init__(self, upstream, *actions, script=None, otherwise=None, tls=None, narrow=False):
        address = urllib.parse.urlsplit(upstream)
        self.upstream = (address.hostname, address.port)
        self.script = script or Script(actions, otherwise or pass_on())
        self.tls = tls
        self.ending = threading.Event()
        self.connections = 0
        # The number of the connection of each complete request.
        self.requests = []
        self.lock = threading.Lock()
        self._threads = set()
        self._listener = socket.socket()
        if narrow:
            # Small segments and buffers make the sender's system buffer little too.
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
        """Stop listening, so that the system refuses connections."""
        self.ending.set()
        self._accepting.join(TIMEOUT)
        self._listener.close()

    def end(self):
        """Wait for requests that are being executed, and stop."""
        self.refuse()
        for thread in list(self._threads):
            thread.join(TIMEOUT)
            assert not thread.is_alive()

    def _accept(self):
        while not self.ending.is_set():
            if not select.select([self._listener], [], [], POLL_INTERVAL)[0]:
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
            action = self.script.at_accept()
            if action:
                action(exchange)
                return
            exchange.handshake()
            while exchange.has_more() and self.script.at_request()(exchange):
                pass
        except (OSError, Gone, ValueError):
            # The client closed the connection, or does not trust the certificate.
            pass
        finally:
            exchange.client.close()
            self._threads.discard(threading.current_thread())


class Exchange:
    """A connection of a client."""

    def __init__(self, proxy, client, number):
        self.proxy = proxy
        self.client = client
        self.number = number
        self._received = b""

    def handshake(self):
        if self.proxy.tls:
            self.client.settimeout(TIMEOUT)
            self.client = self.proxy.tls.wrap_socket(self.client, server_side=True)

    def has_more(self):
        """Wait for the next request; return False if the connection was closed."""
        if self._received:
            return True
        if isinstance(self.client, ssl.SSLSocket):
            self._received = self._read(1)
            return bool(self._received)
        return self._readable() and bool(self.client.recv(1, socket.MSG_PEEK))

    def outline(self):
        """Return the request with its real head and a placeholder for its body, to compute positions."""
        while b"\r\n\r\n" not in self._received:
            self._more(65536)
        head, _, _ = self._received.partition(b"\r\n\r\n")
        return head + b"\r\n\r\n" + bytes(self._content_length(head))

    def receive(self, count=None):
        """Return the whole request, or its first ``count`` bytes."""
        if count is None:
            count = len(self.outline())
            with self.proxy.lock:
                self.proxy.requests.append(self.number)
        while len(self._received) < count:
            self._more(min(65536, count - len(self._received)))
        data, self._received = self._received[:count], self._received[count:]
        return data

    def execute(self, request):
        """Send the request to the server, and return the raw response."""
        with socket.create_connection(self.proxy.upstream, TIMEOUT) as server:
            server.sendall(request)
            data = b""
            while b"\r\n\r\n" not in data or len(data) < after_headers(data) + self._content_length(data):
                piece = server.recv(65536)
                if not piece:
                    raise Gone
                data += piece
            return data

    def execute_part(self, part):
        """Send a part of the request to the server, and close the connection."""
        with socket.create_connection(self.proxy.upstream, TIMEOUT) as server:
            server.sendall(part)
            server.shutdown(socket.SHUT_WR)
            while server.recv(65536):
                pass

    def send(self, data):
        self.client.settimeout(TIMEOUT)
        self.client.sendall(data)

    def pause(self, seconds):
        # Not interrupted when the proxy stops: late executions must still happen.
        if seconds:
            time.sleep(seconds)

    def half_close(self):
        self.client.shutdown(socket.SHUT_WR)

    def drain(self, seconds):
        """Discard what the client sends, and wait until it closes the connection."""
        until = time.monotonic() + seconds
        self.client.settimeout(POLL_INTERVAL)
        while time.monotonic() < until and not self.proxy.ending.is_set():
            try:
                if not self.client.recv(65536):
                    return
            except TimeoutError:
                pass

    def wait_for_close(self):
        watch = select.poll()
        watch.register(self.client, select.POLLRDHUP | select.POLLHUP | select.POLLERR)
        while not self.proxy.ending.is_set() and not watch.poll(POLL_INTERVAL * 1000):
            pass

    def relay(self, up, down):
        """Pass on data, at most ``up`` bytes to the server and ``down`` bytes to the client."""
        limits = {}
        with socket.create_connection(self.proxy.upstream, TIMEOUT) as server:
            limits[self.client], limits[server] = up, down
            others = {self.client: server, server: self.client}
            while 0 not in limits.values() and not self.proxy.ending.is_set():
                for source in select.select(list(others), [], [], POLL_INTERVAL)[0]:
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
            if select.select([self.client], [], [], POLL_INTERVAL)[0]:
                return True
        return False

    def _read(self, count):
        if isinstance(self.client, ssl.SSLSocket):
            self.client.settimeout(POLL_INTERVAL)
            while not self.proxy.ending.is_set():
                try:
                    return self.client.recv(count)
                except TimeoutError:
                    pass
            return b""
        return self.client.recv(count) if self._readable() else b""
