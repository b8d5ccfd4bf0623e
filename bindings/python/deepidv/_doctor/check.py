"""The result of a check, and the bound on its time."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any, Callable, Final, NamedTuple, Optional, TypeVar

OK: Final = "ok"
WARNING: Final = "warning"
FAILED: Final = "failed"
SKIPPED: Final = "skipped"

_Result = TypeVar("_Result")


class Check(NamedTuple):
    """What was found, without secrets and personal data, and what to do about it."""

    name: str
    state: str
    text: str
    advice: str = ""
    facts: Mapping[str, Any] = {}


def within(seconds: float, function: Callable[[], _Result]) -> _Result:
    """Return what a function returns, or raise TimeoutError.

    The system's name lookup has no timeout, and a peer that sends one byte at a time never exceeds that of
    a socket. The thread of a function that is late ends with the process.
    """
    results: list[_Result] = []
    errors: list[BaseException] = []

    def call() -> None:
        try:
            results.append(function())
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=call, daemon=True)
    thread.start()
    thread.join(seconds)
    if errors:
        raise errors[0]
    if not results:
        raise TimeoutError(f"nothing within {seconds:g} s")
    return results[0]


def sentence(error: BaseException) -> str:
    """Return the system's words for an error; not those of a peer, which may be anything."""
    if isinstance(error, TimeoutError):
        return "timeout"
    words: Optional[str] = error.strerror if isinstance(error, OSError) else None
    return words or type(error).__name__
