"""The example application in Chromium, from the first click to "verified"."""

import dataclasses
import http.client
import json
import ssl
import time
from urllib.parse import urlencode, urlsplit

import deepidv
import pytest
from browser import PHONE
from onboarding_app import ROOT, SECRET, Application

PERSON = {"first_name": "Ada", "last_name": "Lovelace", "email": "ada@people.net", "phone": "+15192223333"}


def until(condition, seconds=20):
    end = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < end, "never happened"
        time.sleep(0.05)
    return value


@pytest.fixture(scope="session")
def app(emulator, tmp_path_factory):
    """Start the application, with polling practically turned off."""
    app = Application(tmp_path_factory.mktemp("onboarding"), emulator.url)
    yield app
    app.close()


@pytest.fixture
def hooked(app, emulator):
    """Register the application's webhook endpoint."""
    hook = emulator.command("webhooks", url=f"{app.url}/webhook", secret=SECRET)
    yield
    assert emulator.control("DELETE", f"webhooks/{hook['id']}").status == 200


@pytest.fixture
def visitor(browser):
    """A browser without cookies, and with scripts enabled."""
    browser.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
    browser.allow_scripts(True)
    yield browser
    browser.allow_scripts(False)


def sign_up(browser, app, **changes):
    browser.open(app.url)
    fill(browser, **changes)


def fill(browser, **changes):
    for field, value in {**PERSON, **changes}.items():
        browser.find(f"#{field}").clear()
        browser.find(f"#{field}").send_keys(value)
    browser.click("main button")


def walk(browser):
    """Complete the hosted page, and return to the application."""
    browser.click("main a.button")
    for step in ("document", "selfie", "review", "success"):
        browser.click(f"main button[value={step}]")


def shows(browser, app, title):
    """Wait until the page, which reloads itself, has a title."""
    browser.wait_for_title(title)
    assert browser.driver.current_url == f"{app.url}/status"


def row(app):
    return app.users()[-1]


def deliveries(emulator, session, kind):
    return [one for one in emulator.inspect(f"deliveries?session={session}")["deliveries"] if one["type"] == kind]


def send_again(emulator, session, kind, times=1):
    """Send a webhook again, and wait for the delivery."""
    (delivery,) = until(lambda: deliveries(emulator, session, kind))
    before = len(delivery["attempts"])
    emulator.command(f"deliveries/{delivery['id']}/send", times=times)
    until(lambda: len(deliveries(emulator, session, kind)[0]["attempts"]) == before + times)
    (delivery,) = deliveries(emulator, session, kind)
    assert delivery["status"] == "delivered"


def test_from_the_first_click_to_verified(visitor, app, hooked, emulator):
    sign_up(visitor, app)
    shows(visitor, app, "Verify your identity")
    assert "Signed up as Ada Lovelace" in visitor.text
    walk(visitor)
    shows(visitor, app, "We are checking your documents")
    session = row(app)["session_id"]
    emulator.update(session, "VERIFIED")
    # Without a click: the webhook arrives, and the page reloads itself.
    shows(visitor, app, "You are verified")
    assert "You are verified, Ada" in visitor.text
    assert row(app)["status"] == "VERIFIED"
    assert emulator.inspect(f"executions?external_id={row(app)['external_id']}")["executions"] == 1


def test_webhooks_before_the_redirect(visitor, app, hooked, emulator):
    """The decision arrives while the browser is still at the application."""
    sign_up(visitor, app, email="verified@example.com")
    until(lambda: row(app)["status"] == "VERIFIED")
    shows(visitor, app, "You are verified")
    # The redirect arrives later.
    session = row(app)["session_id"]
    back = emulator.inspect(f"sessions/{session}")["redirect"]
    visitor.open(back)
    shows(visitor, app, "You are verified")
    assert row(app)["status"] == "VERIFIED"


def test_webhooks_twice_and_in_another_order(visitor, app, hooked, emulator):
    sign_up(visitor, app)
    walk(visitor)
    session = row(app)["session_id"]
    emulator.update(session, "VERIFIED")
    shows(visitor, app, "You are verified")
    known = row(app)
    for kind in ("session.status.verified", "session.status.submitted", "session.created", "session.status.verified"):
        send_again(emulator, session, kind, times=2)
        assert row(app) == known


def test_webhooks_that_never_arrive(visitor, emulator, tmp_path):
    """The application polls the service."""
    app = Application(tmp_path, emulator.url, POLL_SECONDS="0.5")
    try:
        sign_up(visitor, app)
        walk(visitor)
        shows(visitor, app, "We are checking your documents")
        session = row(app)["session_id"]
        emulator.update(session, "REJECTED")
        shows(visitor, app, "We could not verify you")
        assert deliveries(emulator, session, "session.created") == []
    finally:
        # The page would continue to poll.
        visitor.open("about:blank")
        app.close()


