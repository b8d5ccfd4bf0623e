"""Delivers completions from the library's queue to the tasks that await them."""

from __future__ import annotations

import asyncio
import sys
import weakref
from typing import Any, Final, Optional

from . import _abi
from ._errors import refusal
from ._library import instant
from ._no_copy import NoCopy
from ._operation import Answer, Call, Completion

# The maximum number of completions per callback, so other callbacks of the loop get their turn.
_BATCH_SIZE: Final = 200


class Pending(Completion[Any]):
    """A submitted operation, and the future that its task awaits."""

    __slots__ = ("future",)

    def __init__(self, call: Call[Any], future: asyncio.Future[None]) -> None:
        super().__init__(call)
        self.future = future


class Completions(NoCopy):
    """A client's completion queue, and the event loop that watches its descriptor."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._loop: Optional[asyncio.AbstractEventLoop] = None
        self._descriptor = -1
        self._pending: dict[int, Pending] = {}
        self._last_tag = 0
        # The output of `deepidv_client_next`, which only the loop's thread calls. If a signal handler
        # raises, the result stays here and is read at the next callback.
        self._event = _abi.deepidv_event()
        self._result = _abi.p_deepidv_result()

    def __len__(self) -> int:
        return len(self._pending)

    def submit(self, call: Call[Any]) -> Pending:
        """Submit an operation to the library."""
        loop = _running_loop()
        if loop is not self._loop:
            self._watch(loop)
        self._last_tag += 1
        tag = self._last_tag
        pending = self._pending[tag] = Pending(call, loop.create_future())
        try:
            call.submit(self._client, tag, pending.op)
        except BaseException:
            # A signal handler may raise after the operation was submitted.
            if pending.op.value:
                instant.deepidv_client_cancel(self._client, pending.op.value)
            else:
                del self._pending[tag]
            raise
        return pending

    async def run(self, call: Call[Answer]) -> Answer:
        """Submit an operation and wait for its result."""
        answer: Answer = await self.end(self.submit(call))
        return answer

    async def end(self, pending: Pending) -> Any:
        """Wait for an operation. Cancelling the task cancels the operation."""
        try:
            await pending.future
            if pending.error is not None:
                raise pending.error
            return pending.answer
        except GeneratorExit:
            instant.deepidv_client_cancel(self._client, pending.op.value)
            raise
        except BaseException as raised:
            # Usually CancelledError; otherwise raised by a signal handler.
            if raised is pending.error:
                raise
            instant.deepidv_client_cancel(self._client, pending.op.value)
            if not pending.call.operation.creates:
                raise
            await self._end_of_cancelled(pending)
            kept = pending.outcome_to_raise()
            if kept is None:
                raise
            raise kept  # noqa: B904

    async def _end_of_cancelled(self, pending: Pending) -> None:
        """Wait for the result of a cancelled create, which the library reports at once.

        Further cancellations are ignored: the task must learn whether a session exists.
        """
        while pending.answer is None and pending.error is None:
            if pending.future.done():
                pending.future = asyncio.get_running_loop().create_future()
            try:
                await pending.future
            except asyncio.CancelledError:
                continue

    async def wait_until_empty(self) -> None:
        """Wait until all operations of this loop have ended."""
        while self._pending and self._loop is asyncio.get_running_loop():
            pending = next(iter(self._pending.values()))
            if pending.future.done():
                pending.future = asyncio.get_running_loop().create_future()
            await asyncio.wait([pending.future])

    def _watch(self, loop: asyncio.AbstractEventLoop) -> None:
        descriptor: int = instant.deepidv_client_fd(self._client)
        if descriptor < 0:
            raise refusal(_abi.DEEPIDV_E_FORKED)
        if self._loop is not None and not self._loop.is_closed():
            raise RuntimeError("this AsyncClient belongs to another event loop; each loop needs its own")
        # The tasks of the closed loop are gone.
        self._pending.clear()
        # A weak reference: the loop must not keep an unused client alive.
        loop.add_reader(descriptor, _take, weakref.ref(self))
        self._descriptor = descriptor
        self._loop = loop

    def detach_loop(self) -> bool:
        """Remove the descriptor from the loop. Return whether the loop was still open."""
        loop, self._loop = self._loop, None
        if loop is None or loop.is_closed():
            return False
        if loop.is_running() and not _is_running_here(loop):
            loop.call_soon_threadsafe(loop.remove_reader, self._descriptor)
        else:
            loop.remove_reader(self._descriptor)
        return True

    def take(self) -> None:
        """Read completions from the queue."""
        try:
            for _ in range(_BATCH_SIZE):
                if not self._result and instant.deepidv_client_next(
                    self._client, self._event, self._result
                ):
                    return
                self._deliver()
                if not self._pending:
                    return
        except BaseException:
            # A signal handler raised. The result is kept, but the descriptor no longer signals it.
            if self._loop is not None and not self._loop.is_closed():
                self._loop.call_soon(_take, weakref.ref(self))
            raise

    def _deliver(self) -> None:
        """Deliver the result to its task. Each step can be repeated."""
        pending = self._pending.get(self._event.tag)
        if pending is not None:
            pending.note(self._event.status, self._result)
            if not pending.future.done():
                pending.future.set_result(None)
            del self._pending[self._event.tag]
        result, self._result = self._result, _abi.p_deepidv_result()
        instant.deepidv_result_free(result)


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
