"""The applicant's page, and its redirects."""

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
                "document_unreadable",
                "face_mismatch",
                "session_expired",
                "internal_error",
                "unknown",
                "document_expired",
                "a" * 64,
            )
        ),
    ],
)
def test_outcomes(emulator, form, result):
    session = emulator.session(redirect_url=CALLBACK)
    response = emulator.finish(session, **form)
    assert response.status == 303
    assert response.headers["Location"] == f"{CALLBACK}?session_id={session}&{result}"
    assert response.headers["Referrer-Policy"] == "no-referrer"


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
    response = emulator.show(session)
    assert response.status == 200
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    for text in ("Quillabel Zarnowicz", session, "user-12345", CALLBACK, "emulator"):
        assert text in response.text
    for value in (
        "success",
        "failed",
        "abandoned",
        "user_cancelled",
        "document_unreadable",
        "face_mismatch",
        "session_expired",
        "internal_error",
        "unknown",
        "document_expired",
    ):
        assert f'value="{value}"' in response.text
    assert "<script" not in response.text and "style=" not in response.text


def test_page_headers(emulator):
    for response in (emulator.show(emulator.session()), emulator.show("sess_abc")):
        assert response.headers["Content-Security-Policy"] == (
            "default-src 'none'; style-src 'self'; form-action 'self' https:; base-uri 'none'; frame-ancestors 'none'"
        )
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Cache-Control"] == "no-store"


def test_stylesheet(emulator):
    response = emulator.request("GET", "/emulator.css")
    assert response.status == 200
    assert response.headers["Content-Type"].startswith("text/css")


def test_head(emulator):
    session = emulator.session()
    page = emulator.show(session)
    connection = emulator.connect()
    connection.request("HEAD", f"/session/{session}")
    head = connection.getresponse()
    assert head.read() == b""
    assert head.headers["Content-Length"] == str(len(page.body))
    # The connection can be reused, so no body was sent.
    connection.request("GET", f"/session/{session}")
    assert connection.getresponse().read() == page.body
    connection.close()


def test_html_is_shown_as_text(emulator):
    session = emulator.session(
        first_name="<script>alert(1)</script>",
        last_name='O\'Neil & "Co"',
        external_id='"><img>',
        redirect_url="https://yourapp.com/?a=b&c='d'",
    )
    for response in (
        emulator.show(session),
        emulator.finish(session, outcome="nonsense"),
        emulator.finish(session, outcome="success"),
        emulator.show(session),
    ):
        assert "<script" not in response.text and "<img" not in response.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; O&#39;Neil &amp; &quot;Co&quot;" in response.text
    assert "https://yourapp.com/?a=b&amp;c=&#39;d&#39;" in response.text


def test_without_redirect_url(emulator):
    session = emulator.session()
    response = emulator.finish(session, outcome="success")
    assert response.status == 200
    assert response.headers["Location"] is None
    assert "finished" in response.text


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
            # The link has the target of the first redirect, whatever the form says now.
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
    response = emulator.finish(session, **form)
    assert response.status == 400
    assert response.headers["Set-Cookie"] is None
    # The session is unchanged.
    assert "<form" in emulator.show(session).text


def test_unknown_session(emulator):
    for response in (
        emulator.show("sess_abc"),
        emulator.show("%3Cb%3E"),
        emulator.finish("sess_abc", outcome="success"),
    ):
        assert response.status == 404
        assert response.headers["Content-Type"].startswith("text/html")
        assert "Session not found" in response.text


STEPS = {
    "consent": "Verify your identity",
    "document": "Show your document",
    "selfie": "Take a selfie",
    "review": "Check and submit",
}


def test_steps(emulator):
    session = emulator.session(redirect_url=CALLBACK)
    for step in ("document", "selfie", "review", "selfie", "consent"):
        response = emulator.step(session, step)
        assert response.status == 303
        assert response.headers["Location"] == f"/session/{session}"
        page = emulator.show(session).text
        assert f"<h1>{STEPS[step]}</h1>" in page
        # Every step offers all outcomes.
        assert page.count("<h3 ") == 4
        assert emulator.retrieve(session).json["session_record"]["session_progress"] == "STARTED"
    timeline = emulator.inspect(f"sessions/{session}")["timeline"]
    assert [event["what"] for event in timeline] == [
        "created",
        "visited document",
        "visited selfie",
        "visited review",
        "visited selfie",
        "visited consent",
    ]


def test_viewing_the_page_is_not_a_step(emulator):
    session = emulator.session()
    emulator.show(session)
    assert emulator.retrieve(session).json["session_record"]["session_progress"] == "PENDING"


def test_invalid_steps(emulator):
    session = emulator.session()
    for step in ("", "end", "<b>"):
        assert emulator.step(session, step).status == 400
    assert emulator.step("sess_abc", "document").status == 404
    emulator.finish(session, outcome="success")
    response = emulator.step(session, "document")
    assert response.status == 410
    assert "This session is finished" in response.text


def test_dangerous_redirect_urls_never_become_links(emulator):
    for url in (
        "javascript:alert(1)",
        "data:text/html,x",
        "http://yourapp.com/",
        "//yourapp.com",
        "https://a@b.example/",
        "https://yourapp.com/\r\nSet-Cookie: a=b",
    ):
        assert emulator.create(redirect_url=url).status == 400
    session = emulator.session()
    page = emulator.request("GET", f"/session/{session}?oid=org_emulator&redirect_url=javascript%3Aalert(1)").text
    assert "javascript" not in page
    emulator.finish(session, outcome="success")
    page = emulator.request("GET", f"/session/{session}?redirect_url=javascript%3Aalert(1)").text
    assert "javascript" not in page and "<a " not in page


@pytest.mark.parametrize(
    "target, status", [("/none", 404), ("/session/", 404), ("/v1/none", 404), ("/session/a/finish", 405)]
)
def test_browsers_get_pages(emulator, target, status):
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    page = emulator.request("GET", target, headers={"Accept": accept})
    assert page.status == status
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"
    assert "<h1>" in page.text and 'href="/"' in page.text
    for headers in ({}, {"Accept": "*/*"}, {"Accept": "application/json"}):
        response = emulator.request("GET", target, headers=headers)
        assert response.status == status and "error" in response.json
