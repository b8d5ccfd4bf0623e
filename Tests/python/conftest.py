"""What the tests share. DEEPIDV_LIBRARY and DEEPIDV_EMULATOR name other builds than the checkout's."""

import concurrent.futures
import ctypes
import os
import pathlib
import subprocess

import deepidv
import pytest
from completions import Queue, new
from deepidv import _abi, _library
from deepidv._abi import DEEPIDV_NTS, DEEPIDV_OK
from peer import Peer

ROOT = pathlib.Path(__file__).resolve().parents[2]
EMULATOR = os.environ.get("DEEPIDV_EMULATOR", ROOT / ".build-emulator" / "release" / "deepidv-emulator")

APPLICANT = {
    "first_name": "Ada",
    "last_name": "Lovelace",
    "email": "ada@example.com",
    "phone": "+15192223333",
}


def each(cases, function):
    """Call a function with each case, all of them at once, for most of it is waiting.

    Gives a fixture with a mapping of what they returned.
    """

    @pytest.fixture(scope="module")
    def outcomes():
        with concurrent.futures.ThreadPoolExecutor(len(cases)) as pool:
            running = {case: pool.submit(function, cases[case]) for case in cases}
        return {case: future.result() for case, future in running.items()}

    return outcomes


@pytest.fixture
def applicant():
    """Give a request that is whole and valid."""
    return dict(APPLICANT)


@pytest.fixture(scope="session")
def library_path():
    """Give the path of the library under test."""
    return _library.find()


@pytest.fixture(scope="session")
def start_emulator():
    """Start emulators with options of one's own."""
    running = []

    def start(*options):
        process = subprocess.Popen(
            [EMULATOR, "--port", "0", "--exit-with-parent", *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        line = process.stdout.readline()
        assert "listening on http" in line
        return line.split()[-1]

    yield start
    for process in running:
        process.communicate(timeout=10)
        assert process.returncode == 0


@pytest.fixture(scope="session")
def emulator(start_emulator):
    """Give the URL of an emulator without a rate limit."""
    return start_emulator("--rate", "0")


@pytest.fixture
def client(emulator):
    """Give a client of the emulator that is as fast as it can be."""
    with deepidv.Client("dk_emulator", base_url=emulator, rate_limit=0) as client:
        yield client


@pytest.fixture
def start_peer():
    """Start peers that perform these acts, and end them with the test."""
    peers = []

    def start(*acts, **options):
        peers.append(Peer(*acts, **options))
        return peers[-1]

    yield start
    for peer in peers:
        peer.end()


@pytest.fixture
def failing(start_peer, applicant):
    """Create a session against a peer, and give the exception and what the peer was sent.

    There is no external id unless one is asked for: so what is lost is not looked for.
    """

    def fail(*acts, options=None, **peer_options):
        peer = start_peer(*acts, **peer_options)
        options = {"base_url": peer.url, "timeout": 10, "make_external_id": False, **(options or {})}
        with deepidv.Client("key", **options) as client:
            with pytest.raises(deepidv.Error) as caught:
                client.create_session(**applicant)
        return caught.value, peer.end()

    return fail


# The C interface itself


@pytest.fixture(scope="session")
def lib(library_path):
    """Load the library anew, with the generated declarations."""
    return _abi.bind(ctypes.CDLL(library_path))


@pytest.fixture
def config(lib):
    """Give a config with a key."""
    config = new(lib, "deepidv_config")
    assert lib.deepidv_config_set_api_key(config, b"dk_emulator", DEEPIDV_NTS) == DEEPIDV_OK
    yield config
    lib.deepidv_config_free(config)


@pytest.fixture
def request_(lib):
    """Give a request that is whole."""
    request = new(lib, "deepidv_session_request")
    for field, value in APPLICANT.items():
        setter = getattr(lib, f"deepidv_session_request_set_{field}")
        assert setter(request, value.encode(), DEEPIDV_NTS) == DEEPIDV_OK
    yield request
    lib.deepidv_session_request_free(request)


@pytest.fixture
def start_client(lib, config):
    """Make clients of a base URL."""
    clients = []

    def start(url, **options):
        options = {"base_url": url, "timeout_ms": 20_000, "rate_limit": 0, **options}
        for key, value in options.items():
            value = str(value).encode()
            assert lib.deepidv_config_set(config, key.encode(), DEEPIDV_NTS, value, len(value)) == DEEPIDV_OK
        clients.append(new(lib, "deepidv_client", config))
        return clients[-1]

    yield start
    for client in clients:
        lib.deepidv_client_free(client)


@pytest.fixture
def start_queue(lib, start_client):
    """Make clients as event loops see them."""
    return lambda *arguments, **options: Queue(lib, start_client(*arguments, **options))
