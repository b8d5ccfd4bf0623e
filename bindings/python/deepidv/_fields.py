"""Reads a result without its description, for which memory ran out: with a call for each member."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Callable, Final

from ._library import instant
from ._text import read

_NUMBERS: Final = ("status", "cause", "http_status", "attempts", "elapsed_us", "retry_after_ms", "facts")
_TEXTS: Final = (
    "message",
    "field",
    "api_code",
    "request_id",
    "external_id",
    "reconcile_token",
    "next_token",
)


def members(result: Any) -> dict[str, Any]:
    """Return the members of deepidv_result_describe() that the package uses."""
    values: dict[str, Any] = {name: _getter(name)(result) for name in _NUMBERS}
    values.update({name: read(_getter(name), result) for name in _TEXTS})
    values["hints"] = list(_texts(instant.deepidv_result_hint, result))
    values["session_ids"] = list(_texts(instant.deepidv_result_session_id_at, result))
    return values


def _getter(name: str) -> Callable[..., Any]:
    getter: Callable[..., Any] = getattr(instant, f"deepidv_result_{name}")
    return getter


def _texts(getter: Callable[..., Any], result: Any) -> Iterator[str]:
    index = 0
    while (text := read(getter, result, index)) is not None:
        yield text
        index += 1
