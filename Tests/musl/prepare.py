"""What programs need beside the library on a system with musl, in .build-musl/root.

python prepare.py [--short]

musl itself is Debian 13's, because that of Debian 12 does not know the relocations (RELR) of today's libraries. OpenSSL
is from a wheel on PyPI. There are two libcurls: a newer one from another wheel, and Debian 12's, built for musl and
linked to that OpenSSL, as Alpine's is to its own. Each has a folder ``curl-VERSION``; ``curl`` is a link to the one
in use.
"""

import argparse
import functools
import os
import pathlib
import shutil
import subprocess
import sys
from dataclasses import dataclass

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "Tests" / "support"))
import wheels  # noqa: E402

BUILD = ROOT / ".build-musl"
HERE = BUILD / "root"
LIB = HERE / "lib"
LOADER = LIB / "ld-musl-x86_64.so.1"
MIRROR = os.environ.get("DEEPIDV_DEBIAN_MIRROR", "http://deb.debian.org/debian")
KEYS = "/usr/share/keyrings/debian-archive-keyring.gpg"
JOBS = "-j2"


@dataclass(frozen=True)
class Wheel:
    """A wheel that contains libraries for musl."""

    project: str
    release: str
    sha256: str


OPENSSL = Wheel("psycopg-binary", "3.3.9", "30a95cb2b00b94b4ec4fd5d41de047598c60e0db26fd43bd9154152cc380b282")
CURL = Wheel("pyproj", "3.7.2", "f9428b318530625cb389b9ddc9c51251e172808a4af79b82809376daaeabe5e9")
NEW_CURL, OLD_CURL = "8.6.0", "7.88.1"

CURL_OPTIONS = [
    "--build=x86_64-linux-gnu", "--host=x86_64-linux-musl", "CC=musl-gcc", "CFLAGS=-O1",
    f"CPPFLAGS=-I{BUILD / 'include'}", f"LDFLAGS=-L{BUILD / 'link'}",
    "--with-openssl", "--disable-static", "--enable-threaded-resolver", "--disable-dependency-tracking",
    "--without-ca-bundle", "--without-ca-path", "--disable-ldap", "--disable-manual",
    *(f"--without-{name}" for name in
      ("zlib", "brotli", "zstd", "libpsl", "nghttp2", "libidn2", "librtmp", "libssh2")),
    *(f"--disable-{name}" for name in
      ("dict", "file", "ftp", "gopher", "imap", "mqtt", "pop3", "rtsp", "smb", "smtp", "telnet", "tftp")),
]  # fmt: skip
CMAKE_OPTIONS = [
    "-DCMAKE_C_COMPILER=musl-gcc", "-DCMAKE_POLICY_VERSION_MINIMUM=3.5", f"-DCMAKE_INSTALL_PREFIX={HERE}",
    "-DCMAKE_INSTALL_LIBDIR=lib", "-DUNIT_TESTING=OFF", "-DWITH_EXAMPLES=OFF", "-DWITH_CMOCKERY_SUPPORT=OFF",
    "-DJANSSON_BUILD_DOCS=OFF", "-DJANSSON_WITHOUT_TESTS=ON", "-DJANSSON_EXAMPLES=OFF", "--log-level=ERROR",
]  # fmt: skip


def run(*command, cwd=None, **variables):
    """Run a command; what it prints is shown only if it fails."""
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd, env={**os.environ, **variables}, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=900, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"{command[0]} failed:\n{done.stdout[-5000:]}")
    return done.stdout


