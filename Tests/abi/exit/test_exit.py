"""A process that exits at any moment while creates run over TLS has the exit status 0.

At exit, OpenSSL frees its data, and a thread that still used it would crash. DEEPIDV_EXITING is the program built from
exiting.c; DEEPIDV_RUNNER is a command that runs programs, such as "valgrind -q"; DEEPIDV_TEST_ROUNDS is the number of
runs of each of two kinds.
"""

import os
import pathlib
import shlex
import socketserver
import subprocess
import sys
import threading
import time

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "support"))

import certificates

RUNNER = shlex.split(os.environ.get("DEEPIDV_RUNNER", ""))
PROGRAM = [*RUNNER, os.environ["DEEPIDV_EXITING"]]
ROUNDS = int(os.environ.get("DEEPIDV_TEST_ROUNDS", "25"))

BODY = b'{"id":"sess_peer","session_url":"https://verify.example.com/session/sess_peer","links":[]}'
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(BODY), BODY)


class Connection(socketserver.BaseRequestHandler):
    """Responds to every create after a short delay."""

    def handle(self):
        try:
            with self.server.tls.wrap_socket(self.request, server_side=True) as stream:
                received = b""
                while piece := stream.recv(65536):
                    received += piece
                    if received.endswith(b"}"):  # a create's last byte
                        received = b""
                        time.sleep(0.002)
                        stream.sendall(ANSWER)
        except OSError:
            pass  # the client has exited, as intended


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 128


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder with a certificate for 127.0.0.1 and the authority that signed it."""
    folder = tmp_path_factory.mktemp("tls")
    certificates.create_authority(folder, "ca")
    certificates.create_signed(folder, "server", "ca")
    return folder


@pytest.fixture(scope="module")
def url(folder):
    with Server(("127.0.0.1", 0), Connection) as server:
        server.tls = certificates.server_context(folder, "server")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"https://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


# From immediately to well after the handshakes, which take some milliseconds each.
@pytest.mark.parametrize("microseconds", [index * index * 250 for index in range(ROUNDS)])
@pytest.mark.parametrize("kind", ["queue", "blocking"])
def test_exit_status(folder, url, kind, microseconds):
    arguments = [url, folder / "ca.pem", str(microseconds), *(["blocking"] if kind == "blocking" else [])]
    done = subprocess.run(
        [*PROGRAM, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        timeout=30, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_copies_of_secrets(folder, url):
    copies = pathlib.Path(os.environ["DEEPIDV_EXITING"]).with_name("copies")
    # Lazy binding would save registers, which may contain secrets, on the stack.
    done = subprocess.run(
        [*RUNNER, copies, url, folder / "ca.pem"], env={**os.environ, "LD_BIND_NOW": "1"}, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
