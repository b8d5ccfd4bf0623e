"""Runs the tests of faults, a short soak and the Python suite in Debian 13, and prints a table.

python debian.py [--short]

What runs there is the library that this system has built, unchanged.
"""

import argparse
import os
import sys

from pythons import LEFT_OUT, SHOW, Inside, pytest
from roots import ROOT

FAULTS = ROOT / "Tests" / "faults"
SOAK = FAULTS / "test_soak.py"
PYTHON = ROOT / "Tests" / "python"
# The C compiler and the servers of the tests.
PROGRAMS = [
    "binutils", "ca-certificates", "curl", "gcc", "libc6-dev", "libcurl4-openssl-dev", "libssl-dev", "mount", "nginx",
    "util-linux",
]  # fmt: skip
SUITES = {
    "faults": ["-n", "6", f"--ignore={SOAK}", FAULTS],
    # Without valgrind.
    "soak": [SOAK, "-k", "3-250 or tls or killed"],
    "Python": ["-n", "4", *(f"--ignore={PYTHON / f'test_{name}.py'}" for name in LEFT_OUT), PYTHON],
}
FEW_SUITES = {
    "a few faults": [FAULTS / "test_faults.py", "-k", "closed_while_idle or connection_refused"],
    "a few of Python": [PYTHON / "test_import.py", PYTHON / "test_threads.py"],
}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help="a few tests")
    short = parser.parse_args().short
    if short and os.geteuid() != 0:
        print("Debian 13: not tested, since a root of another Debian needs root")
        return 0
    python = Inside("Debian 13", "trixie", "python3", *([] if short else PROGRAMS), command="/usr/bin/python3")
    shown = python.run("-W", "error", "-c", SHOW).stdout.split()
    print(f"Debian 13: Python {shown[0]}, libcurl {shown[1]}, {shown[2]}\n")
    print("| suite | passed | failed | skipped |\n| --- | --- | --- | --- |", flush=True)
    is_right = True
    for name, arguments in (FEW_SUITES if short else SUITES).items():
        passed, failed, skipped, output = pytest(python, "debian13", *arguments)
        if failed:
            is_right = False
            print(f"--- {name}\n{output[-20000:]}", file=sys.stderr)
        print(f"| {name} | {passed} | {failed} | {skipped} |", flush=True)
    return 0 if is_right else 1


if __name__ == "__main__":
    sys.exit(main())
