"""The page that the applicant sees, and where it sends the browser."""

import pytest

CALLBACK = "https://yourapp.com/verify-callback"


@pytest.mark.parametrize(
    "form, result",
    [
        ({"outcome": "success"}, "status=success"),
        ({"outcome": "success", "reason": "face_mismatch"}, "status=success"),
        ({"outcome": "abandoned"}, "status=abandoned&reason=user_cancelled"),
        *(
            ({"outcome": "failed", "reason": reason}, f"status=failed&reason={reason}")
            for reason in (
                "document_unreadable", "face_mismatch", "session_expired", "internal_error",
                "unknown", "document_expired", "a" * 64,
            )
        ),
    ],
)
def test_outcomes(emulator, form, result):
    session = emulator.session(redirect_url=CALLBACK)
    answer = emulator.finish(session, **form)
    assert answer.status == 303
    assert answer.headers["Location"] == f"{CALLBACK}?session_id={session}&{result}"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    "url, before, after",
    [
        ("https://yourapp.com", "https://yourapp.com?", ""),
        ("https://yourapp.com/?a=b%26c", "https://yourapp.com/?a=b%26c&", ""),
        ("https://yourapp.com/#top", "https://yourapp.com/?", "#top"),
        ("https://yourapp.com/?a=b#top", "https://yourapp.com/?a=b&", "#top"),
    ],
)
def test_location_keeps_query_and_fragment(emulator, url, before, after):
    session = emulator.session(redirect_url=url)
    location = emulator.finish(session, outcome="success").headers["Location"]
    assert location == f"{before}session_id={session}&status=success{after}"


def test_page(emulator):
    session = emulator.session(external_id="user-12345", redirect_url=CALLBACK)
    answer = emulator.show(session)
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    for text in ("John Doe", session, "user-12345", CALLBACK, "emulator"):
        assert text in answer.text
    for value in ("success", "failed", "abandoned", "user_cancelled"):
        assert f'value="{value}"' in answer.text
    for reason in ("document_unreadable", "unknown", "document_expired"):
        assert f"<option>{reason}</option>" in answer.text
    assert "<script" not in answer.text and "style=" not in answer.text


def test_page_headers(emulator):
    for answer in (emulator.show(emulator.session()), emulator.show("sess_abc")):
        assert answer.headers["Content-Security-Policy"] == (
            "default-src 'none'; style-src 'self'; form-action 'self' https:; base-uri 'none'"
        )
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"


def test_stylesheet(emulator):
    answer = emulator.request("GET", "/emulator.css")
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("text/css")


def test_head(emulator):
    session = emulator.session()
    page = emulator.show(session)
    connection = emulator.connect()
    connection.request("HEAD", f"/session/{session}")
    head = connection.getresponse()
    assert head.read() == b""
    assert head.headers["Content-Length"] == str(len(page.body))
    # The connection is still in step: no body was sent after all.
    connection.request("GET", f"/session/{session}")
    assert connection.getresponse().read() == page.body
    connection.close()


def test_html_is_shown_as_text(emulator):
    session = emulator.session(
        first_name="<script>alert(1)</script>", last_name="O'Neil & \"Co\"", external_id="\"><img>",
        redirect_url="https://yourapp.com/?a=b&c='d'",
    )
    for answer in (emulator.show(session), emulator.finish(session, outcome="nonsense"),
                   emulator.finish(session, outcome="success"), emulator.show(session)):
        assert "<script" not in answer.text and "<img" not in answer.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; O&#39;Neil &amp; &quot;Co&quot;" in answer.text
    assert "https://yourapp.com/?a=b&amp;c=&#39;d&#39;" in answer.text


def test_without_redirect_url(emulator):
    session = emulator.session()
    answer = emulator.finish(session, outcome="success")
    assert answer.status == 200
    assert answer.headers["Location"] is None
    assert "finished" in answer.text


def test_second_visit_and_second_finish(emulator):
    session = emulator.session(redirect_url=CALLBACK)
    first = emulator.finish(session, outcome="failed", reason="face_mismatch").headers["Location"]
    visit = emulator.show(session)
    assert visit.status == 200
    for form in ({"outcome": "success"}, {"outcome": "failed", "reason": "face_mismatch"}):
        again = emulator.finish(session, **form)
        assert again.status == 410
        assert again.headers["Location"] is None
        for page in (visit.text, again.text):
            assert "finished" in page
            assert "<form" not in page
            # The way back is the one that was taken, whatever is chosen now.
            assert first.replace("&", "&amp;") in page


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"outcome": "verified"},
        {"outcome": "failed"},
        {"outcome": "failed", "reason": ""},
        {"outcome": "failed", "reason": "Face Mismatch"},
        {"outcome": "failed", "reason": "a\r\nSet-Cookie: b=c"},
        {"outcome": "failed", "reason": "a" * 65},
        {"outcome": "abandoned", "reason": "<b>"},
    ],
)
def test_invalid_form(emulator, form):
    session = emulator.session(redirect_url=CALLBACK)
    answer = emulator.finish(session, **form)
    assert answer.status == 400
    assert answer.headers["Set-Cookie"] is None
    # The session is as it was.
    assert "<form" in emulator.show(session).text


def test_unknown_session(emulator):
    for answer in (emulator.show("sess_abc"), emulator.show("%3Cb%3E"),
                   emulator.finish("sess_abc", outcome="success")):
        assert answer.status == 404
        assert answer.headers["Content-Type"].startswith("text/html")
        assert "No such session" in answer.text
