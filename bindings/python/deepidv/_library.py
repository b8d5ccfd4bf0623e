"""The library's functions."""

from __future__ import annotations

import ctypes

from . import _abi, _loading

# `library` releases the GIL during a call. `instant` keeps it, and is only for calls that never block and
# take less time than releasing it.
library = _abi.bind(_loading.waiting)
instant = _abi.bind(_loading.instant)


def libcurl_problem() -> str:
    """Return what is wrong with the libcurl that is loaded, or an empty text."""
    text = ctypes.create_string_buffer(256)
    instant.deepidv_libcurl_problem(text, len(text), None)
    return text.value.decode("ascii")
