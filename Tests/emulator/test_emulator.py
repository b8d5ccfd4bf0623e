"""The emulator as a caller and a browser meet it: the real process, over real connections."""

import json
import re
import signal
import socket
import subprocess
import time
import urllib.parse

import pytest
from conftest import APPLICANT, BINARY

CALLBACK = "https://yourapp.com/verify-callback"


# Creating a session


def test_create(emulator):
    answer = emulator.create()
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("application/json")
    body = answer.json
    assert set(body) == {"id", "session_url", "links"}
    assert re.fullmatch(r"sess_[a-z0-9]{20}", body["id"])
    assert body["session_url"] == f"{emulator.url}/session/{body['id']}?oid=org_emulator"
    assert body["links"] == []


def test_create_with_everything(emulator):
    answer = emulator.create(
        external_id="user-12345",
        send_email_invite=False,
        send_phone_invite=False,
        workflow_id="wf_abc123",
        redirect_url=CALLBACK,
        expires_in_hours=24,
    )
    assert answer.status == 200
    body = answer.json
    assert body["externalId"] == "user-12345"
    assert body["session_url"].endswith(
        "?oid=org_emulator&redirect_url=https%3A%2F%2Fyourapp.com%2Fverify-callback"
    )
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", body["expires_at"])


def test_ids_are_all_different(emulator):
    assert len({emulator.session() for _ in range(50)}) == 50


def test_redirect_url_comes_back_from_session_url_unchanged(emulator):
    url = "https://yourapp.com:8443/a%20b/~x?q=1&r=%2B+c#top"
    query = urllib.parse.urlsplit(emulator.create(redirect_url=url).json["session_url"]).query
    assert urllib.parse.parse_qs(query)["redirect_url"] == [url]
    assert re.fullmatch(r"[A-Za-z0-9._~%-]+", query.split("redirect_url=")[1])


def test_text_survives(emulator):
    external_id = 'Zoë "山田" \\ </b> \u2028 👩‍👩‍👧'
    assert emulator.create(external_id=external_id).json["externalId"] == external_id


def test_null_is_absent(emulator):
    answer = emulator.create(
        external_id=None, workflow_id=None, redirect_url=None, expires_in_hours=None
    )
    assert answer.status == 200
    assert set(answer.json) == {"id", "session_url", "links"}


def test_camel_case_wins(emulator):
    answer = emulator.create(
        external_id="snake", externalId="camel", redirect_url="https://snake.example/",
        redirectUrl="https://camel.example/",
    )
    assert answer.json["externalId"] == "camel"
    assert "camel.example" in answer.json["session_url"]
    assert "snake.example" not in answer.json["session_url"]


def test_camel_case_alone(emulator):
    camel = {"firstName": "Ada", "lastName": "Lovelace", "email": "a@example.com",
             "phone": "+15192223333", "workflowId": "wf_abc123", "expiresInHours": 1}
    answer = emulator.create_raw(json.dumps(camel))
    assert answer.status == 200
    assert "expires_at" in answer.json
    assert "Ada Lovelace" in emulator.show(answer.json["id"]).text


# What is refused


@pytest.mark.parametrize("key", [None, "", "wrong", "DK_EMULATOR", "dk_emulator,dk_emulator"])
def test_api_key(emulator, key):
    answer = emulator.create(key=key)
    assert answer.status == 401
    assert answer.json == {"error": "Missing or invalid API key"}


def test_every_given_key_works(start):
    running = start("--api-key", "one", "--api-key", "two")
    assert [running.create(key=k).status for k in ("one", "two", "dk_emulator")] == [200, 200, 401]


@pytest.mark.parametrize("field", APPLICANT)
def test_required_fields(emulator, field):
    body = {name: value for name, value in APPLICANT.items() if name != field}
    answer = emulator.create_raw(json.dumps(body))
    assert answer.status == 400
    assert answer.json == {"message": "Invalid request body", "hints": [f"{field}: is required"]}


