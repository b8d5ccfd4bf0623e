"""Fixtures for the tests of the documentation."""

import pathlib
import sys

import pytest

TESTS = pathlib.Path(__file__).resolve().parents[1]
for folder in ("pages", "emulator", "support"):
    sys.path.insert(0, str(TESTS / folder))

from emulator_process import Emulator


@pytest.fixture
def emulator():
    """Return an emulator of the test's own."""
    running = Emulator("--webhook-insecure")
    yield running
    assert running.close() == 0
