"""Finds libdeepidv and loads it, once, when the package is imported."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path
from typing import Final, Optional

from . import _abi

_NAME: Final = f"libdeepidv.so.{_abi.DEEPIDV_ABI_MAJOR}"


def find() -> str:
    """Say which library is to be loaded, as a path or as a name for the system's loader.

    ``DEEPIDV_LIBRARY`` decides if it is set. Otherwise the first of: the library beside this
    package, the one built in the checkout that this package is part of, the system's.
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
    """Read the variable, unless this process has more rights than its user."""
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
    """Answer the checkout that the package is part of, if it is, and not any folder that it is in."""
    places = package.parents
    if len(places) < 3 or (places[0].name, places[1].name) != ("python", "bindings"):
        return None
    root = places[2]
    marked = (root / "Package.swift").is_file() and (root / "include" / "deepidv.h").is_file()
    return root if marked else None


def _load(name: str) -> tuple[ctypes.CDLL, ctypes.PyDLL]:
    try:
        # Calls that may wait leave the GIL to other threads. Calls that take less time than handing
        # the GIL over would keep it.
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
        return "The environment variable DEEPIDV_LIBRARY names it."
    if name == _NAME:
        return (
            f"There is no {_NAME} beside the package, none built in its checkout, and none that the "
            "system's loader knows. Set DEEPIDV_LIBRARY to its path."
        )
    return "Set DEEPIDV_LIBRARY to load another one."


# `library` releases the GIL during a call, `instant` keeps it: only for calls that never wait.
library, instant = _load(find())


def version() -> str:
    """Answer the version of the library that is loaded."""
    return (_abi.text(instant.deepidv_version()) or b"").decode("ascii")
