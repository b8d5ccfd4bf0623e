"""A server that lets a function handle each connection, byte by byte if it likes."""

import contextlib
import itertools
import json
import select
import socket
import ssl
import struct
import threading
import time

TIMEOUT = 20
_numbers = itertools.count(1)


def session():
    """Return the body of the response to a create, with an id of its own, and the id."""
    name = f"sess_wire{next(_numbers)}"
    url = f"https://verify.example.com/session/{name}"
    return json.dumps({"id": name, "session_url": url, "links": []}).encode(), name


def response(body, status=200, *, headers=b"", length=True):
    """Return a response with this body."""
    size = b"Content-Length: %d\r\n" % len(body) if length else b""
    return b"HTTP/1.1 %d Whatever\r\n%b%b\r\n%b" % (status, headers, size, body)


def chunked(body, size=40, trailers=b""):
    """Return a chunked response, with extensions and these trailers."""
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    chunks = b"".join(b"%x;a=b\r\n%b\r\n" % (len(piece), piece) for piece in pieces)
    return b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%b0\r\n%b\r\n" % (chunks, trailers)


class Wire:
    """A connection to the server."""

    def __init__(self, server, client, number):
        self.server = server
        self.client = client
        self.number = number
        self.received = b""

    def handshake(self):
        if self.server.tls:
            self.client = self.server.tls.wrap_socket(self.client, server_side=True, suppress_ragged_eofs=True)

    def head(self):
        """Read the head of a request; return it, or nothing if the client has closed the connection."""
        while b"\r\n\r\n" not in self.received:
            piece = self.client.recv(65536)
            if not piece:
                return b""
            self.received += piece
        head, _, self.received = self.received.partition(b"\r\n\r\n")
        return head

    def body(self, head, *, most=None):
        """Read the body of a request, or the first bytes of it, and return it."""
        lines = [line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
        size = int(lines[0].split(b":")[1]) if lines else 0
        size = size if most is None else min(size, most)
        while len(self.received) < size:
            piece = self.client.recv(min(65536, size - len(self.received)))
            if not piece:
                return b""
            self.received += piece
        body, self.received = self.received[:size], self.received[size:]
        return body

    def request(self):
        """Read a request, and return whether there was one."""
        head = self.head()
        return bool(head and (head.startswith(b"GET ") or self.body(head)))

    def send(self, data):
        self.client.sendall(data)

    def reset(self):
        self.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.client.close()

    def half_close(self, *, notify=False):
        """Send the end, over TLS with or without a close_notify."""
        if notify and self.server.tls:
            self.client.settimeout(0.01)
            with contextlib.suppress(OSError, ValueError):
                self.client.unwrap()
            self.client.settimeout(TIMEOUT)
        with contextlib.suppress(OSError):
            self.client.shutdown(socket.SHUT_WR)

    def linger(self):
        """Discard what arrives until the client closes the connection, which a close here would reset."""
        with contextlib.suppress(OSError, ValueError):
            while self.client.recv(65536):
                pass

    def stay(self):
        """Read nothing until the client closes the connection, or the test ends."""
        watch = select.poll()
        watch.register(self.client, select.POLLRDHUP | select.POLLHUP | select.POLLERR)
        while not self.server.ending.is_set() and not watch.poll(20):
            pass

    def wait_until_read(self, seconds=5):
        """Wait until the client's system has everything."""
        pause = time.monotonic() + seconds
        fileno = self.client.fileno()
        while time.monotonic() < pause and _unacknowledged(fileno):
            time.sleep(0.0005)


def _unacknowledged(fileno):
    import fcntl
    import termios

    return struct.unpack("i", fcntl.ioctl(fileno, termios.TIOCOUTQ, bytes(4)))[0]


class Server:
    """Listens on this machine. ``handle`` gets each connection, in a thread of its own; then it is closed."""

    def __init__(self, handle, *, tls=None, address="127.0.0.1", narrow=False, handshake=True):
        self.handle = handle
        self.tls = tls
        self.ending = threading.Event()
        self.connections = 0
        self.failures = []
        self._shakes_hands = handshake
        self._wires = set()
        self._lock = threading.Lock()
        self._listener = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
        if narrow:
            # Small segments and buffers make the sender's system buffer little too.
            self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            self._listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.bind((address, 0))
        self._listener.listen(512)
        self.port = self._listener.getsockname()[1]
        host = f"[{address}]" if ":" in address else address
        self.url = f"https://localhost:{self.port}" if tls else f"http://{host}:{self.port}"
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    def end(self):
        """Close everything, and raise what went wrong in ``handle``."""
        self.ending.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._accepting.join(TIMEOUT)
        self._listener.close()
        with self._lock:
            wires = list(self._wires)
        for wire, thread in wires:
            with contextlib.suppress(OSError):
                wire.client.shutdown(socket.SHUT_RDWR)
            thread.join(TIMEOUT)
            assert not thread.is_alive()
        if self.failures:
            raise self.failures[0]

    def _accept(self):
        while not self.ending.is_set():
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                self.connections += 1
                wire = Wire(self, client, self.connections)
                thread = threading.Thread(target=self._serve, args=(wire,), daemon=True)
                self._wires.add((wire, thread))
            thread.start()

    def _serve(self, wire):
        try:
            wire.client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            wire.client.settimeout(TIMEOUT)
            if self._shakes_hands:
                wire.handshake()
            self.handle(wire)
        except (OSError, ssl.SSLError, ValueError):
            # The client has closed the connection.
            pass
        except Exception as failure:
            self.failures.append(failure)
        finally:
            wire.client.close()
            with self._lock:
                self._wires = {one for one in self._wires if one[0] is not wire}
