"""Fixtures for the tests of the documentation."""

import pathlib
import sys

import pytest

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "support"), str(TESTS / "emulator"), str(TESTS / "pages")]

from emulator_process import Emulator


@pytest.fixture
def emulator():
    """Return an emulator of the test's own."""
    running = Emulator("--webhook-insecure")
    yield running
    assert running.close() == 0
