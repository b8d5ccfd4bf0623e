"""TLS: who is trusted, connections that are cut in the middle of it, and nginx with its habits."""

import os
import shutil
import subprocess
import sys
import time

import proxy as p
import pytest
from nginx import Nginx
from truth import EXECUTED_UNHEARD, NOT_SENT_OR_PROCESSED, UNKNOWN


@pytest.fixture(scope="module")
def start_nginx(emulator, certificate_folder, tmp_path_factory):
    """Start nginx in front of the emulator, or of something else."""
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
    """Give an nginx with a good certificate and no special habits."""
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
        said = create(start_client(url, timeout_ms=1500), expected={"E_NOT_SENT"})
        assert (said.cause, said.attempts, said.executions) == (cause, 0, 0)


def test_one_handle_after_another_certificate(start_nginx, start_client, create, certificate_folder):
    """What was wrong with a certificate is not said of the next failure."""
    nginx = start_nginx(certificate="strange")
    client = start_client(nginx.url, timeout_ms=1000)
    assert create(client, expected={"E_NOT_SENT"}).cause == "E_TLS_UNTRUSTED"
    nginx.end()
    assert create(client, expected={"E_NOT_SENT"}).cause == "E_CONNECT"


@pytest.mark.parametrize("version", ["TLSv1.2", "TLSv1.3"])
def test_secrets_are_not_logged(start_nginx, certificate_folder, tmp_path, version):
    """Not even if the environment asks for it, and the curl tool, which shows that it does, obeys."""
    nginx = start_nginx(habits=f"ssl_protocols {version};")
    log = tmp_path / "secrets"
    authority = certificate_folder / "authority.pem"
    ask = (
        "import sys, deepidv; deepidv.Client('dk_emulator', base_url=sys.argv[1], ca_file=sys.argv[2], timeout=5)"
        ".list_sessions()"
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
    """libcurl 7.88 would write it to where the last header of the exchange before was."""
    front = start_proxy(
        p.answer(b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\nA: b\r\n\r\n", executed=True),
        p.answer(b"HTTP/1.1 200 OK\r\n" + FOLD + b"Content-Length: 2\r\n\r\n{}"),
        transport="tls",
    )
    said = create(start_client(front.url, timeout_ms=6000), ending=[front], expected={"OK"})
    assert (said.attempts, said.executions) == (1, 1)


def test_authority_that_the_system_does_not_know(nginx, start_client, create, certificate_folder):
    for authority in ("stranger.pem", "good.pem"):
        client = start_client(nginx.url, ca_file=certificate_folder / authority, timeout_ms=1500)
        if authority == "stranger.pem":
            said = create(client, expected={"E_NOT_SENT"})
            assert (said.cause, said.attempts) == ("E_TLS_UNTRUSTED", 0)
        else:
            # The very certificate of the server, which OpenSSL may take for an anchor or not.
            create(client, expected={"OK", "E_NOT_SENT"})
    said = create(start_client(nginx.url, ca_file="/etc/ssl/certs/ca-certificates.crt", timeout_ms=1500))
    assert (said.status, said.cause) == ("E_NOT_SENT", "E_TLS_UNTRUSTED")


def test_only_the_authority_that_was_named(nginx, certificate_folder, tmp_path):
    """Not the system's beside it, where somebody else may have put one.

    In a mount namespace of its own the system's certificates are those of the test. The curl tool, which trusts
    them beside its file, shows that they are in force.
    """
    if subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False).returncode:
        pytest.skip("may not make a mount namespace")
    shutil.copy(certificate_folder / "authority.pem", tmp_path)
    subprocess.run(["openssl", "rehash", tmp_path], check=True, timeout=20)
    stranger = certificate_folder / "stranger.pem"
    create = (
        "import sys, deepidv; deepidv.Client('dk_emulator', base_url=sys.argv[1], ca_file=sys.argv[2], timeout=3)"
        ".retrieve_session('sess_none')"
    )
    script = 'mount --bind "$1" /etc/ssl/certs && curl -s --cacert "$2" "$3" && exec "$4" -c "$5" "$3" "$2"'
    said = subprocess.run(
        ["unshare", "-m", "sh", "-c", script, "sh", tmp_path, stranger, nginx.url, sys.executable, create],
        capture_output=True,
        check=False,
        text=True,
        timeout=30,
    )
    assert said.stdout
    assert said.stderr.strip().endswith("DEEPIDV_E_TLS_UNTRUSTED)"), said.stderr


def test_authority_that_is_gone(nginx, start_client, create, certificate_folder, tmp_path):
    """What cannot be read when the client is made is refused there."""
    file = tmp_path / "authority.pem"
    shutil.copy(certificate_folder / "authority.pem", file)
    client = start_client(nginx.url, ca_file=file, timeout_ms=800)
    file.unlink()
    said = create(client, expected={"E_NOT_SENT"})
    assert (said.cause, said.attempts) == ("E_TLS", 0)


@pytest.mark.parametrize("habits", ["keepalive_timeout 100ms;", "keepalive_requests 1;", "keepalive_requests 2;"])
def test_gateway_that_closes_kept_connections(start_nginx, start_client, create, habits):
    """With close_notify and FIN, which libcurl 7.88 does not see on a connection that idles."""
    client = start_client(start_nginx(habits=habits).url)
    for _ in range(5):
        said = create(client, expected={"OK", UNKNOWN})
        assert said.executions == (said.status == "OK")
        time.sleep(0.25)


@pytest.mark.parametrize(
    "act",
    [
        p.execute(p.fin),
        p.execute(p.rst),
        p.cut_answer(p.in_headers, p.fin),
        p.cut_answer(p.in_body, p.fin),
        p.answer(b"garbage\r\n\r\n", p.fin, executed=True),
        p.pass_on(late=0.6),
    ],
    ids=["fin", "rst", "cut headers", "cut body", "garbage", "late"],
)
def test_gateway_whose_service_fails(start_nginx, start_proxy, start_client, create, act):
    """502 and 504 say nothing of what is behind the gateway."""
    behind = start_proxy(act)
    nginx = start_nginx(upstream=behind.url, habits="proxy_read_timeout 300ms; proxy_next_upstream off;")
    said = create(start_client(nginx.url), ending=[behind], expected=EXECUTED_UNHEARD)
    assert said.executions == 1


# A handshake from the client is some 700 bytes, the answer to it some 1,200.


@pytest.mark.parametrize("count", [0, 1, 5, 100, 400, 600, 700, 800, 1000, 1100, 1200, 1300])
@pytest.mark.parametrize("then", [p.fin, p.rst], ids=["fin", "rst"])
def test_bytes_to_the_service_are_cut(nginx, start_proxy, start_client, create, count, then):
    front = start_proxy(p.relay(then, up=count), otherwise=p.relay(p.fin), upstream=nginx.address)
    url = front.url.replace("http://127.0.0.1", "https://localhost")
    create(start_client(url), ending=[front], expected=EXECUTED_UNHEARD | NOT_SENT_OR_PROCESSED)


@pytest.mark.parametrize("count", [0, 1, 5, 100, 800, 1000, 1200, 1300, 1400, 1500, 1700, 1900, 2100])
@pytest.mark.parametrize("then", [p.fin, p.rst], ids=["fin", "rst"])
def test_bytes_from_the_service_are_cut(nginx, start_proxy, start_client, create, count, then):
    front = start_proxy(p.relay(then, down=count), otherwise=p.relay(p.fin), upstream=nginx.address)
    url = front.url.replace("http://127.0.0.1", "https://localhost")
    create(start_client(url), ending=[front], expected=EXECUTED_UNHEARD | NOT_SENT_OR_PROCESSED)
