"""Starts and calls an emulator, using only the standard library."""

import http.client
import json
import os
import pathlib
import subprocess
import sys
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from canaries import APPLICANT

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("DEEPIDV_EMULATOR", str(REPOSITORY / ".build-emulator/release/deepidv-emulator"))


class Response:
    """A response with its complete body."""

    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def text(self):
        return self.body.decode()

    @property
    def json(self):
        return json.loads(self.body)


class Emulator:
    """An emulator process, with calls to it."""

    def __init__(self, *options):
        self.process = subprocess.Popen(
            [BINARY, "--port", "0", "--exit-with-parent", *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.ready_line = self.process.stdout.readline().decode()
        self.url = self.ready_line.rsplit(" ", 1)[-1].strip()
        self.address = urllib.parse.urlsplit(self.url)

    def connect(self):
        return http.client.HTTPConnection(self.address.hostname, self.address.port, timeout=20)

    def request(self, method, target, body=None, headers=None):
        connection = self.connect()
        try:
            connection.request(method, target, body, headers or {})
            return Response(connection.getresponse())
        finally:
            connection.close()

    def create_raw(self, body, key="dk_emulator", content_type="application/json"):
        headers = {"Content-Type": content_type, "x-api-key": key}
        return self.request("POST", "/v1/sessions", body, {n: v for n, v in headers.items() if v is not None})

    def create(self, key="dk_emulator", **fields):
        """Creates a session for APPLICANT, with fields added or changed."""
        return self.create_raw(json.dumps({**APPLICANT, **fields}), key)

    def session(self, **fields):
        """Creates a session and returns its id."""
        response = self.create(**fields)
        assert response.status == 200, response.text
        return response.json["id"]

    def get(self, target, key="dk_emulator", **query):
        """Sends a GET request to the API."""
        if query:
            target += "?" + urllib.parse.urlencode(query, quote_via=urllib.parse.quote)
        return self.request("GET", target, headers={"x-api-key": key} if key is not None else {})

    def retrieve(self, session, key="dk_emulator"):
        return self.get(f"/v1/sessions/{session}", key)

    def list(self, key="dk_emulator", **query):
        return self.get("/v1/sessions", key, **query)

    def update(self, session, status, key="dk_emulator"):
        return self.request(
            "PATCH",
            f"/v1/sessions/{session}/update-status",
            json.dumps({"new_status": status}),
            {"Content-Type": "application/json", "x-api-key": key},
        )

    def control(self, method, target, /, **body):
        """Calls the control API, below /emulator/."""
        if method in ("GET", "DELETE"):
            return self.request(method, f"/emulator/{target}")
        return self.request(method, f"/emulator/{target}", json.dumps(body), {"Content-Type": "application/json"})

    def inspect(self, target):
        """Returns the JSON of a successful GET of the control API."""
        response = self.control("GET", target)
        assert response.status == 200, response.text
        return response.json

    def command(self, target, /, **body):
        """Returns the JSON of a successful POST of the control API."""
        response = self.control("POST", target, **body)
        assert response.status == 200, response.text
        return response.json

    def show(self, session):
        return self.request("GET", f"/session/{session}")

    def post_form(self, target, form, headers=None):
        return self.request(
            "POST",
            target,
            urllib.parse.urlencode(form),
            {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})},
        )

    def step(self, session, to):
        return self.post_form(f"/session/{session}/step", {"to": to})

    def finish(self, session, **form):
        return self.post_form(f"/session/{session}/finish", form)

    def close(self):
        """Ends it like a parent process that exits, and returns its exit status."""
        self.process.stdin.close()
        status = self.process.wait(timeout=20)
        self.process.stdout.close()
        self.process.stderr.close()
        return status