def test_without_scripts(visitor, app, hooked, emulator):
    visitor.allow_scripts(False)
    sign_up(visitor, app)
    walk(visitor)
    emulator.update(row(app)["session_id"], "VERIFIED")
    until(lambda: row(app)["status"] == "VERIFIED")
    visitor.click("noscript a")
    shows(visitor, app, "You are verified")


def test_a_verification_that_fails_and_another_one(visitor, app, hooked, emulator):
    sign_up(visitor, app)
    first = row(app)
    visitor.click("main a.button")
    visitor.click(".endings button[value=document_unreadable]")
    shows(visitor, app, "The verification was not completed")
    assert "show all four corners" in visitor.text
    visitor.click("main form button")
    shows(visitor, app, "Verify your identity")
    second = row(app)
    assert second["id"] == first["id"] and second["session_id"] != first["session_id"]
    # A late webhook of the first session, which the application no longer knows.
    send_again(emulator, first["session_id"], "session.status.failed")
    assert row(app) == second
    walk(visitor)
    shows(visitor, app, "We are checking your documents")


@pytest.mark.parametrize("told", [True, False], ids=["webhook", "no webhook"])
def test_an_answer_that_is_lost(visitor, emulator, tmp_path, told):
    """A webhook reports the session. Without one, the user tries again, and the session is found."""
    app = Application(tmp_path, emulator.url, DEEPIDV_TIMEOUT_MS="1000", DEEPIDV_SETTLE_MS="1500")
    try:
        if told:
            hook = emulator.command("webhooks", url=f"{app.url}/webhook", secret=SECRET)
        emulator.command("faults", kind="wait", method="POST", milliseconds=20_000, execute=True)
        sign_up(visitor, app)
        if not told:
            assert visitor.driver.title.startswith("Just a moment")
            until(lambda: visitor.driver.find_elements("css selector", "main > form"))
            visitor.click("main > form button")
        shows(visitor, app, "Verify your identity")
        # The service returns the URL of a session only once.
        assert f"We have sent a link to {PERSON['email']}" in visitor.text
        assert emulator.inspect(f"executions?external_id={row(app)['external_id']}")["executions"] == 1
        if told:
            emulator.control("DELETE", f"webhooks/{hook['id']}")
    finally:
        # The page would continue to poll.
        visitor.open("about:blank")
        app.close()


def test_several_sessions(visitor, client, emulator, tmp_path):
    """Somebody creates another session with the same external id: a person must choose one of them."""
    app = Application(tmp_path, emulator.url, DEEPIDV_TIMEOUT_MS="1000", DEEPIDV_SETTLE_MS="1500")
    try:
        emulator.command("faults", kind="wait", method="POST", milliseconds=20_000, execute=True)
        sign_up(visitor, app)
        client.create_session(**PERSON, external_id=row(app)["external_id"])
        until(lambda: visitor.driver.find_elements("css selector", "main > form"))
        visitor.click("main > form button")
        shows(visitor, app, "We have to look into this")
        assert visitor.violations() == []
        assert (row(app)["session_id"], row(app)["status"]) == (None, "HELD")
        assert visitor.driver.find_elements("css selector", "main > form") == []
        # A webhook names one of them.
        hook = emulator.command("webhooks", url=f"{app.url}/webhook", secret=SECRET)
        session = client.list_page(external_id=row(app)["external_id"]).sessions[0].id
        emulator.update(session, "VERIFIED")
        shows(visitor, app, "You are verified")
        assert row(app)["session_id"] == session
        emulator.control("DELETE", f"webhooks/{hook['id']}")
    finally:
        # The page would continue to poll.
        visitor.open("about:blank")
        app.close()


def test_a_create_that_is_interrupted(tmp_path, monkeypatch):
    """The session and its URL, which the service returns only once, are stored."""
    monkeypatch.syspath_prepend(ROOT / "examples" / "onboarding")
    from onboarding import users, verification

    made = dataclasses.replace(deepidv.CreatedThoughCancelled().session, id="sess_made", url="https://made.up/")

    class Interrupted:
        def find_or_create_session(self, **fields):
            try:
                raise KeyboardInterrupt
            except KeyboardInterrupt:
                raise deepidv.CreatedThoughCancelled(session=made) from None

    monkeypatch.setattr(verification, "client", Interrupted)
    table = users.Users(str(tmp_path / "onboarding.db"))
    assert table.add("ada", **PERSON)
    verify = verification.Verification(table, "https://localhost/verify-callback", "made up", 10)
    with pytest.raises(KeyboardInterrupt):
        verify.begin(table.get("ada"))
    assert (table.get("ada").session_id, table.get("ada").session_url) == (made.id, made.url)


def test_a_form_that_is_sent_twice(visitor, app, emulator):
    """The same form in two tabs."""
    before = len(app.users())
    visitor.open(app.url)
    first = visitor.driver.current_window_handle
    visitor.driver.switch_to.new_window("tab")
    try:
        sign_up(visitor, app)
        visitor.driver.close()
    finally:
        visitor.driver.switch_to.window(first)
    fill(visitor)
    shows(visitor, app, "Verify your identity")
    assert len(app.users()) == before + 1
    assert emulator.inspect(f"executions?external_id={row(app)['external_id']}")["executions"] == 1


