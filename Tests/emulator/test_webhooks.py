"""Webhooks: events, retries and the list of deliveries."""

import http.server
import json
import queue
import threading

import certificates
import pytest


class Receiver:
    """An endpoint that returns the statuses in `statuses`."""

    def __init__(self, context=None):
        self.calls = queue.Queue()
        self.statuses = []
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.calls.put((dict(self.headers), body))
                status = receiver.statuses.pop(0) if receiver.statuses else 200
                if status is None:
                    self.close_connection = True
                    return
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", receiver.url)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        scheme = "http"
        if context:
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
            scheme = "https"
        self.url = f"{scheme}://127.0.0.1:{self.server.server_port}/hook"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def next(self):
        headers, body = self.calls.get(timeout=20)
        return headers, json.loads(body)

    def types(self, count):
        return sorted(self.next()[1]["type"] for _ in range(count))

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def receiver():
    receiver = Receiver()
    yield receiver
    receiver.close()


def settled(running, condition):
    """Waits until the deliveries meet a condition, and returns them."""
    for _ in range(1000):
        deliveries = running.inspect("deliveries")["deliveries"]
        if condition(deliveries):
            return deliveries
        threading.Event().wait(0.02)
    raise AssertionError(deliveries)


def delivered(deliveries):
    return all(d["status"] == "delivered" for d in deliveries)


def test_every_type(start, receiver):
    running = start("--rate", "0", "--webhook", receiver.url, "--webhook-secret", "whsec_mine")
    session = running.session(external_id="a")
    headers, body = receiver.next()
    assert headers["deepidv-signature"] == "whsec_mine"
    assert headers["Content-Type"] == "application/json"
    assert body == {
        "type": "session.created",
        "data": running.retrieve(session).json["session_record"],
    }
    running.finish(session, outcome="success")
    assert receiver.types(1) == ["session.status.submitted"]
    running.update(session, "VERIFIED")
    running.update(session, "REJECTED")
    assert receiver.types(2) == ["session.status.rejected", "session.status.verified"]
    other = running.session()
    running.finish(other, outcome="failed", reason="face_mismatch")
    assert receiver.types(2) == ["session.created", "session.status.failed"]
    last = running.session()
    running.finish(last, outcome="abandoned")
    assert receiver.types(1) == ["session.created"]
    settled(running, lambda d: len(d) == 7 and delivered(d))
    assert receiver.calls.empty()


def test_scripted_sessions_send_all_events(start, receiver):
    running = start("--rate", "0", "--webhook", receiver.url)
    running.session(email="verified@example.com")
    assert receiver.types(3) == [
        "session.created",
        "session.status.submitted",
        "session.status.verified",
    ]


def test_by_call(start, receiver):
    running = start("--rate", "0")
    added = running.command("webhooks", url=receiver.url, types=["session.status.submitted"])
    assert added["secret"].startswith("whsec_") and len(added["secret"]) > 20
    assert running.inspect("webhooks")["webhooks"] == [added]
    session = running.session()
    running.finish(session, outcome="success")
    headers, body = receiver.next()
    assert body["type"] == "session.status.submitted"
    assert headers["deepidv-signature"] == added["secret"]
    assert running.control("DELETE", f"webhooks/{added['id']}").status == 200
    assert running.control("DELETE", f"webhooks/{added['id']}").status == 404
    running.finish(running.session(), outcome="success")
    assert running.inspect("webhooks")["webhooks"] == []
    assert len(running.inspect("deliveries")["deliveries"]) == 1


def test_retries_follow_the_clock(start, receiver):
    running = start("--rate", "0", "--webhook", receiver.url)
    running.command("clock", frozen=True)
    receiver.statuses = [500, 302, None, 404, 200]
    running.session()
    receiver.next()
    for number, pause in enumerate([5, 30, 120, 600], start=1):
        (delivery,) = settled(running, lambda d, n=number: len(d[0]["attempts"]) == n)
        assert delivery["status"] == "waiting"
        running.command("clock", advance_seconds=pause - 1)
        assert receiver.calls.empty()
        running.command("clock", advance_seconds=1)
        receiver.next()
    (delivery,) = settled(running, delivered)
    assert [a.get("status") for a in delivery["attempts"]] == [500, 302, None, 404, 200]
    assert "problem" in delivery["attempts"][2] and "due_at" not in delivery


