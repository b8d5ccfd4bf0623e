"""The library of ``make musl``, and its wheel, as files."""

import os
import pathlib
import re
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / ".build-musl"
LIBRARY = BUILD / "lib" / "libdeepidv.so.0"
MUSL = "/usr/lib/x86_64-linux-musl/libc.so"
DEBIAN = pathlib.Path("/usr/lib/x86_64-linux-gnu")
LARGEST = 212992


def output_of(*command):
    environment = {**os.environ, "LC_ALL": "C"}
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True, timeout=60).stdout


def symbols(path, *kinds):
    lines = [line.split() for line in output_of("nm", "-D", path).splitlines()]
    return {words[-1].split("@")[0] for words in lines if words[-2] in kinds}


def test_it_needs_only_what_alpine_has():
    needed = re.findall(r"\(NEEDED\).*\[(.*)\]", output_of("readelf", "-dW", LIBRARY))
    assert sorted(needed) == ["libc.musl-x86_64.so.1", "libcrypto.so.3", "libcurl.so.4", "libssl.so.3"]


def test_every_function_that_it_needs_is_one_of_musl_libcurl_or_openssl():
    needed = symbols(LIBRARY, "U", "w")
    there = symbols(MUSL, "T", "W", "i")
    assert {"pthread_atfork", "atexit", "malloc"} <= needed & there
    for name in ("libcurl.so", "libssl.so", "libcrypto.so"):
        there |= symbols(DEBIAN / name, "T")
    assert needed - there == set()


def test_it_needs_no_versions_of_symbols():
    assert "Version needs" not in output_of("readelf", "-VW", LIBRARY)


def test_it_exports_what_the_version_script_lists():
    listed = re.findall(r"^ *(deepidv_[a-z_]*);$", (ROOT / "deepidv.map").read_text(), re.MULTILINE)
    assert symbols(LIBRARY, "T") == set(listed)


def test_size():
    assert LIBRARY.stat().st_size <= LARGEST


def test_no_header_of_glibc_was_read():
    flags = ["--target=x86_64-unknown-linux-musl", "-nostdlibinc", "-isystem", "/usr/include/x86_64-linux-musl",
             "-isystem", BUILD / "include", "-I", ROOT / "Sources" / "CPlatform" / "include"]  # fmt: skip
    sources = [*(ROOT / "Sources").glob("CPlatform/*.c"), *(ROOT / "Sources").glob("C*/c*.h")]
    assert len(sources) > 5
    for source in sources:
        read = output_of("clang", *flags, "-M", source).replace("\\\n", "").split()
        system = {name for name in read if name.startswith("/usr/include")}
        assert {name for name in system if not name.startswith("/usr/include/x86_64-linux-musl/")} == set()


@pytest.fixture(scope="module")
def wheel():
    [wheel] = (BUILD / "wheel").glob("*.whl")
    return wheel


def test_the_name_of_the_wheel(wheel):
    assert wheel.name.endswith("-py3-none-musllinux_1_2_x86_64.whl")


def test_the_wheel_contains_this_library(wheel, tmp_path):
    subprocess.run([sys.executable, "-m", "zipfile", "-e", wheel, tmp_path], check=True, timeout=60)
    assert (tmp_path / "deepidv" / "libdeepidv.so.0").read_bytes() == LIBRARY.read_bytes()


def test_auditwheel_finds_only_what_the_system_provides(wheel):
    shown = " ".join(output_of(sys.executable, "-m", "auditwheel", "show", wheel).split())
    needed = re.search(r"are required by the wheel: \{(.*?)\}", shown).group(1)
    assert sorted(re.findall(r'"([^"]*)": null', needed)) == ["libcrypto.so.3", "libcurl.so.4", "libssl.so.3"]
    assert "to achieve the tag platform tag 'musllinux_1_2_x86_64' the following shared library" in shown
    assert "no external versioned symbols" in shown