@pytest.mark.parametrize(
    "fields",
    [
        {"first_name": 1},
        {"last_name": ""},
        {"email": "john.doe"},
        {"phone": "519-222-4444"},
        {"phone": "+1234"},
        {"externalId": 12345},
        {"send_email_invite": "true"},
        {"sendPhoneInvite": 1},
        {"workflow_id": ["wf_abc123"]},
        {"expires_in_hours": 0},
        {"expiresInHours": 8761},
        {"expires_in_hours": "24"},
        {"redirect_url": "http://yourapp.com/"},
        {"redirect_url": "javascript:alert(1)//https://yourapp.com"},
        {"redirect_url": "https://user:secret@yourapp.com/"},
        {"redirectUrl": "https://yourapp.com/\r\nSet-Cookie: a=b"},
        {"redirect_url": "https://yourapp.com/\u0000"},
        {"redirect_url": "https:///verify"},
        {"redirect_url": "not a url"},
    ],
)
def test_one_bad_field(emulator, fields):
    answer = emulator.create(**fields)
    (name, value), = fields.items()
    assert answer.status == 400
    (hint,) = answer.json["hints"]
    assert hint.startswith(f"{name}: must ")
    if isinstance(value, str) and len(value) > 4:
        assert value not in answer.text


def test_every_problem_has_a_hint(emulator):
    answer = emulator.create_raw('{"phone": "1", "sendEmailInvite": 1}')
    assert [hint.split(":")[0] for hint in answer.json["hints"]] == [
        "first_name", "last_name", "email", "phone", "sendEmailInvite",
    ]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"[]",
        b"null",
        b'"text"',
        b'{"first_name": "John"',
        b'{"first_name": "\xff\xfe"}',
        json.dumps(APPLICANT).encode("utf-16"),
        b"[" * 10_000,
        b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
        b"\x00" * 100,
    ],
    ids=lambda body: repr(body[:20]),
)
def test_not_a_json_object(emulator, body):
    answer = emulator.create_raw(body)
    assert answer.status == 400
    assert len(answer.json["hints"]) == 1


@pytest.mark.parametrize("content_type", [None, "text/plain", "application/x-www-form-urlencoded"])
def test_content_type(emulator, content_type):
    answer = emulator.create_raw(json.dumps(APPLICANT), content_type=content_type)
    assert answer.status == 400
    assert answer.json["hints"] == ["Content-Type: must be application/json"]


def test_content_type_with_parameters(emulator):
    answer = emulator.create_raw(json.dumps(APPLICANT), content_type="Application/JSON;charset=utf-8")
    assert answer.status == 200


def test_unknown_workflow(emulator):
    answer = emulator.create(workflow_id="wf_nowhere")
    assert answer.status == 404
    assert answer.json == {"error": "Workflow not found"}


def test_given_workflows(start):
    running = start("--workflow", "wf_1", "--workflow", "wf_2")
    statuses = [running.create(workflow_id=w).status for w in ("wf_1", "wf_2", "wf_abc123")]
    assert statuses == [200, 200, 404]


def test_balance(start):
    running = start("--tokens", "2")
    # What is refused for another reason costs nothing.
    assert running.create(workflow_id="wf_nowhere").status == 404
    assert running.create(phone="1").status == 400
    assert [running.create().status for _ in range(2)] == [200, 200]
    answer = running.create()
    assert answer.status == 402
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert answer.text == "Insufficient funds or subscription."
    # The order of the checks: an empty account still hears of a wrong body or workflow.
    assert running.create(workflow_id="wf_nowhere").status == 404
    assert running.create(phone="1").status == 400


def test_rate_limit(start):
    running = start("--rate", "2", "--burst", "5", "--api-key", "one", "--api-key", "two")
    assert [running.create(key="one").status for _ in range(5)] == [200] * 5
    answer = running.create(key="one")
    assert answer.status == 429
    assert answer.json == {"message": "Too Many Requests"}
    # Before the body is looked at, and for each key by itself.
    assert running.create_raw("not json", key="one").status == 429
    assert running.create(key="two").status == 200
    assert running.create(key="wrong").status == 401
    time.sleep(0.6)
    assert running.create(key="one").status == 200


def test_default_rate_limit(start):
    running = start()
    statuses = [running.create().status for _ in range(60)]
    assert statuses[:35] == [200] * 35
    assert 429 in statuses


