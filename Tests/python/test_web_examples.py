"""The examples for Flask and FastAPI under gunicorn and uvicorn."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
from urllib.parse import urlencode, urlsplit

import deepidv
import pytest
from conftest import ROOT

EXAMPLES = ROOT / "bindings" / "python" / "examples"
FORM = "application/x-www-form-urlencoded"
APPLICANT = {"first_name": "Ada", "last_name": "L", "email": "ada@example.com", "phone": "+15192223333"}

PRELOADED = """
import deepidv
client = deepidv.Client.from_env()

def app(environ, start):
    try:
        name = client.retrieve_session("sess_1").id
    except deepidv.DeepIDVError as error:
        name = type(error).__name__
    start("200 OK", [("Content-Type", "text/plain")])
    return [name.encode()]
"""


@pytest.fixture
def serve(emulator, tmp_path):
    """Return a function that starts a server and returns its port."""
    running = []

    def start(*command, directory=EXAMPLES):
        # It inherits a socket that listens already, so that nobody else can have the port.
        listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        descriptor = listening.fileno()
        log = open(tmp_path / "log", "w+")
        process = subprocess.Popen(
            [sys.executable, "-m", *(part.replace("FD", str(descriptor)) for part in command)],
            cwd=directory,
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join([str(directory), *sys.path]),
                "PYTHONDONTWRITEBYTECODE": "1",
                "DEEPIDV_LIBRARY": deepidv._loading.find(),
                "DEEPIDV_API_KEY": "dk_emulator",
                "DEEPIDV_BASE_URL": emulator,
                "CALLBACK_URL": "https://yourapp.example/verify-callback",
                "SECRET_KEY": "made up",
            },
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=[descriptor],
        )
        running.append((process, listening, log))
        return listening.getsockname()[1], process

    yield start
    for process, listening, log in running:
        process.send_signal(signal.SIGTERM)
        process.wait(20)
        log.seek(0)
        print(log.read())
        log.close()
        listening.close()


def ask(port, method, target, body=None, headers=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request(method, target, body, headers or {})
    response = connection.getresponse()
    read = response.read().decode()
    connection.close()
    return response, read


def finish(url, **choice):
    """Act as the hosted page, and return the path that it redirects to."""
    page = urlsplit(url)
    headers = {"Content-Type": FORM}
    answered, _ = ask(page.port, "POST", f"{page.path}/finish", urlencode(choice), headers)
    target = urlsplit(answered.getheader("Location"))
    assert target.netloc == "yourapp.example"
    return f"{target.path}?{target.query}"


def story(port, create):
    """Create and confirm a session, with forged redirects in between."""
    url, cookie = create()
    back = finish(url, outcome="success")
    forged, _ = ask(port, "GET", back)
    assert forged.status == 403
    typed = re.sub("session_id=[^&]+", "session_id=sess_other", back)
    forged, _ = ask(port, "GET", typed, headers={"Cookie": cookie})
    assert forged.status == 403
    confirmed, body = ask(port, "GET", back, headers={"Cookie": cookie})
    assert confirmed.status == 200, body
    assert json.loads(body) == {"verdict": "SUBMITTED", "status": "SUBMITTED"}
    twice, _ = ask(port, "GET", f"{back}&status=failed", headers={"Cookie": cookie})
    assert twice.status == 403


def cookie_of(answered):
    cookie, *attributes = answered.getheader("Set-Cookie").split("; ")
    assert {"httponly", "secure", "samesite=lax"} <= {attribute.lower() for attribute in attributes}
    return cookie


@pytest.mark.parametrize("options", [(), ("--preload",), ("--worker-class", "gthread", "--threads", "4")])
def test_flask_under_gunicorn(serve, options):
    port, _ = serve("gunicorn", "--bind", "fd://FD", "--workers", "2", *options, "flask_app:app")

    def create():
        headers = {"Content-Type": FORM}
        answered, body = ask(port, "POST", "/verify", urlencode(APPLICANT), headers)
        assert answered.status == 302, body
        return answered.getheader("Location"), cookie_of(answered)

    for _ in range(6):
        story(port, create)
    refused, body = ask(port, "POST", "/verify", urlencode({**APPLICANT, "phone": "12"}), {"Content-Type": FORM})
    assert (refused.status, "phone" in body) == (400, True)


ONE_CLIENT = """
import threading
import deepidv

made = []

class Client:
    @classmethod
    def from_env(cls):
        made.append(cls)
        return cls()

