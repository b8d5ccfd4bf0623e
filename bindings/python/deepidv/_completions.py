"""Delivers completions from the library's queue to the tasks that await them."""

from __future__ import annotations

import asyncio
import functools
import os
import sys
import weakref
from collections import deque
from contextvars import Context
from itertools import starmap
from typing import Any, Callable, Final, Optional, TypeVar

from . import _abi
from ._errors import refusal
from ._library import instant
from ._no_copy import NoCopy
from ._operation import CANCEL_TIMEOUT, MAX_TRIES, Completion, cleared, ensure_stack
from ._undelivered import Undelivered

_Method = TypeVar("_Method", bound=Callable[..., Any])

# The maximum number of completions per callback, so other callbacks of the loop get their turn.
_BATCH_SIZE: Final = 200


class Pending(Completion[Any]):
    """An operation, and the future that its task awaits."""

    __slots__ = ("future", "tag")
    future: asyncio.Future[None]

    def __init__(self) -> None:
        super().__init__()
        self.tag = 0


class _Descriptor:
    """A duplicate of the client's descriptor, for the loop.

    The client may be freed before the loop stops watching it. Without a duplicate, another file could
    have its number by then.
    """

    def __init__(self, descriptor: int) -> None:
        self.number = os.dup(descriptor)

    def close(self) -> None:
        number, self.number = self.number, -1
        if number >= 0:
            os.close(number)

    def __del__(self) -> None:
        # Missing if there were too many descriptors.
        if hasattr(self, "number"):
            self.close()


def runs_async(method: _Method) -> _Method:
    """Decorate a coroutine method that returns ``answer_of(call)``. See ``runs``."""

    @functools.wraps(method)
    async def call(self: Any, *arguments: Any, **named: Any) -> Any:
        pending = Pending()
        try:
            ensure_stack()
            pending.call = await method(self, *arguments, **named)
            if not pending.take_undelivered(self._undelivered):
                await self._run(pending)
            if pending.error is not None:
                raise pending.error
            return pending.answer
        except BaseException as raised:
            # Usually CancelledError; otherwise raised by a signal handler.
            del arguments, named
            error = await self._completions.error_to_raise(pending, raised, self._undelivered)
            del pending
            try:
                if error is raised:
                    raise
                raise error
            finally:
                # The frame would keep the exception alive, which keeps the frame alive.
                del error

    return call  # type: ignore[return-value]


