"""The versions of what is loaded."""

from __future__ import annotations

import ctypes
import os
import platform
from collections.abc import Iterator

from .. import _abi_version, _loading
from .._library import instant, libcurl_problem
from .check import FAILED, OK, WARNING, Check


def versions() -> Iterator[Check]:
    """Check the library, libcurl and OpenSSL."""
    system = f"Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    libc = " ".join(platform.libc_ver()).strip()
    facts = {
        "library": _loading.version(),
        "package": _abi_version.DEEPIDV_VERSION_TEXT,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "libc": libc,
    }
    text = f"libdeepidv {facts['library']} ({_origin()}), {system}{', ' + libc if libc else ''}"
    yield Check("library", OK, text, facts=facts)
    curl = _text("curl_version")
    tls = next((word for word in curl.split() if word.lower().startswith("openssl/")), None)
    yield _libcurl(curl)
    yield _openssl(_text("OpenSSL_version", 0), tls)


def _libcurl(curl: str) -> Check:
    name = curl.split(" ")[0] or "libcurl"
    problem = libcurl_problem()
    if not problem:
        return Check("libcurl", OK, name, facts={"version": curl})
    # Only a version that is refused makes clients impossible.
    is_refused = "is needed" in problem
    advice = "Install a later libcurl: update the system, or see docs/platforms.md."
    return Check("libcurl", FAILED if is_refused else WARNING, problem, advice, {"version": curl})


def _openssl(openssl: str, of_libcurl: str | None) -> Check:
    facts = {"version": openssl, "of_libcurl": of_libcurl}
    if of_libcurl is None:
        text = f"{openssl}, but libcurl uses another TLS library"
        advice = "SSLKEYLOGFILE may have an effect. Prefer a libcurl that uses OpenSSL."
        return Check("openssl", WARNING, text, advice, facts)
    # As in "OpenSSL 3.0.19 27 Jan 2026" and "OpenSSL/3.0.19".
    if of_libcurl.split("/")[1] not in openssl.split(" "):
        text = f"{openssl}, but libcurl uses {of_libcurl}"
        advice = "Two copies of OpenSSL are loaded. Use a libcurl that is linked to the system's."
        return Check("openssl", WARNING, text, advice, facts)
    return Check("openssl", OK, openssl, facts=facts)


def _origin() -> str:
    """Return where the library is from, without a path, which may contain the name of a user."""
    found = _loading.find()
    if os.environ.get("DEEPIDV_LIBRARY") == found:
        return "of DEEPIDV_LIBRARY"
    if os.path.dirname(found) == "":
        return "of the system"
    is_beside = os.path.dirname(os.path.dirname(found)) == os.path.dirname(os.path.dirname(_package()))
    return "of the package" if is_beside else "of the checkout"


def _package() -> str:
    return os.path.dirname(os.path.realpath(_loading.__file__)) + os.sep


def _text(name: str, *arguments: int) -> str:
    """Call a function of a library that libdeepidv is linked to, and that returns a text."""
    try:
        function = instant[name]
    except AttributeError:
        return ""
    function.restype = ctypes.c_char_p
    function.argtypes = [ctypes.c_int] * len(arguments)
    text: bytes = function(*arguments) or b""
    return text.decode("utf-8", "replace")
