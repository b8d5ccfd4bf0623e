"""Opens connections, sends a request on each, keeps all open, and sends another request on each.

Usage: hold.py PORT COUNT. Prints how many got a response to the second request.
"""

import resource
import socket
import sys

REQUEST = b"GET /v1/sessions?limit=1 HTTP/1.1\r\nHost: localhost\r\nx-api-key: dk_emulator\r\n\r\n"


def gets_response(connection):
    """Sends a request; returns whether a complete response arrives."""
    connection.sendall(REQUEST)
    received = b""
    while b"\r\n\r\n" not in received or not received.endswith(b"}"):
        part = connection.recv(65536)
        if not part:
            return False
        received += part
    return received.startswith(b"HTTP/1.1 200 ")


def main():
    port, count = int(sys.argv[1]), int(sys.argv[2])
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    held = []
    for number in range(count):
        # Several source addresses, because each has only 65,535 ports.
        connection = socket.create_connection(
            ("127.0.0.1", port), timeout=30, source_address=(f"127.0.0.{2 + number % 8}", 0)
        )
        held.append(connection)
        if not gets_response(connection):
            break
    print(sum(gets_response(connection) for connection in held), flush=True)


if __name__ == "__main__":
    main()
