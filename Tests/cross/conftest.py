"""Fixtures for another architecture: DEEPIDV_ARCH is its name; `make test-cross` sets it and the other variables."""

import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
ARCH = os.environ["DEEPIDV_ARCH"]
BUILD = ROOT / f".build-{ARCH}"
LIBRARY = BUILD / "lib" / "libdeepidv.so.0"
CC = os.environ["DEEPIDV_CC"]
RUNNER = os.environ["DEEPIDV_RUNNER"]
# The GNU name of the processor, which Python and file names use.
MACHINE = {"arm64": "aarch64", "riscv64": "riscv64"}[ARCH]


def run(*command, **variables):
    """Run a command, show its output if it fails, and return it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DEEPIDV_", "PYTHON"))}
    done = subprocess.run(
        [str(word) for word in command], env={**kept, "LC_ALL": "C", **variables}, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{command} failed with status {done.returncode}:\n{done.stdout}"
    return done.stdout


@pytest.fixture(scope="session")
def tools():
    """Return the folder of the Swift toolchain's object tools."""
    return pathlib.Path(run(ROOT / "scripts" / "swift-tools").strip())


@pytest.fixture(scope="session")
def emulator():
    """Run an emulator of this machine, and return its URL."""
    process = subprocess.Popen(
        [os.environ["DEEPIDV_EMULATOR"], "--port", "0", "--rate", "0", "--exit-with-parent"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    line = process.stdout.readline()
    assert "listening on http" in line
    yield line.split()[-1]
    process.communicate(timeout=10)
    assert process.returncode == 0
