"""Fixtures: one emulator, one browser and one site for all tests."""

import pathlib
import sys

import deepidv
import pytest
from browser import DESKTOP, Browser
from callback import Site

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "emulator"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import certificates
from emulator_process import Emulator


@pytest.fixture(scope="session")
def emulator():
    # The endpoints for webhooks have certificates of their own making.
    running = Emulator("--rate", "0", "--webhook-insecure")
    yield running
    assert running.process.poll() is None, "the emulator exited during the tests"
    assert running.close() == 0


@pytest.fixture(scope="session")
def client(emulator):
    with deepidv.Client("dk_emulator", base_url=emulator.url, rate_limit=1000) as client:
        yield client


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("certificate")
    certificates.create_self_signed(folder, "site", f"subjectAltName={certificates.LOCALHOST}")
    site = Site(certificates.server_context(folder, "site"))
    yield site
    site.close()


@pytest.fixture(scope="session")
def chromium(tmp_path_factory):
    chromium = Browser(tmp_path_factory.mktemp("chromium"))
    yield chromium
    chromium.close()


@pytest.fixture
def browser(chromium):
    """The browser with a desktop screen; the test fails if its log has errors."""
    chromium.show_as(DESKTOP)
    yield chromium
    assert chromium.complaints() == []
