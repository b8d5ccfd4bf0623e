"""Cooperative waiting under gevent and eventlet."""

from __future__ import annotations

import os
import sys
from typing import Any, Callable, Optional

Wait = Callable[[int], None]


def waiter() -> Optional[Wait]:
    """Return a function that waits for a readable descriptor while other greenlets run, if one is needed.

    It is needed if sockets are monkey-patched: the program then expects every blocking call to yield, and
    a call into the library would not.
    """
    gevent = sys.modules.get("gevent.monkey")
    if gevent is not None and gevent.is_module_patched("socket"):
        return _wait_with_gevent
    eventlet = sys.modules.get("eventlet.patcher")
    if eventlet is not None and eventlet.is_monkey_patched("socket"):
        return _wait_with_eventlet
    return None


def _wait_with_gevent(descriptor: int) -> None:
    hub: Any = sys.modules["gevent"].get_hub()
    readable = hub.loop.io(descriptor, 1)
    try:
        hub.wait(readable)
    finally:
        readable.close()


def _wait_with_eventlet(descriptor: int) -> None:
    hubs: Any = sys.modules["eventlet.hubs"]
    # eventlet allows one waiting greenlet per descriptor.
    own = os.dup(descriptor)
    try:
        hubs.trampoline(own, read=True)
    finally:
        os.close(own)
