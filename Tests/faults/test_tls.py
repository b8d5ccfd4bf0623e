"""TLS: certificates, truncated connections, and nginx as a gateway."""

import os
import shutil
import subprocess
import sys
import time

import proxy as p
import pytest
from nginx import Nginx
from truth import EXECUTED_UNSEEN, NOT_SENT_OR_PROCESSED, UNKNOWN


@pytest.fixture(scope="module")
def start_nginx(emulator, certificate_folder, tmp_path_factory):
    """Start nginx in front of the emulator or another server."""
    running = []

    def start(**options):
        folder = tmp_path_factory.mktemp("nginx")
        running.append(Nginx(folder, certificate_folder, options.pop("upstream", emulator.url), **options))
        return running[-1]

    yield start
    for nginx in running:
        nginx.end()


@pytest.fixture(scope="module")
def nginx(start_nginx):
    """Run nginx with a valid certificate and default settings."""
    return start_nginx()


def test_trusted(nginx, start_client, create):
    client = start_client(nginx.url)
    for _ in range(3):
        assert create(client, expected={"OK"}).attempts == 1
    create(start_client(nginx.address), expected={"OK"})


@pytest.mark.parametrize(
    ("certificate", "cause"),
    [("elsewhere", "E_TLS_NAME"), ("expired", "E_TLS_DATE"), ("early", "E_TLS_DATE"), ("strange", "E_TLS_UNTRUSTED")],
)
def test_not_trusted(start_nginx, start_client, create, certificate, cause):
    nginx = start_nginx(certificate=certificate)
    for url in (nginx.url, nginx.address):
        report = create(start_client(url, timeout_ms=1500), expected={"E_NOT_SENT"})
        assert (report.cause, report.attempts, report.executions) == (cause, 0, 0)


def test_certificate_errors_do_not_persist(start_nginx, start_client, create, certificate_folder):
    """A certificate error is not reported for the next failure on the same handle."""
    nginx = start_nginx(certificate="strange")
    client = start_client(nginx.url, timeout_ms=1000)
    assert create(client, expected={"E_NOT_SENT"}).cause == "E_TLS_UNTRUSTED"
    nginx.end()
    assert create(client, expected={"E_NOT_SENT"}).cause == "E_CONNECT"


@pytest.mark.parametrize("version", ["TLSv1.2", "TLSv1.3"])
def test_secrets_are_not_logged(start_nginx, certificate_folder, tmp_path, version):
    """SSLKEYLOGFILE is ignored. The curl tool shows that it has an effect otherwise."""
    nginx = start_nginx(settings=f"ssl_protocols {version};")
    log = tmp_path / "secrets"
    authority = certificate_folder / "authority.pem"
    ask = (
        "import sys, deepidv; deepidv.Client('dk_emulator', base_url=sys.argv[1], ca_file=sys.argv[2], timeout=5)"
        ".list_page()"
    )
    environment = {**os.environ, "SSLKEYLOGFILE": str(log)}
    for command in (
        [sys.executable, "-c", ask, nginx.url, authority],
        ["curl", "-s", "--cacert", authority, nginx.url],
    ):
        assert not log.exists() or log.read_text() == ""
        subprocess.run(command, env=environment, check=True, timeout=30, stdout=subprocess.DEVNULL)
    assert log.read_text() != ""


FOLD = b" A: " + b"A" * 56 + b"\r\n"