deepidv.Client = Client
import flask_app
threads = [threading.Thread(target=flask_app.client) for _ in range(8)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
assert flask_app.client() is flask_app.client()
print(len(made))
"""


def test_the_flask_example_makes_one_client_a_process():
    ran = subprocess.run(
        [sys.executable, "-c", ONE_CLIENT],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(EXAMPLES), *sys.path])},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.stdout == "1\n", ran.stderr


def test_fastapi_under_uvicorn(serve):
    port, _ = serve("uvicorn", "--fd", "FD", "fastapi_app:app")

    def create():
        answered, body = ask(port, "POST", "/verify", json.dumps(APPLICANT))
        assert answered.status == 200, body
        return json.loads(body)["url"], cookie_of(answered)

    for _ in range(3):
        story(port, create)
    refused, body = ask(port, "POST", "/verify", json.dumps({**APPLICANT, "phone": "12"}))
    assert (refused.status, "phone" in body) == (400, True)
    for body in ("[]", "nope", "1", "null", "", b"\xff", "[" * 100_000):
        assert ask(port, "POST", "/verify", body)[0].status == 400, body


def test_applicants_choose_only_their_own_fields(serve, emulator):
    """Not the workflow, which may be a weaker one, nor the external id, which may be another applicant's."""
    more = {
        "externalId": "someone-else",
        "external_id": "someone-else",
        "workflow_id": "wf_weak",
        "expiresInHours": 8760,
        "sendEmailInvite": False,
        "redirect_url": "https://evil.example/",
    }
    port, _ = serve("uvicorn", "--fd", "FD", "fastapi_app:app")
    answered, body = ask(port, "POST", "/verify", json.dumps({**APPLICANT, **more}))
    assert answered.status == 200, body
    session = json.loads(body)["url"].split("?")[0].rpartition("/")[2]
    with deepidv.Client("dk_emulator", base_url=emulator) as client:
        record = client.retrieve_session(session).record
    assert record["redirect_url"] == "https://yourapp.example/verify-callback"
    assert record.get("external_id") != "someone-else" and record.get("workflow_id") is None


def error_of(kind):
    session = deepidv.Session("sess_1", None, None, None, (), b"", 200, 1, 0.1)
    if kind == "cancelled":
        return deepidv.CreatedThoughCancelled(session=session)
    if kind == "several":
        return deepidv.DuplicateSessions(session_ids=("sess_1", "sess_2"))
    return deepidv.OutcomeUnknown(reconcile_token="token of sess_1")


@pytest.mark.parametrize("kind", ["cancelled", "several", "unknown"])
@pytest.mark.parametrize("framework", ["flask", "fastapi"])
def test_what_is_known_of_a_session_is_stored(monkeypatch, caplog, framework, kind):
    monkeypatch.syspath_prepend(str(EXAMPLES))
    monkeypatch.setenv("CALLBACK_URL", "https://yourapp.example/verify-callback")
    error = error_of(kind)
    error.__context__ = KeyboardInterrupt()

    class Client:
        def create_session(self, **fields):
            raise error

        async def create_session_from(self, fields):
            raise error

    if framework == "flask":
        import flask_app

        monkeypatch.setattr(flask_app, "client", Client)
        flask_app.app.testing = True

        def post():
            answered = flask_app.app.test_client().post("/verify", data=APPLICANT)
            return answered.status_code, answered.text
    else:
        import asyncio

        import fastapi
        import fastapi_app

        fastapi_app.app.state.client = Client()

        class Request:
            async def json(self):
                return APPLICANT

        def post():
            with pytest.raises(fastapi.HTTPException) as refused:
                asyncio.run(fastapi_app.verify(Request(), fastapi.Response()))
            return refused.value.status_code, refused.value.detail

    if kind == "cancelled":
        with pytest.raises(KeyboardInterrupt):
            post()
    else:
        status, text = post()
        assert status == 502
        assert ("You have an invitation" if kind == "several" else "You may get an invitation") in text
    assert "sess_1" in caplog.text
    assert "sess_2" in caplog.text or kind != "several"


def test_a_client_from_before_gunicorn_forks(serve, tmp_path):
    """The workers of a preloaded application inherit the parent's client, and every call on it raises."""
    (tmp_path / "preloaded.py").write_text(PRELOADED)
    port, _ = serve("gunicorn", "--bind", "fd://FD", "--workers", "2", "--preload", "preloaded:app", directory=tmp_path)
    names = {ask(port, "GET", "/")[1] for _ in range(6)}
    assert names == {"ForkedError"}


def test_multiprocessing(emulator):
    """The workers of a pool cannot use the parent's client, but their own."""
    program = """
import multiprocessing, os, sys
import deepidv
APPLICANT = dict(first_name="A", last_name="B", email="a@b.example", phone="+15192223333")
client = deepidv.Client.from_env()

def work(number):
    try:
        client.create_session(**APPLICANT)
    except deepidv.ForkedError:
        with deepidv.Client.from_env() as own:
            return own.create_session(**APPLICANT).id

if __name__ == "__main__":
    first = client.create_session(**APPLICANT).id
    with multiprocessing.get_context(sys.argv[1]).Pool(2) as pool:
        made = [id for id in pool.map(work, range(4))]
    print(len({first, client.create_session(**APPLICANT).id, *made} - {None}))
"""
    shown = subprocess.run(
        [sys.executable, "-c", program, "fork"],
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(sys.path),
            "DEEPIDV_LIBRARY": deepidv._loading.find(),
            "DEEPIDV_API_KEY": "dk_emulator",
            "DEEPIDV_BASE_URL": emulator,
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert shown.stdout == "6\n", shown.stderr