def test_invalid_input(visitor, app):
    before = app.users()
    sign_up(visitor, app, phone="5192223333")
    assert visitor.driver.title.startswith("Please check")
    assert "with its country code" in visitor.find("#phone-help").text
    assert visitor.find("#first_name").get_attribute("value") == "Ada"
    assert visitor.violations() == []
    assert app.users() == before
    # The browser logs the status of the page.
    assert all("422" in message for message in visitor.complaints())


# Attacks


def test_another_browser_cannot_continue(visitor, app):
    sign_up(visitor, app)
    visitor.click("main a.button")
    visitor.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
    for step in ("document", "selfie", "review", "success"):
        visitor.click(f"main button[value={step}]")
    back = visitor.driver.current_url
    assert "This link cannot continue here" in visitor.text
    # Neither can another user.
    sign_up(visitor, app, first_name="Eve")
    visitor.open(back)
    assert "This link cannot continue here" in visitor.text
    assert [user["status"] for user in app.users()[-2:]] == ["PENDING", "PENDING"]
    assert visitor.violations() == []
    assert all("403" in message for message in visitor.complaints())


def test_forged_redirects(visitor, app):
    sign_up(visitor, app)
    visitor.click("main a.button")
    for step in ("document", "selfie", "review"):
        visitor.click(f"main button[value={step}]")
    session = row(app)["session_id"]
    visitor.click("main button[value=success]")
    shows(visitor, app, "We are checking your documents")
    status = row(app)["status"]
    for typed in (f"session_id={session}&status=success", "status=success", ""):
        visitor.open(f"{app.url}/verify-callback?{typed}")
        assert "This link cannot continue here" in visitor.text
    assert row(app)["status"] == status
    visitor.complaints()


@pytest.fixture
def ask(app):
    """Send requests without a browser."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE

    def ask(method, path, body=None, **headers):
        connection = http.client.HTTPSConnection(urlsplit(app.url).netloc, timeout=20, context=context)
        try:
            connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
            response = connection.getresponse()
            return response.status, response.headers, response.read().decode()
        finally:
            connection.close()

    return ask


def test_forms_of_other_sites(app, ask):
    before = app.users()
    status, headers, _ = ask("GET", "/")
    assert status == 200
    cookie, *attributes = headers["Set-Cookie"].split("; ")
    assert cookie.startswith("__Host-onboarding=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(attributes)
    form = {"Content_Type": "application/x-www-form-urlencoded"}
    for path in ("/", "/retry", "/leave"):
        for cookies in ({}, {"Cookie": cookie}):
            for token in ("", "&csrf_token=", "&csrf_token=guessed", "&csrf_token=%FF"):
                assert ask("POST", path, urlencode(PERSON) + token, **form, **cookies)[0] == 403
    assert ask("POST", "/", "x" * 100_000, **form)[0] in (403, 413)
    assert ask("GET", "/state")[2] == ""
    assert app.users() == before


def test_forged_webhooks(visitor, app, ask, emulator):
    """Even with the right secret, a webhook cannot verify a user: the application retrieves the decision."""
    sign_up(visitor, app)
    user = row(app)

    def post(body, secret):
        return ask("POST", "/webhook", body, Content_Type="application/json", deepidv_signature=secret)[0]

    record = {"id": user["session_id"], "status": "VERIFIED", "updated_at": "2099-01-01T00:00:00Z"}
    forged = json.dumps({"type": "session.status.verified", "data": record})
    for secret in ("", "whsec_wrong", SECRET[:-1], SECRET + "x"):
        assert post(forged, secret) == 401
    for body in ("", "{", "[]", "null", '{"type": 5}', '{"type": "session.created", "data": 5}'):
        assert post(body, SECRET) == 400, body
    # Both secrets are valid during a rotation.
    for secret in (SECRET, "whsec_older"):
        assert post(forged, secret) == 204
    assert row(app)["status"] == "PENDING"
    assert post(forged.replace(user["session_id"], "sess_nobodys"), SECRET) == 204
    assert [row(app)["id"], row(app)["status"]] == [user["id"], "PENDING"]


# Accessibility


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_page_is_accessible(visitor, app, hooked, emulator, dark):
    visitor.show_as(PHONE, dark)

    def check():
        assert visitor.violations() == []
        assert visitor.overflow() <= 0

    visitor.open(app.url)
    check()
    sign_up(visitor, app)
    check()
    walk(visitor)
    check()
    for status, title in (("REJECTED", "We could not verify you"), ("VERIFIED", "You are verified")):
        emulator.update(row(app)["session_id"], status)
        until(lambda status=status: row(app)["status"] == status)
        visitor.open(f"{app.url}/status")
        shows(visitor, app, title)
        check()
    visitor.click("main form button.quiet")
    assert visitor.driver.current_url == f"{app.url}/"
