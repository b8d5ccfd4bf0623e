"""The CGI program for webhooks, behind nginx and fcgiwrap. DEEPIDV_EXAMPLES is the folder of the programs."""

import concurrent.futures
import json
import os
import pathlib
import random
import socket
import subprocess
import time

import pytest

PROGRAM = pathlib.Path(os.environ["DEEPIDV_EXAMPLES"]) / "webhook"
SECRET = "whsec_mine"

CONFIGURATION = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen unix:{folder}/nginx.socket;
    location = /hook {{
      include /etc/nginx/fastcgi_params;
      fastcgi_param SCRIPT_FILENAME {program};
      fastcgi_param WEBHOOK_SECRETS "whsec_new {secret}";
      fastcgi_param WEBHOOK_FOLDER {folder}/stored;
      fastcgi_pass unix:{folder}/fcgiwrap.socket;
      client_max_body_size 4m;
    }}
  }}
}}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Run both servers, and give the folder with their sockets and what is stored."""
    folder = tmp_path_factory.mktemp("cgi")
    (folder / "stored").mkdir()
    configuration = folder / "nginx.conf"
    configuration.write_text(CONFIGURATION.format(folder=folder, program=PROGRAM, secret=SECRET))
    commands = [
        ["fcgiwrap", "-c", "4", "-s", f"unix:{folder}/fcgiwrap.socket"],
        ["nginx", "-p", folder, "-c", configuration, "-e", folder / "error.log"],
    ]
    environment = {**os.environ, "PATH": f"{os.environ['PATH']}:/usr/sbin"}
    # Not for longer than the tests may take, should nobody be left to stop them.
    running = [
        subprocess.Popen(["timeout", "120", *command], stdin=subprocess.DEVNULL, env=environment)
        for command in commands
    ]
    for name in ("fcgiwrap.socket", "nginx.socket"):
        for _ in range(500):
            if (folder / name).exists():
                break
            time.sleep(0.01)
    yield folder
    for process in running:
        process.terminate()
        process.wait(10)


def event(type="session.status.verified", time="2026-01-02T00:00:00.000Z", **record):
    record = {"id": "sess_abc", "status": "VERIFIED", "updated_at": time, **record}
    return json.dumps({"type": type, "data": record}).encode()


def post(folder, body, *headers, length=None, method="POST"):
    """Send a body, and give the status."""
    length = len(body) if length is None else length
    head = [f"{method} /hook HTTP/1.1", "Host: a", "Connection: close", f"Content-Length: {length}", *headers]
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(30)
        connection.connect(str(folder / "nginx.socket"))
        connection.sendall("\r\n".join([*head, "", ""]).encode() + body)
        return int(connection.recv(65536).split()[1])


def signed(folder, body, **options):
    return post(folder, body, f"deepidv-signature: {SECRET}", **options)


def stored(folder, session):
    return (folder / "stored" / session.encode().hex()).read_text().splitlines()


def test_what_is_refused(folder):
    assert post(folder, event()) == 401
    assert post(folder, event(), "deepidv-signature: whsec_guess") == 401
    assert post(folder, b"no JSON", "deepidv-signature: whsec_guess") == 401
    for body in (b"", b"no JSON", event()[:-1], event(id=""), b'{"a":' * 10000):
        assert signed(folder, body) == 400, body[:20]
    assert signed(folder, event().ljust((4 << 20) + 1)) == 413
    assert signed(folder, b"", length=100 << 20) == 413
    assert signed(folder, b"", method="GET") == 405
    assert list((folder / "stored").iterdir()) == []


def test_lengths_behind_a_server_without_a_limit():
    for length, status in (((4 << 20) + 1, "413"), ("9" * 30, "413"), ("-1", "413"), ("x", "400"), (5, "400")):
        answered = subprocess.run(
            [PROGRAM],
            input=event()[:-1],
            env={
                "REQUEST_METHOD": "POST",
                "CONTENT_LENGTH": str(length),
                "WEBHOOK_SECRETS": SECRET,
                "HTTP_DEEPIDV_SIGNATURE": SECRET,
            },
            stdout=subprocess.PIPE,
            check=True,
            timeout=30,
        )
        assert answered.stdout.decode().startswith(f"Status: {status} "), length


def test_the_newest_is_kept(folder):
    story = [
        ("session.created", "PENDING", "2026-01-01T00:00:00.000Z"),
        ("session.status.submitted", "SUBMITTED", "2026-01-01T00:00:01.000Z"),
        ("session.status.verified", "VERIFIED", "2026-01-01T00:00:01.000Z"),
    ]
    sessions = [f"sess/../{number}" for number in range(4)]
    bodies = [
        event(type, time, id=session, status=status)
        for session in sessions
        for type, status, time in story
        for _ in range(3)
    ]
    random.shuffle(bodies)
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        assert set(pool.map(lambda body: signed(folder, body), bodies)) == {204}
    for session in sessions:
        key, status = stored(folder, session)
        assert json.loads(key) == ["session.status.verified", session, "2026-01-01T00:00:01.000Z"]
        assert status == "VERIFIED"


def test_both_secrets(folder):
    assert post(folder, event(id="new"), "deepidv-signature: whsec_new") == 204
    assert stored(folder, "new")[1] == "VERIFIED"
