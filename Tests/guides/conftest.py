"""Fixtures for the tests of the documentation."""

import pathlib
import socket
import subprocess
import sys
import time

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "pages"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "emulator"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from emulator_process import Emulator


@pytest.fixture
def redis(tmp_path_factory):
    """Return a function that starts a Redis, and returns its URL."""
    running = []

    def start():
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = ["redis-server", "--bind", "127.0.0.1", "--port", str(port), "--save", ""]
        log = tmp_path_factory.mktemp("redis") / "log"
        with log.open("w") as output:
            process = subprocess.Popen(command, cwd=log.parent, stdin=subprocess.DEVNULL, stdout=output)
        running.append(process)
        for _ in range(200):
            with socket.socket() as attempt:
                if attempt.connect_ex(("127.0.0.1", port)) == 0:
                    return f"redis://127.0.0.1:{port}/0"
            time.sleep(0.05)
        raise AssertionError(log.read_text())

    yield start
    for process in running:
        process.terminate()
        process.wait(20)


@pytest.fixture
def emulator():
    """Return an emulator of the test's own."""
    running = Emulator("--webhook-insecure")
    yield running
    assert running.close() == 0
