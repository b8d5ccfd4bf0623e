"""The wheel and the README's commands in a fresh virtual environment."""

import os
import re
import subprocess
import sys
import venv
import zipfile

import pytest
from blocks import code_of
from conftest import ROOT

WHEELS = sorted((ROOT / ".build-wheel").glob("deepidv-*.whl"))


@pytest.fixture(scope="module")
def wheel():
    if not WHEELS:
        pytest.fail("there is no wheel: make wheel")
    return WHEELS[-1]


@pytest.fixture(scope="module")
def python(tmp_path_factory, wheel):
    """Return the interpreter of a virtual environment that has the wheel and nothing else."""
    folder = tmp_path_factory.mktemp("fresh")
    venv.create(folder, with_pip=True)
    interpreter = folder / "bin" / "python"
    command = [
        interpreter,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-index",
        "--disable-pip-version-check",
        wheel,
    ]
    subprocess.run(command, check=True, timeout=120, env=clean())
    return interpreter


def clean(**variables):
    """Return environment variables that do not refer to the checkout."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("DEEPIDV", "PYTHON"))}
    return {**kept, **variables}


def blocks(language):
    return code_of("bindings/python/README.md", language)


def run(*command, directory, **variables):
    return subprocess.run(
        command,
        cwd=directory,
        env=clean(**variables),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_wheel_s_name_has_the_glibc_version(wheel):
    with zipfile.ZipFile(wheel) as archive:
        (library,) = (name for name in archive.namelist() if ".so" in name)
        elf = archive.read(library)
        metadata = archive.read(next(name for name in archive.namelist() if name.endswith("METADATA"))).decode()
    needed = {tuple(map(int, found)) for found in re.findall(rb"GLIBC_(\d+)\.(\d+)", elf)}
    major, minor = max(needed)
    assert wheel.name.endswith(f"-py3-none-manylinux_{major}_{minor}_{os.uname().machine}.whl")
    assert library == "deepidv/libdeepidv.so.0"
    assert "Requires-Python: >=3.9" in metadata
    assert re.search("^License-File: LICENSE$", metadata, re.M)
    assert re.search("^Project-URL: Homepage, https://", metadata, re.M)


def test_its_own_library_is_loaded(python, tmp_path):
    program = "import deepidv._library as l; print(l.library._name)"
    shown = run(python, "-c", program, directory=tmp_path)
    assert shown.stdout.strip().endswith("/site-packages/deepidv/libdeepidv.so.0"), shown.stderr


def test_the_readme_s_python(python, tmp_path, start_emulator):
    url = start_emulator()
    program = "\n".join(blocks("python")).replace("http://127.0.0.1:8080", url)
    assert url in program
    # What the README defines and does not call.
    program += '\nlook_again("1.1700000000.order-1042")\n'
    shown = run(python, "-W", "error", "-c", program, directory=tmp_path)
    assert shown.returncode == 0, shown.stderr
    assert re.search(r"^sess_\w+ http://127", shown.stdout, re.M)
    assert re.search(r"^40 PENDING$", shown.stdout, re.M)
    assert "sess_abc failed face_mismatch" in shown.stdout
    assert "The session exists." in shown.stdout


def test_the_readme_s_commands(python, tmp_path, start_emulator):
    url = start_emulator()
    commands = [block for block in blocks("sh") if "pip install" not in block]
    script = "set -e\n" + "\n".join(commands).replace("http://127.0.0.1:8080", url)
    path = f"{python.parent}{os.pathsep}{os.environ['PATH']}"
    shown = run("sh", "-c", script, directory=tmp_path, PATH=path)
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.count('"outcome": "created"') == 2
    assert '"matches": true' in shown.stdout
    assert (tmp_path / "applicants.csv.sessions.jsonl.journal").exists()
    # The command that pip has made is the same.
    shown = run(python.parent / "deepidv", "--version", directory=tmp_path)
    assert shown.stdout.startswith("deepidv 0."), shown.stderr


def test_installing_from_the_checkout(tmp_path, python):
    """`pip install ./bindings/python`, as in the README."""
    (command,) = (block for block in blocks("sh") if "pip install" in block)
    assert command.strip() == "pip install ./bindings/python"
    target = tmp_path / "installed"
    # The build needs hatchling, which the tests' own environment has.
    shown = run(
        sys.executable, "-m", "pip", "install", "--quiet", "--no-build-isolation", "--no-index",
        "--disable-pip-version-check", "--target", target, "./bindings/python", directory=ROOT,
    )  # fmt: skip
    assert shown.returncode == 0, shown.stderr
    shown = run(python, "-c", "import deepidv; print(deepidv.__file__)", directory=tmp_path, PYTHONPATH=str(target))
    assert shown.stdout.startswith(str(target)), shown.stderr
    assert (target / "deepidv" / "libdeepidv.so.0").exists()


def test_a_wheel_without_the_library(tmp_path, python):
    """For systems that have the library installed."""
    command = [
        "-m",
        "build",
        "--quiet",
        "--wheel",
        "--no-isolation",
        "--outdir",
        tmp_path,
        "bindings/python",
    ]
    shown = run(sys.executable, *command, directory=ROOT, DEEPIDV_LIBRARY="")
    assert shown.returncode == 0, shown.stderr
    (wheel,) = tmp_path.glob("*.whl")
    assert wheel.name.endswith("-py3-none-any.whl")
    with zipfile.ZipFile(wheel) as archive:
        assert not [name for name in archive.namelist() if ".so" in name]
