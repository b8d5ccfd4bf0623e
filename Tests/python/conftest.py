"""Fixtures. DEEPIDV_LIBRARY and DEEPIDV_EMULATOR select other builds than those of the checkout."""

import concurrent.futures
import ctypes
import os
import pathlib
import shlex
import subprocess
import sys

import deepidv
import pytest
from completions import Queue, new
from deepidv import _abi, _loading
from deepidv._abi import DEEPIDV_NTS, DEEPIDV_OK
from peer import Peer

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from canaries import APPLICANT, EMULATOR_OPTIONS, KEY

ROOT = pathlib.Path(__file__).resolve().parents[2]
EMULATOR = os.environ.get("DEEPIDV_EMULATOR", ROOT / ".build-emulator" / "release" / "deepidv-emulator")
# In `make test-cross`, they are of the library's architecture.
COMPILER = shlex.split(os.environ.get("DEEPIDV_CC", "gcc"))
RUNNER = shlex.split(os.environ.get("DEEPIDV_RUNNER", ""))


def each(cases, function):
    """Call a function with each case, all at once, since they mostly wait.

    Returns a fixture: a mapping from each case to what the function returned.
    """

    @pytest.fixture(scope="module")
    def outcomes():
        with concurrent.futures.ThreadPoolExecutor(len(cases)) as pool:
            running = {case: pool.submit(function, cases[case]) for case in cases}
        return {case: future.result() for case, future in running.items()}

    return outcomes


@pytest.fixture
def applicant():
    """Return the required fields with valid values."""
    return dict(APPLICANT)


@pytest.fixture(scope="session")
def library_path():
    """Return the path of the library under test."""
    return _loading.find()


@pytest.fixture(scope="session")
def start_emulator():
    """Return a function that starts an emulator with these options and returns its URL."""
    running = []

    def start(*options):
        process = subprocess.Popen(
            [EMULATOR, "--port", "0", "--exit-with-parent", *EMULATOR_OPTIONS, *options],
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
    """Return the URL of an emulator without a rate limit."""
    return start_emulator("--rate", "0")


@pytest.fixture
def client(emulator):
    """Return a client of the emulator without a rate limit."""
    with deepidv.Client(KEY, base_url=emulator, rate_limit=0) as client:
        yield client


@pytest.fixture
def start_peer():
    """Return a function that starts a peer, which is stopped after the test."""
    peers = []

    def start(*acts, **options):
        peers.append(Peer(*acts, **options))
        return peers[-1]

    yield start
    for peer in peers:
        peer.end()


@pytest.fixture
def failing(start_peer, applicant):
    """Return a function that creates a session with a peer, and returns the exception and the requests.

    By default there is no external id, so the library does not search for the session.
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
    """Load the library a second time, with the generated declarations."""
    return _abi.bind(ctypes.CDLL(library_path))


@pytest.fixture
def config(lib):
    """Return a config with a key."""
    config = new(lib, "deepidv_config")
    assert lib.deepidv_config_set_api_key(config, KEY.encode(), DEEPIDV_NTS) == DEEPIDV_OK
    yield config
    lib.deepidv_config_free(config)


@pytest.fixture
def request_(lib):
    """Return a request with all required fields."""
    request = new(lib, "deepidv_session_request")
    for field, value in APPLICANT.items():
        setter = getattr(lib, f"deepidv_session_request_set_{field}")
        assert setter(request, value.encode(), DEEPIDV_NTS) == DEEPIDV_OK
    yield request
    lib.deepidv_session_request_free(request)


@pytest.fixture
def start_client(lib, config):
    """Return a function that creates a client for a base URL."""
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
    """Return a function that creates a client and its queue of completions."""
    return lambda *arguments, **options: Queue(lib, start_client(*arguments, **options))
