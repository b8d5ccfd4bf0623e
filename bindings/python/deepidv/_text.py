"""Converts text for the library and from it."""

from __future__ import annotations

import ctypes
from ctypes import PYFUNCTYPE, c_char, c_char_p, c_size_t, c_void_p, cast
from typing import Any, Callable, Optional, Union

from . import _abi

Text = Union[str, bytes]


def utf8(name: str, value: object) -> Optional[bytes]:
    """Encode text for the library, or return None if it cannot be encoded as UTF-8.

    Raises TypeError, which names the parameter and never the value.
    """
    if isinstance(value, bytes):
        return value
    if not isinstance(value, str):
        raise TypeError(f"{name} must be str, not {type(value).__name__}")
    try:
        return value.encode("utf-8")
    except UnicodeEncodeError:
        # The exception would contain the text.
        return None


def text_room(size: int) -> ctypes.Array[c_char]:
    """Create a text buffer. ctypes.create_string_buffer would do, but its c_char may be patched."""
    return (c_char * size)()


def member_text(struct: ctypes.Structure, member: str) -> Optional[str]:
    """Copy text from a struct that the library filled. See ``member_bytes``."""
    copied = member_bytes(struct, member)
    return None if copied is None else copied.decode("utf-8", "surrogateescape")


def member_bytes(struct: ctypes.Structure, member: str) -> Optional[bytes]:
    """Copy bytes from a struct that the library filled: a member, and its length in ``…_len``."""
    copied: Optional[bytes] = getattr(struct, member)
    length: int = getattr(struct, f"{member}_len")
    if copied is None or len(copied) == length:
        return copied
    # The bytes contain a NUL, where ctypes stops.
    offset: int = getattr(type(struct), member).offset
    return _abi.text(c_void_p.from_buffer(struct, offset), length)


def read(function: Callable[..., Any], *arguments: Any) -> Optional[str]:
    """Copy the text that a library getter returns.

    The library guarantees UTF-8. Invalid bytes would be kept and not raise: a session that exists must
    not turn into an error.
    """
    length = c_size_t()
    copied: Optional[bytes] = (getattr(function, "as_bytes", None) or _as_bytes(function))(
        *arguments, length
    )
    if copied is not None and len(copied) != length.value:
        # The bytes contain a NUL, where ctypes stops.
        copied = _abi.text(function(*arguments, length), length.value)
    return None if copied is None else copied.decode("utf-8", "surrogateescape")


def _as_bytes(function: Any) -> Any:
    """Declare a getter that returns bytes: three times as fast as one that returns a pointer."""
    address = cast(function, c_void_p).value or 0
    function.as_bytes = PYFUNCTYPE(c_char_p, *function.argtypes)(address)
    return function.as_bytes


def read_constant(pointer: Any) -> Optional[str]:
    """Copy a constant string, such as the name of a status."""
    copied = _abi.text(pointer)
    return None if copied is None else copied.decode("utf-8")
