"""Runs the C tests, the examples and a soak with musl and each libcurl, and prints a table.

python matrix.py [REGEX]: only the tests that ctest selects with it
"""

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

from prepare import BUILD, HERE, LOADER, NEW_CURL, OLD_CURL, ROOT, run, use

PROGRAMS = BUILD / "tests"
# The newer libcurl contains an OpenSSL of its own, which the library leaves alone, and refuses a body after HEAD, which
# guest asks for. network fails with this libcurl and glibc as well: a create on an ended connection is unknown.
EXCLUDED = {OLD_CURL: "^$", NEW_CURL: "^musl/(guest|network|tls)$"}
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
    command = ["ctest", "--test-dir", PROGRAMS, "-V", "--parallel", "4", "--no-tests=error"]
    command += ["--exclude-regex", EXCLUDED[version], *selected]
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


def soak(version):
    """Run creates under random faults, as ``make test-faults`` does; returns how many tests have passed and failed."""
    use(version)
    # The tests compile their programs with the first cc.
    tools = BUILD / "bin"
    tools.mkdir(exist_ok=True)
    linked = f"--allow-shlib-undefined,--dynamic-linker={LOADER}"
    linked += f",-rpath,{BUILD / 'lib'}:{HERE / 'curl'}:{HERE / 'lib'}"
    options = f"-isystem {BUILD / 'include'} -L{BUILD / 'link'} -Wl,{linked}"
    (tools / "cc").write_text(f'#!/bin/sh\nexec musl-gcc "$@" {options}\n')
    (tools / "cc").chmod(0o755)
    variables = {
        **os.environ,
        "PATH": f"{tools}:{os.environ['PATH']}",
        "DEEPIDV_LIB_DIR": str(BUILD / "lib"),
        "DEEPIDV_EMULATOR": str(EMULATOR),
        "PYTHONPATH": str(ROOT / "bindings" / "python"),
    }
    results = BUILD / "soak.xml"
    results.unlink(missing_ok=True)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "not valgrind", "--junitxml", results,
         ROOT / "Tests" / "faults" / "test_soak.py"],
        env=variables, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=900, check=False,
    )  # fmt: skip
    count = ElementTree.parse(results).find("testsuite").attrib
    failed = int(count["failures"]) + int(count["errors"])
    if done.returncode:
        print(f"--- soak with libcurl {version}\n{done.stdout[-20000:]}", file=sys.stderr)
    return int(count["tests"]) - int(count["skipped"]) - failed, failed


def main():
    selected = ["--tests-regex", sys.argv[1]] if len(sys.argv) > 1 else []
    build()
    musl = musl_version()
    total = 0
    print("| musl | libcurl | tests | passed | failed |\n| --- | --- | --- | --- | --- |", flush=True)
    for version in (OLD_CURL, NEW_CURL):
        rows = [("C tests", test(version, selected))]
        if not selected:
            rows.append(("soak", soak(version)))
        for name, (passed, failed) in rows:
            total += failed
            print(f"| {musl} | {version} | {name} | {passed} | {failed} |", flush=True)
    return 1 if total else 0


if __name__ == "__main__":
    sys.exit(main())
