"""Fixtures: the archive of `make image`, unpacked by umoci."""

import contextlib
import json
import os
import pathlib
import subprocess
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from containers import Container, Network, run, volume

ROOT = pathlib.Path(__file__).resolve().parents[2]
ARCHIVE = ROOT / ".build-image" / "deepidv-emulator.tar"
PROGRAM = ROOT / ".build-emulator-release" / "deepidv-emulator"


@pytest.fixture(scope="session")
def config():
    """Return the image's configuration, as stored."""
    return json.loads(run("skopeo", "inspect", "--config", "--raw", f"oci-archive:{ARCHIVE}").stdout)


def unpack(folder):
    """Return a runtime bundle. skopeo checks every digest and size."""
    run("skopeo", "--insecure-policy", "copy", f"oci-archive:{ARCHIVE}", f"oci:{folder}/layout:image")
    rootless = [] if os.geteuid() == 0 else ["--rootless"]
    run("umoci", "unpack", *rootless, "--image", f"{folder}/layout:image", folder / "bundle")
    return folder / "bundle"


@pytest.fixture(scope="session")
def unpacked(tmp_path_factory):
    """Return a bundle to look at."""
    return unpack(tmp_path_factory.mktemp("unpacked"))


@pytest.fixture(scope="session")
def runnable(tmp_path_factory):
    """Return a bundle to run, in which runc creates what it mounts something on."""
    return unpack(tmp_path_factory.mktemp("runnable"))


@pytest.fixture
def network(tmp_path):
    """Return two hosts, named as in compose.yaml."""
    with hosts(tmp_path, "emulator", "application") as network:
        yield network


@contextlib.contextmanager
def hosts(folder, *names):
    """Give hosts with these names to a test that root runs."""
    if os.geteuid() != 0:
        pytest.skip("network namespaces and another user need root")
    network = Network(folder, *names)
    try:
        yield network
    finally:
        network.close()


@pytest.fixture
def start(runnable, network, tmp_path):
    """Return a function that runs the image on the first host."""
    started = []

    def start(*options, state=None):
        folder = tmp_path / f"container{len(started)}"
        folder.mkdir()
        started.append(Container(runnable, folder, network.hosts[0], *options, state=state))
        return started[-1]

    yield start
    for container in started:
        container.stop()


@pytest.fixture
def state(tmp_path):
    return volume(tmp_path / "state")


def build(program, archive, date, **options):
    """Run scripts/image."""
    environment = os.environ | {"SOURCE_DATE_EPOCH": str(date)}
    return run(ROOT / "scripts" / "image", program, archive, env=environment, stderr=subprocess.STDOUT, **options)
