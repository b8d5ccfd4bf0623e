"""Finds libdeepidv and loads it, once, when the package is imported."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path
from typing import Final, Optional

from . import _abi

_NAME: Final = f"libdeepidv.so.{_abi.DEEPIDV_ABI_MAJOR}"


def find() -> str:
    """Return the library to load, as a path or as a name for the system's loader.

    ``DEEPIDV_LIBRARY`` wins if it is set. Otherwise the first of: the library beside this
    package, the one built in this package's checkout, the system's.
    """
    override = _named()
    if override:
        return override
    package = Path(__file__).resolve().parent
    places = [package / _NAME]
    checkout = _checkout(package)
    if checkout is not None:
        places.append(checkout / ".build-lib" / _NAME)
    for place in places:
        if place.is_file():
            return str(place)
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


def _checkout(package: Path) -> Optional[Path]:
    """Return the checkout that contains this package, or None."""
    places = package.parents
    if len(places) < 3 or (places[0].name, places[1].name) != ("python", "bindings"):
        return None
    root = places[2]
    marked = (root / "Package.swift").is_file() and (root / "include" / "deepidv.h").is_file()
    return root if marked else None


def _load(name: str) -> tuple[ctypes.CDLL, ctypes.PyDLL]:
    if ctypes.sizeof(ctypes.c_void_p) < 8:
        raise ImportError("deepidv does not support 32-bit platforms.", name="deepidv")
    try:
        # Calls that may block release the GIL. Calls that take less time than releasing it
        # keep it.
        waiting, instant = ctypes.CDLL(name), ctypes.PyDLL(name)
    except OSError as error:
        raise ImportError(
            f"libdeepidv could not be loaded: {error}. {_advice(name, str(error))}",
            name="deepidv",
            path=name,
        ) from None
    _abi.bind(waiting)
    _abi.bind(instant)
    return waiting, instant


def _advice(name: str, error: str) -> str:
    if error.startswith("libcurl"):
        return "Install libcurl (Debian: libcurl4)."
    if error.startswith("libcrypto"):
        return "Install OpenSSL 3 (Debian: libssl3)."
    if _named():
        return "The environment variable DEEPIDV_LIBRARY selects it."
    if name == _NAME:
        return (
            f"{_NAME} is not beside the package, not built in its checkout, and not known to the "
            "system's loader. Set DEEPIDV_LIBRARY to its path."
        )
    return "Set DEEPIDV_LIBRARY to load another library."


# `library` releases the GIL during a call; `instant` keeps it, and is only for calls that never block.
library, instant = _load(find())


def version() -> str:
    """Return the version of the loaded library."""
    return (_abi.text(instant.deepidv_version()) or b"").decode("ascii")


def libcurl_problem() -> str:
    """Return what is wrong with the libcurl that is loaded, or an empty text."""
    text = ctypes.create_string_buffer(256)
    instant.deepidv_libcurl_problem(text, len(text), None)
    return text.value.decode("ascii")
