"""Versions of libcurl that cannot be used, or that are known to harm the program, by masking the one that is loaded."""

import ctypes
import os
import subprocess
import sys

import pytest
from conftest import COMPILER, ROOT
from deepidv import _abi
from deepidv._library import library

# Says it is another libcurl, with other parts.
MASK = r"""
#define _GNU_SOURCE
#include <curl/curl.h>
#include <dlfcn.h>
#include <stdlib.h>

curl_version_info_data *curl_version_info(CURLversion stamp)
{
  static curl_version_info_data masked;
  static const char *protocols[] = { "http", "ftp", NULL };
  curl_version_info_data *(*real)(CURLversion);
  *(void **)&real = dlsym(RTLD_NEXT, "curl_version_info");
  masked = *real(stamp);
  masked.version = getenv("MASK_VERSION");
  masked.version_num = (unsigned)strtoul(getenv("MASK_NUMBER"), NULL, 16);
  masked.features &= ~(int)strtoul(getenv("MASK_FEATURES"), NULL, 0);
  if (getenv("MASK_PROTOCOLS"))
    masked.protocols = protocols;
  return &masked;
}
"""
PROGRAM = """
import warnings
import deepidv
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    try:
        deepidv.Client("key").close()
    except deepidv.UnusableLibcurl as error:
        print(error.name, error.outcome, error)
print(*(f"{one.category.__name__} {one.filename}: {one.message}" for one in caught), sep="\\n")
"""


@pytest.fixture(scope="module")
def mask(tmp_path_factory):
    """Build the mask."""
    folder = tmp_path_factory.mktemp("mask")
    (folder / "mask.c").write_text(MASK)
    library = folder / "mask.so"
    linked = ["-shared", "-fPIC", "-Wl,--no-as-needed", "-lcurl"]
    subprocess.run([*COMPILER, folder / "mask.c", *linked, "-o", library], check=True, timeout=60)
    return library


def create(mask, version, **masked):
    """Create a client with a masked libcurl, and return what is printed."""
    number = "".join(f"{int(part):02x}" for part in version.split("."))
    values = {"VERSION": version, "NUMBER": number, "FEATURES": "0", **masked}
    environment = {**os.environ, **{f"MASK_{name}": value for name, value in values.items()}}
    environment.update(LD_PRELOAD=str(mask), PYTHONPATH=str(ROOT / "bindings" / "python"))
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, timeout=30, check=True
    )
    return done.stdout.strip()


WANTED = "7.76.0 or later is needed, with TLS, HTTP, HTTPS and asynchronous name lookups. (DEEPIDV_E_LIBCURL)"


@pytest.mark.parametrize("version", ["7.19.4", "7.75.0", "7.75.9"])
def test_an_old_version_is_refused(mask, version):
    shown = create(mask, version)
    assert shown == f"DEEPIDV_E_LIBCURL not_executed libcurl {version} is loaded. {WANTED}"


# Without TLS, asynchronous lookups, and HTTPS.
@pytest.mark.parametrize("masked", [{"FEATURES": "4"}, {"FEATURES": "0x80"}, {"PROTOCOLS": "1"}])
def test_a_libcurl_that_lacks_a_part_is_refused(mask, masked):
    shown = create(mask, "8.5.0", **masked)
    assert shown == f"DEEPIDV_E_LIBCURL not_executed libcurl 8.5.0 is loaded. {WANTED}"


@pytest.mark.parametrize("version", ["7.76.0", "7.88.1", "8.11.0", "8.12.0", "9.0.0"])
def test_a_version_that_is_used_without_a_word(mask, version):
    assert create(mask, version) == ""


def test_a_version_with_a_hole_is_warned_of(mask):
    category, rest = create(mask, "8.11.1").split(" ", 1)
    place, message = rest.split(": ", 1)
    assert category == "RuntimeWarning"
    # The caller's line.
    assert place == "<string>"
    assert message.startswith("libcurl 8.11.1 is loaded. ")
    assert "CVE-2025-0665" in message and "8.12.0" in message


def test_the_text_needs_room():
    length = _abi.c_size_t(9)
    assert library.deepidv_libcurl_problem(None, 8, length) == _abi.DEEPIDV_E_NULL
    assert length.value == 0
    text = ctypes.create_string_buffer(b"?", 1)
    assert library.deepidv_libcurl_problem(text, 0, length) == _abi.DEEPIDV_E_BUFFER
    assert text.raw == b"?"
    assert library.deepidv_libcurl_problem(text, 1, None) == _abi.DEEPIDV_OK
    assert text.value == b""