class Completions(NoCopy):
    """A client's completion queue, and the event loop that watches its descriptor."""

    def __init__(self, client: Any) -> None:
        self.closed = False
        self._client = client
        self._loop: Optional[asyncio.AbstractEventLoop] = None
        # At most one. Two threads cannot both take it out.
        self._watched: list[_Descriptor] = []
        # The loops that have used the client, of which the last one owns it.
        self._owners: dict[int, asyncio.AbstractEventLoop] = {}
        self._owner = 0
        self._pending: dict[int, Pending] = {}
        self._emptied: list[asyncio.Future[None]] = []
        self._last_tag = 0
        # The output of `deepidv_client_next`, which only the loop's thread calls. If a signal handler
        # raises, the result stays here and is read at the next callback.
        self._event = _abi.deepidv_event()
        self._result = _abi.p_deepidv_result()

    def __len__(self) -> int:
        return len(self._pending)

    def submit(self, pending: Pending) -> None:
        """Submit an operation to the library."""
        loop = _running_loop()
        # A closed client only reports that it is closed.
        if loop is not self._loop and not self.closed:
            self._watch(loop)
        pending.future = loop.create_future()
        self._last_tag += 1
        pending.tag = self._last_tag
        self._pending[pending.tag] = pending
        pending.submit(self._client, pending.tag)

    async def error_to_raise(
        self, pending: Pending, raised: BaseException, undelivered: Undelivered
    ) -> BaseException:
        """End a call that raised an exception, and return what to raise."""
        error = raised
        for _ in range(MAX_TRIES):
            try:
                if raised is pending.error:
                    break
                if not pending.op.value and not pending.ended:
                    self._pending.pop(pending.tag, None)
                    break
                if not pending.ended:
                    instant.deepidv_client_cancel(self._client, pending.op.value)
                if pending.creates and not isinstance(raised, GeneratorExit):
                    await self._end_of_cancelled(pending)
                    error = pending.outcome_to_raise() or raised
                    pending.keep_undelivered(undelivered, error)
                break
            except GeneratorExit:
                raise
            except BaseException:
                # Another signal handler raised. The outcome must be reported nevertheless.
                continue
        return cleared(error, raised)

    async def _end_of_cancelled(self, pending: Pending) -> None:
        """Wait for the result of a cancelled create, which the library reports at once.

        Further cancellations are ignored: the task must learn whether a session exists.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + CANCEL_TIMEOUT
        while not pending.ended and loop.time() < until:
            if pending.future.done():
                pending.future = loop.create_future()
            timer = loop.call_at(until, _wake, pending.future)
            try:
                await pending.future
            except asyncio.CancelledError:
                continue
            finally:
                timer.cancel()

    async def wait_until_empty(self) -> None:
        """Wait until all operations of this loop have ended."""
        while self._pending and self._loop is asyncio.get_running_loop():
            emptied = self._loop.create_future()
            self._emptied.append(emptied)
            await emptied

    def _watch(self, loop: asyncio.AbstractEventLoop) -> None:
        descriptor: int = instant.deepidv_client_fd(self._client)
        if descriptor < 0:
            raise refusal(_abi.DEEPIDV_E_FORKED)
        self._claim(loop)
        # The tasks of the closed loop are gone.
        self._pending.clear()
        self._watched[:] = [_Descriptor(descriptor)]
        # A weak reference: the loop must not keep an unused client alive.
        loop.add_reader(self._watched[0].number, _take, weakref.ref(self))
        self._loop = loop

    def _claim(self, loop: asyncio.AbstractEventLoop) -> None:
        """Make a loop the owner of this client, if the last owner is closed.

        Without a lock, which a signal handler that raises could leave locked: of two loops on two threads,
        ``setdefault`` lets one win, and the same loop can repeat it.
        """
        number = self._owner
        while (owner := self._owners.setdefault(number, loop)) is not loop:
            if not owner.is_closed():
                raise RuntimeError(
                    "this AsyncClient belongs to another event loop; each loop needs its own"
                )
            number += 1
        self._owner = number
        # No thread is that far behind.
        self._owners.pop(number - 8, None)

    def detach_loop(self) -> bool:
        """Remove the descriptor from the loop. Return whether the loop was still open."""
        loop, self._loop = self._loop, None
        try:
            descriptor = self._watched.pop()
        except IndexError:
            return False
        if loop is None or loop.is_closed():
            return False
        if loop.is_running() and not _is_running_here(loop):
            loop.call_soon_threadsafe(_stop_watching, loop, descriptor)
        else:
            _stop_watching(loop, descriptor)
        return True

    def take(self) -> None:
        """Read completions from the queue."""
        try:
            for _ in range(_BATCH_SIZE):
                if not self._result and instant.deepidv_client_next(
                    self._client, self._event, self._result
                ):
                    break
                self._deliver()
                if not self._pending:
                    break
            if not self._pending:
                for emptied in self._emptied:
                    _wake(emptied)
                self._emptied.clear()
        except BaseException:
            # A signal handler raised. The result is kept, but the descriptor no longer signals it.
            if self._loop is not None and not self._loop.is_closed():
                self._loop.call_soon(_take, weakref.ref(self))
            raise

    def _deliver(self) -> None:
        """Deliver the result to its task. Each step can be repeated."""
        tag = self._event.tag
        pending = self._pending.get(tag)
        if pending is not None:
            pending.note(self._event.status, self._result)
            _wake(pending.future)
            self._pending.pop(tag, None)
        result, self._result = self._result, _abi.p_deepidv_result()
        instant.deepidv_result_free(result)


def _wake(future: asyncio.Future[None]) -> None:
    """Set a future's result and run the task that awaits it, in the loop's callback.

    ``set_result`` marks the future as done, and then schedules the task by Python code, where a signal
    handler may raise: the task would never run again. No Python code runs between these steps, so a
    signal handler raises before all of them, or in the task.
    """
    if future.done():
        return
    waiting = getattr(future, "_callbacks", None) or ()
    steps: list[tuple[Any, ...]] = [(future.remove_done_callback, callback) for callback, _ in waiting]
    steps.append((future.set_result, None))
    steps += [(context.run, callback, future) for callback, context in waiting]
    deque(starmap(Context().run, steps), maxlen=0)


def _stop_watching(loop: asyncio.AbstractEventLoop, descriptor: _Descriptor) -> None:
    loop.remove_reader(descriptor.number)
    descriptor.close()


def _running_loop() -> asyncio.AbstractEventLoop:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        pass
    sniffio = sys.modules.get("sniffio")
    try:
        library = sniffio.current_async_library() if sniffio is not None else None
    except Exception:
        library = None
    if library is None and "trio" in sys.modules and sys.modules["trio"].lowlevel.in_trio_run():
        library = "trio"
    if library in (None, "asyncio"):
        raise RuntimeError("AsyncClient needs a running asyncio event loop; without asyncio, use Client")
    raise RuntimeError(
        f"AsyncClient needs asyncio, but this runs on {library}: use Client in a thread, as in "
        "`await trio.to_thread.run_sync(call)`"
    )


def _is_running_here(loop: asyncio.AbstractEventLoop) -> bool:
    try:
        return asyncio.get_running_loop() is loop
    except RuntimeError:
        return False


def _take(known: weakref.ref[Completions]) -> None:
    completions = known()
    if completions is not None:
        completions.take()
