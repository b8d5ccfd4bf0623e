"""The views for Flask, Django and FastAPI, under the servers that people run them with."""

import concurrent.futures
import os
import signal
import socket
import subprocess
import sys
import time

import deepidv
import pytest
from webhooks import MALFORMED, SECRET, event

# Each writes what it has received into a file, and fails if the session is called so.
COMMON = """
import os

def note(webhook):
    if webhook.session.id == "sess_fails":
        raise RuntimeError("the application's own")
    with open(os.environ["RECEIVED"], "a") as file:
        print(webhook.key, file=file)

SECRETS = ["whsec_old", os.environ["SECRET"]]
"""

FLASK = """
import flask
from common import SECRETS, note
from deepidv.webhooks.flask import webhook_view

app = flask.Flask(__name__)
app.post("/hook")(webhook_view(SECRETS)(note))
"""

DJANGO = """
import django.conf
from django.core.wsgi import get_wsgi_application
from django.urls import path
from common import SECRETS, note
from deepidv.webhooks.django import webhook_view

django.conf.settings.configure(
    ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="x", MIDDLEWARE=["django.middleware.csrf.CsrfViewMiddleware"]
)
urlpatterns = [path("hook", webhook_view(SECRETS)(note))]
app = get_wsgi_application()
"""

FASTAPI = """
import fastapi
from common import SECRETS, note
from deepidv.webhooks.starlette import webhook_view

app = fastapi.FastAPI()

@app.post("/hook")
@webhook_view(SECRETS)
async def received(webhook):
    note(webhook)

# One that is not async.
app.add_route("/sync", webhook_view(SECRETS)(note), methods=["POST"])
"""

SERVERS = {
    "flask": ("gunicorn", "--bind", "fd://FD", "flask_app:app"),
    "django": ("gunicorn", "--bind", "fd://FD", "django_app:app"),
    "fastapi": ("uvicorn", "--fd", "FD", "fastapi_app:app"),
}


class Server:
    """An application under its server."""

    def __init__(self, name, folder):
        # It inherits a socket that listens already, so that nobody else can have the port.
        self.listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listening.getsockname()[1]
        descriptor = self.listening.fileno()
        self.received, self.log_path = folder / f"{name}.received", folder / f"{name}.log"
        self.received.touch()
        self.log = open(self.log_path, "w")
        self.process = subprocess.Popen(
            [sys.executable, "-m", *(part.replace("FD", str(descriptor)) for part in SERVERS[name])],
            cwd=folder,
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join([str(folder), *sys.path]),
                "DEEPIDV_LIBRARY": deepidv._loading.find(),
                "RECEIVED": str(self.received),
                "SECRET": SECRET,
            },
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
            pass_fds=[descriptor],
        )

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)
        self.log.close()
        self.listening.close()

    def send(self, body, *headers, length=None, path="/hook", last=b""):
        """Send a body as it is, and give the status; None if the connection ended without one."""
        length = len(body) if length is None else length
        head = [f"POST {path} HTTP/1.1", "Host: a.example", "Connection: close", *headers]
        if length != "":
            head.append(f"Content-Length: {length}")
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as connection:
            try:
                connection.sendall("\r\n".join([*head, "", ""]).encode() + body)
                if last is None:
                    connection.shutdown(socket.SHUT_WR)
                answered = connection.recv(65536)
            except (BrokenPipeError, ConnectionResetError):
                # It was refused before all of it was sent.
                answered = connection.recv(65536)
        return int(answered.split()[1]) if answered else None

    def keys(self):
        return self.received.read_text().splitlines()


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    folder = tmp_path_factory.mktemp("apps")
    for name, text in (("common", COMMON), ("flask_app", FLASK), ("django_app", DJANGO), ("fastapi_app", FASTAPI)):
        (folder / f"{name}.py").write_text(text)
    started = {name: Server(name, folder) for name in SERVERS}
    # All of them at once: the first request waits until the application is there.
    with concurrent.futures.ThreadPoolExecutor() as pool:
        assert set(pool.map(lambda server: server.send(b""), started.values())) == {401}
    yield started
    for server in started.values():
        server.end()


