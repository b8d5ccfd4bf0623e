"""The compose file of the example application, as far as no container engine is needed.

Each service has a network of its own, and reaches the other by its name, as with an engine. The emulator is the image.
The application is not its image but its start script, with this machine's Python.
"""

import json
import os
import subprocess
import sys

import pytest
import yaml
from conftest import ROOT
from containers import run

FILE = ROOT / "examples" / "onboarding" / "compose.yaml"


@pytest.fixture(scope="module")
def services():
    """Return the services, which docker-compose has checked."""
    return yaml.safe_load(run("docker-compose", "-f", FILE, "config").stdout)["services"]


@pytest.fixture
def application(services, network, tmp_path):
    """Return a function that starts the application's service."""
    started = []

    def start():
        host = network.hosts[1]
        (tmp_path / "data").mkdir()
        environment = {
            "PATH": f"{os.path.dirname(sys.executable)}:/usr/bin:/bin",
            "PYTHONPATH": str(ROOT / "bindings" / "python"),
            "PYTHONDONTWRITEBYTECODE": "1",
            "DEEPIDV_LIBRARY": str(ROOT / ".build-lib" / "libdeepidv.so"),
            "DATA": str(tmp_path / "data"),
            **services["application"]["environment"],
        }
        with open(tmp_path / "log", "wb") as log:
            command = host.inside(ROOT / "examples" / "onboarding" / "serve")
            started.append(subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log))

    yield start
    for process in started:
        process.terminate()
        process.wait(timeout=20)
    print((tmp_path / "log").read_text())


def test_ports_are_open_only_to_this_machine(services):
    ports = {name: service["ports"] for name, service in services.items()}
    assert ports == {"emulator": ["127.0.0.1:8080:8080/tcp"], "application": ["127.0.0.1:8443:8443/tcp"]}


def test_images_that_are_not_built_here_have_a_digest():
    lines = (FILE.parent / "Containerfile").read_text().splitlines()
    bases = [line.split()[1] for line in lines if line.startswith("FROM ")]
    assert len(bases) == 1
    assert "@sha256:" in bases[0]


def test_a_verification_between_two_containers(services, network, start, application, state):
    assert list(services) == sorted(host.name for host in network.hosts)
    emulator = start(*services["emulator"]["command"], state=state)
    check = services["emulator"]["healthcheck"]["test"]
    assert services["application"]["depends_on"] == {"emulator": {"condition": "service_healthy"}}
    assert check[0] == "CMD"
    assert emulator.execute(*check[1:])[0] == 0
    application()

    home = services["application"]["environment"]["PUBLIC_URL"]
    visitor = ROOT / "Tests" / "image" / "visitor.py"
    seen = json.loads(run(*network.hosts[1].inside(sys.executable, visitor, home, "emulator:8080"), timeout=120).stdout)
    assert f"--public-url={seen['public']}" in services["emulator"]["command"]
    assert seen["hosted_page"]
    assert seen["callback"].startswith(f"{home}/verify-callback?")
    assert seen["after"] == f"{home}/status"
    assert seen["checking"] == "We are checking your documents"
    assert seen["webhooks"] == ["session.created", "session.status.submitted", "session.status.verified"]
