"""Fixtures: a fresh Debian without Swift, created by debootstrap, with the packages of .build-deb."""

import os
import pathlib
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PACKAGES = ROOT / ".build-deb"
MIRROR = os.environ.get("DEEPIDV_DEBIAN_MIRROR", "http://deb.debian.org/debian")
SUITE = "bookworm"
ENVIRONMENT = {
    "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME": "/root",
    "LC_ALL": "C.UTF-8",
    "DEBIAN_FRONTEND": "noninteractive",
}


def run(*command, check=True, **options):
    """Run a command, and show its output if it fails."""
    options = {"timeout": 300, "env": ENVIRONMENT} | options
    done = subprocess.run(
        [str(word) for word in command], check=False, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, **options,
    )  # fmt: skip
    assert not check or done.returncode == 0, f"{command} failed with status {done.returncode}:\n{done.stdout}"
    return done


class System:
    """A Debian system in a folder."""

    def __init__(self, root):
        self.root = root

    def inside(self, *command):
        """Return the command that runs another one inside, with a /proc that is unmounted when it exits."""
        script = 'mount -t proc proc "$0/proc" && exec chroot "$0" "$@"'
        return ["unshare", "--mount", "sh", "-c", script, self.root, *command]

    def run(self, *command, check=True, **more):
        """Run a command inside."""
        return run(*self.inside(*command), check=check, env=ENVIRONMENT | more)

    def write(self, path, text):
        """Write a file inside."""
        (self.root / path).write_text(text)


@pytest.fixture(scope="session")
def packages():
    """Return the packages by name."""
    found = {path.name.split("_")[0]: path for path in PACKAGES.glob("*.deb")}
    assert sorted(found) == ["deepidv-emulator", "libdeepidv-dev", "libdeepidv0", "python3-deepidv"], "make deb"
    return found


@pytest.fixture(scope="session")
def bare(tmp_path_factory):
    """Create a Debian system without our packages."""
    if os.geteuid() != 0:
        pytest.skip("debootstrap needs root")
    root = tmp_path_factory.mktemp("debian") / "root"
    run("debootstrap", "--variant=minbase", SUITE, root, MIRROR)
    shutil.copy("/etc/resolv.conf", root / "etc" / "resolv.conf")
    system = System(root)
    assert system.run("sh", "-c", "command -v swift", check=False).returncode != 0
    yield system
    shutil.rmtree(root)


@pytest.fixture(scope="session")
def debian(bare, packages):
    """Install our packages with their dependencies, and a C compiler."""
    for path in packages.values():
        shutil.copy(path, bare.root / "tmp")
    wanted = ["gcc", "libc6-dev", "pkg-config", *(f"/tmp/{path.name}" for path in packages.values())]
    bare.run("apt-get", "install", "-y", "-qq", "--no-install-recommends", *wanted)
    return bare


@pytest.fixture(scope="session")
def emulator(debian):
    """Run the packaged emulator inside, and return its URL."""
    process = subprocess.Popen(
        debian.inside("deepidv-emulator", "--port", "0", "--rate", "0", "--exit-with-parent"),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT,
    )  # fmt: skip
    line = process.stdout.readline()
    assert "listening on http" in line
    yield line.split()[-1]
    process.communicate(timeout=10)
    assert process.returncode == 0
