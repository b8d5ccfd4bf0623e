"""Fixtures: an emulator that can lose responses, Redis, and functions to run the programs."""

import json
import os
import pathlib
import subprocess
import sys
import time

import deepidv
import pytest
import redis as redis_client

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "emulator"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from canaries import EMULATOR_OPTIONS, KEY
from emulator_process import Emulator

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = pathlib.Path(__file__).parent / "programs"


def until(condition, seconds=60):
    """Wait until a condition holds, and return its value."""
    end = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < end, f"never happened: {condition}"
        time.sleep(0.02)
    return value


class Service:
    """An emulator that can lose responses, and that counts executions."""

    def __init__(self, emulator):
        self._emulator = emulator
        self.url = emulator.url

    def executions(self, reference):
        return self._emulator.inspect(f"executions?external_id={reference}")["executions"]

    def lose_the_answer(self, *, searches, count=1):
        """Execute the next creates without a response, and respond to that many searches with an error."""
        self._emulator.command("faults", kind="close", method="POST", count=count)
        if searches:
            self._emulator.command("faults", kind="status", status=503, method="GET", count=searches)

    def lose_the_request(self):
        """Neither execute the next create nor respond to it."""
        self._emulator.command("faults", kind="close", method="POST", execute=False)

    def fail_searches(self, *, after):
        """Respond to searches with an error, except to the first ones."""
        if after:
            self._emulator.command("faults", kind="wait", method="GET", milliseconds=1, count=after)
        self._emulator.command("faults", kind="status", status=503, method="GET", count=10_000)

    def delays_a_create(self):
        """Return whether a create that `answer_late` was called for has arrived."""
        return not self._emulator.inspect("faults")["faults"]

    def refuse(self, status, body):
        """Respond to the next create with an error, and do not execute it."""
        self._emulator.command(
            "faults",
            kind="status",
            method="POST",
            status=status,
            body=json.dumps(body),
            content_type="application/json",
        )

    def answer_late(self, milliseconds, *, executed_first, count=1):
        """Delay the response to the next creates, and their execution too unless they are executed first."""
        self._emulator.command(
            "faults", kind="wait", method="POST", milliseconds=milliseconds, execute=executed_first, count=count
        )

    def has_faults(self):
        """Return whether some are left."""
        return bool(self._emulator.inspect("faults")["faults"])

    def heal(self):
        assert self._emulator.control("DELETE", "faults").status == 200


@pytest.fixture(scope="session")
def emulator():
    running = Emulator("--rate", "0", *EMULATOR_OPTIONS)
    yield running
    assert running.close() == 0


@pytest.fixture
def service(emulator):
    service = Service(emulator)
    yield service
    service.heal()


@pytest.fixture
def reference(request):
    """Return an external id that no other test uses."""
    return "".join(letter if letter.isalnum() else "-" for letter in request.node.name)


@pytest.fixture
def environment(service):
    """Return the environment variables of the programs."""
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(PROGRAMS), str(ROOT / "bindings" / "python")]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "DEEPIDV_LIBRARY": deepidv._loading.find(),
        "DEEPIDV_API_KEY": KEY,
        "DEEPIDV_BASE_URL": service.url,
        # The outcome is unknown after 1 second instead of 25.
        "DEEPIDV_TIMEOUT_MS": "1000",
    }


@pytest.fixture
def run(environment):
    """Run a program, and return its output."""

    def run(program, *arguments, input="", **more):
        ran = subprocess.run(
            [sys.executable, PROGRAMS / f"{program}.py", *arguments],
            env={**environment, **more},
            input=input,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    return run


@pytest.fixture
def start(environment, tmp_path):
    """Start modules such as `python -m celery`, and stop them after the test."""
    running = []

    def start(*command, inherit=(), **more):
        log = open(tmp_path / f"log-{len(running)}", "w+")
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=tmp_path,
            env={**environment, **more},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=inherit,
        )
        running.append((process, log))
        return process

    yield start
    for process, log in running:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        log.seek(0)
        print(log.read())
        log.close()


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory):
    """Start Redis without persistence. It listens on a Unix socket, so it needs no free port."""
    folder = tmp_path_factory.mktemp("redis")
    socket = folder / "redis.sock"
    process = subprocess.Popen(
        ["redis-server", "--port", "0", "--unixsocket", socket, "--save", "", "--dir", folder],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    until(socket.exists)
    yield socket
    process.terminate()
    process.wait(10)


@pytest.fixture
def redis(redis_server):
    """Return a client of an empty Redis."""
    client = redis_client.Redis(unix_socket_path=str(redis_server))
    client.flushall()
    yield client
    client.close()
