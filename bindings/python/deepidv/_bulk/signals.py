"""Lets signals end a run in order."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Iterator
from typing import Callable


@contextlib.contextmanager
def handles_signals(handler: Callable[[], None]) -> Iterator[None]:
    """Call the handler in the event loop for Ctrl-C, SIGTERM and SIGHUP."""
    loop = asyncio.get_running_loop()
    numbers = [signal.SIGINT, signal.SIGTERM]
    # `nohup` ignores it.
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        numbers.append(signal.SIGHUP)
    for number in numbers:
        loop.add_signal_handler(number, handler)
    try:
        yield
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)
