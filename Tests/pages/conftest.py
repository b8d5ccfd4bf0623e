"""One emulator, one browser and one site for all tests."""

import pathlib
import sys

import deepidv
import pytest
from browser import DESKTOP, Browser
from callback import Site, certificate

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "emulator"))

from emulator_process import Emulator


@pytest.fixture(scope="session")
def emulator():
    # The endpoints for webhooks have certificates of their own making.
    running = Emulator("--rate", "0", "--webhook-insecure")
    yield running
    assert running.process.poll() is None, "the emulator has ended before its time"
    assert running.close() == 0


@pytest.fixture(scope="session")
def client(emulator):
    with deepidv.Client("dk_emulator", base_url=emulator.url, rate_limit=1000) as client:
        yield client


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    site = Site(certificate(tmp_path_factory.mktemp("certificate")))
    yield site
    site.close()


@pytest.fixture(scope="session")
def chromium(tmp_path_factory):
    chromium = Browser(tmp_path_factory.mktemp("chromium"))
    yield chromium
    chromium.close()


@pytest.fixture
def browser(chromium):
    """The browser, as it is on a desk; afterwards it must have found nothing wrong."""
    chromium.show_as(DESKTOP)
    yield chromium
    assert chromium.complaints() == []
