"""Processes that exit at any moment while creates run over TLS have exit status 0.

OpenSSL frees its data at exit, and threads that still use it would crash. DEEPIDV_EXITING is the program of exiting.c;
DEEPIDV_RUNNER is a command that runs it, such as "valgrind -q"; DEEPIDV_TEST_ROUNDS is how often each kind is run.
"""

import os
import pathlib
import shlex
import socketserver
import ssl
import subprocess
import threading
import time

import pytest

PROGRAM = [*shlex.split(os.environ.get("DEEPIDV_RUNNER", "")), os.environ["DEEPIDV_EXITING"]]
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
            pass  # the client is gone, which is what it is here for


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 128


def openssl(*words, folder):
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True, timeout=30)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder with a certificate for 127.0.0.1 and the authority that signed it."""
    folder = tmp_path_factory.mktemp("tls")
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    authority = ["-subj", "/CN=test CA", "-keyout", "ca.key", "-out", "ca.pem"]
    openssl("req", "-x509", *key, "-days", "2", *authority, folder=folder)
    openssl("req", "-new", *key, "-subj", "/CN=localhost", "-keyout", "server.key", "-out", "server.csr", folder=folder)
    (folder / "names").write_text("subjectAltName=IP:127.0.0.1\n")
    openssl(
        "x509", "-req", "-days", "2", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
        "-extfile", "names", "-out", "server.pem", folder=folder,
    )  # fmt: skip
    return folder


@pytest.fixture(scope="module")
def url(folder):
    with Server(("127.0.0.1", 0), Connection) as server:
        server.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.tls.load_cert_chain(folder / "server.pem", folder / "server.key")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"https://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


# From immediately to well after the TLS handshakes, which take a few milliseconds each.
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
    # A linker that binds functions as they are called puts what is in registers on the stack.
    done = subprocess.run(
        [copies, url, folder / "ca.pem"], env={**os.environ, "LD_BIND_NOW": "1"}, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
