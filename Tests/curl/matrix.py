"""Runs tests with libcurls of many versions, and prints a table.

python matrix.py [--short] [VERSION]...

Each libcurl is loaded as ``libcurl.so.4`` instead of the system's, by this library and by the test programs. The
emulator keeps the system's.
"""

import argparse
import os
import pathlib
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

from libcurls import ALL, FOLDER, ROOT, prepare

SYSTEM = "system"
PROGRAMS = ROOT / ".build-abi" / "gcc"
EMULATOR = os.environ.get("DEEPIDV_EMULATOR", ROOT / ".build-emulator" / "release" / "deepidv-emulator")
SHOW = """
import ctypes, sys
import deepidv
libcurl = ctypes.CDLL("libcurl.so.4")
libcurl.curl_version.restype = ctypes.c_char_p
print(libcurl.curl_version().decode())
try:
    deepidv.Client("key").close()
except deepidv.UnusableLibcurl as error:
    print(error)
"""

# Situations that depend on how libcurl connects, resolves and closes; how HTTP is read is the library's own.
# Not those that run the curl tool, or need the OpenSSL that the library is linked to.
FAULTS = "not (response_is_cut or broken_response or request_is_cut or interim_response_only or too_many"
FAULTS += " or refused or secrets or replaces_the_system)"
FEW_FAULTS = "closed_while_idle or connection_refused or unknown_host or trusted or redirects_are"
PYTHON = ["client", "delivery", "proxy", "redirect_url", "async"]


def suites(short):
    """Return the command of each suite; pytest's write their results into a file."""
    faults = [ROOT / "Tests" / "faults" / name for name in ("test_faults.py", "test_tls.py")]
    tests = ROOT / "Tests" / "python"
    names = ("resolver", "pending", "client", "close", "cancel")
    yield from ([PROGRAMS / f"test_{name}"] for name in (names[:2] if short else names))
    if short:
        yield pytest(*faults, "-k", FEW_FAULTS, workers=0)
        yield pytest(tests / "test_redirect.py", workers=0)
    else:
        yield pytest(*faults, "-k", FAULTS)
        yield pytest(ROOT / "Tests" / "faults" / "test_soak.py", "-k", "3-250 or tls", workers=0)
        yield pytest(*(tests / f"test_{name}.py" for name in PYTHON))


def pytest(*arguments, workers=4):
    return [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", workers, *arguments]


def environment(folder):
    """Return the variables for a libcurl in a folder; None is the system's."""
    emulator = FOLDER / "emulator"
    emulator.write_text(f'#!/bin/sh\nunset LD_LIBRARY_PATH\nexec "{EMULATOR}" "$@"\n')
    emulator.chmod(0o755)
    values = {**os.environ, "PYTHONPATH": str(ROOT / "bindings" / "python"), "DEEPIDV_EMULATOR": str(emulator)}
    values.pop("LD_LIBRARY_PATH", None)
    if folder:
        values["LD_LIBRARY_PATH"] = str(folder)
    return values


def run(command, variables):
    """Run a suite; returns how many tests have passed and failed, and what it printed."""
    results = FOLDER / f"results-{os.getpid()}.xml"
    results.unlink(missing_ok=True)
    is_pytest = command[0] == sys.executable
    done = subprocess.run(
        [*map(str, command), *(["--junitxml", results] if is_pytest else [])],
        env=variables, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=1800, check=False,
    )  # fmt: skip
    output = done.stdout + done.stderr
    if is_pytest and results.exists():
        count = ElementTree.parse(results).find("testsuite").attrib
        failed = int(count["failures"]) + int(count["errors"])
        passed = int(count["tests"]) - int(count["skipped"]) - failed
    else:
        passed = len(re.findall(r"\[ +OK \]", output))
        failed = len(re.findall(r"\[  FAILED  \] \w+$", output, re.MULTILINE)) // 2
    # Nothing is tested, or the program has ended without a word.
    if passed + failed == 0 or (done.returncode and not failed):
        failed += 1
    return passed, failed, output


def loaded(variables):
    """Return libcurl's version and TLS library, and why the library refuses it."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", SHOW],
        env=variables,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    names, *refusal = done.stdout.splitlines()
    return re.search(r"libcurl/(\S+) (\S+)", names).groups(), " ".join(refusal)


def test(version, folder, short):
    """Test one libcurl; returns its row, and whether all is as it should be."""
    variables = environment(folder)
    (found, tls), refusal = loaded(variables)
    if refusal:
        is_right = f"libcurl {version} is loaded" in refusal and version in {
            one.version for one in ALL if not one.is_usable
        }
        return [found, tls, "refused", "" if is_right else "1"], is_right
    total_passed = total_failed = 0
    for command in suites(short):
        passed, failed, output = run(command, variables)
        total_passed += passed
        total_failed += failed
        if failed:
            print(f"--- {found}: {pathlib.Path(command[0]).name}\n{output[-20000:]}", file=sys.stderr)
    return [found, tls, str(total_passed), str(total_failed)], not total_failed


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help="a few seconds for each version")
    parser.add_argument("versions", nargs="*", help=f"versions, or {SYSTEM}; by default all")
    arguments = parser.parse_args()
    places = {one.version: one for one in ALL}
    FOLDER.mkdir(exist_ok=True)
    is_right = True
    print("| libcurl | TLS | passed | failed |\n| --- | --- | --- | --- |", flush=True)
    for version in arguments.versions or [*places, SYSTEM]:
        folder = None if version == SYSTEM else prepare(places[version])
        row, passed = test(version, folder, arguments.short)
        is_right = is_right and passed
        print(f"| {' | '.join(row)} |", flush=True)
    return 0 if is_right else 1


if __name__ == "__main__":
    sys.exit(main())
