"""Fixtures that start emulators."""

import pathlib
import sys

import pytest
from emulator_process import Emulator

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))


@pytest.fixture(scope="session")
def emulator():
    """One emulator without a rate limit, shared by tests that need no options."""
    running = Emulator("--rate", "0")
    yield running
    assert running.process.poll() is None, "the emulator exited during the tests"
    assert running.close() == 0


@pytest.fixture
def start():
    """Starts an emulator with the given options."""
    started = []

    def start(*options):
        started.append(Emulator(*options))
        return started[-1]

    yield start
    for running in started:
        if running.process.poll() is None:
            running.close()
