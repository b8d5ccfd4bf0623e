"""The emulators that tests ask for."""

import pytest
from emulator_process import Emulator


@pytest.fixture(scope="session")
def emulator():
    """One emulator without a rate limit, for all tests that do not care which."""
    running = Emulator("--rate", "0")
    yield running
    assert running.process.poll() is None, "the emulator has ended before its time"
    assert running.close() == 0


@pytest.fixture
def start():
    """Starts an emulator with options of the test's own."""
    started = []

    def start(*options):
        started.append(Emulator(*options))
        return started[-1]

    yield start
    for running in started:
        if running.process.poll() is None:
            running.close()
