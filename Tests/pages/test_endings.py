"""Sessions from creation by the library to the redirect that the library parses."""

import queue

import deepidv
import pytest
from deepidv import RedirectReason, RedirectStatus, SessionStatus

APPLICANT = {
    "first_name": "Ada",
    "last_name": "Lovelace",
    "email": "ada@people.net",
    "phone": "+15192223333",
}


def walk(browser):
    for step in ("document", "selfie", "review"):
        browser.click(f"button[value={step}]")
    browser.click("main button[value=success]")


def leave(browser):
    browser.click("button[value=document]")
    browser.click("main button[value=abandoned]")


def other(outcome, reason):
    def choose(browser):
        browser.find(f"#outcome option:nth-child({1 if outcome == 'failed' else 2})").click()
        field = browser.find("#reason")
        field.clear()
        field.send_keys(reason)
        browser.click(".endings .line button")

    return choose


def button(name):
    return lambda browser: browser.click(f".endings button[value={name}]")


PENDING, SUBMITTED, FAILED = SessionStatus.PENDING, SessionStatus.SUBMITTED, SessionStatus.FAILED

ENDINGS = {
    "walked to the end": (walk, RedirectStatus.SUCCESS, None, SUBMITTED),
    "success": (button("success"), RedirectStatus.SUCCESS, None, SUBMITTED),
    **{
        reason.value: (button(reason.value), RedirectStatus.FAILED, reason, FAILED)
        for reason in (
            RedirectReason.DOCUMENT_UNREADABLE,
            RedirectReason.FACE_MISMATCH,
            RedirectReason.SESSION_EXPIRED,
            RedirectReason.INTERNAL_ERROR,
            RedirectReason.UNKNOWN,
        )
    },
    "left": (leave, RedirectStatus.ABANDONED, RedirectReason.USER_CANCELLED, PENDING),
    "abandoned": (button("user_cancelled"), RedirectStatus.ABANDONED, RedirectReason.USER_CANCELLED, PENDING),
    "failed for a new reason": (other("failed", "liveness_timeout"), RedirectStatus.FAILED, "liveness_timeout", FAILED),
    "abandoned for a new reason": (
        other("abandoned", "lost_patience_2"),
        RedirectStatus.ABANDONED,
        "lost_patience_2",
        PENDING,
    ),
}


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("own", ["", "?page=2&q=a%26b#top"], ids=["plain", "own query"])
def test_ending(browser, client, site, ending, own):
    end, status, reason, session_status = ENDINGS[ending]
    session = client.create_session(**APPLICANT, redirect_url=f"{site.url}/callback{own}", workflow_id="wf_abc123")
    browser.open(session.url)
    assert "emulator" in browser.text and "Ada Lovelace" in browser.text
    end(browser)

    landed = browser.wait_for(f"{site.url}/callback")
    path = site.seen.get(timeout=20)
    redirect = deepidv.parse_redirect(path)
    assert redirect.matches(session.id)
    assert (redirect.status, redirect.reason) == (status, reason)
    # The browser's URL is the one that the site received, plus the fragment, which browsers do not send.
    assert landed == site.url + path + ("#top" if own else "")
    assert path.startswith("/callback?page=2&q=a%26b&" if own else "/callback?")
    assert client.retrieve_session(session.id).status is session_status
    with pytest.raises(queue.Empty):
        site.seen.get_nowait()

    # A second visit shows that, and links to the same target.
    browser.open(session.url)
    assert "This session is finished" in browser.text
    assert not browser.driver.find_elements("css selector", "form")
    assert browser.find("a.primary").get_attribute("href") == landed


def test_without_redirect_url(browser, client):
    session = client.create_session(**APPLICANT)
    browser.open(session.url)
    walk(browser)
    assert "This session is finished" in browser.text
    assert client.retrieve_session(session.id).status is SUBMITTED


def test_reload_and_another_device_continue_at_the_same_step(browser, client, site):
    session = client.create_session(**APPLICANT, redirect_url=f"{site.url}/callback")
    browser.open(session.url)
    browser.click("button[value=document]")
    browser.driver.refresh()
    assert "Show your document" in browser.text
    browser.open(session.url)
    assert "Show your document" in browser.text
    browser.click("button[value=consent]")
    assert "Verify your identity" in browser.text
    assert client.retrieve_session(session.id).progress is deepidv.SessionProgress.STARTED


def test_an_invalid_reason_is_not_sent(browser, client, site):
    session = client.create_session(**APPLICANT, redirect_url=f"{site.url}/callback")
    browser.open(session.url)
    field = browser.find("#reason")
    field.clear()
    field.send_keys("Not A Reason")
    browser.find(".endings .line button").click()
    assert browser.driver.current_url == session.url
    assert client.retrieve_session(session.id).status is PENDING


def test_expired_session(browser, emulator, client, site):
    session = client.create_session(**APPLICANT, redirect_url=f"{site.url}/callback", expires_in_hours=1)
    emulator.command("clock", advance_seconds=3601)
    try:
        browser.open(session.url)
        assert "This session has expired" in browser.text
        browser.click("a.primary")
        redirect = deepidv.parse_redirect(site.seen.get(timeout=20))
        assert redirect.matches(session.id)
        assert redirect.status is RedirectStatus.FAILED
        assert redirect.reason is RedirectReason.SESSION_EXPIRED
        assert client.retrieve_session(session.id).status is SessionStatus.EXPIRED
    finally:
        emulator.command("clock", advance_seconds=-3601)
