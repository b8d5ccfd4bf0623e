"""All query parameters of a redirect."""

from __future__ import annotations

import ctypes

from . import _abi
from ._clear_locals import clears_locals
from ._errors import refusal
from ._library import instant
from ._redirect import decoded, encoded
from ._text import Text


@clears_locals
def redirect_parameters(url: Text) -> list[tuple[str, str]]:
    """Return all parameters of a redirect's query, decoded, in order: the documented ones and your own.

    Accepts the same input as ``parse_redirect`` and splits it the same way, also at a second ``?``.
    Repeated names are returned repeatedly. None of it is signed.
    """
    if not isinstance(url, (str, bytes)):
        raise TypeError(f"url must be str or bytes, not {type(url).__name__}")
    raw = encoded(url)
    param = _abi.deepidv_param()
    found: list[tuple[str, str]] = []
    while True:
        status = instant.deepidv_redirect_next_param(raw, len(raw), ctypes.byref(param))
        if status == _abi.DEEPIDV_E_ABSENT:
            return found
        if status:
            raise refusal(status)
        name, value = param.name, param.value
        found.append(
            (
                decoded(raw[name.offset : name.offset + name.length]),
                decoded(raw[value.offset : value.offset + value.length]),
            )
        )
