"""Finds libdeepidv and loads it, once, when the package is imported.

Programs that import the package and do not use it pay for this module, so it imports little: see
``_public``.
"""

from __future__ import annotations

import ctypes
import os
import sys

from ._abi_version import DEEPIDV_ABI_MAJOR, check_version

# As in typing, whose import takes longer than this one.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final, Optional

_NAME: Final = f"libdeepidv.so.{DEEPIDV_ABI_MAJOR}"


def find() -> str:
    """Return the library to load, as a path or as a name for the system's loader.

    ``DEEPIDV_LIBRARY`` wins if it is set. Otherwise the first of: the library beside this
    package, the one built in this package's checkout, the system's.
    """
    override = _named()
    if override:
        return override
    package = os.path.dirname(os.path.realpath(__file__))
    places = [os.path.join(package, _NAME)]
    checkout = _checkout(package)
    if checkout is not None:
        places.append(os.path.join(checkout, ".build-lib", _NAME))
    for place in places:
        if os.path.isfile(place):
            return place
    return _NAME


def _named() -> Optional[str]:
    """Read the variable, unless the process is privileged (setuid, setgid)."""
    named = os.environ.get("DEEPIDV_LIBRARY")
    if not named:
        return None
    try:
        secure_getenv = ctypes.CDLL(None).secure_getenv
    except AttributeError:
        privileged = os.getuid() != os.geteuid() or os.getgid() != os.getegid()
    else:
        secure_getenv.restype, secure_getenv.argtypes = ctypes.c_char_p, (ctypes.c_char_p,)
        privileged = secure_getenv(b"DEEPIDV_LIBRARY") is None
    return None if privileged else named


def _checkout(package: str) -> Optional[str]:
    """Return the checkout that contains this package, or None."""
    bindings, python = os.path.split(os.path.dirname(package))
    root = os.path.dirname(bindings)
    if (os.path.basename(bindings), python) != ("bindings", "python"):
        return None
    marks = (os.path.join(root, "Package.swift"), os.path.join(root, "include", "deepidv.h"))
    return root if all(map(os.path.isfile, marks)) else None


def _load(name: str) -> tuple[ctypes.CDLL, ctypes.PyDLL]:
    if ctypes.sizeof(ctypes.c_void_p) < 8:
        raise ImportError("deepidv does not support 32-bit platforms.", name="deepidv")
    try:
        waiting, instant = ctypes.CDLL(name), ctypes.PyDLL(name)
    except OSError as error:
        raise ImportError(
            f"libdeepidv could not be loaded: {error}. {_advice(name, str(error))}",
            name="deepidv",
            path=name,
        ) from None
    check_version(waiting)
    return waiting, instant


def _advice(name: str, error: str) -> str:
    # The loader of musl begins with these words, that of glibc with the name.
    missing = error.removeprefix("Error loading shared library ")
    if missing.startswith("libcurl"):
        return "Install libcurl (Debian: libcurl4, Alpine: libcurl)."
    if missing.startswith(("libcrypto", "libssl")):
        return "Install OpenSSL 3 (Debian: libssl3, Alpine: libssl3 and libcrypto3)."
    if _named():
        return "The environment variable DEEPIDV_LIBRARY selects it."
    if name == _NAME:
        return (
            f"{_NAME} is not beside the package, not built in its checkout, and not known to the "
            "system's loader. Set DEEPIDV_LIBRARY to its path."
        )
    return "Set DEEPIDV_LIBRARY to load another library."


def _is_command() -> bool:
    """Return whether ``python -m deepidv`` imports this, which Python 3.9 does not tell."""
    given = getattr(sys, "argv", [])
    module = getattr(sys, "orig_argv", [])[-len(given) :][:1]
    return given[:1] == ["-m"] and module in (["deepidv"], ["-mdeepidv"])


try:
    # Calls of the first release the GIL, calls of the second keep it. `_library` declares their functions.
    waiting, instant = _load(find())
except ImportError as error:
    if not _is_command():
        raise
    # Otherwise Python reports that it cannot find deepidv.__main__.
    print(f"deepidv: {error}", file=sys.stderr)
    # USAGE_ERROR of _exit_status: the command cannot run, and nothing was sent.
    sys.exit(2)


def version() -> str:
    """Return the version of the loaded library."""
    # Another object than the declared function.
    function = instant["deepidv_version"]
    function.restype = ctypes.c_char_p
    text: bytes = function()
    return text.decode("ascii")
