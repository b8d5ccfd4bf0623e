"""Brings completions from the library's queue to the tasks that await them."""

from __future__ import annotations

import asyncio
import ctypes
import weakref
from typing import Any, Final, Optional

from . import _abi
from ._errors import CreatedThoughCancelled, OutcomeUnknown, refusal
from ._library import instant
from ._operation import Answer, Call

# So many completions are taken before others of the loop have their turn.
_AT_ONCE: Final = 200


class Pending:
    """An operation that was submitted, and what came of it."""

    __slots__ = ("answer", "call", "error", "future", "op")

    def __init__(self, call: Call[Any], future: asyncio.Future[None]) -> None:
        self.call = call
        self.future = future
        self.op = 0
        self.answer: Any = None
        self.error: Optional[BaseException] = None


class Completions:
    """A client's queue, and the loop that watches its descriptor."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._loop: Optional[asyncio.AbstractEventLoop] = None
        self._descriptor = -1
        self._pending: dict[int, Pending] = {}
        self._last_tag = 0
        # Memory for `deepidv_client_next`, which only this loop's thread calls.
        self._event = _abi.deepidv_event()
        self._result = ctypes.POINTER(_abi.deepidv_result)()
        self._event_pointer = ctypes.byref(self._event)
        self._result_pointer = ctypes.byref(self._result)
        self._op = ctypes.c_uint64()
        self._op_pointer = ctypes.byref(self._op)

    def __len__(self) -> int:
        return len(self._pending)

    def submit(self, call: Call[Any]) -> Pending:
        """Hand an operation to the library."""
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._watch(loop)
        self._last_tag += 1
        tag = self._last_tag
        status = call.operation.submit(self._client, *call.arguments, tag, self._op_pointer)
        if status != _abi.DEEPIDV_OK:
            raise call.refused(status)
        pending = Pending(call, loop.create_future())
        pending.op = self._op.value
        self._pending[tag] = pending
        return pending

    async def run(self, call: Call[Answer]) -> Answer:
        """Submit an operation and wait for its end."""
        answer: Answer = await self.end(self.submit(call))
        return answer

    async def end(self, pending: Pending) -> Any:
        """Wait for an operation. If the task is cancelled, so is the operation."""
        try:
            await pending.future
        except asyncio.CancelledError:
            instant.deepidv_client_cancel(self._client, pending.op)
            if pending.call.operation.creates:
                await self._end_of_cancelled(pending)
                _raise_if_executed(pending)
            raise
        if pending.error is not None:
            raise pending.error
        return pending.answer

    async def _end_of_cancelled(self, pending: Pending) -> None:
        """Wait for what the library says of a create that was cancelled, which it does at once.

        Some cancel a task again and again until it has ended. None of that may keep the task from learning
        whether there is a session.
        """
        while pending.answer is None and pending.error is None:
            if pending.future.done():
                pending.future = asyncio.get_running_loop().create_future()
            try:
                await pending.future
            except asyncio.CancelledError:
                continue

    async def drained(self) -> None:
        """Wait until everything has ended that was submitted on this loop."""
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
        # Whoever awaited these is gone with the loop that was closed.
        self._pending.clear()
        # The loop must not keep a client alive that nobody else knows.
        loop.add_reader(descriptor, _take, weakref.ref(self))
        self._descriptor = descriptor
        self._loop = loop

    def forget_loop(self) -> bool:
        """Take the descriptor from the loop, and say whether there was one that still lives."""
        loop, self._loop = self._loop, None
        if loop is None or loop.is_closed():
            return False
        if loop.is_running() and not _is_running_here(loop):
            loop.call_soon_threadsafe(loop.remove_reader, self._descriptor)
        else:
            loop.remove_reader(self._descriptor)
        return True

    def take(self) -> None:
        """Take what waits in the queue."""
        for _ in range(_AT_ONCE):
            if instant.deepidv_client_next(self._client, self._event_pointer, self._result_pointer):
                return
            pending = self._pending.pop(self._event.tag, None)
            if pending is None:
                instant.deepidv_result_free(self._result)
                continue
            try:
                pending.answer = pending.call.operation.take(self._event.status, self._result)
            except BaseException as error:
                pending.error = error
            if not pending.future.done():
                pending.future.set_result(None)
            if not self._pending:
                return


def _raise_if_executed(pending: Pending) -> None:
    """Raise what must not be lost: that there is a session, or that there may be."""
    if isinstance(pending.error, OutcomeUnknown):
        raise pending.error
    if pending.answer is not None:
        raise CreatedThoughCancelled.of(pending.answer)


def _is_running_here(loop: asyncio.AbstractEventLoop) -> bool:
    try:
        return asyncio.get_running_loop() is loop
    except RuntimeError:
        return False


def _take(known: weakref.ref[Completions]) -> None:
    completions = known()
    if completions is not None:
        completions.take()
