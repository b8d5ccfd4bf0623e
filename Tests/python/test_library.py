"""Which library is loaded, and the exception if none can be."""

import os
import pathlib
import pydoc
import shutil
import subprocess
import sys
import tempfile

import deepidv
import pytest
from conftest import ROOT
from deepidv import _loading

PACKAGE = pathlib.Path(deepidv.__file__).parent


def run(program, *, package=PACKAGE.parent, **variables):
    """Run a program that imports the package in another process."""
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
    """Return a copy of the package outside of the checkout."""
    shutil.copytree(PACKAGE, tmp_path / "a" / "b" / "deepidv")
    return tmp_path / "a" / "b"


def test_the_variable_decides(library_path, tmp_path):
    copied = shutil.copy(os.path.realpath(library_path), tmp_path / "mine.so")
    shown = run(SHOW, DEEPIDV_LIBRARY=str(copied))
    assert shown.stdout == str(copied), shown.stderr


@pytest.mark.parametrize("content", [None, b"", b"not a library"])
def test_a_variable_with_a_bad_path(tmp_path, content):
    path = tmp_path / "broken.so"
    if content is not None:
        path.write_bytes(content)
    shown = run("import deepidv", DEEPIDV_LIBRARY=str(path))
    assert "ImportError: libdeepidv could not be loaded" in shown.stderr
    assert str(path) in shown.stderr
    assert "DEEPIDV_LIBRARY selects it" in shown.stderr


@pytest.mark.skipif(sys.version_info < (3, 10), reason="Python 3.9 has no sys.orig_argv")
@pytest.mark.parametrize("module", [["-m", "deepidv"], ["-mdeepidv"]])
def test_the_command_without_a_library(tmp_path, module):
    environment = {**os.environ, "DEEPIDV_LIBRARY": str(tmp_path / "none.so")}
    command = [sys.executable, *module, "--help"]
    shown = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30, check=False)
    assert (shown.returncode, shown.stdout) == (2, "")
    assert shown.stderr.startswith("deepidv: libdeepidv could not be loaded: ")
    assert shown.stderr.count("\n") == 1
    assert "__main__" not in shown.stderr


def test_another_module_gets_the_exception(tmp_path):
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "__init__.py").write_text(
        "try:\n    import deepidv\nexcept ImportError as error:\n    print(error.name)\n"
    )
    (tmp_path / "app" / "__main__.py").write_text("")
    environment = {**os.environ, "DEEPIDV_LIBRARY": str(tmp_path / "none.so")}
    environment["PYTHONPATH"] = os.pathsep.join([str(tmp_path), str(PACKAGE.parent)])
    command = [sys.executable, "-m", "app", "deepidv"]
    shown = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30, check=False)
    assert (shown.returncode, shown.stdout, shown.stderr) == (0, "deepidv\n", "")


# As in a 32-bit Python, where its library would be of the wrong class.
NARROW = """
import ctypes
real = ctypes.sizeof
ctypes.sizeof = lambda kind: 4 if kind is ctypes.c_void_p else real(kind)
import deepidv
"""


def test_a_32_bit_python():
    shown = run(NARROW, DEEPIDV_LIBRARY="/nowhere")
    assert shown.stderr.splitlines()[-1] == "ImportError: deepidv does not support 32-bit platforms."


def test_a_library_beside_the_package(library_path, elsewhere):
    beside = elsewhere / "deepidv" / "libdeepidv.so.0"
    shutil.copy(os.path.realpath(library_path), beside)
    assert run(SHOW, package=elsewhere).stdout == str(beside)


def test_the_library_of_a_checkout():
    built = ROOT / ".build-lib" / "libdeepidv.so.0"
    if not built.exists():
        pytest.skip("the library under test is not the checkout's")
    assert run(SHOW).stdout == str(built)


@pytest.mark.parametrize("marks", [(), ("Package.swift",), ("Package.swift", "include/deepidv.h")])
@pytest.mark.parametrize("place", ["a/b", "bindings/python"])
def test_only_a_checkout_uses_its_build_folder(library_path, tmp_path, marks, place):
    """Not in any folder at the same distance: whoever can write there could choose what is loaded."""
    shutil.copytree(PACKAGE, tmp_path / place / "deepidv")
    (tmp_path / ".build-lib").mkdir()
    planted = tmp_path / ".build-lib" / "libdeepidv.so.0"
    shutil.copy(os.path.realpath(library_path), planted)
    for mark in marks:
        (tmp_path / mark).parent.mkdir(exist_ok=True)
        (tmp_path / mark).touch()
    shown = run(SHOW, package=tmp_path / place)
    if place == "bindings/python" and len(marks) == 2:
        assert shown.stdout == str(planted), shown.stderr
    else:
        assert str(planted) not in shown.stdout + shown.stderr


