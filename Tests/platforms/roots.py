"""Debian systems of other releases, unpacked into a folder. They need root, and no change to the machine."""

import os
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".build-roots"
MIRROR = os.environ.get("DEEPIDV_DEBIAN_MIRROR", "http://deb.debian.org/debian")
LIBRARY = pathlib.Path(os.environ.get("DEEPIDV_LIBRARY", ROOT / ".build-lib" / "libdeepidv.so"))
EMULATOR = pathlib.Path(os.environ.get("DEEPIDV_EMULATOR", ROOT / ".build-emulator/release/deepidv-emulator"))

# What every root needs: a shell, openssl, and the libraries that libdeepidv and the emulator are linked to.
BASE = ["base-files", "base-passwd", "coreutils", "dash", "libcurl4t64", "libsqlite3-0", "libstdc++6", "openssl"]
# The new names of processes, files and mounts end with the command. The folder of the checkout is the same inside.
ENTER = """
mount --rbind /dev "$1/dev" && mount -t proc proc "$1/proc" && mount -t tmpfs tmpfs "$1/tmp" &&
mkdir -p "$1$2" && mount --bind "$2" "$1$2" || exit
root=$1 folder=$2
shift 2
exec chroot "$root" /bin/sh -c 'cd "$0" && exec "$@"' "$folder" "$@"
"""


class Root:
    """A Debian system in a folder, with the library and the emulator that are tested."""

    def __init__(self, suite, packages):
        self.path = FOLDER / suite
        self._packages = sorted({*BASE, *packages})
        self._suite = suite

    def prepare(self):
        """Create it, unless it exists with these packages, and copy what is tested."""
        if os.geteuid() != 0:
            raise SystemExit(f"a root of Debian {self._suite} needs root")
        mark = self.path / "packages"
        if not mark.exists() or not set(self._packages) <= set(mark.read_text().split()):
            self._unpack()
            mark.write_text("\n".join(self._packages))
        place = self.path / "opt" / "deepidv"
        place.mkdir(parents=True, exist_ok=True)
        for source, name in ((LIBRARY, "libdeepidv.so.0"), (EMULATOR, "deepidv-emulator")):
            # Replaced, not overwritten: another run may use it.
            shutil.copy(source.resolve(), place / f"{name}.{os.getpid()}")
            (place / f"{name}.{os.getpid()}").replace(place / name)
        if not (place / "libdeepidv.so").exists():
            (place / "libdeepidv.so").symlink_to("libdeepidv.so.0")
        return self

    def _unpack(self):
        unpack(self._suite, self._packages, self.path)
        for name in ("passwd", "group"):
            shutil.copy(self.path / f"usr/share/base-passwd/{name}.master", self.path / "etc" / name)
        (self.path / "etc" / "hosts").write_text("127.0.0.1 localhost\n::1 localhost\n")
        for name in ("dev", "proc", "tmp"):
            (self.path / name).mkdir(exist_ok=True)
        # What scripts of packages would create.
        authorities = sorted(self.path.glob("usr/share/ca-certificates/*/*.crt"))
        if authorities:
            bundle = "".join(path.read_text() for path in authorities)
            (self.path / "etc" / "ssl" / "certs" / "ca-certificates.crt").write_text(bundle)
        compiler = self.path / "usr" / "bin" / "cc"
        if not compiler.exists():
            compiler.symlink_to("gcc")

    def environment(self, **more):
        """Return the environment of commands inside."""
        return {
            "PATH": "/usr/sbin:/usr/bin",
            "HOME": "/root",
            "LC_ALL": "C.UTF-8",
            "DEEPIDV_LIBRARY": "/opt/deepidv/libdeepidv.so.0",
            "DEEPIDV_LIB_DIR": "/opt/deepidv",
            "DEEPIDV_EMULATOR": "/opt/deepidv/deepidv-emulator",
            **more,
        }

    def inside(self, *command):
        """Return the command that runs another one inside."""
        return ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", ENTER, "enter",
                str(self.path), str(ROOT), *map(str, command)]  # fmt: skip


def unpack(suite, packages, folder):
    """Unpack packages and what they need into a new folder.

    This takes a quarter of the time of installing them. Programs work without their packages' scripts.
    """
    shutil.rmtree(folder, ignore_errors=True)
    FOLDER.mkdir(exist_ok=True)
    subprocess.run(
        ["mmdebstrap", "--quiet", "--mode=root", "--variant=extract", '--aptopt=Acquire::Languages "none"',
         # A mirror may be behind the testing release.
         '--aptopt=Acquire::Check-Valid-Until "false"',
         f"--include={','.join(packages)}", suite, folder, MIRROR],
        stdin=subprocess.DEVNULL, check=True, timeout=900,
    )  # fmt: skip


def site():
    """Return a folder with pytest for every version of Python, without compiled code."""
    wanted = ROOT / "Tests" / "platforms" / "pytest.txt"
    folder = FOLDER / "pytest"
    mark = folder / "wanted.txt"
    if not mark.exists() or mark.read_text() != wanted.read_text():
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run(
            [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes",
             "--target", folder,
             "--python-version", "3.9", "--only-binary=:all:", "--implementation", "py", "-r", wanted],
            stdin=subprocess.DEVNULL, check=True, timeout=300,
        )  # fmt: skip
        mark.write_text(wanted.read_text())
    return folder
