"""Webhooks from the emulator to a receiver of this package."""

import http.client
import http.server
import json
import queue
import threading
from urllib.parse import urlsplit

import deepidv
import pytest
from conftest import APPLICANT

SECRET = "whsec_first"


class Receiver:
    """An integrator's endpoint: it verifies, and keeps what is the newest of each session."""

    def __init__(self):
        self.secrets = deepidv.WebhookSecrets(SECRET)
        self.calls = queue.Queue()
        self.keys, self.statuses = {}, {}
        # What it does before it answers: nothing, or what a test wants, once each.
        self.moods = []
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(receiver.status(body, self.headers["deepidv-signature"]))
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def status(self, body, signature):
        if self.moods:
            self.moods.pop(0)()
        try:
            webhook = deepidv.Webhook.open(body, signature, self.secrets)
        except deepidv.WebhookError as error:
            self.calls.put(error)
            return error.response_status
        session = webhook.session
        if webhook.supersedes(self.keys.get(session.id)):
            self.keys[session.id], self.statuses[session.id] = webhook.key, session.status
        self.calls.put(webhook)
        return 204

    def next(self, count=1):
        return [self.calls.get(timeout=30) for _ in range(count)]

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Emulator:
    """An emulator that sends to a receiver."""

    def __init__(self, url):
        self.url = url
        self.client = deepidv.Client("dk_emulator", base_url=url, rate_limit=0)

    def call(self, method, path, **fields):
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=30)
        headers = {"x-api-key": "dk_emulator", "Content-Type": "application/json"}
        connection.request(method, path, json.dumps(fields) if fields else None, headers)
        response = connection.getresponse()
        read = json.loads(response.read() or b"{}")
        assert response.status == 200, read
        return read

    def create(self, **fields):
        return self.client.create_session(**{**APPLICANT, **fields}).id

    def finish(self, session, **choice):
        self.call("POST", f"/emulator/sessions/{session}/finish", **choice)

    def update(self, session, status):
        self.call("PATCH", f"/v1/sessions/{session}/update-status", new_status=status)

    def deliveries(self, condition):
        for _ in range(1000):
            found = self.call("GET", "/emulator/deliveries")["deliveries"]
            if condition(found):
                return found
            threading.Event().wait(0.02)
        raise AssertionError(found)


@pytest.fixture
def receiver():
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture
def emulator(start_emulator, receiver):
    emulator = Emulator(start_emulator("--rate", "0", "--webhook", receiver.url, "--webhook-secret", SECRET))
    yield emulator
    emulator.client.close()


def test_every_type(emulator, receiver):
    session = emulator.create(external_id="order-1")
    (created,) = receiver.next()
    emulator.finish(session, outcome="success")
    (submitted,) = receiver.next()
    emulator.update(session, "VERIFIED")
    (verified,) = receiver.next()
    emulator.update(session, "REJECTED")
    (rejected,) = receiver.next()
    other = emulator.create()
    emulator.finish(other, outcome="failed", reason="face_mismatch")
    failed = next(one for one in receiver.next(2) if one.type != "session.created")
    types = [one.type for one in (created, submitted, verified, rejected, failed)]
    assert types == list(deepidv.WebhookType)
    assert all(isinstance(type, deepidv.WebhookType) for type in types)
    verdicts = [one.verdict.name for one in (created, submitted, verified, rejected, failed)]
    assert verdicts == ["PENDING", "SUBMITTED", "VERIFIED", "REJECTED", "EXPIRED"]
    # The session is as retrieve gives it.
    retrieved = emulator.client.retrieve_session(session)
    for name in ("id", "status", "progress", "external_id", "created_at", "expires_at", "record"):
        assert getattr(rejected.session, name) == getattr(retrieved, name), name
    assert rejected.session.external_id == "order-1"


def test_repeats_and_another_order(emulator, receiver):
    """The deliveries of a story are sent again, the last first and each twice; nothing changes any more."""
    session = emulator.create()
    emulator.finish(session, outcome="success")
    emulator.update(session, "VERIFIED")
    first = receiver.next(3)
    key = next(one.key for one in first if one.type is deepidv.WebhookType.SESSION_VERIFIED)
    assert receiver.keys == {session: key} and receiver.statuses == {session: "VERIFIED"}
    for delivery in emulator.deliveries(lambda all: all and all_delivered(all)):
        emulator.call("POST", f"/emulator/deliveries/{delivery['id']}/send", times=2)
        receiver.next(2)
    assert receiver.keys == {session: key} and receiver.statuses == {session: "VERIFIED"}
    # In the other order from the start.
    receiver.keys.clear()
    for delivery in emulator.deliveries(lambda all: all):
        emulator.call("POST", f"/emulator/deliveries/{delivery['id']}/send", times=1)
        receiver.next()
        assert receiver.statuses == {session: "VERIFIED"}
    assert receiver.keys == {session: key}


def all_delivered(deliveries):
    return all(one["status"] == "delivered" for one in deliveries)


def test_a_wrong_secret_and_a_rotated_one(emulator, receiver):
    receiver.secrets = deepidv.WebhookSecrets("whsec_second")
    emulator.call("POST", "/emulator/clock", frozen=True)
    emulator.create()
    (refused,) = receiver.next()
    assert isinstance(refused, deepidv.ForgedWebhook)
    (delivery,) = emulator.deliveries(lambda all: all and all[0]["attempts"])
    assert (delivery["attempts"][0]["status"], delivery["status"]) == (401, "waiting")
    # Both, and what was refused is delivered at the next try.
    receiver.secrets = deepidv.WebhookSecrets("whsec_second", SECRET)
    emulator.call("POST", "/emulator/clock", advance_seconds=5)
    assert receiver.next()[0].type is deepidv.WebhookType.SESSION_CREATED
    emulator.call("POST", "/emulator/webhooks", url=receiver.url, secret="whsec_second")
    emulator.create()
    assert [one.type for one in receiver.next(2)] == ["session.created"] * 2
    emulator.deliveries(all_delivered)


def test_an_answer_after_ten_seconds_is_none(emulator, receiver):
    """The event has been received, is delivered again, and is told to be a repeat."""
    late = threading.Event()
    receiver.moods = [lambda: late.wait(30)]
    emulator.call("POST", "/emulator/clock", frozen=True)
    session = emulator.create()
    (delivery,) = emulator.deliveries(lambda all: all and all[0]["attempts"])
    assert "timed out" in delivery["attempts"][0]["problem"]
    late.set()
    (first,) = receiver.next()
    emulator.call("POST", "/emulator/clock", advance_seconds=5)
    (second,) = receiver.next()
    assert first.key == second.key and not second.supersedes(first)
    assert receiver.keys == {session: first.key}
    emulator.deliveries(all_delivered)
