"""``deepidv doctor`` names each fault between the program and the service, and prints nothing secret."""

import json
import socket
import threading
import urllib.request

import certificates
import pytest
from canaries import KEY
from conftest import APPLICANT
from deepidv import Client, _command, _exit_status
from deepidv._doctor import service, versions
from deepidv._doctor.check import within
from peer import NO_SESSIONS, answer, say_nothing

COMMON = ("HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR")


class Report:
    """What the command printed."""

    def __init__(self, status, out, err):
        self.status, self.text, self.err = status, out, err
        self.lines = {}
        for line in out.splitlines()[:-1]:
            state, name, text = line.split(None, 2)
            assert state in ("ok", "warning", "failed", "skipped")
            self.lines[name] = (state, text)

    @property
    def failed(self):
        return [name for name, (state, _) in self.lines.items() if state == "failed"]

    @property
    def warned(self):
        return [name for name, (state, _) in self.lines.items() if state == "warning"]


@pytest.fixture
def doctor(monkeypatch, capsys):
    """Return a function that runs the command with a base URL and with variables."""
    for name in COMMON:
        monkeypatch.delenv(name, raising=False)

    def run(url, *arguments, **variables):
        for name, value in {"API_KEY": KEY, "BASE_URL": url, **variables}.items():
            monkeypatch.setenv(name if name in COMMON else f"DEEPIDV_{name}", str(value))
        status = _command.main(["doctor", *arguments])
        printed = capsys.readouterr()
        return Report(status, printed.out, printed.err)

    return run


