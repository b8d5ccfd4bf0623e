"""Fixtures: the emulator, proxies in front of it, and creates whose reports are checked."""

import itertools
import pathlib
import sys

import pytest
from calls import Client
from emulator import Emulator
from proxy import Proxy
from server import Server
from truth import false_reports

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import certificates

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def emulator():
    """Run an emulator without a rate limit."""
    running = Emulator()
    yield running
    running.end()


@pytest.fixture(scope="session")
def certificate_folder(tmp_path_factory):
    """Return a folder with certificates: a valid one and several invalid ones."""
    folder = tmp_path_factory.mktemp("certificates")
    certificates.create_authority(folder, "authority")
    certificates.create_authority(folder, "stranger")
    certificates.create_signed(folder, "good", "authority")
    certificates.create_signed(folder, "elsewhere", "authority", names="DNS:elsewhere.example")
    certificates.create_valid_in(2020, folder, "expired", "authority")
    certificates.create_signed(folder, "strange", "stranger")
    certificates.create_valid_in(2090, folder, "early", "authority")
    return folder


@pytest.fixture(scope="session")
def tls_context(certificate_folder):
    """Return the TLS context of a proxy with the valid certificate."""
    return certificates.server_context(certificate_folder, "good")


@pytest.fixture(params=["plain", "tls"])
def transport(request):
    """Run the test over TCP and over TLS."""
    return request.param


@pytest.fixture
def start_proxy(emulator, request):
    """Start proxies in front of the emulator, and stop them at the end of the test."""
    proxies = []

    def start(*actions, transport="plain", upstream=None, **options):
        tls = request.getfixturevalue("tls_context") if transport == "tls" else None
        proxies.append(Proxy(upstream or emulator.url, *actions, tls=tls, **options))
        return proxies[-1]

    yield start
    for proxy in proxies:
        proxy.end()


@pytest.fixture
def start_client(request):
    """Create clients that trust the test authority, and free them at the end of the test."""
    clients = []

    def start(url, **options):
        if url.startswith("https:") and "ca_file" not in options:
            options["ca_file"] = request.getfixturevalue("certificate_folder") / "authority.pem"
        clients.append(Client(url, **options))
        return clients[-1]

    yield start
    for client in clients:
        client.__exit__()


@pytest.fixture
def start_server(start_client, request, transport):
    """Start servers that the test is itself, each with a client that does not search for what was lost."""
    servers = []

    def start(handle, *, client=None, **options):
        tls = request.getfixturevalue("tls_context") if transport == "tls" else None
        servers.append(Server(handle, tls=tls, **options))
        settings = {"timeout_ms": 20_000, "make_external_id": 0, "repeat_guard": 0, **(client or {})}
        return servers[-1], start_client(servers[-1].url, **settings)

    yield start
    for server in servers:
        server.end()


@pytest.fixture
def new_id():
    """Return a function that generates external ids, one per create."""
    return lambda: f"fault-{next(_numbers)}"


@pytest.fixture
def create(emulator, new_id):
    """Create a session, and compare the library's report with the emulator's records.

    The proxies in ``ending`` are stopped before that, so that late executions are counted.
    """

    def run(client, *, ending=(), expected=None, **fields):
        external_id = fields.pop("external_id", None) or new_id()
        report = client.create(external_id, **fields)
        for proxy in ending:
            proxy.end()
        ids = emulator.session_ids(external_id)
        assert not false_reports(report, ids), report
        if expected is not None:
            assert report.status in expected, report
        report.executions = len(ids)
        return report

    return run