@pytest.fixture(params=SERVERS)
def server(servers, request):
    return servers[request.param]


SIGNED = f"deepidv-signature: {SECRET}"


def test_events_are_received(server):
    body = event(external_id="Zoë \U0001f600", id="sess_ok")
    before = len(server.keys())
    assert server.send(body, SIGNED) == 204
    assert server.send(body, "DeepIDV-Signature: whsec_old") == 204
    # Its type does not matter, nor that it comes in pieces.
    assert server.send(body, SIGNED, "Content-Type: application/x-www-form-urlencoded") == 204
    assert server.send(body, SIGNED, "Content-Type: multipart/form-data; boundary=x") == 204
    chunked = b"".join(b"1\r\n%c\r\n" % byte for byte in body) + b"0\r\n\r\n"
    if "django" not in server.log_path.name:
        # WSGI has no form for it; Django reads no body without a length.
        assert server.send(chunked, SIGNED, "Transfer-Encoding: chunked", length="") == 204
    assert set(server.keys()[before:]) == {deepidv.Webhook.open(body, SECRET, SECRET).key}
    # Unknown types are for the application.
    assert server.send(event("Session.Created"), SIGNED) == 204


def test_a_function_that_is_not_async(servers):
    before = len(servers["fastapi"].keys())
    assert servers["fastapi"].send(event(), SIGNED, path="/sync") == 204
    assert len(servers["fastapi"].keys()) == before + 1


def test_wrong_secrets(server):
    for headers in (
        (),
        ("deepidv-signature:",),
        ("deepidv-signature: whsec_guess",),
        (SIGNED + "x",),
        (SIGNED, SIGNED),
    ):
        expected = 204 if len(headers) == 2 and "fastapi" in server.log_path.name else 401
        assert server.send(event(), *headers) == expected
        assert server.send(b"no JSON", *headers) == (400 if expected == 204 else 401)
    # A header of 1 MB is the server's to refuse.
    assert server.send(event(), "deepidv-signature: " + "a" * (1 << 20)) in (400, 431, None)


@pytest.mark.parametrize("name", MALFORMED)
def test_what_is_no_event(server, name):
    assert server.send(MALFORMED[name], SIGNED) == 400


def test_lengths(server):
    # Not read at all, with any secret.
    for headers in ((), (SIGNED,)):
        started = time.monotonic()
        assert server.send(b"", *headers, length=100 << 20) == 413
        assert server.send(event(), *headers, length=(4 << 20) + 1) == 413
        assert time.monotonic() - started < 20
    for length in ("-1", "x", "1e3", "9" * 5000):
        assert server.send(event(), SIGNED, length=length) in (400, 413, 431, None)
    # Shorter than the body: what is read is not all.
    assert server.send(event(), SIGNED, length=40) == 400
    # Longer than the body, which is cut short.
    before = server.keys()
    assert server.send(event()[:-1], SIGNED, length=len(event()), last=None) in (400, None)
    assert server.keys() == before
    assert server.send(event().ljust(4 << 20), SIGNED) == 204


def test_a_hundred_megabytes_in_chunks(server):
    chunk = b"100000\r\n" + b" " * (1 << 20) + b"\r\n"
    status = server.send(chunk * 100 + b"0\r\n\r\n", SIGNED, "Transfer-Encoding: chunked", length="")
    assert status in (400 if "django" in server.log_path.name else 413, None)


def test_the_application_s_own_error_is_a_500(server):
    """So that the service sends the event again."""
    assert server.send(event(id="sess_fails"), SIGNED) == 500


def test_other_methods(server):
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall(b"GET /hook HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n")
        assert b" 405 " in connection.recv(65536)


def test_no_traceback_but_the_application_s_own(servers):
    for name, server in servers.items():
        server.log.flush()
        log = server.log_path.read_text()
        assert SECRET not in log
        assert log.count("Traceback") <= log.count("RuntimeError: the application's own"), f"{name}:\n{log}"
