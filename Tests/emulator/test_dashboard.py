"""The dashboard's pages and forms, and attacks from other web sites."""

import http.server
import queue
import threading
import time

import pytest
from emulator_process import APPLICANT

PAGES = [
    "/",
    "/dashboard/requests",
    "/dashboard/outbox",
    "/dashboard/webhooks",
    "/dashboard/clock",
    "/dashboard/faults",
    "/dashboard/settings",
]


@pytest.fixture
def running(start):
    return start("--rate", "0")


@pytest.fixture
def receiver():
    """A webhook endpoint; it puts the received bodies into `seen`."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            server.seen.put(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.seen = queue.Queue()
    server.url = f"http://127.0.0.1:{server.server_port}/webhook"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def do(running, page, **form):
    """Submits a form successfully, and returns the page after the redirect."""
    response = running.post_form(f"/dashboard/{page}", form)
    assert response.status == 303, response.text
    page = running.request("GET", response.headers["Location"])
    assert page.status == 200
    assert "<b>Done.</b>" in page.text
    return page.text


@pytest.mark.parametrize("page", PAGES)
def test_headers(emulator, page):
    response = emulator.request("GET", page)
    assert response.status == 200
    assert response.headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["Cache-Control"] == "no-store"
    assert "<script" not in response.text and "style=" not in response.text
    assert response.text.count('aria-current="page"') == 1


def test_empty_pages_say_what_to_do_next(running):
    for page in PAGES:
        text = running.request("GET", page).text
        if page not in ("/dashboard/settings",):
            assert f"curl {running.url}/" in text
    # The default key is not secret.
    assert "x-api-key: dk_emulator" in running.request("GET", "/").text.replace("&#39;", "'")


def test_chosen_keys_are_not_shown(start):
    running = start("--api-key", "dk_mine_1234567890")
    assert running.create("dk_mine_1234567890").status == 200
    for page in PAGES:
        assert "dk_mine_1234567890" not in running.request("GET", page).text
    assert "dk_…7890" in running.request("GET", "/dashboard/requests").text


def test_html_is_shown_as_text(running, receiver):
    evil = "</title><script>alert(1)</script><img src=x onerror='alert(2)'>\""
    running.command("webhooks", url="http://127.0.0.1:1/'><img>")
    session = running.session(
        first_name=evil,
        last_name=evil,
        external_id=evil,
        email='"><img>@example.com',
        redirect_url="https://yourapp.com/?a='b'&c=(d)",
    )
    running.request("GET", "/v1/sessions?external_id=<script>&x=\"'")
    running.command("faults", kind="status", status=500, method="<img>")
    delivery = running.inspect("deliveries")["deliveries"][0]["id"]
    pages = [
        *PAGES,
        f"/dashboard/sessions/{session}",
        f"/dashboard/deliveries/{delivery}",
        "/?done=<script>",
        "/dashboard/sessions/%3Cscript%3E",
    ]
    for page in pages:
        text = running.request("GET", page).text
        assert "<script" not in text and "<img" not in text, page
    assert "&lt;script&gt;alert(1)" in running.request("GET", "/").text


def test_sessions_and_paging(running):
    ids = [running.session(external_id=f"order-{number}") for number in range(51)]
    first = running.request("GET", "/").text
    assert all(session in first for session in ids[1:]) and ids[0] not in first
    link = first.split('href="/?before=')[1].split('"')[0]
    older = running.request("GET", f"/?before={link}").text
    assert ids[0] in older and ids[1] not in older


def test_session_and_decision(running):
    session = running.session(external_id="order-1", redirect_url="https://yourapp.com/cb")
    running.step(session, "document")
    running.finish(session, outcome="failed", reason="face_mismatch")
    text = running.request("GET", f"/dashboard/sessions/{session}").text
    for shown in (
        "order-1",
        "face_mismatch",
        "visited document",
        "FAILED",
        f"https://yourapp.com/cb?session_id={session}&amp;status=failed",
    ):
        assert shown in text
    assert "VERIFIED</span>" in do(running, f"sessions/{session}/decide", verdict="VERIFIED")
    assert running.retrieve(session).json["session_record"]["status"] == "VERIFIED"
    do(running, f"sessions/{session}/decide", verdict="REJECTED")
    assert running.retrieve(session).json["session_record"]["status"] == "REJECTED"
    assert running.post_form(f"/dashboard/sessions/{session}/decide", {"verdict": "x"}).status == 400
    assert running.post_form("/dashboard/sessions/none/decide", {"verdict": "VERIFIED"}).status == 404


def test_decision_by_the_stricter_reading(start):
    running = start("--open", "update-status=submitted")
    session = running.session()
    response = running.post_form(f"/dashboard/sessions/{session}/decide", {"verdict": "VERIFIED"})
    assert response.status == 400
    assert "Only a submitted session" in response.text


def test_webhooks(running, receiver):
    form = {"url": receiver.url, "secret": "whsec_mine", "session.created": "on"}
    assert receiver.url in do(running, "webhooks", **form)
    [webhook] = running.inspect("webhooks")["webhooks"]
    assert (webhook["secret"], webhook["types"]) == ("whsec_mine", ["session.created"])
    session = running.session()
    body = receiver.seen.get(timeout=20)
    # An attempt in flight would count as one of the two.
    while running.inspect("deliveries")["deliveries"][0]["status"] != "delivered":
        time.sleep(0.02)
    [delivery] = running.inspect("deliveries")["deliveries"]
    assert session in do(running, f"deliveries/{delivery['id']}/send", times="2")
    assert [receiver.seen.get(timeout=20) for _ in range(2)] == [body, body]
    do(running, f"webhooks/{webhook['id']}/remove")
    assert running.inspect("webhooks")["webhooks"] == []
    again = running.post_form(f"/dashboard/deliveries/{delivery['id']}/send", {"times": "1"})
    assert again.status == 400 and "The webhook was removed" in again.text
    wrong = running.post_form("/dashboard/webhooks", {"url": "javascript:alert(1)"})
    assert wrong.status == 400 and "<b>Not done.</b>" in wrong.text


def test_outbox(running):
    session = running.session(redirect_url="https://yourapp.com/cb")
    silent = running.session(send_email_invite=False, send_phone_invite=False)
    text = running.request("GET", "/dashboard/outbox").text
    link = running.inspect("outbox")["messages"][0]["link"].replace("&", "&amp;")
    assert f'<a href="{link}">' in text
    assert APPLICANT["email"] in text and APPLICANT["phone"] in text
    assert session in text and silent not in text


def test_clock(running):
    do(running, "clock", change="freeze")
    do(running, "clock", change="set", to="2026-05-04T12:30")
    assert running.inspect("clock") == {"now": "2026-05-04T12:30:00.000Z", "frozen": True}
    text = do(running, "clock", change="advance", seconds="3600")
    assert running.inspect("clock")["now"] == "2026-05-04T13:30:00.000Z"
    assert "13:30:00" in text and "frozen" in text
    do(running, "clock", change="run")
    assert running.inspect("clock")["frozen"] is False
    for form in (
        {},
        {"change": "set", "to": "soon"},
        {"change": "advance", "seconds": "nan"},
        {"change": "advance", "seconds": "1e300"},
        {"change": "set", "to": "1800-01-01T00:00"},
    ):
        assert running.post_form("/dashboard/clock", form).status == 400


def test_faults(running):
    do(running, "faults", kind="status", status="503", count="2", method="GET", path="/v1/")
    session = running.session()
    assert [running.retrieve(session).status for _ in range(3)] == [503, 503, 200]
    do(running, "faults", kind="wait", milliseconds="1", count="5")
    do(running, "faults/clear")
    assert running.inspect("faults")["faults"] == []
    for form in (
        {},
        {"kind": "status", "status": "x"},
        {"kind": "status", "status": "99"},
        {"kind": "close", "count": "0"},
        {"kind": "close", "path": "/emulator/"},
    ):
        assert running.post_form("/dashboard/faults", form).status == 400


def test_settings(running):
    do(running, "settings", **{"redirect-join": "question-mark"})
    session = running.session(redirect_url="https://yourapp.com/?a=b")
    location = running.finish(session, outcome="success").headers["Location"]
    assert location == f"https://yourapp.com/?a=b?session_id={session}&status=success"
    assert running.post_form("/dashboard/settings", {"redirect-join": "x"}).status == 400
    do(running, "accounts/org_emulator/tokens", tokens="0")
    assert running.create().status == 402
    assert running.post_form("/dashboard/accounts/org_emulator/tokens", {"tokens": "-1"}).status == 400


FOREIGN = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:1"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Host": "evil.example", "Origin": "http://evil.example"},
]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_forms_of_other_sites_are_refused(running, headers):
    running.session()
    session = running.inspect("sessions")["sessions"][0]["session_record"]["id"]
    for page, form in (
        ("clock", {"change": "freeze"}),
        ("faults", {"kind": "close"}),
        ("webhooks", {"url": "http://127.0.0.1:1/"}),
        ("settings", {"links": "rel"}),
        (f"sessions/{session}/decide", {"verdict": "VERIFIED"}),
        ("accounts/org_emulator/tokens", {"tokens": "0"}),
    ):
        assert running.post_form(f"/dashboard/{page}", form, headers).status == 403
    assert running.inspect("clock")["frozen"] is False
    assert running.inspect("faults")["faults"] == [] == running.inspect("webhooks")["webhooks"]
    assert running.retrieve(session).json["session_record"]["status"] == "PENDING"


def test_own_forms_are_accepted(running):
    for host in (running.address.netloc, f"localhost:{running.address.port}"):
        headers = {"Host": host, "Origin": f"http://{host}", "Sec-Fetch-Site": "same-origin"}
        assert running.post_form("/dashboard/clock", {"change": "freeze"}, headers).status == 303


def test_reload_switch(emulator):
    assert "http-equiv" not in emulator.request("GET", "/").text
    assert '<meta http-equiv="refresh" content="5">' in emulator.request("GET", "/?refresh=5").text
    assert "http-equiv" not in emulator.request("GET", "/?refresh=0;url=https://evil.example").text


def test_methods(emulator):
    for page, status in (("/", 405), ("/dashboard/requests", 405), ("/dashboard/none", 404)):
        assert emulator.post_form(page, {}).status == status
    assert emulator.request("HEAD", "/").body == b""
