"""Texts on their way into the library and out of it."""

from __future__ import annotations

import ctypes
from typing import Any, Callable, Optional, Union

from . import _abi

Text = Union[str, bytes]


def utf8(name: str, value: object) -> Optional[bytes]:
    """Encode a text for the library, or answer None if it has no UTF-8 form.

    Raises TypeError, which names the parameter and never shows the value.
    """
    if isinstance(value, bytes):
        return value
    if not isinstance(value, str):
        raise TypeError(f"{name} must be str, not {type(value).__name__}")
    try:
        return value.encode("utf-8")
    except UnicodeEncodeError:
        # The error holds the text.
        return None


def read(function: Callable[..., Any], *arguments: Any) -> Optional[str]:
    """Copy a text that one of the library's getters lends.

    The library has checked that it is UTF-8. Were it not, nothing would be lost and nothing raised:
    a session that exists must not turn into an error.
    """
    copied = read_bytes(function, *arguments)
    return None if copied is None else copied.decode("utf-8", "surrogateescape")


def read_bytes(function: Callable[..., Any], *arguments: Any) -> Optional[bytes]:
    """Copy the bytes that one of the library's getters lends."""
    length = ctypes.c_size_t()
    pointer = function(*arguments, ctypes.byref(length))
    return _abi.text(pointer, length.value)


def read_constant(pointer: Any) -> Optional[str]:
    """Copy a constant text, such as a status's name."""
    copied = _abi.text(pointer)
    return None if copied is None else copied.decode("utf-8")
