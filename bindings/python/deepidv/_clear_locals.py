"""Keeps secrets and applicants out of the locals of a traceback's frames, which error trackers print."""

from __future__ import annotations

import contextlib
import functools
from types import TracebackType
from typing import Any, Callable, Final, Optional, TypeVar

from ._errors import OutcomeUnknown

_Function = TypeVar("_Function", bound=Callable[..., Any])

# json's frames hold what it is asked to write. Other frames are somebody else's.
_OURS: Final = frozenset({"deepidv", "json"})
# More signals than that do not come while one exception is on its way.
_MAX_SIGNALS: Final = 100


def clears_locals(function: _Function) -> _Function:
    """Have a function's arguments forgotten, here and in all that it calls, when it raises."""

    @functools.wraps(function)
    def call(*arguments: Any, **named: Any) -> Any:
        try:
            return function(*arguments, **named)
        except BaseException as error:
            del arguments, named
            later = _clear_frames(error)
            if later is not None:
                raise later  # noqa: B904
            raise

    return call  # type: ignore[return-value]


def clears_locals_async(function: _Function) -> _Function:
    """Do the same for a coroutine function."""

    @functools.wraps(function)
    async def call(*arguments: Any, **named: Any) -> Any:
        try:
            return await function(*arguments, **named)
        except BaseException as error:
            del arguments, named
            later = _clear_frames(error)
            if later is not None:
                raise later  # noqa: B904
            raise

    return call  # type: ignore[return-value]


def _clear_frames(error: BaseException) -> Optional[BaseException]:
    """Clear every frame that an exception shows, and answer what is to be raised in its place, if any."""
    later: Optional[BaseException] = None
    for _ in range(_MAX_SIGNALS):
        try:
            _clear_chain(error)
            break
        except BaseException as signalled:
            # It may take the place of a refusal, but not of the news that there may be a session.
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
            # One that still runs is the caller's, which sees to itself, or its caller.
            with contextlib.suppress(RuntimeError):
                frame.clear()
        step = step.tb_next
