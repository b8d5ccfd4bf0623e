"""A 32-bit platform is refused with a sentence, by Swift's compiler and by a real 32-bit Python."""

import subprocess

import pytest
from conftest import ROOT, run

SENTENCE = "does not support 32-bit platforms"


def fails(*command, **variables):
    """Run a command, check that it fails, and return what it prints."""
    done = subprocess.run(
        [str(word) for word in command], env=variables or None, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    return done.stdout


# All Swift modules import the header's module.
@pytest.mark.parametrize("target", ["armv7-none-none-eabi", "riscv32-none-none-eabi"])
def test_the_build(tmp_path, target):
    source = tmp_path / "source.swift"
    source.write_text("import CDeepIDV\n")
    output = fails(
        "swiftc", "-typecheck", "-target", target, "-enable-experimental-feature", "Embedded",
        "-Xcc", f"-fmodule-map-file={ROOT / 'include' / 'module.modulemap'}", source,
    )  # fmt: skip
    assert f'error: "libdeepidv {SENTENCE}"' in output


@pytest.fixture(scope="module")
def python(tmp_path_factory):
    """Return the command of Debian's Python for 32-bit ARM."""
    folder = tmp_path_factory.mktemp("armhf")
    run(ROOT / "scripts" / "debian-packages", folder, "armhf", "bookworm", "python3")
    for package in folder.glob("*.deb"):
        run("dpkg-deb", "--extract", package, folder / "root")
    return [ROOT / ".build-qemu" / "qemu-arm", "-L", folder / "root", folder / "root" / "usr" / "bin" / "python3"]


def test_the_import(python):
    home = python[-1].parents[1]
    variables = {"PYTHONHOME": str(home), "PYTHONPATH": str(ROOT / "bindings" / "python")}
    assert run(*python, "-c", "import sys; print(sys.maxsize < 1 << 32)", **variables) == "True\n"
    output = fails(*python, "-B", "-c", "import deepidv", **variables)
    assert output.splitlines()[-1] == f"ImportError: deepidv {SENTENCE}."
