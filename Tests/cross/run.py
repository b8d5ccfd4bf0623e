"""Runs the tests of another architecture under qemu, and prints a table.

python run.py ARCH [--short]

The test programs and Python are of that architecture. The emulator, the peers and pytest for the C tests are of this
machine, as are the programs that tests start by name.
"""

import argparse
import os
import pathlib
import re
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass

ROOT = pathlib.Path(__file__).resolve().parents[2]
EMULATOR = os.environ.get("DEEPIDV_EMULATOR", ROOT / ".build-emulator" / "release" / "deepidv-emulator")
SHORT_C = ["examples", "layout", "redirect"]
SHORT_PYTHON = ["create", "redirect"]
# What is not run there, and why. Names are files of Tests/python, or expressions of `pytest -k`.
EXCLUDED_FILES = {
    "test_sources": "checks the sources only",
    "test_readme": "installs this machine's wheel; Tests/cross/test_packages.py tests the other one",
    "test_web_examples": "needs packages with compiled parts, which are installed for this machine",
    "test_webhook_views": "needs Flask, Django and FastAPI",
    "test_json_oracle": "tests a Swift program of this machine, not the library",
}
EXCLUDED_TESTS = {
    "test_the_library_of_a_checkout": "loads this machine's library from .build-lib",
    "test_a_setuid_program_does_not_read_the_variable": "a setuid Python would need qemu to be setuid",
    "test_importing_reads_no_environment_and_starts_no_thread": "counts a thread of qemu's",
    "test_two_runs_at_once": "the second run must begin within four seconds of the first",
}


@dataclass
class Row:
    """The results of a suite."""

    suite: str
    passed: int
    # How many of these have passed when they were run again, alone.
    again: int
    skipped: int
    failed: int
    seconds: float


