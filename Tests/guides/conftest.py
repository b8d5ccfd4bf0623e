"""Fixtures for the tests of the documentation."""

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "pages"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "emulator"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from emulator_process import Emulator


@pytest.fixture
def emulator():
    """Return an emulator of the test's own."""
    running = Emulator("--webhook-insecure")
    yield running
    assert running.close() == 0
