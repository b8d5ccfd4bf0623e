"""A server that performs the given acts, and records every request."""

import json
import select
import socket
import ssl
import struct
import threading
import time
from dataclasses import dataclass

NO_SESSIONS = {"sessions": [], "next_token": None}
CREATED = {
    "id": "sess_1",
    "session_url": "https://verify.deepidv.com/session/sess_1?oid=org_1",
    "links": [],
}


@dataclass
class Received:
    """A request that arrived completely."""

    head: bytes
    body: bytes
    connection: int
    # Monotonic seconds.
    time: float

    @property
    def first_line(self):
        return self.head.split(b"\r\n", 1)[0]

    @property
    def method(self):
        return self.first_line.split()[0].decode()

    @property
    def target(self):
        return self.first_line.split()[1].decode()

    def header(self, name):
        for line in self.head.split(b"\r\n")[1:]:
            key, _, value = line.partition(b":")
            if key.strip().lower() == name.lower().encode():
                return value.strip().decode()
        return None

    @property
    def json(self):
        return json.loads(self.body)


# Acts: what the peer does about one request. Each gets the connection, and returns whether it stays open.


def answer(status=200, body=CREATED, *, headers=(), keep=True):
    """Send a well-formed response. A dict becomes JSON."""
    if isinstance(body, dict):
        body = json.dumps(body).encode()
    if isinstance(body, str):
        body = body.encode()
    head = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(body)}", *headers]
    return send("\r\n".join(head).encode() + b"\r\n\r\n" + body, keep=keep)


def send(data, *, keep=False):
    """Send these bytes, and close the connection unless ``keep`` is set."""

    def act(connection):
        connection.sendall(data)
        return keep

    return act


def hang_up(connection):
    """Close the connection without a response."""
    return False


def reset(connection):
    """Reset the connection."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return False


def say_nothing(connection):
    """Keep the connection open without a response."""
    return True


def pour(head):
    """Send an endless body, until the client closes the connection."""

    def act(connection):
        connection.sendall(head)
        piece = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
        while True:
            connection.sendall(piece)

    return act


# Doors: what the peer does about a new connection. Each gets it, and returns whether requests may follow.


def slam(connection):
    """Close the connection before reading anything."""
    return False


def socks(code):
    """Act as a SOCKS5 proxy that answers CONNECT with this code; with 0 it connects to the peer itself."""

    def act(connection):
        methods = connection.recv(2)[1]
        connection.recv(methods)
        connection.sendall(b"\5\0")
        connection.recv(512)
        connection.sendall(b"\5" + bytes([code]) + b"\0\1\0\0\0\0\0\0")
        return code == 0

    return act


_used_ports = set()


def _listener(host, port):
    """Bind a socket: to a port that no earlier peer had, unless there is one to take.

    The library remembers creates with an unknown outcome by URL and key, for all tests of a process.
    """
    unusable = []
    while True:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        found = listener.getsockname()[1]
        if port or found not in _used_ports:
            break
        unusable.append(listener)
    for other in unusable:
        other.close()
    _used_ports.add(found)
    return listener


class Peer:
    """Performs its acts in order, one for each request on any connection.

    Later requests get the usual response, and are recorded like all others, so that a request that was sent twice is
    seen: a create gets a session, and a GET gets a page without sessions. Doors are used in the same way, one for
    each connection; the last one stays. With ``tls``, a context, everything behind the door uses TLS.
    """

    def __init__(self, *acts, receive_buffer=None, deaf=False, doors=(), host="127.0.0.1", port=0, tls=None):
        self.acts = list(acts)
        self.doors = list(doors)
        self.deaf = deaf
        self.tls = tls
        self.requests = []
        self.connections = 0
        self._lock = threading.Lock()
        self._arrived = threading.Condition(self._lock)
        self._ending = threading.Event()
        self._listener = _listener(host, port)
        if receive_buffer:
            self.set_receive_buffer(receive_buffer)
        self._listener.listen(128)
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    @property
    def url(self):
        return f"http{'s' if self.tls else ''}://{self.address}"

    @property
    def address(self):
        return "{}:{}".format(*self._listener.getsockname())

    def set_receive_buffer(self, size):
        """Set the receive buffer of all later connections."""
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, size)

    @property
    def posts(self):
        """The creates that have arrived."""
        return [request for request in self.requests if request.method == "POST"]

    @property
    def searches(self):
        """The GET requests that have arrived."""
        return [request for request in self.requests if request.method == "GET"]

    def wait_for(self, count, timeout=10):
        """Wait until this many requests have arrived."""
        with self._arrived:
            assert self._arrived.wait_for(lambda: len(self.requests) >= count, timeout)

    def end(self):
        """Read what is still arriving, stop, and return all requests."""
        self._ending.set()
        for thread in self._threads:
            thread.join(10)
            assert not thread.is_alive()
        self._listener.close()
        return self.requests

    def _accept(self):
        while True:
            readable, _, _ = select.select([self._listener], [], [], 0.005)
            if readable:
                connection, _ = self._listener.accept()
                with self._lock:
                    self.connections += 1
                    number = self.connections
                thread = threading.Thread(target=self._serve, args=(connection, number), daemon=True)
                self._threads.append(thread)
                thread.start()
            elif self._ending.is_set():
                return

    def _serve(self, connection, number):
        with connection:
            try:
                if not self._opens(connection):
                    return
                if self.tls:
                    connection = self.tls.wrap_socket(connection, server_side=True)
                with connection:
                    while self._converse(connection, number):
                        pass
            except (ConnectionError, TimeoutError, ssl.SSLError):
                pass

    def _opens(self, connection):
        with self._lock:
            if not self.doors:
                return True
            door = self.doors.pop(0) if len(self.doors) > 1 else self.doors[0]
        return door(connection)

    def _converse(self, connection, number):
        if self.deaf:
            act = self.acts.pop(0)
            return act(connection)
        received = self._receive(connection, number)
        if received is None:
            return False
        with self._arrived:
            self.requests.append(received)
            usual = answer(body=NO_SESSIONS if received.method == "GET" else CREATED)
            act = self.acts.pop(0) if self.acts else usual
            self._arrived.notify_all()
        return act(connection)

    def _receive(self, connection, number):
        data = b""
        while b"\r\n\r\n" not in data:
            piece = self._read(connection)
            if not piece:
                return None
            data += piece
        head, _, body = data.partition(b"\r\n\r\n")
        received = Received(head, body, number, time.monotonic())
        while len(received.body) < int(received.header("Content-Length") or 0):
            piece = self._read(connection)
            if not piece:
                return None
            received.body += piece
        return received

    def _read(self, connection):
        while True:
            readable, _, _ = select.select([connection], [], [], 0.005)
            if readable:
                return connection.recv(65536)
            if self._ending.is_set():
                return b""
