"""Texts on their way into the library and out of it."""

from __future__ import annotations

import ctypes
from ctypes import PYFUNCTYPE, c_char, c_char_p, c_size_t, c_void_p, cast
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


def text_room(size: int) -> ctypes.Array[c_char]:
    """Make memory for a text of the library's. ctypes has this too, and may have another c_char by now."""
    return (c_char * size)()


def member_text(struct: ctypes.Structure, member: str) -> Optional[str]:
    """Copy a text that the library lends in an open struct. See ``lent`` and ``read``."""
    copied = member_bytes(struct, member)
    return None if copied is None else copied.decode("utf-8", "surrogateescape")


def member_bytes(struct: ctypes.Structure, member: str) -> Optional[bytes]:
    """Copy the bytes that the library lends in an open struct: a member, and its length in ``…_len``."""
    copied: Optional[bytes] = getattr(struct, member)
    length: int = getattr(struct, f"{member}_len")
    if copied is None or len(copied) == length:
        return copied
    # A NUL is inside, and ctypes takes that for the end.
    offset: int = getattr(type(struct), member).offset
    return _abi.text(c_void_p.from_buffer(struct, offset), length)


def read(function: Callable[..., Any], *arguments: Any) -> Optional[str]:
    """Copy a text that one of the library's getters lends.

    The library has checked that it is UTF-8. Were it not, nothing would be lost and nothing raised:
    a session that exists must not turn into an error.
    """
    length = c_size_t()
    copied: Optional[bytes] = (getattr(function, "as_bytes", None) or _as_bytes(function))(
        *arguments, length
    )
    if copied is not None and len(copied) != length.value:
        # A NUL is inside, and ctypes takes that for the end.
        copied = _abi.text(function(*arguments, length), length.value)
    return None if copied is None else copied.decode("utf-8", "surrogateescape")


def _as_bytes(function: Any) -> Any:
    """Declare a getter a second time: what answers bytes takes a third of what answers a pointer."""
    address = cast(function, c_void_p).value or 0
    function.as_bytes = PYFUNCTYPE(c_char_p, *function.argtypes)(address)
    return function.as_bytes


def read_constant(pointer: Any) -> Optional[str]:
    """Copy a constant text, such as a status's name."""
    copied = _abi.text(pointer)
    return None if copied is None else copied.decode("utf-8")
