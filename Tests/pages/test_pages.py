"""Tests of the pages in a browser: desktop and phone, light and dark."""

import pytest
import scene
from browser import DESKTOP, PHONE
from callback import Site
from emulator_process import Emulator


@pytest.fixture(scope="module")
def stage():
    """An emulator with sample data, and the paths of all its pages."""
    receiver = Site()
    running = Emulator("--rate", "0")
    ids = scene.fill(running, f"{receiver.url}/webhook")
    for _ in ids:
        receiver.seen.get(timeout=20)
    fresh, at_document, at_selfie, at_review = (running.session() for _ in range(4))
    running.step(at_document, "document")
    running.step(at_selfie, "selfie")
    running.step(at_review, "review")
    delivery = running.inspect("deliveries?limit=1")["deliveries"][0]["id"]
    running.command("faults", kind="wait", milliseconds=1, method="PATCH")
    running.paths = {
        **{name: f"/dashboard/{name}" for name in ("requests", "outbox", "webhooks", "clock", "faults", "settings")},
        "sessions": "/",
        "session": f"/dashboard/sessions/{ids[0]}",
        "delivery": f"/dashboard/deliveries/{delivery}",
        "consent": f"/session/{fresh}",
        "document": f"/session/{at_document}",
        "selfie": f"/session/{at_selfie}",
        "review": f"/session/{at_review}",
        "finished": f"/session/{ids[1]}",
    }
    yield running
    assert running.close() == 0
    receiver.close()


PAGES = [
    "sessions",
    "session",
    "requests",
    "outbox",
    "webhooks",
    "delivery",
    "clock",
    "faults",
    "settings",
    "consent",
    "document",
    "selfie",
    "review",
    "finished",
]


@pytest.mark.parametrize("page", PAGES)
def test_accessibility(browser, stage, page):
    for size, dark in ((DESKTOP, False), (PHONE, True)):
        browser.show_as(size, dark)
        browser.open(stage.url + stage.paths[page])
        # axe checks names of controls, landmarks, headings, contrast and more.
        assert browser.violations() == []
        assert browser.overflow() == 0
        # No markup was escaped by mistake.
        assert "<span" not in browser.text and "<code" not in browser.text


def test_a_dashboard_walk(browser, stage):
    browser.show_as(PHONE)
    browser.open(f"{stage.url}/")
    browser.click("nav li:nth-child(5) a")
    before = stage.inspect("clock")["now"]
    browser.click("button[value='3600']")
    assert "The clock is changed." in browser.text
    assert stage.inspect("clock")["now"][11:13] == f"{int(before[11:13]) + 1:02}"
    browser.open(stage.url + stage.paths["session"])
    browser.click("button[value=REJECTED]")
    assert "The decision is recorded" in browser.text and "REJECTED" in browser.text
    browser.open(stage.url + stage.paths["consent"].replace("/session/", "/dashboard/sessions/"))
    browser.click("a.primary")
    assert "Verify your identity" in browser.text


def test_a_form_on_another_site_does_nothing(browser, stage, site, tmp_path):
    """A real browser sends the origin of a form."""
    page = tmp_path / "evil.html"
    page.write_text(
        f'<form method="post" action="{stage.url}/dashboard/faults">'
        '<input name="kind" value="close"><button>Win a prize</button></form>'
    )
    armed = stage.inspect("faults")
    browser.open(page.as_uri())
    browser.click("button")
    assert "sent by another web site" in browser.text
    assert stage.inspect("faults") == armed
    # The only error in the log is the refusal.
    assert all("403" in complaint for complaint in browser.complaints())