@pytest.mark.parametrize(
    "method, target, status, allow",
    [
        ("GET", "/", 404, None),
        ("POST", "/v1/sessionz", 404, None),
        ("GET", "/v1/sessions", 405, "POST"),
        ("DELETE", "/v1/sessions", 405, "POST"),
        ("PATCH", "/v1/sessions", 405, "POST"),
        ("POST", "/session/sess_abc", 405, "GET, HEAD"),
        ("GET", "/session/sess_abc/finish", 405, "POST"),
        ("GET", "/../../etc/passwd", 404, None),
        ("GET", "/%2e%2e/%ff%00", 404, None),
        ("GET", "/session/%00", 404, None),
        ("OPTIONS", "*", 404, None),
    ],
)
def test_other_paths_and_methods(emulator, method, target, status, allow):
    answer = emulator.request(method, target)
    assert (answer.status, answer.headers["Allow"]) == (status, allow)
    if not target.startswith("/session/"):
        assert "error" in answer.json


# The hosted page


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


# Bad connections


@pytest.mark.parametrize("size", [(1 << 20) + 1, 2 << 20, 10 << 20])
def test_body_over_the_limit(emulator, size):
    answer = emulator.create_raw(b"x" * size)
    assert answer.status == 413
    assert "error" in answer.json


def test_body_at_the_limit(emulator):
    body = json.dumps(APPLICANT).encode()
    assert emulator.create_raw(body + b" " * ((1 << 20) - len(body))).status == 200


def test_connection_survives_a_large_body(emulator):
    connection = emulator.connect()
    for size, status in ((2 << 20, 413), (10, 400)):
        connection.request("POST", "/v1/sessions", b"x" * size,
                           {"x-api-key": "dk_emulator", "Content-Type": "application/json"})
        response = connection.getresponse()
        assert response.status == status
        response.read()
    connection.close()


def test_chunked_bodies(emulator):
    headers = {"x-api-key": "dk_emulator", "Content-Type": "application/json"}
    body = json.dumps(APPLICANT).encode()
    chunks = [body[:10], body[10:]]
    assert emulator.request("POST", "/v1/sessions", iter(chunks), headers).status == 200
    chunks = [b"x" * 65536] * 32
    assert emulator.request("POST", "/v1/sessions", iter(chunks), headers).status == 413


def test_endless_body_ends_the_connection(emulator):
    connection = socket.create_connection((emulator.address.hostname, emulator.address.port))
    connection.settimeout(20)
    connection.sendall(b"POST /v1/sessions HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n")
    received = b""
    try:
        for _ in range(64):
            connection.sendall(b"100000\r\n" + b"x" * (1 << 20) + b"\r\n")
    except OSError:
        pass
    else:
        pytest.fail("64 MiB were listened to")
    connection.close()


@pytest.mark.parametrize(
    "bytes_sent",
    [
        b"\r\n\r\n",
        b"GET\r\n\r\n",
        b"\xff\xfe\x00 / HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET /v1/sessions HTTP/1.1\r\nx-api-key: \xff\xff\r\n\r\n",
        b"POST /v1/sessions HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST /v1/sessions HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
        b"POST /v1/sessions HTTP/1.1\r\nContent-Length: 9223372036854775807\r\n\r\nx",
        b"POST /v1/sessions HTTP/1.1\r\nContent-Length: 100\r\n\r\nhalf",
        b"POST /v1/sessions HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST /v1/sessions HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\nx",
        b"POST /v1/sessions HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nx",
        b"BREW /v1/sessions HTTP/1.1\r\n\r\n",
        # No longer: the server takes time with the square of a line's length.
        b"GET / HTTP/1.1\r\nx-long: " + b"a" * 4_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 2_000 + b"\r\n",
        b"GET /" + b"a" * 4_000 + b" HTTP/1.1\r\n\r\n",
    ],
    ids=lambda sent: repr(sent[:60]),
)
def test_bad_bytes_do_no_harm(emulator, bytes_sent):
    connection = socket.create_connection((emulator.address.hostname, emulator.address.port))
    connection.sendall(bytes_sent)
    connection.shutdown(socket.SHUT_WR)
    connection.settimeout(5)
    try:
        while connection.recv(65536):
            pass
    except OSError:
        pass
    connection.close()
    assert emulator.create().status == 200