class Architecture:
    """The output of `make cross-library`, and how to use it."""

    def __init__(self, name):
        self.name = name
        self.build = ROOT / f".build-{name}"
        library = self.build / "lib"
        self.environment = {
            **os.environ,
            "DEEPIDV_ARCH": name,
            "DEEPIDV_CC": str(self.build / "cc"),
            "DEEPIDV_EMULATOR": str(EMULATOR),
            "DEEPIDV_LIB_DIR": str(library),
            "DEEPIDV_RUNNER": str(self.build / "run"),
            "PYTHONPATH": str(ROOT / "bindings" / "python"),
        }
        # This machine's Python loads this machine's library, if it loads one.
        for name in ("DEEPIDV_LIBRARY", "LD_LIBRARY_PATH"):
            self.environment.pop(name, None)

    def run(self, *command, check=False):
        """Run a command of this machine; its output is printed only if it fails."""
        done = subprocess.run(
            [str(word) for word in command], env=self.environment, cwd=ROOT, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=5400, check=False,
        )  # fmt: skip
        if done.returncode != 0:
            print(f"--- {self.name}: {' '.join(map(str, command[:8]))}\n{done.stdout[-20000:]}", file=sys.stderr)
            if check:
                sys.exit(1)
        return done

    def measure(self, suite, results, command, again):
        """Run a suite, which writes its results as JUnit's XML, and return its row.

        Tests that fail run once more, one after the other: many of them have time limits, and programs take ten times
        as long under qemu. ``again`` are the arguments for that.
        """
        started = time.monotonic()
        passed, skipped, failed = self.count(results, command)
        alone = 0
        if passed and failed:
            alone, _, failed = self.count(results, [*command, *again])
        return Row(suite, passed + alone, alone, skipped, failed, time.monotonic() - started)

    def count(self, results, command):
        """Run a suite, and return how many tests have passed, were skipped and have failed."""
        results.unlink(missing_ok=True)
        done = self.run(*command)
        passed = skipped = failed = 0
        for case in ElementTree.parse(results).iter("testcase") if results.exists() else ():
            kinds = {element.tag for element in case}
            if kinds & {"failure", "error"}:
                failed += 1
            elif "skipped" in kinds:
                skipped += 1
            else:
                passed += 1
        # Nothing was tested, or the suite has ended without a word.
        if passed + failed == 0 or (done.returncode and not failed):
            failed += 1
        return passed, skipped, failed

    def pytest(self, suite, *arguments, python=(sys.executable,)):
        """Run a suite with pytest of this machine, or with another Python."""
        results = self.build / "pytest.xml"
        command = [*python, "-m", "pytest", "-q", "-o", f"cache_dir={self.build / 'pytest'}", "--junitxml", results]
        return self.measure(suite, results, [*command, *arguments], ["-n", 0, "--last-failed"])

    def c_tests(self, short):
        folder = self.build / "abi"
        self.run(
            "cmake", "-S", ROOT / "Tests" / "abi", "-B", folder, "--log-level=WARNING",
            f"-DCMAKE_TOOLCHAIN_FILE={self.build / 'toolchain.cmake'}",
            f"-DDEEPIDV_LIB_DIR={self.build / 'lib'}",
            f"-DDEEPIDV_EMULATOR={EMULATOR}",
            f"-DDEEPIDV_PYTHON={sys.executable}",
            check=True,
        )  # fmt: skip
        targets = [word for name in SHORT_C for word in ("--target", name if name == "layout" else f"test_{name}")]
        self.run("cmake", "--build", folder, "-j", os.cpu_count(), *(targets if short else []), check=True)
        results = folder / "ctest.xml"
        chosen = ["--tests-regex", f"/({'|'.join(SHORT_C)})$"] if short else []
        command = [
            "ctest", "--test-dir", folder, "--output-on-failure", "--no-tests=error", "--output-junit", results,
            "--parallel", 2, *chosen,
        ]  # fmt: skip
        return self.measure("C tests and examples, programs", results, command, ["--rerun-failed", "--parallel", 1])

    def python_tests(self, short):
        folder = ROOT / "Tests" / "python"
        if short:
            chosen = [folder / f"test_{name}.py" for name in SHORT_PYTHON]
        else:
            chosen = ["-n", 2, folder, *(f"--ignore={folder / name}.py" for name in EXCLUDED_FILES)]
            chosen += ["-k", " and ".join(f"not ({name})" for name in EXCLUDED_TESTS)] if EXCLUDED_TESTS else []
        python = ["env", f"DEEPIDV_LIBRARY={self.build / 'lib' / 'libdeepidv.so'}", self.build / "python"]
        limits = ["--timeout", 600, "--timeout-method", "thread"]
        return self.pytest("Python tests", *limits, *chosen, python=python)

    def suites(self, short):
        """Yield the row of each suite."""
        here = ROOT / "Tests" / "cross"
        binary = ROOT / "Tests" / "abi" / "test_binary.py"
        parts = [here / "test_library.py"] if short else [here]
        yield self.pytest("the ELF file" if short else "the ELF file, packages", binary, *parts)
        yield self.c_tests(short)
        yield self.python_tests(short)
        if not short:
            soak = ROOT / "Tests" / "faults" / "test_soak.py"
            yield self.pytest("soak: 250 creates under faults", soak, "-k", "3-250")


def version(program):
    """Return the version that a program prints."""
    output = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=60, check=True).stdout
    return re.search(r"\d+(\.\d+)+", output).group()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("architecture")
    parser.add_argument("--short", action="store_true", help="a few tests")
    arguments = parser.parse_args()
    architecture = Architecture(arguments.architecture)
    qemu = next(iter((ROOT / ".build-qemu").glob("qemu-*")))
    print(f"{architecture.name}, qemu {version(qemu)}, Python {version(architecture.build / 'python')}\n")
    print(
        "| suite | passed | of these alone | skipped | failed | seconds |\n| --- | --- | --- | --- | --- | --- |",
        flush=True,
    )
    is_right = True
    for row in architecture.suites(arguments.short):
        is_right = is_right and not row.failed
        values = (row.suite, row.passed, row.again, row.skipped, row.failed, f"{row.seconds:.0f}")
        print(f"| {' | '.join(map(str, values))} |", flush=True)
    if not arguments.short:
        print("\nNot run:")
        for name, reason in {**EXCLUDED_FILES, **EXCLUDED_TESTS}.items():
            print(f"- {name}: {reason}")
    return 0 if is_right else 1


if __name__ == "__main__":
    sys.exit(main())
