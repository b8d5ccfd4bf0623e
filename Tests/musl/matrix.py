"""Runs the C tests and examples with musl and each libcurl, and prints a table.

python matrix.py [REGEX]: only the tests that ctest selects with it
"""

import os
import re
import subprocess
import sys

from prepare import BUILD, LOADER, NEW_CURL, OLD_CURL, ROOT, run, use

PROGRAMS = BUILD / "tests"
EMULATOR = os.environ.get("DEEPIDV_EMULATOR", ROOT / ".build-emulator" / "release" / "deepidv-emulator")


def build():
    run("cmake", "-S", ROOT / "Tests" / "musl", "-B", PROGRAMS, "-DCMAKE_C_COMPILER=musl-gcc",
        f"-DDEEPIDV_EMULATOR={EMULATOR}", f"-DDEEPIDV_PYTHON={sys.executable}", "--log-level=ERROR")  # fmt: skip
    run("cmake", "--build", PROGRAMS, "-j", "2")


def musl_version():
    """Return what the loader says of itself, for example ``1.2.5``."""
    said = subprocess.run([LOADER], capture_output=True, text=True, timeout=60, check=False).stderr
    return re.search(r"^Version (\S+)$", said, re.MULTILINE).group(1)


def test(version, selected):
    """Run all programs with one libcurl; returns how many tests have passed and failed."""
    use(version)
    command = ["ctest", "--test-dir", PROGRAMS, "-V", "--parallel", "4", "--no-tests=error", *selected]
    done = subprocess.run(
        [str(word) for word in command],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )
    # A program has many tests; one that is no cmocka program is one.
    passed = len(re.findall(r"\[ +OK \]", done.stdout))
    failed = len(re.findall(r"\[  FAILED  \] \w+$", done.stdout, re.MULTILINE)) // 2
    plain = len(re.findall(r"musl/(?:layout|exit) \.+ +Passed", done.stdout))
    if done.returncode:
        print(f"--- libcurl {version}\n{done.stdout[-30000:]}", file=sys.stderr)
        failed = max(failed, 1)
    return passed + plain, failed


def main():
    selected = ["--tests-regex", sys.argv[1]] if len(sys.argv) > 1 else []
    build()
    musl = musl_version()
    total = 0
    print("| musl | libcurl | passed | failed |\n| --- | --- | --- | --- |", flush=True)
    for version in (OLD_CURL, NEW_CURL):
        passed, failed = test(version, selected)
        total += failed
        print(f"| {musl} | {version} | {passed} | {failed} |", flush=True)
    return 1 if total else 0


if __name__ == "__main__":
    sys.exit(main())