def test_slow_callers_do_not_hold_up_others(emulator):
    slow = [
        socket.create_connection((emulator.address.hostname, emulator.address.port))
        for _ in range(100)
    ]
    for index, connection in enumerate(slow):
        connection.sendall(b"POST /v1/sessions HTTP/1.1\r\nContent-Length: 100\r\n\r\nx"[: 10 + index])
    assert emulator.create().status == 200
    for connection in slow:
        connection.close()


def test_kept_connection_is_prompt(emulator):
    connection = emulator.connect()
    started = time.monotonic()
    for _ in range(25):
        connection.request("GET", "/emulator.css")
        connection.getresponse().read()
    # With delayed acknowledgements in the way this takes more than a second.
    assert time.monotonic() - started < 0.5
    connection.close()


# The process


def test_ready_line(emulator):
    assert re.fullmatch(
        r"deepidv-emulator listening on http://127\.0\.0\.1:\d+\n", emulator.ready_line
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_end_it(start, number):
    running = start()
    idle = running.connect()
    idle.request("GET", "/emulator.css")
    idle.getresponse().read()
    half = socket.create_connection((running.address.hostname, running.address.port))
    half.sendall(b"POST /v1/sessions HTTP/1.1\r\nContent-Length: 100\r\n\r\nhalf")
    time.sleep(0.2)
    running.process.send_signal(number)
    assert running.process.wait(timeout=10) == 0
    # Nothing but the ready line, and nobody's data.
    assert running.process.stdout.read() == b""
    assert running.process.stderr.read() == b""
    idle.close()
    half.close()


def test_signals_end_it_however_busy(start):
    running = start()
    busy = [
        socket.create_connection((running.address.hostname, running.address.port))
        for _ in range(8)
    ]
    for connection in busy:
        connection.sendall(b"GET / HTTP/1.1\r\nx-long: " + b"a" * 1_000_000 + b"\r\n\r\n")
    time.sleep(0.2)
    running.process.terminate()
    assert running.process.wait(timeout=10) == 0
    for connection in busy:
        connection.close()


def test_end_of_standard_input_ends_it(start):
    assert start().close() == 0


def test_standard_input_means_nothing_otherwise():
    with subprocess.Popen(
        [BINARY, "--port", "0"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout.readline()
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=0.5)
        process.terminate()
        assert process.wait(timeout=10) == 0


@pytest.mark.parametrize(
    "options",
    [
        ["--nonsense"],
        ["positional"],
        ["--port"],
        ["--port", "65536"],
        ["--port", "http"],
        ["--host", "example.com"],
        ["--rate=-1"],
        ["--rate", "nan"],
        ["--burst", "0"],
        ["--tokens=-1"],
        ["--api-key", ""],
        ["--api-key", "two words"],
        ["--org", ""],
    ],
)
def test_bad_options(options):
    result = subprocess.run([BINARY, *options], capture_output=True, timeout=20)
    assert result.returncode == 2
    assert result.stdout == b"" and result.stderr != b""


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_and_version(option):
    result = subprocess.run([BINARY, option], capture_output=True, timeout=20)
    assert result.returncode == 0
    assert result.stdout != b"" and result.stderr == b""


def test_port_in_use(emulator):
    result = subprocess.run(
        [BINARY, "--port", str(emulator.address.port)], capture_output=True, timeout=20
    )
    assert result.returncode == 1
    assert result.stdout == b""
    assert b"cannot listen on 127.0.0.1 port" in result.stderr


def test_other_hosts_are_warned_about(start):
    running = start("--host", "0.0.0.0", "--org", "org 1")
    assert running.url.startswith("http://127.0.0.1:")
    assert "?oid=org%201" in running.create().json["session_url"]
    running.process.terminate()
    assert b"warning: other machines may reach 0.0.0.0" in running.process.stderr.read()
