"""Proxies, and the environment variables for proxies and certificates."""

import base64
import os
import socket
import subprocess

import certificate
import deepidv
import pytest
from conftest import APPLICANT

PASSWORD = "hunter2@/:#"
QUOTED = "hunter2%40%2F%3A%23"


@pytest.fixture(autouse=True)
def without_common_variables(monkeypatch):
    for name in ("HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)


def admit(heads, login=None):
    """Act as an HTTP proxy that connects to the peer itself, if the login is right."""

    def door(connection):
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += connection.recv(4096)
        heads.append(head)
        basic = base64.b64encode((login or "").encode())
        if login and b"\r\nProxy-Authorization: Basic " + basic + b"\r\n" not in head:
            connection.sendall(b"HTTP/1.1 407 No\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n")
            return False
        connection.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
        return True

    return door


def admit_over_socks(login):
    """Act as a SOCKS5 proxy that requires a login."""

    def door(connection):
        methods = connection.recv(256)
        assert 2 in methods[2:]
        connection.sendall(b"\5\2")
        user, password = login.encode().split(b":", 1)
        expected = b"\1%c%b%c%b" % (len(user), user, len(password), password)
        is_right = connection.recv(512) == expected
        connection.sendall(b"\1\0" if is_right else b"\1\1")
        if is_right:
            connection.recv(512)
            connection.sendall(b"\5\0\0\1\0\0\0\0\0\0")
        return is_right

    return door


@pytest.fixture
def peer(start_peer):
    """Start a peer with TLS behind a proxy."""
    return lambda door: start_peer(doors=[door], tls=certificate.server_context())


def create(peer, **options):
    options = {"base_url": peer.url, "timeout": 5, "ca_file": certificate.FILE, **options}
    with deepidv.Client("key", rate_limit=0, **options) as client:
        return client.create_session(**APPLICANT)


def test_a_login(peer):
    heads = []
    front = peer(admit(heads, f"user:{PASSWORD}"))
    assert create(front, proxy=f"http://user:{QUOTED}@{front.address}").id == "sess_1"
    assert [head.split()[0] for head in heads] == [b"CONNECT"]
    # The proxy gets no API key, and the service no login of the proxy.
    assert b"x-api-key" not in heads[0].lower()
    [request] = front.end()
    assert request.header("Proxy-Authorization") is None


@pytest.mark.parametrize("login", ["", "user@", "user:wrong@", f"other:{QUOTED}@"])
def test_a_wrong_login(peer, login):
    front = peer(admit([], f"user:{PASSWORD}"))
    with pytest.raises(deepidv.NotSent) as caught:
        create(front, proxy=f"http://{login}{front.address}")
    assert (caught.value.cause, caught.value.attempts) == ("DEEPIDV_E_PROXY", 0)
    for secret in ("hunter2", "wrong", "user"):
        assert secret not in f"{caught.value!r} {caught.value} {caught.value.api_message}"
    assert front.end() == []


def test_a_proxy_that_folds_its_first_header(start_peer):
    """Up to 8.0, libcurl appends it to the last header of its previous answer, which it has freed."""

    def answer(header):
        def door(connection):
            while not connection.recv(4096).endswith(b"\r\n\r\n"):
                pass
            connection.sendall(b"HTTP/1.1 200 Connected\r\n" + header + b"\r\n\r\n")
            return True

        return door

    whole, folded = answer(b"Via: proxy"), answer(b" " + b"x" * 5000)
    front = start_peer(doors=[whole, folded, whole], tls=certificate.server_context())
    options = {"base_url": front.url, "proxy": f"http://{front.address}", "ca_file": certificate.FILE, "timeout": 5}
    with deepidv.Client("key", rate_limit=0, connection_reuse=False, **options) as client:
        for _ in range(3):
            # libcurl may refuse the connection; then the library makes another one.
            assert client.create_session(**APPLICANT).id == "sess_1"


def test_a_login_with_socks(peer):
    front = peer(admit_over_socks(f"user:{PASSWORD}"))
    assert create(front, proxy=f"socks5h://user:{QUOTED}@{front.address}").id == "sess_1"
    with pytest.raises(deepidv.NotSent) as caught:
        create(front, proxy=f"socks5h://user:wrong@{front.address}")
    assert (caught.value.cause, caught.value.attempts) == ("DEEPIDV_E_PROXY", 0)


@pytest.mark.parametrize("is_trusted", [True, False])
def test_the_certificate_of_an_https_proxy_is_verified_with_ca_file(start_peer, is_trusted):
    received = []

    def refuse(connection):
        received.append(connection.recv(4096))
        connection.sendall(b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n")
        return False

    front = start_peer(*[refuse] * 4, deaf=True, tls=certificate.server_context())
    options = {} if is_trusted else {"ca_file": "/etc/ssl/certs/ca-certificates.crt"}
    with pytest.raises(deepidv.NotSent):
        create(front, base_url="https://localhost:1", proxy=f"https://{front.address}", **options)
    # libcurl 8.23 verifies after the handshake: then the connection ends without a byte.
    heads = [head for head in received if head]
    assert all(head.startswith(b"CONNECT localhost:1 ") for head in heads)
    assert bool(heads) == is_trusted


# The environment


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy"])
@pytest.mark.parametrize("scheme", ["http://", ""])
def test_a_proxy_from_the_environment(peer, monkeypatch, name, scheme):
    heads = []
    front = peer(admit(heads, "user:pass"))
    monkeypatch.setenv(name, f"{scheme}user:pass@{front.address}")
    monkeypatch.setenv("NO_PROXY", "other.example")
    assert create(front, use_environment=True).id == "sess_1"
    assert len(heads) == 1


def test_a_variable_is_read_when_the_client_is_created(peer, monkeypatch):
    heads = []
    front = peer(admit(heads))
    monkeypatch.setenv("HTTPS_PROXY", front.address)
    with deepidv.Client("key", base_url=front.url, ca_file=certificate.FILE, use_environment=True) as client:
        monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
        client.create_session(**APPLICANT)
        monkeypatch.delenv("HTTPS_PROXY")
        client.create_session(**APPLICANT)
    assert heads


@pytest.mark.parametrize(
    ("variables", "options"),
    [
        ({}, {}),
        ({"NO_PROXY": "example.com, 127.0.0.1"}, {"use_environment": True}),
        ({}, {"use_environment": True, "proxy": ""}),
    ],
)
def test_a_proxy_variable_that_does_not_apply(start_peer, monkeypatch, variables, options):
    front = start_peer(tls=certificate.server_context())
    for name, value in {"HTTPS_PROXY": "http://127.0.0.1:1", **variables}.items():
        monkeypatch.setenv(name, value)
    assert create(front, **options).id == "sess_1"


@pytest.fixture
def folder(tmp_path):
    """Return a folder in which OpenSSL finds the certificate."""
    certificate.server_context()
    os.symlink(certificate.FILE, tmp_path / "certificate.pem")
    subprocess.run(["openssl", "rehash", tmp_path], check=True, timeout=20)
    return tmp_path


def test_certificates_from_the_environment(start_peer, monkeypatch, folder):
    front = start_peer(tls=certificate.server_context())
    for name, value in (("SSL_CERT_FILE", certificate.FILE), ("SSL_CERT_DIR", folder)):
        monkeypatch.setenv(name, str(value))
        assert create(front, ca_file=None, use_environment=True).id == "sess_1"
        # The option overrides it.
        with pytest.raises(deepidv.NotSent):
            create(front, ca_file="/etc/ssl/certs/ca-certificates.crt", use_environment=True)
        with pytest.raises(deepidv.NotSent) as caught:
            create(front, ca_file=None)
        assert "SSL_CERT_FILE or SSL_CERT_DIR is set, but not read" in str(caught.value)
        monkeypatch.delenv(name)


def test_the_exception_names_a_variable_that_was_not_read(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://user:hunter2@127.0.0.1:9")
    with deepidv.Client("key", base_url="https://127.0.0.1:1", timeout=2) as client:
        with pytest.raises(deepidv.NotSent) as create:
            client.create_session(**APPLICANT)
        with pytest.raises(deepidv.NoAnswer) as question:
            client.retrieve_session("sess_1")
    for error in (create.value, question.value):
        assert "HTTPS_PROXY is set, but not read: set the option use_environment" in str(error)
        assert "The connection to the host failed." in str(error)
        assert "hunter2" not in str(error)


def test_a_host_without_tls(start_peer, monkeypatch):
    """Use a network address of this machine instead of another host."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            pytest.skip("this machine has no network")
        host = probe.getsockname()[0]
    front = start_peer(host=host)
    with pytest.raises(deepidv.InvalidOption) as caught:
        deepidv.Client("key", base_url=front.url)
    assert caught.value.name == "DEEPIDV_E_SCHEME"
    with deepidv.Client("key", base_url=front.url, allow_http_hosts=["other", host]) as client:
        assert client.create_session(**APPLICANT).id == "sess_1"
    monkeypatch.setenv("DEEPIDV_API_KEY", "key")
    monkeypatch.setenv("DEEPIDV_BASE_URL", front.url)
    with deepidv.Client.from_env(allow_http_hosts=host) as client:
        assert client.create_session(**APPLICANT).id == "sess_1"
    monkeypatch.setenv("DEEPIDV_ALLOW_HTTP_HOSTS", f"other,{host}")
    with deepidv.Client.from_env() as client:
        assert client.create_session(**APPLICANT).id == "sess_1"
