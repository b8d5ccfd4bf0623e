"""A running emulator, spoken to with nothing but the standard library."""

import http.client
import json
import os
import pathlib
import subprocess
import urllib.parse

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("DEEPIDV_EMULATOR", str(REPOSITORY / ".build-emulator/release/deepidv-emulator"))

APPLICANT = {
    "first_name": "John",
    "last_name": "Doe",
    "email": "john.doe@example.com",
    "phone": "+15192223333",
}


class Answer:
    """A response that has been read to its end."""

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
    """A running emulator."""

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
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def create_raw(self, body, key="dk_emulator", content_type="application/json"):
        headers = {"Content-Type": content_type, "x-api-key": key}
        return self.request("POST", "/v1/sessions", body, {n: v for n, v in headers.items() if v is not None})

    def create(self, key="dk_emulator", **fields):
        """Creates a session for the usual applicant, with fields added or changed."""
        return self.create_raw(json.dumps({**APPLICANT, **fields}), key)

    def session(self, **fields):
        """The id of a new session."""
        answer = self.create(**fields)
        assert answer.status == 200, answer.text
        return answer.json["id"]

    def get(self, target, key="dk_emulator", **query):
        """Calls the service with GET."""
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
        """Calls what only the emulator has, below /emulator/."""
        if method in ("GET", "DELETE"):
            return self.request(method, f"/emulator/{target}")
        return self.request(method, f"/emulator/{target}", json.dumps(body), {"Content-Type": "application/json"})

    def told(self, target):
        """What the emulator tells of itself."""
        answer = self.control("GET", target)
        assert answer.status == 200, answer.text
        return answer.json

    def order(self, target, /, **body):
        """Has the emulator do something, which must succeed."""
        answer = self.control("POST", target, **body)
        assert answer.status == 200, answer.text
        return answer.json

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
        """Ends it as the end of a test run would; returns its exit status."""
        self.process.stdin.close()
        status = self.process.wait(timeout=20)
        self.process.stdout.close()
        self.process.stderr.close()
        return status