def test_retries_end(start, receiver):
    running = start("--rate", "0", "--webhook", receiver.url)
    running.command("clock", frozen=True)
    receiver.statuses = [500] * 20
    running.session()
    for number in range(1, 8):
        receiver.next()
        settled(running, lambda d, n=number: len(d[0]["attempts"]) == n)
        running.command("clock", advance_seconds=100_000)
    (delivery,) = settled(running, lambda d: d[0]["status"] == "failed")
    assert len(delivery["attempts"]) == 7
    # It can still be sent on request.
    receiver.statuses = []
    running.command(f"deliveries/{delivery['id']}/send")
    receiver.next()
    settled(running, delivered)


def test_sent_twice_on_demand(start, receiver):
    running = start("--rate", "0", "--webhook", receiver.url)
    running.session()
    first = receiver.next()[1]
    (delivery,) = settled(running, delivered)
    running.command(f"deliveries/{delivery['id']}/send", times=2)
    assert [receiver.next()[1] for _ in range(2)] == [first, first]
    (delivery,) = settled(running, lambda d: len(d[0]["attempts"]) == 3 and delivered(d))
    assert receiver.calls.empty()
    assert json.loads(delivery["body"]) == first
    assert running.control("POST", f"deliveries/{delivery['id']}/send", times=11).status == 400
    assert running.control("POST", "deliveries/whd_nowhere/send").status == 404
    webhook = delivery["webhook"]
    running.control("DELETE", f"webhooks/{webhook}")
    assert running.control("POST", f"deliveries/{delivery['id']}/send").status == 409


def test_connection_refused(start):
    running = start("--rate", "0", "--webhook", "http://127.0.0.1:1/hook")
    assert running.create().status == 200
    (delivery,) = settled(running, lambda d: d and d[0]["attempts"])
    assert delivery["status"] == "waiting"
    assert "status" not in delivery["attempts"][0]
    assert "connect" in delivery["attempts"][0]["problem"].lower()


def test_https(start, tmp_path):
    certificates.create_self_signed(tmp_path, "receiver")
    context = certificates.server_context(tmp_path, "receiver")
    receiver = Receiver(context)
    try:
        careful = start("--rate", "0", "--webhook", receiver.url)
        careful.session()
        (delivery,) = settled(careful, lambda d: d and d[0]["attempts"])
        assert "certificate" in delivery["attempts"][0]["problem"]
        trusting = start("--rate", "0", "--webhook", receiver.url, "--webhook-insecure")
        trusting.session()
        assert receiver.types(1) == ["session.created"]
        settled(trusting, delivered)
    finally:
        receiver.close()


def test_a_slow_endpoint_does_not_delay_others(start, receiver):
    running = start("--rate", "0")
    held = threading.Event()

    class Slow(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            held.wait(30)

        def log_message(self, *_):
            pass

    slow = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Slow)
    thread = threading.Thread(target=slow.serve_forever, daemon=True)
    thread.start()
    running.command("webhooks", url=f"http://127.0.0.1:{slow.server_port}/")
    running.command("webhooks", url=receiver.url)
    running.session()
    assert receiver.types(1) == ["session.created"]
    # It times out after ten seconds.
    tried = settled(running, lambda d: all(x["attempts"] for x in d))
    problems = [d["attempts"][0].get("problem") for d in tried]
    assert sorted(p is None for p in problems) == [False, True]
    assert "timed out" in next(p for p in problems if p)
    held.set()
    slow.shutdown()
    slow.server_close()
    thread.join()


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"url": ""},
        {"url": "yourapp.com"},
        {"url": "ftp://yourapp.com/"},
        {"url": "file:///etc/passwd"},
        {"url": "http://user:secret@yourapp.com/"},
        {"url": "http://yourapp.com/\r\na: b"},
        {"url": "http://yourapp.com/", "secret": ""},
        {"url": "http://yourapp.com/", "secret": "a\r\nb: c"},
        {"url": "http://yourapp.com/", "secret": "a" * 257},
        {"url": "http://yourapp.com/", "types": ["session.deleted"]},
    ],
)
def test_invalid_endpoint(emulator, body):
    assert emulator.control("POST", "webhooks", **body).status == 400
    assert emulator.inspect("webhooks")["webhooks"] == []