@pytest.mark.skipif(os.getuid() != 0, reason="it takes root to make a setuid program")
@pytest.mark.parametrize("setuid", [False, True])
def test_a_setuid_program_does_not_read_the_variable(library_path, setuid):
    nobody = 65534
    with tempfile.TemporaryDirectory() as folder:
        # For one group only, which its folder lets in.
        os.chmod(folder, 0o711)
        interpreter = pathlib.Path(folder, "python")
        shutil.copy(os.path.realpath(sys.executable), interpreter)
        os.chown(interpreter, 0, nobody)
        interpreter.chmod(0o4750 if setuid else 0o750)
        shown = subprocess.run(
            [interpreter, "-c", "import os, deepidv._loading as l; print(os.geteuid(), l.find())"],
            env={
                "PYTHONPATH": os.pathsep.join([str(PACKAGE.parent), *filter(None, sys.path)]),
                "PYTHONHOME": sys.base_prefix,
                "PYTHONDONTWRITEBYTECODE": "1",
                "DEEPIDV_LIBRARY": str(library_path),
            },
            **({"user": nobody, "group": nobody, "extra_groups": []} if setuid else {}),
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
    assert shown.stdout.startswith("0 "), shown.stderr
    built = ROOT / ".build-lib" / "libdeepidv.so.0"
    assert shown.stdout.split()[1] == (str(built) if setuid and built.exists() else str(library_path))


def test_the_library_of_the_system(library_path, elsewhere, tmp_path):
    shutil.copy(os.path.realpath(library_path), tmp_path / "libdeepidv.so.0")
    shown = run(SHOW, package=elsewhere, LD_LIBRARY_PATH=str(tmp_path))
    assert shown.stdout == "libdeepidv.so.0", shown.stderr


def test_no_library(elsewhere):
    shown = run("import deepidv", package=elsewhere)
    assert "ImportError: libdeepidv could not be loaded" in shown.stderr
    assert "Set DEEPIDV_LIBRARY to its path" in shown.stderr


def test_no_libcurl(library_path, tmp_path):
    content = pathlib.Path(library_path).read_bytes()
    assert b"\0libcurl.so.4\0" in content
    without = tmp_path / "libdeepidv.so.0"
    without.write_bytes(content.replace(b"\0libcurl.so.4\0", b"\0libcurl.so.x\0"))
    shown = run("import deepidv", DEEPIDV_LIBRARY=str(without))
    assert "Install libcurl (Debian: libcurl4, Alpine: libcurl)." in shown.stderr


def test_no_libcrypto(library_path, tmp_path):
    content = pathlib.Path(library_path).read_bytes()
    assert b"\0libcrypto.so.3\0" in content
    without = tmp_path / "libdeepidv.so.0"
    without.write_bytes(content.replace(b"\0libcrypto.so.3\0", b"\0libcrypto.so.x\0"))
    shown = run("import deepidv", DEEPIDV_LIBRARY=str(without))
    assert "Install OpenSSL 3 (Debian: libssl3, Alpine: libssl3 and libcrypto3)." in shown.stderr


@pytest.mark.parametrize("name", ["libc.so.6", "libcurl.so.4"])
def test_another_library(name):
    shown = run("import deepidv", DEEPIDV_LIBRARY=name)
    if "could not be loaded" in shown.stderr:
        pytest.skip(f"there is no {name}")
    assert f"ImportError: {name} is not libdeepidv" in shown.stderr


def test_the_version_is_that_of_the_library():
    assert deepidv.__version__ == _loading.version()
    assert deepidv.__version__[0].isdigit()


def test_importing_reads_no_environment_and_starts_no_thread(library_path):
    shown = run(
        "import os, threading, deepidv; print(len(os.listdir('/proc/self/task')), deepidv.Client)",
        DEEPIDV_LIBRARY=library_path,
        DEEPIDV_API_KEY="not a key\n",
    )
    assert shown.stdout.startswith("1 "), shown.stderr


def test_importing_does_not_import_asyncio(library_path):
    program = """
import sys, deepidv
assert "asyncio" not in sys.modules
assert "AsyncClient" in dir(deepidv)
for name in ("NoSuchThing", "asyncclient"):
    assert not hasattr(deepidv, name)
assert deepidv.AsyncClient is deepidv.AsyncClient
assert "asyncio" in sys.modules
from deepidv import *
print(AsyncClient)
"""
    shown = run(program, DEEPIDV_LIBRARY=library_path)
    assert shown.stdout == "<class 'deepidv.AsyncClient'>\n", shown.stderr


def test_help_shows_the_public_names():
    shown = pydoc.render_doc(deepidv, renderer=pydoc.plaintext)
    # Not the methods of str.
    assert "casefold" not in shown
    assert "class SessionStatus" in shown
    assert all(name in shown for name in deepidv.__all__ if name != "__version__")
