"""What the tests share: the emulator, proxies in front of it, and the claims held against the truth."""

import itertools
import ssl

import certificates
import pytest
from calls import Client
from emulator import Emulator
from proxy import Proxy
from truth import lies

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def emulator():
    """Give an emulator without a rate limit."""
    running = Emulator()
    yield running
    running.end()


@pytest.fixture(scope="session")
def certificate_folder(tmp_path_factory):
    """Give the folder of the test certificates."""
    folder = tmp_path_factory.mktemp("certificates")
    certificates.make(folder)
    return folder


@pytest.fixture(scope="session")
def tls_context(certificate_folder):
    """Give the TLS of a proxy that speaks it itself."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate_folder / "good.pem", certificate_folder / "good.key")
    return context


@pytest.fixture(params=["plain", "tls"])
def transport(request):
    """Run the test over TCP, and over TLS."""
    return request.param


@pytest.fixture
def start_proxy(emulator, request):
    """Start proxies in front of the emulator, and end them with the test."""
    proxies = []

    def start(*acts, transport="plain", upstream=None, **options):
        tls = request.getfixturevalue("tls_context") if transport == "tls" else None
        proxies.append(Proxy(upstream or emulator.url, *acts, tls=tls, **options))
        return proxies[-1]

    yield start
    for proxy in proxies:
        proxy.end()


@pytest.fixture
def start_client(request):
    """Make clients that trust the test authority, and end them with the test."""
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
def new_id():
    """Make external ids, each for one create."""
    return lambda: f"fault-{next(_numbers)}"


@pytest.fixture
def create(emulator, new_id):
    """Create a session, and hold what is said of it against what the emulator knows.

    ``ending`` are the proxies to end first, so that what executes late has executed.
    """

    def run(client, *, ending=(), expected=None, **fields):
        external_id = fields.pop("external_id", None) or new_id()
        said = client.create(external_id, **fields)
        for proxy in ending:
            proxy.end()
        ids = emulator.session_ids(external_id)
        assert not lies(said, ids), said
        if expected is not None:
            assert said.status in expected, said
        said.executions = len(ids)
        return said

    return run
