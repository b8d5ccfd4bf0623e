"""Lets signals end a command, and keeps them from hiding what a create has done."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from types import FrameType
from typing import TYPE_CHECKING, Any, Final, Optional

from ._errors import DeepIDVError

if TYPE_CHECKING:
    from ._client import Client

_ENDING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(KeyboardInterrupt):
    """A signal asks the process to end."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


@contextlib.contextmanager
def stops_on_signals(*, is_last: bool) -> Iterator[None]:
    """Let SIGTERM and SIGHUP act like Ctrl-C, so that a create that was sent reports its outcome.

    :param is_last: Whether the process ends afterwards, so that signals that are ignored stay so.
    """

    def stop(number: int, frame: Optional[FrameType]) -> None:
        raise Stopped(number)

    before = _handle(stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            if not is_last or signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, handler)


@contextlib.contextmanager
def cancels_on_signals(client: Client) -> Iterator[None]:
    """Let signals cancel the calls of a client: an exception could lose a session that was just returned.

    :raises Stopped: if a call was cancelled, and nothing was executed.
    """
    arrived: list[int] = []

    def cancel(number: int, frame: Optional[FrameType]) -> None:
        arrived.append(number)
        client._close()

    before = _handle(cancel)
    try:
        yield
    except DeepIDVError:
        if arrived:
            raise Stopped(arrived[0]) from None
        raise
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def ignore_signals() -> None:
    """Ignore signals once the result is printed: the exit status must not say that nothing was executed."""
    _handle(signal.SIG_IGN)


def _handle(handler: Any) -> dict[int, Any]:
    """Set the handler of each signal that is not ignored, and return the earlier ones."""
    before: dict[int, Any] = {}
    # Python allows it only in the main thread. `nohup` ignores SIGHUP.
    with contextlib.suppress(ValueError):
        for number in _ENDING:
            if signal.getsignal(number) not in (signal.SIG_IGN, None):
                before[number] = signal.signal(number, handler)
    return before
