"""Clears the locals of traceback frames, so error trackers report no secrets and no personal data."""

from __future__ import annotations

import contextlib
import functools
from types import TracebackType
from typing import Any, Callable, Final, Optional, TypeVar

from ._errors import OutcomeUnknown

_Function = TypeVar("_Function", bound=Callable[..., Any])

# The json module's frames hold the data it encodes. All other frames belong to the caller.
_OURS: Final = frozenset({"deepidv", "json"})
# An upper bound on the signals that interrupt the clearing.
_MAX_SIGNALS: Final = 100


def clears_locals(function: _Function) -> _Function:
    """Decorate a function to clear its locals, and those of all functions it called, when it raises."""

    @functools.wraps(function)
    def call(*arguments: Any, **named: Any) -> Any:
        try:
            return function(*arguments, **named)
        except BaseException as error:
            del arguments, named
            later = clear_frames(error)
            if later is not None:
                raise later  # noqa: B904
            raise

    return call  # type: ignore[return-value]


def clear_frames(error: BaseException) -> Optional[BaseException]:
    """Clear the frames of an exception, and return the exception to raise instead, if any."""
    later: Optional[BaseException] = None
    for _ in range(_MAX_SIGNALS):
        try:
            _clear_chain(error)
            break
        except BaseException as signalled:
            # It may replace an ordinary error, but never the report that a session may exist.
            if not isinstance(error, OutcomeUnknown):
                later = signalled
    return later


def _clear_chain(error: BaseException) -> None:
    seen: set[int] = set()
    left: list[Optional[BaseException]] = [error]
    while left:
        one = left.pop()
        if one is not None and id(one) not in seen:
            seen.add(id(one))
            _clear_traceback(one.__traceback__)
            left += (one.__cause__, one.__context__)


def _clear_traceback(step: Optional[TracebackType]) -> None:
    while step is not None:
        frame = step.tb_frame
        if str(frame.f_globals.get("__name__")).partition(".")[0] in _OURS:
            # A running frame raises RuntimeError; its own decorator clears it later.
            with contextlib.suppress(RuntimeError):
                frame.clear()
        step = step.tb_next
