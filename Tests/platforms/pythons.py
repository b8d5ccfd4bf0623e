"""Runs the package's tests under many Pythons, and prints a table.

python pythons.py [--short] [VERSION]...

What needs packages of its own (web frameworks, linters, the wheel) runs under one Python only, in `make test-python`.
"""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import roots
from roots import FOLDER, ROOT, Root

BUILT = ROOT / ".build-pythons"
SHOW = """
import ctypes, deepidv, sys
curl = ctypes.CDLL("libcurl.so.4")
curl.curl_version.restype = ctypes.c_char_p
print(sys.version.split()[0] + ("" if getattr(sys, "_is_gil_enabled", lambda: True)() else "t"))
libcurl, tls = curl.curl_version().decode().split()[:2]
print(libcurl.partition("/")[2], tls)
"""
# Tests of the sources, of other packages with this one, and of C programs in the documentation.
LEFT_OUT = [
    "web_examples", "webhook_views", "webhook_receiver", "redirect_url", "sources", "typing", "packaging", "readme",
    "json_oracle", "guide", "webhook_guide", "libcurl", "prometheus", "opentelemetry",
]  # fmt: skip
SHORT = ["import", "library", "threads", "subinterpreters", "redirect", "client"]


class NotHad(Exception):
    """A Python that neither a registry nor this machine has."""


class Host:
    """A Python on this system."""

    def __init__(self, place, *command, **environment):
        self.place = place
        self._command = command
        self._environment = environment

    def run(self, *arguments, **options):
        environment = {**os.environ, **self._environment, **variables()}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        return execute([*self._command, *arguments], environment, **options)


class Inside:
    """A Python of another Debian."""

    def __init__(self, place, suite, *packages, command):
        self.place = place
        self._command = command
        self._root = Root(suite, packages).prepare()

    def run(self, *arguments, **options):
        command = self._root.inside(self._command, *arguments)
        return execute(command, self._root.environment(**variables()), **options)


def variables():
    path = f"{ROOT / 'bindings' / 'python'}{os.pathsep}{roots.site()}"
    # Tests start many interpreters, which would compile everything again.
    return {"PYTHONPATH": path, "PYTHONPYCACHEPREFIX": str(FOLDER / "pycache")}


def execute(command, environment, timeout=1800):
    return subprocess.run(
        [str(word) for word in command], env=environment, cwd=ROOT, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=timeout, check=False,
    )  # fmt: skip


def of_debian_11():
    """Debian 11's, with its OpenSSL and this system's C library: the one of Debian 11 is too old for libdeepidv."""
    folder = FOLDER / "bullseye"
    python = folder / "usr" / "bin" / "python3.9"
    libraries = folder / "own"
    if not libraries.exists():
        roots.unpack("bullseye", ["python3.9"], folder)
        libraries.mkdir()
        for name in ("libssl.so.1.1", "libcrypto.so.1.1", "libffi.so.7", "libmpdec.so.3"):
            shutil.copy(folder / "usr" / "lib" / f"{os.uname().machine}-linux-gnu" / name, libraries)
        subprocess.run(["patchelf", "--force-rpath", "--set-rpath", libraries, python], check=True)
    return Host("Debian 11's, on this system", python)


def of_this_machine(version):
    """On PATH, or one of pyenv."""
    pyenv = sorted(pathlib.Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))
    for candidate in [shutil.which(f"python{version}"), *pyenv]:
        # pyenv puts names on PATH that lead nowhere.
        if candidate and subprocess.run([candidate, "-c", "import ctypes"], capture_output=True).returncode == 0:
            return Host("this machine's", candidate)
    raise NotHad(f"neither Debian nor PyPI has Python {version}, and it is not on this machine")


def free_threaded(version, suite):
    """Built from Debian's source."""
    script = ROOT / "Tests" / "platforms" / "free_threaded.sh"
    built = subprocess.run([script, version, suite, BUILT], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    if built.returncode != 0:
        raise NotHad(f"a free-threaded Python {version} could not be built")
    return Host(f"built from the source of Debian {suite}", built.stdout.strip())


PYTHONS = {
    "3.9": of_debian_11,
    "3.10": lambda: of_this_machine("3.10"),
    "3.11": lambda: Host("this system's", "/usr/bin/python3.11"),
    "3.12": lambda: of_this_machine("3.12"),
    "3.13": lambda: Inside("Debian 13", "trixie", "python3", command="/usr/bin/python3.13"),
    "3.14": lambda: Inside("Debian testing", "forky", "python3.14", "python3.15", command="/usr/bin/python3.14"),
    "3.15": lambda: Inside("Debian testing", "forky", "python3.14", "python3.15", command="/usr/bin/python3.15"),
    "3.13t": lambda: free_threaded("3.13", "trixie"),
    "3.14t": lambda: of_this_machine("3.14t"),
}


def pytest(python, name, *arguments):
    """Run pytest; returns how many tests have passed, failed and been skipped, and what it printed."""
    # In the checkout, which is the same folder inside.
    results = FOLDER / f"results-{os.getpid()}-{name}.xml"
    results.unlink(missing_ok=True)
    ran = python.run("-m", "pytest", "-q", "--tb=short", "-p", "no:cacheprovider", f"--junitxml={results}", *arguments)
    if not results.exists():
        return 0, 1, 0, ran.stdout
    count = ElementTree.parse(results).find("testsuite").attrib
    results.unlink()
    skipped = int(count["skipped"])
    failed = int(count["failures"]) + int(count["errors"])
    passed = int(count["tests"]) - skipped - failed
    # No test at all, or a crash after the last one.
    if passed == 0 or (ran.returncode != 0 and failed == 0):
        failed += 1
    return passed, failed, skipped, ran.stdout


def test(version, short):
    """Test one version; returns its row, and whether all is as it should be."""
    python = PYTHONS[version]()
    shown = python.run("-W", "error", "-c", SHOW)
    found = shown.stdout.split()
    if len(found) != 3:
        print(shown.stdout, file=sys.stderr)
        return [version, python.place, "", "", "1", ""], False
    tests = ROOT / "Tests" / "python"
    if short:
        arguments = [tests / f"test_{name}.py" for name in SHORT]
    else:
        arguments = [f"--ignore={tests / f'test_{name}.py'}" for name in LEFT_OUT] + [tests]
    passed, failed, skipped, output = pytest(python, version, "-n", "4", *arguments)
    if failed:
        print(f"--- Python {version}\n{output[-20000:]}", file=sys.stderr)
    return [found[0], python.place, found[1], str(passed), str(failed), str(skipped)], not failed


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help="the tests that depend on the version most")
    parser.add_argument("versions", nargs="*", help=f"{', '.join(PYTHONS)}; by default all")
    arguments = parser.parse_args()
    is_right = True
    print("| Python | where | libcurl | passed | failed | skipped |\n| --- | --- | --- | --- | --- | --- |", flush=True)
    for version in arguments.versions or PYTHONS:
        try:
            row, passed = test(version, arguments.short)
        except NotHad as reason:
            row, passed = [version, f"not tested: {reason}", "", "", "", ""], version not in arguments.versions
        is_right = is_right and passed
        print(f"| {' | '.join(row)} |", flush=True)
    return 0 if is_right else 1


if __name__ == "__main__":
    sys.exit(main())
