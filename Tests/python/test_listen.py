"""``python -m deepidv listen``: between the emulator and a local application, and what strangers send it."""

import http.server
import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading

import deepidv
import pytest
from conftest import APPLICANT
from webhooks import MALFORMED, SECRET, event


class Application:
    """The local application: keeps what it receives, and answers what a test wants."""

    def __init__(self):
        self.calls, self.statuses = queue.Queue(), []
        application = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                application.calls.put((self.path, dict(self.headers), body))
                self.send_response(application.statuses.pop(0) if application.statuses else 200)
                self.end_headers()
                self.wfile.write(b"its own words")

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hooks/deepidv?a=b"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def application():
    application = Application()
    yield application
    application.server.shutdown()
    application.server.server_close()


@pytest.fixture
def listen(tmp_path):
    """Start the command, and give its process and port."""
    running = []

    def start(*options, secret=SECRET):
        process = subprocess.Popen(
            ["env", "--default-signal=INT", sys.executable, "-m", "deepidv", "listen", "--port", "0", *options],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "DEEPIDV_WEBHOOK_SECRET": secret},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        line = process.stderr.readline()
        assert line.startswith("deepidv: listening on http://127.0.0.1:"), line + process.stderr.read()
        return process, int(line.rsplit(":", 1)[1])

    yield start
    for process in running:
        process.kill()
        process.communicate(timeout=10)


def send(port, body, *headers, length=None):
    head = ["POST / HTTP/1.1", "Host: a", "Connection: close", *headers]
    head.append(f"Content-Length: {len(body) if length is None else length}")
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        try:
            connection.sendall("\r\n".join([*head, "", ""]).encode() + body)
            connection.shutdown(socket.SHUT_WR)
        except OSError:
            pass
        answered = connection.recv(65536)
    return int(answered.split()[1]) if answered else None


def test_from_the_emulator_to_the_application(listen, application, start_emulator):
    process, port = listen("--forward", application.url)
    hook = f"http://127.0.0.1:{port}/"
    emulator = start_emulator("--rate", "0", "--webhook", hook, "--webhook-secret", SECRET)
    application.statuses = [503]
    with deepidv.Client("dk_emulator", base_url=emulator) as client:
        session = client.create_session(**{**APPLICANT, "email": "verified@example.com"})
    printed = [json.loads(process.stdout.readline()) for _ in range(3)]
    assert {line["type"] for line in printed} == {
        "session.created",
        "session.status.submitted",
        "session.status.verified",
    }
    assert {line["id"] for line in printed} == {session.id}
    # The application's response is the emulator's: one of them is delivered again.
    assert sorted(line["response"] for line in printed) == [200, 200, 503]
    for _ in range(3):
        path, headers, body = application.calls.get(timeout=10)
        assert path == "/hooks/deepidv?a=b"
        assert headers["deepidv-signature"] == SECRET and headers["Content-Type"] == "application/json"
        assert deepidv.Webhook.open(body, SECRET, SECRET).session.id == session.id
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert (out, err, process.returncode) == ("", "", 130)


def test_without_an_application(listen):
    process, port = listen()
    assert send(port, event(), f"deepidv-signature: {SECRET}") == 204
    assert json.loads(process.stdout.readline()) == {
        "type": "session.status.verified",
        "id": "sess_abc",
        "status": "VERIFIED",
        "progress": "COMPLETED",
        "external_id": "order-1",
        "created_at": "2026-01-01T00:00:00.000Z",
        "expires_at": "2026-02-01T00:00:00.000Z",
        "response": 204,
    }


def test_an_application_that_is_not_there(listen):
    process, port = listen("--forward", "http://127.0.0.1:1/")
    assert send(port, event(), f"deepidv-signature: {SECRET}") == 502
    assert json.loads(process.stdout.readline())["response"] == 502
    assert process.stderr.readline() == "deepidv: the application did not respond: ConnectionRefusedError\n"


def test_what_strangers_send(listen, application, tmp_path):
    (tmp_path / "secrets").write_text(f"whsec_new\n{SECRET}\n")
    process, port = listen("--forward", application.url, "--secret-file", str(tmp_path / "secrets"), secret="")
    signed = f"deepidv-signature: {SECRET}"
    assert send(port, event()) == 401
    assert send(port, event(), "deepidv-signature: whsec_guess") == 401
    assert send(port, event(), "deepidv-signature: " + "a" * (1 << 20)) in (431, None)
    for body in MALFORMED.values():
        assert send(port, body, signed) == 400
    assert send(port, event()[:-1], signed, length=len(event())) == 400
    for length, status in ((100 << 20, 413), ("9" * 5000, 413), ("-1", 400), ("x", 400)):
        assert send(port, event(), signed, length=length) == status
    assert application.calls.empty()
    assert send(port, event("Session.Created"), "DEEPIDV-SIGNATURE: whsec_new") == 200
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert [json.loads(line)["type"] for line in out.splitlines()] == ["Session.Created"]
    assert all(line.startswith("deepidv: ") for line in err.splitlines()), err
    assert SECRET not in err and "order-1" not in err


@pytest.mark.parametrize(
    "options, said",
    [
        ((), "DEEPIDV_WEBHOOK_SECRET"),
        (("--port", "65536"), "--port"),
        (("--forward", "file:///etc/passwd"), "--forward"),
        (("--forward", "http://a:x/"), "--forward"),
        (("--secret-file", "/nowhere"), "/nowhere"),
    ],
)
def test_wrong_usage(options, said):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    environment.pop("DEEPIDV_WEBHOOK_SECRET", None)
    ran = subprocess.run(
        [sys.executable, "-m", "deepidv", "listen", *options],
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert ran.returncode == 2 and said in ran.stderr and "Traceback" not in ran.stderr
