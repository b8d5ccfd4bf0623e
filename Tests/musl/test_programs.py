"""Programs for musl, with the library of ``make musl``, against the emulator."""

import os
import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / ".build-musl"
HERE = BUILD / "root"


@pytest.fixture(scope="module")
def emulator():
    program = os.environ["DEEPIDV_EMULATOR"]
    process = subprocess.Popen(
        [program, "--port", "0", "--exit-with-parent"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    url = re.search(r"http://\S+", process.stdout.readline()).group()
    yield url
    process.stdin.close()
    assert process.wait(30) == 0
    process.stdout.close()


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    folder = tmp_path_factory.mktemp("programs")

    def compiled(source):
        result = folder / source.stem
        subprocess.run(
            ["musl-gcc", "-std=c99", "-Wall", "-Werror", "-I", ROOT / "include", source, "-o", result,
             "-L", BUILD / "lib", "-ldeepidv", f"-Wl,-rpath,{BUILD / 'lib'}:{HERE / 'curl'}:{HERE / 'lib'}",
             "-Wl,--allow-shlib-undefined", f"-Wl,--dynamic-linker={HERE / 'lib' / 'ld-musl-x86_64.so.1'}"],
            check=True, timeout=60,
        )  # fmt: skip
        return result

    return compiled


def run(*command, **variables):
    return subprocess.run(
        command, env=variables, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False
    )


def test_a_session_is_created_and_found(program, emulator):
    variables = {"DEEPIDV_API_KEY": "dk_emulator", "DEEPIDV_BASE_URL": emulator}
    examples = ROOT / "examples-c"
    create = run(
        program(examples / "create_session.c"), "Ada", "Lovelace", "ada@example.com", "+15192223333", **variables
    )
    assert (create.returncode, create.stderr) == (0, "")
    session = re.search(r"^id +(\S+)$", create.stdout, re.MULTILINE).group(1)
    found = run(program(examples / "find_session.c"), session, **variables)
    assert (found.returncode, found.stderr) == (0, "")
    assert re.search(rf"^id +{session}$", found.stdout, re.MULTILINE)
    assert re.search(r"^status +PENDING$", found.stdout, re.MULTILINE)


def test_a_program_runs_with_musl_alone(program):
    path = program(ROOT / "examples-c" / "parse_redirect.c")
    listed = run(HERE / "lib" / "ld-musl-x86_64.so.1", "--list", path)
    assert listed.returncode == 0
    assert "libdeepidv.so.0 =>" in listed.stdout
    assert "ld-linux" not in listed.stdout
    assert "libc.so.6" not in listed.stdout