@pytest.fixture
def control(start_emulator):
    """Return an emulator of one's own, and a function that calls its control API."""
    url = start_emulator("--rate", "0")

    def call(path, **body):
        request = urllib.request.Request(
            f"{url}/emulator/{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=10) as response:
            assert response.status < 300

    call.url = url
    return call


def closed_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def test_all_is_well(doctor, emulator):
    report = doctor(emulator)
    assert (report.status, report.failed, report.warned) == (_exit_status.OK, [], []), report.text
    assert list(report.lines) == [
        "library", "libcurl", "openssl", "options", "proxy", "lookup", "connect", "tls", "clock", "request", "rate",
        "readings",
    ]  # fmt: skip
    assert report.text.splitlines()[-1] == "No check failed."
    assert report.lines["openssl"][1].startswith("OpenSSL 3.")


def test_json(doctor, emulator, capsys):
    doctor(emulator)
    assert _command.main(["doctor", "--json"]) == _exit_status.OK
    printed = json.loads(capsys.readouterr().out)
    assert printed["failed"] == []
    checks = {check["name"]: check for check in printed["checks"]}
    assert checks["request"]["facts"] == {"http_status": 200, "attempts": 1, "request_id": None}
    assert checks["libcurl"]["facts"]["version"].startswith("libcurl/")


def test_the_report_has_no_secrets_and_no_personal_data(doctor, emulator):
    with Client(KEY, base_url=emulator, rate_limit=0) as client:
        client.create_session(**APPLICANT, external_id="order of the report")
    report = doctor(emulator)
    assert f"the key's fingerprint is {service.fingerprint(KEY)}" in report.lines["options"][1]
    for secret in (KEY, "order of the report", *APPLICANT.values()):
        assert secret not in report.text + report.err


def test_the_key_is_sent_by_the_library_only(doctor, start_peer):
    peer = start_peer()
    doctor(peer.url)
    assert {request.method for request in peer.requests} == {"GET"}
    assert all(request.header("x-api-key") in (None, KEY) for request in peer.requests)
    [bare] = [request for request in peer.requests if request.header("x-api-key") is None]
    assert bare.target == "/v1/sessions?limit=1"


@pytest.mark.parametrize(
    ("library", "of_libcurl", "state"),
    [
        ("OpenSSL 3.0.19 27 Jan 2026", "OpenSSL/3.0.19", "ok"),
        ("OpenSSL 3.0.19 27 Jan 2026", "OpenSSL/3.0.1", "warning"),
        ("OpenSSL 3.0.19 27 Jan 2026", "OpenSSL/3.5.4", "warning"),
        ("OpenSSL 3.0.19 27 Jan 2026", None, "warning"),
    ],
)
def test_another_tls_library(library, of_libcurl, state):
    assert versions._openssl(library, of_libcurl).state == state


def test_the_request_id_of_the_service(doctor, start_peer):
    header = ["X-Request-Id: req-42"]
    for status in (200, 403):
        peer = start_peer(*[answer(status, NO_SESSIONS, headers=header)] * 5)
        report = doctor(peer.url)
        assert "; request id req-42" in report.lines["request"][1], report.text


# What the service answers

FAULTS = {
    "401": ({"kind": "status", "status": 401}, "DEEPIDV_E_UNAUTHORIZED"),
    "403": ({"kind": "status", "status": 403}, "DEEPIDV_E_FORBIDDEN"),
    "404": ({"kind": "status", "status": 404}, "DEEPIDV_E_NOT_FOUND"),
    "418": ({"kind": "status", "status": 418}, "DEEPIDV_E_REFUSED"),
    "500": ({"kind": "status", "status": 500}, "DEEPIDV_E_SERVER"),
    "close": ({"kind": "close"}, "DEEPIDV_E_CONNECTION_LOST"),
    "reset": ({"kind": "reset"}, "DEEPIDV_E_CONNECTION_LOST"),
    "cut": ({"kind": "cut"}, "DEEPIDV_E_ANSWER_CUT"),
    "garbage": ({"kind": "garbage"}, "DEEPIDV_E_ANSWER_HTTP"),
    "html": ({"kind": "status", "status": 200, "body": "<html>"}, "DEEPIDV_E_ANSWER_JSON"),
    "wait": ({"kind": "wait", "milliseconds": 30000}, "DEEPIDV_E_TIMEOUT"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_the_service(doctor, control, fault):
    armed, cause = FAULTS[fault]
    control("faults", **armed, count=1000)
    report = doctor(control.url, "--timeout", "1")
    assert (report.status, report.failed) == (_exit_status.FAILED, ["request"]), report.text
    assert cause in report.lines["request"][1]
    assert report.text.splitlines()[-1] == "failed: request"


def test_a_wrong_key(doctor, emulator):
    report = doctor(emulator, API_KEY="dk_wrong_and_secret")
    assert report.failed == ["request"]
    assert "DEEPIDV_E_UNAUTHORIZED, HTTP 401). Check DEEPIDV_API_KEY" in report.lines["request"][1]
    assert "dk_wrong_and_secret" not in report.text + report.err


def test_the_rate_limit(doctor, control):
    fault = {"kind": "status", "status": 429, "headers": {"Retry-After": "60"}}
    control("faults", **fault, count=1000)
    report = doctor(control.url, "--timeout", "1")
    assert (report.status, report.warned) == (_exit_status.OK, ["request", "rate"]), report.text
    assert "exceeded; wait 60 s" in report.lines["rate"][1]
    assert "retry-after=present" in report.lines["readings"][1]


def test_headers_about_the_rate(doctor, start_peer):
    headers = ["X-RateLimit-Remaining: 24", "RateLimit: \x1b[31m" + "9" * 1000]
    shown = doctor(start_peer(*[answer(headers=headers)] * 9).url).lines["rate"][1]
    assert "x-ratelimit-remaining: 24" in shown
    assert "\x1b" not in shown
    assert len(shown) < 300


def test_an_answer_at_the_second_attempt(doctor, control):
    control("faults", kind="status", status=500)
    report = doctor(control.url)
    assert (report.status, report.warned) == (_exit_status.OK, ["request"]), report.text
    assert "after 2 attempts" in report.lines["request"][1]


@pytest.mark.parametrize(
    ("seconds", "state", "words"),
    [(3600, "failed", "behind"), (-3600, "failed", "ahead of"), (60, "warning", "behind"), (2, "ok", "the same")],
)
def test_a_wrong_clock(doctor, control, seconds, state, words):
    control("clock", advance_seconds=seconds)
    report = doctor(control.url)
    assert report.lines["clock"][0] == state, report.text
    assert words in report.lines["clock"][1]
    assert report.failed == (["clock"] if state == "failed" else [])


def test_a_service_that_says_nothing(doctor, start_peer):
    peer = start_peer(*[say_nothing] * 100)
    report = doctor(peer.url, "--timeout", "0.5")
    assert report.failed == ["request"]
    assert report.lines["clock"] == ("skipped", "the service did not respond")


def test_a_response_that_never_ends(doctor, start_peer):
    """A byte at a time, so that no read takes longer than the timeout."""
    ended = threading.Event()

    def trickle(connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\nA: ")
        while not ended.wait(0.05):
            connection.sendall(b"a")
        return False

    try:
        report = doctor(start_peer(*[trickle] * 100).url, "--timeout", "0.5")
    finally:
        ended.set()
    assert report.failed == ["request"]
    assert "DEEPIDV_E_TIMEOUT" in report.lines["request"][1]


def test_a_function_that_never_ends():
    """A name lookup has no timeout of its own."""
    ended = threading.Event()
    with pytest.raises(TimeoutError):
        within(0.05, ended.wait)
    ended.set()
    assert within(10, lambda: 5) == 5


@pytest.mark.parametrize(
    ("option", "shown"),
    [
        ("missing-key=403", "missing-key=403"),
        ("401-body=detail", "401-body=detail"),
        ("400-body=error", "400-body=error"),
        ("session-id=uuid", "session-id=uuid"),
        ("session-id=opaque", "session-id=opaque"),
        ("location=object", "location=object"),
        ("location=null", "location=null"),
        ("location=absent", "location=absent"),
    ],
)
def test_readings(doctor, start_emulator, option, shown):
    url = start_emulator("--rate", "0", "--open", option)
    with Client(KEY, base_url=url, rate_limit=0) as client:
        client.create_session(**APPLICANT)
    assert shown in doctor(url).lines["readings"][1].split()


# The way to the service


def test_a_refused_port(doctor):
    report = doctor(f"http://127.0.0.1:{closed_port()}", "--timeout", "1")
    assert report.failed == ["connect", "request"], report.text
    assert "127.0.0.1: Connection refused" in report.lines["connect"][1]
    assert "DEEPIDV_E_CONNECT" in report.lines["request"][1]


def test_a_name_without_address(doctor):
    report = doctor("https://service.invalid", "--timeout", "2")
    assert report.failed[0] == "lookup", report.text
    assert "service.invalid has no address" in report.lines["lookup"][1]
    assert "DEEPIDV_E_RESOLVE" in report.lines["request"][1]


def test_invalid_options(doctor):
    for url, key, name in (
        ("http://service.invalid", KEY, "DEEPIDV_E_SCHEME"),
        ("https://127.0.0.1", "", "DEEPIDV_E_REQUIRED"),
        ("https://127.0.0.1", "a key with blanks", "DEEPIDV_E_CONTROL"),
    ):
        report = doctor(url, API_KEY=key)
        assert report.failed == ["options"], report.text
        assert name in report.lines["options"][1]
        assert "with blanks" not in report.text + report.err
    assert "--api-key-file" in doctor("https://127.0.0.1", API_KEY="").lines["options"][1]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder with the certificates of an authority and of servers."""
    folder = tmp_path_factory.mktemp("doctor")
    certificates.create_authority(folder, "authority", days=400)
    certificates.create_authority(folder, "stranger")
    certificates.create_signed(folder, "good", "authority", days=300)
    certificates.create_signed(folder, "soon", "authority")
    certificates.create_signed(folder, "elsewhere", "authority", names="DNS:elsewhere.example")
    certificates.create_signed(folder, "strange", "stranger")
    certificates.create_valid_in(2020, folder, "expired", "authority")
    certificates.create_valid_in(2049, folder, "early", "authority")
    certificates.create_self_signed(folder, "alone", f"subjectAltName={certificates.LOCALHOST}")
    return folder


@pytest.fixture
def secure(doctor, start_peer, folder):
    """Return a function that runs the command against a peer with this certificate."""

    def run(name, *, doors=(), **variables):
        peer = start_peer(tls=certificates.server_context(folder, name), doors=doors)
        variables = {"CA_FILE": folder / "authority.pem", **variables}
        variables = {
            key: value.format(peer=peer) if isinstance(value, str) else value for key, value in variables.items()
        }
        return doctor(peer.url, "--timeout", "2", **variables)

    return run


def test_a_certificate(secure):
    report = secure("good")
    assert (report.failed, report.warned) == ([], []), report.text
    assert "TLSv1.3; the certificate is of authority, until " in report.lines["tls"][1]


def test_a_certificate_that_ends_soon(secure):
    report = secure("soon")
    assert (report.failed, report.warned) == ([], ["tls"]), report.text
    assert "which is in 1 days" in report.lines["tls"][1]


@pytest.mark.parametrize(
    ("name", "words", "cause"),
    [
        ("expired", "the certificate has expired; its issuer is authority; it ends 2020-12-31", "TLS_DATE"),
        ("early", "the certificate is not valid yet", "TLS_DATE"),
        ("elsewhere", "for another name; it names elsewhere.example", "TLS_NAME"),
        (
            "strange",
            "is not trusted, or the server leaves out its certificate; its issuer is stranger",
            "TLS_UNTRUSTED",
        ),
        ("alone", "the certificate is self-signed; its issuer is alone", "TLS_UNTRUSTED"),
    ],
)
def test_a_certificate_that_is_refused(secure, name, words, cause):
    report = secure(name)
    assert report.failed == ["tls", "request"], report.text
    assert words in report.lines["tls"][1]
    assert f"DEEPIDV_E_{cause}" in report.lines["request"][1]


def test_a_port_without_tls(doctor, emulator):
    report = doctor(emulator.replace("http:", "https:"), "--timeout", "1")
    assert report.failed == ["tls", "request"], report.text
    assert "DEEPIDV_E_TLS" in report.lines["request"][1]


def admit(connection):
    head = connection.recv(4096)
    while head and not head.endswith(b"\r\n\r\n"):
        head += connection.recv(4096)
    if head:
        connection.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
    # One check only connects.
    return bool(head)


def deny(connection):
    connection.recv(4096)
    connection.sendall(b"HTTP/1.1 407 Secret\r\nContent-Length: 0\r\n\r\n")
    return False


def test_a_proxy(secure):
    report = secure("good", doors=[admit], PROXY="http://user:hunter2@{peer.address}")
    assert (report.failed, report.warned) == ([], []), report.text
    assert report.lines["proxy"][1].endswith(" with a login")
    assert report.lines["tunnel"][0] == "ok"
    assert "hunter2" not in report.text + report.err
    assert "user" not in report.lines["proxy"][1]


def test_a_proxy_that_refuses(secure):
    report = secure("good", doors=[deny], PROXY="http://{peer.address}")
    assert report.failed == ["tunnel", "request"], report.text
    assert "HTTP 407" in report.lines["tunnel"][1]
    assert "Secret" not in report.text
    assert "DEEPIDV_E_PROXY" in report.lines["request"][1]


def test_a_dead_proxy(secure):
    report = secure("good", PROXY=f"http://127.0.0.1:{closed_port()}")
    assert report.failed == ["connect", "request"], report.text
    assert "let this machine reach the proxy" in report.lines["connect"][1]
    assert "DEEPIDV_E_PROXY" in report.lines["request"][1]


def test_a_proxy_that_is_not_one(doctor, emulator):
    report = doctor("https://127.0.0.1:1", "--timeout", "1", PROXY=emulator)
    assert report.failed == ["tunnel", "request"], report.text


def test_a_proxy_without_address(secure):
    report = secure("good", PROXY="http://proxy.invalid:3128")
    assert report.failed == ["lookup", "request"], report.text
    assert "proxy.invalid has no address" in report.lines["lookup"][1]


def test_the_variables_of_other_programs(secure):
    proxy = f"http://user:hunter2@127.0.0.1:{closed_port()}"
    unread = secure("good", HTTPS_PROXY=proxy)
    assert (unread.failed, unread.warned) == ([], ["proxy"]), unread.text
    assert "HTTPS_PROXY is set, but not read" in unread.lines["proxy"][1]
    read = secure("good", HTTPS_PROXY=proxy, USE_ENVIRONMENT="1")
    assert read.failed == ["connect", "request"], read.text
    assert "hunter2" not in unread.text + read.text
    assert secure("good", NO_PROXY="127.0.0.1").lines["proxy"] == ("ok", "none")


def test_a_host_with_an_address_that_refuses(doctor, start_peer, monkeypatch):
    """As a machine whose IPv6 has no route."""
    real = socket.getaddrinfo

    def both(host, port, *arguments, **options):
        dead = real("127.0.0.2", closed_port(), *arguments, **options)
        return dead + real(host, port, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", both)
    report = doctor(start_peer().url)
    assert report.warned == ["connect"], report.text
    assert "but 127.0.0.2: Connection refused" in report.lines["connect"][1]
