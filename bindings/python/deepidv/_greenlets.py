"""Waiting where threads are greenlets: gevent's and eventlet's."""

from __future__ import annotations

import os
import sys
from typing import Any, Callable, Optional

Wait = Callable[[int], None]


def waiter() -> Optional[Wait]:
    """Answer what waits until a descriptor can be read while other greenlets run, where that is called for.

    It is where sockets have been made to wait like that: whoever did it takes every call for one that lets
    others run. A call into the library would let nobody.
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
    # A descriptor may have one waiting greenlet there.
    own = os.dup(descriptor)
    try:
        hubs.trampoline(own, read=True)
    finally:
        os.close(own)