class Apt:
    """Packages of a suite of Debian that this system need not have, in a folder of their own."""

    def __init__(self, kind, suite):
        self._place = HERE / "apt" / f"{suite}-{kind}"
        (self._place / "lists" / "partial").mkdir(parents=True, exist_ok=True)
        sources = self._place / "sources.list"
        sources.write_text(f"{kind} [signed-by={KEYS}] {MIRROR} {suite} main\n")
        self._options = [
            "-q", "-o", f"Dir::Etc::sourcelist={sources}", "-o", "Dir::Etc::sourceparts=/dev/null",
            "-o", f"Dir::State::lists={self._place / 'lists'}", "-o", f"Dir::Cache={self._place}",
            "-o", "APT::Sandbox::User=root",
        ]  # fmt: skip
        run("apt-get", *self._options, "update")

    def source(self, package):
        """Return the folder of the source of a package, with Debian's patches."""
        folder = self._place / package
        if not folder.exists():
            run("apt-get", *self._options, "source", "--download-only", package, cwd=self._place)
            [description] = self._place.glob(f"{package}_*.dsc")
            run("dpkg-source", "--no-check", "-x", description, folder, cwd=self._place)
        return folder

    def unpacked(self, package):
        """Return the folder of the files of a package."""
        run("apt-get", *self._options, "download", package, cwd=self._place)
        [archive] = self._place.glob(f"{package}_*.deb")
        run("dpkg", "-x", archive, self._place / package)
        archive.unlink()
        return self._place / package


@functools.cache
def sources():
    return Apt("deb-src", "bookworm")


def unpack(wheel, place):
    """Put the libraries of a wheel into a folder."""
    platforms = ["musllinux_1_2"]
    wheels.unpack(wheel.project, wheel.release, wheel.sha256, python="312", platforms=platforms, place=place)


def link(folder, name):
    """Give a library of a wheel the name by which programs ask for it."""
    stem, suffix = name.split(".so")
    [found] = folder.glob(f"{stem}-*.so{suffix}*")
    (folder / name).symlink_to(found.name)


def prepare_musl():
    unpacked = Apt("deb", "trixie").unpacked("musl")
    LIB.mkdir(parents=True, exist_ok=True)
    shutil.copy(unpacked / "usr" / "lib" / "x86_64-linux-musl" / "libc.so", LOADER)


def prepare_openssl():
    unpack(OPENSSL, LIB)
    for name in ("libcrypto.so.3", "libssl.so.3"):
        link(LIB, name)


def prepare_new_curl():
    unpack(CURL, HERE / f"curl-{NEW_CURL}")
    # The wheel takes zlib from the system.
    source = sources().source("zlib")
    run("./configure", cwd=source, CC="musl-gcc", CFLAGS="-O1 -fPIC")
    run("make", "-s", JOBS, "libz.so.1.2.13", cwd=source)
    shutil.copy(source / "libz.so.1.2.13", LIB / "libz.so.1")
    link(HERE / f"curl-{NEW_CURL}", "libcurl.so.4")


def prepare_old_curl():
    place = HERE / f"curl-{OLD_CURL}"
    built = HERE / "curl-build"
    source = sources().source("curl")
    built.mkdir(exist_ok=True)
    run(source / "configure", *CURL_OPTIONS, cwd=built)
    run("make", "-s", JOBS, "-C", "lib", cwd=built)
    place.mkdir(exist_ok=True)
    shutil.copy((built / "lib" / ".libs" / "libcurl.so.4").resolve(), place / "libcurl.so.4")


def prepare_test_libraries():
    for package in ("jansson", "cmocka"):
        built = HERE / f"{package}-build"
        run("cmake", "-S", sources().source(package), "-B", built, *CMAKE_OPTIONS)
        run("cmake", "--build", built, JOBS, "--target", "install")


def use(version):
    """Make one libcurl the one that programs load."""
    link = HERE / "curl"
    link.unlink(missing_ok=True)
    link.symlink_to(f"curl-{version}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help="only what the short tests need")
    short = parser.parse_args().short
    steps = [
        (LOADER, prepare_musl),
        (LIB / "libssl.so.3", prepare_openssl),
        (HERE / f"curl-{NEW_CURL}" / "libcurl.so.4", prepare_new_curl),
    ]
    if not short:
        steps += [
            (HERE / f"curl-{OLD_CURL}" / "libcurl.so.4", prepare_old_curl),
            (LIB / "libcmocka.so.0", prepare_test_libraries),
        ]
    for result, step in steps:
        if not result.exists():
            step()
    use(NEW_CURL)


if __name__ == "__main__":
    main()
