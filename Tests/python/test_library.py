"""Which library is loaded, and what is said if none is."""

import os
import pathlib
import shutil
import subprocess
import sys

import deepidv
import pytest
from conftest import ROOT
from deepidv import _library

PACKAGE = pathlib.Path(deepidv.__file__).parent


def run(program, *, package=PACKAGE.parent, **variables):
    """Run a program that imports the package, in a process of its own."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("DEEPIDV_")}
    environment.update(PYTHONPATH=str(package), PYTHONDONTWRITEBYTECODE="1", **variables)
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


SHOW = "import deepidv._library as l; print(l.library._name, end='')"


@pytest.fixture
def elsewhere(tmp_path):
    """Give a copy of the package outside of the checkout."""
    shutil.copytree(PACKAGE, tmp_path / "a" / "b" / "deepidv")
    return tmp_path / "a" / "b"


def test_the_variable_decides(library_path, tmp_path):
    copied = shutil.copy(os.path.realpath(library_path), tmp_path / "mine.so")
    shown = run(SHOW, DEEPIDV_LIBRARY=str(copied))
    assert shown.stdout == str(copied), shown.stderr


@pytest.mark.parametrize("content", [None, b"", b"not a library"])
def test_the_variable_names_what_cannot_be_loaded(tmp_path, content):
    path = tmp_path / "broken.so"
    if content is not None:
        path.write_bytes(content)
    shown = run("import deepidv", DEEPIDV_LIBRARY=str(path))
    assert "ImportError: libdeepidv could not be loaded" in shown.stderr
    assert str(path) in shown.stderr
    assert "DEEPIDV_LIBRARY names it" in shown.stderr


def test_the_one_beside_the_package(library_path, elsewhere):
    beside = elsewhere / "deepidv" / "libdeepidv.so.0"
    shutil.copy(os.path.realpath(library_path), beside)
    assert run(SHOW, package=elsewhere).stdout == str(beside)


def test_the_one_that_the_checkout_has_built():
    built = ROOT / ".build-lib" / "libdeepidv.so.0"
    if not built.exists():
        pytest.skip("the library under test is not the checkout's")
    assert run(SHOW).stdout == str(built)


def test_the_system_s(library_path, elsewhere, tmp_path):
    shutil.copy(os.path.realpath(library_path), tmp_path / "libdeepidv.so.0")
    shown = run(SHOW, package=elsewhere, LD_LIBRARY_PATH=str(tmp_path))
    assert shown.stdout == "libdeepidv.so.0", shown.stderr


def test_none_at_all(elsewhere):
    shown = run("import deepidv", package=elsewhere)
    assert "ImportError: libdeepidv could not be loaded" in shown.stderr
    assert "Set DEEPIDV_LIBRARY to its path" in shown.stderr


def test_no_libcurl(library_path, tmp_path):
    content = pathlib.Path(library_path).read_bytes()
    assert b"\0libcurl.so.4\0" in content
    without = tmp_path / "libdeepidv.so.0"
    without.write_bytes(content.replace(b"\0libcurl.so.4\0", b"\0libcurl.so.x\0"))
    shown = run("import deepidv", DEEPIDV_LIBRARY=str(without))
    assert "Install libcurl (Debian: libcurl4)." in shown.stderr


@pytest.mark.parametrize("name", ["libc.so.6", "libcurl.so.4"])
def test_another_library(name):
    shown = run("import deepidv", DEEPIDV_LIBRARY=name)
    if "could not be loaded" in shown.stderr:
        pytest.skip(f"there is no {name}")
    assert f"ImportError: {name} is not libdeepidv" in shown.stderr


def test_the_version_is_the_library_s():
    assert deepidv.__version__ == _library.version()
    assert deepidv.__version__[0].isdigit()


def test_importing_reads_nothing_else_and_starts_nothing(library_path):
    shown = run(
        "import os, threading, deepidv; print(len(os.listdir('/proc/self/task')), deepidv.Client)",
        DEEPIDV_LIBRARY=library_path,
        DEEPIDV_API_KEY="not a key\n",
    )
    assert shown.stdout.startswith("1 "), shown.stderr
