"""The pictures of the guides are those of their texts, and say what the library does."""

import http.server
import re
import subprocess
import threading

import deepidv
import pytest
from blocks import ROOT

FOLDER = ROOT / "docs" / "pictures"
RULES = dict(re.findall(r"^(.+?) => (.+)$", (FOLDER / "outcomes.txt").read_text("utf-8"), re.MULTILINE))
APPLICANT = {"first_name": "Ada", "last_name": "Lovelace", "email": "ada@example.com", "phone": "+15192223333"}
# Responses for which each rule of the picture holds.
RESPONSES = {
    "200 to 299 with an id": [(200, b'{"id": "a"}'), (201, b'{"id": "a"}'), (299, b'{"id": "a"}')],
    "429": [(429, b"{}")],
    "300 to 499, except 408": [(300, b""), (302, b""), (400, b"{}"), (404, b"{}"), (407, b""), (409, b""), (499, b"")],
    "408, 500 and above, or no id in 200 to 299": [(408, b"{}"), (500, b"{}"), (599, b""), (200, b"{}"), (204, b"")],
}
EXCEPTIONS = {"retried": deepidv.RateLimited, "refused": deepidv.ServiceError, "unknown": deepidv.OutcomeUnknown}


def test_they_are_what_their_texts_say():
    done = subprocess.run([ROOT / "scripts" / "pictures", "--check"], stderr=subprocess.PIPE, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def test_their_statuses_exist():
    header = (ROOT / "include" / "deepidv.h").read_text("utf-8")
    for text in FOLDER.glob("*.txt"):
        for name in re.findall(r"\bE_[A-Z_]+", text.read_text("utf-8")):
            assert f"#define DEEPIDV_{name} " in header


@pytest.fixture
def serve():
    """Return a function that starts a server with one response, and returns its URL."""
    servers = []

    def start(status, body):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(status)
                self.send_header("Content-Length", "0" if status == 204 else str(len(body)))
                self.end_headers()
                self.wfile.write(body if status != 204 else b"")

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        servers.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server, thread in servers:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize("rule", RESPONSES)
def test_the_rules_for_responses(serve, rule):
    kind = RULES[rule].split(":")[0]
    for status, body in RESPONSES[rule]:
        # Without an external id, the library does not search.
        options = {"base_url": serve(status, body), "timeout": 1, "make_external_id": False, "repeat_guard": False}
        with deepidv.Client("key", **options) as client:
            if kind == "created":
                assert client.create_session(**APPLICANT).id == "a"
            else:
                with pytest.raises(EXCEPTIONS[kind]):
                    client.create_session(**APPLICANT)


def test_every_rule_for_responses_is_tested():
    assert [rule for rule in RULES if re.search(r"\d", rule)] == list(RESPONSES)