def test_a_fold_in_the_first_header_line(start_proxy, start_client, create):
    """libcurl 7.88 would write it to freed memory, where the last header of the previous exchange was."""
    front = start_proxy(
        p.respond(b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\nA: b\r\n\r\n", executed=True),
        p.respond(b"HTTP/1.1 200 OK\r\n" + FOLD + b"Content-Length: 2\r\n\r\n{}"),
        transport="tls",
    )
    report = create(start_client(front.url, timeout_ms=6000), ending=[front], expected={"OK"})
    assert (report.attempts, report.executions) == (1, 1)


def test_ca_file(nginx, start_client, create, certificate_folder):
    for authority in ("stranger.pem", "good.pem"):
        client = start_client(nginx.url, ca_file=certificate_folder / authority, timeout_ms=1500)
        if authority == "stranger.pem":
            report = create(client, expected={"E_NOT_SENT"})
            assert (report.cause, report.attempts) == ("E_TLS_UNTRUSTED", 0)
        else:
            # The server's own certificate, which OpenSSL may accept as a trust anchor or not.
            create(client, expected={"OK", "E_NOT_SENT"})
    report = create(start_client(nginx.url, ca_file="/etc/ssl/certs/ca-certificates.crt", timeout_ms=1500))
    assert (report.status, report.cause) == ("E_NOT_SENT", "E_TLS_UNTRUSTED")


def test_ca_file_replaces_the_system_certificates(nginx, certificate_folder, tmp_path):
    """With ca_file, the system's CA certificates are not trusted.

    In a mount namespace, the system's certificates are those of the test. The curl tool, which trusts them in addition
    to its file, shows that they are in use.
    """
    if subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False).returncode:
        pytest.skip("cannot create a mount namespace")
    shutil.copy(certificate_folder / "authority.pem", tmp_path)
    subprocess.run(["openssl", "rehash", tmp_path], check=True, timeout=20)
    stranger = certificate_folder / "stranger.pem"
    create = (
        "import sys, deepidv; deepidv.Client('dk_emulator', base_url=sys.argv[1], ca_file=sys.argv[2], timeout=3)"
        ".retrieve_session('sess_none')"
    )
    script = 'mount --bind "$1" /etc/ssl/certs && curl -s --cacert "$2" "$3" && exec "$4" -c "$5" "$3" "$2"'
    report = subprocess.run(
        ["unshare", "-m", "sh", "-c", script, "sh", tmp_path, stranger, nginx.url, sys.executable, create],
        capture_output=True,
        check=False,
        text=True,
        timeout=30,
    )
    assert report.stdout
    assert report.stderr.strip().endswith("DEEPIDV_E_TLS_UNTRUSTED)"), report.stderr


def test_ca_file_that_was_deleted(nginx, start_client, create, certificate_folder, tmp_path):
    """A CA file that is deleted after the client was created; a missing one is refused at creation."""
    file = tmp_path / "authority.pem"
    shutil.copy(certificate_folder / "authority.pem", file)
    client = start_client(nginx.url, ca_file=file, timeout_ms=800)
    file.unlink()
    report = create(client, expected={"E_NOT_SENT"})
    assert (report.cause, report.attempts) == ("E_TLS", 0)


@pytest.mark.parametrize("settings", ["keepalive_timeout 100ms;", "keepalive_requests 1;", "keepalive_requests 2;"])
def test_gateway_that_closes_idle_connections(start_nginx, start_client, create, settings):
    """It sends close_notify and FIN, which libcurl 7.88 does not detect on an idle connection."""
    client = start_client(start_nginx(settings=settings).url)
    for _ in range(5):
        report = create(client, expected={"OK", UNKNOWN})
        assert report.executions == (report.status == "OK")
        time.sleep(0.25)


@pytest.mark.parametrize(
    "action",
    [
        p.execute(p.fin),
        p.execute(p.rst),
        p.cut_response(p.in_headers, p.fin),
        p.cut_response(p.in_body, p.fin),
        p.respond(b"garbage\r\n\r\n", p.fin, executed=True),
        p.pass_on(late=0.6),
    ],
    ids=["fin", "rst", "cut headers", "cut body", "garbage", "late"],
)
def test_gateway_whose_service_fails(start_nginx, start_proxy, start_client, create, action):
    """After a 502 or 504, the outcome is unknown."""
    behind = start_proxy(action)
    nginx = start_nginx(upstream=behind.url, settings="proxy_read_timeout 300ms; proxy_next_upstream off;")
    report = create(start_client(nginx.url), ending=[behind], expected=EXECUTED_UNSEEN)
    assert report.executions == 1


# The client's handshake has about 700 bytes, the server's about 1,200.


@pytest.mark.parametrize("count", [0, 1, 5, 100, 400, 600, 700, 800, 1000, 1100, 1200, 1300])
@pytest.mark.parametrize("then", [p.fin, p.rst], ids=["fin", "rst"])
def test_bytes_to_the_service_are_cut(nginx, start_proxy, start_client, create, count, then):
    front = start_proxy(p.relay(then, up=count), otherwise=p.relay(p.fin), upstream=nginx.address)
    url = front.url.replace("http://127.0.0.1", "https://localhost")
    create(start_client(url), ending=[front], expected=EXECUTED_UNSEEN | NOT_SENT_OR_PROCESSED)


@pytest.mark.parametrize("count", [0, 1, 5, 100, 800, 1000, 1200, 1300, 1400, 1500, 1700, 1900, 2100])
@pytest.mark.parametrize("then", [p.fin, p.rst], ids=["fin", "rst"])
def test_bytes_from_the_service_are_cut(nginx, start_proxy, start_client, create, count, then):
    front = start_proxy(p.relay(then, down=count), otherwise=p.relay(p.fin), upstream=nginx.address)
    url = front.url.replace("http://127.0.0.1", "https://localhost")
    create(start_client(url), ending=[front], expected=EXECUTED_UNSEEN | NOT_SENT_OR_PROCESSED)
