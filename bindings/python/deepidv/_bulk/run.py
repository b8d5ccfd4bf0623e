"""Sends the rows, searches for those with an unknown outcome, and records every step."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import time
from collections import deque
from collections.abc import Awaitable, Iterable
from dataclasses import dataclass
from typing import Callable, Final, Optional

from .._async_client import AsyncClient
from .._errors import (
    CreatedThoughCancelled,
    DeepIDVError,
    DuplicateSessions,
    Error,
    ServiceError,
)
from .._input import InputError
from .._outcome import Outcome
from .._session import Session
from .answers import ACCOUNT_ERRORS, created_answer, failed_answer
from .feed import Feed
from .journal import READY, SENDING, UNKNOWN, Entry, Journal, JournalError
from .output import Output
from .pause import Pause
from .progress import Progress
from .records import Records
from .signals import handles_signals

INTERRUPTED: Final = "interrupted"
_REFUSED_IN_A_ROW: Final = 50
_MAX_SEARCHES: Final = 50


@dataclass(frozen=True)
class Plan:
    """What to do, and the options."""

    feed: Callable[[], Feed]
    """Creates a feed of the rows that are to be sent."""
    in_flight: int
    settle: float
    """Seconds from the start until a request of a killed run can no longer arrive."""
    limit: Optional[int] = None
    search_first: bool = False


class Run:
    """One run over a file."""

    def __init__(
        self,
        plan: Plan,
        client: AsyncClient,
        search_client: AsyncClient,
        journal: Journal,
        output: Output,
        progress: Progress,
    ) -> None:
        self.reasons: list[str] = []
        """Why it has stopped."""
        self._plan = plan
        self._client = client
        # Has a shorter timeout, since searches are repeated.
        self._search_client = search_client
        self._journal = journal
        self._progress = progress
        self.records = Records(journal, output, progress, self.stop)
        self._feed = plan.feed()
        self._again: deque[Entry] = deque()
        """Rows that were not executed."""
        self._ended: list[Entry] = []
        self._wakeup = asyncio.Event()
        self._active: set[asyncio.Task[None]] = set()
        self._sent = 0
        self._refused_in_a_row = 0
        self._pause = Pause()
        self._settled = time.monotonic() + plan.settle

    @property
    def stopped(self) -> Optional[str]:
        """Why it has stopped at first."""
        return self.reasons[0] if self.reasons else None

    async def go(self) -> None:
        """Process all rows. Whatever fails ends the run, after the rows in flight."""
        with handles_signals(self._interrupt):
            await self._phase(self._search_all(self._journal.entries(SENDING), self._search_interrupted))
            await self._phase(self._send_all())
            await self._phase(self._settle())
            if self.stopped != INTERRUPTED:
                await self._phase(self._search_all(self._journal.entries(UNKNOWN), self._search_unknown))
        self.records.finish()

    async def _phase(self, work: Awaitable[None]) -> None:
        try:
            await work
        except (InputError, JournalError, OSError, sqlite3.Error) as error:
            self.stop(str(error))
        except Exception as error:
            self._stop_by_error(error)
        # Rows in flight were sent.
        while self._active or self._ended:
            await self._finish_some()

    async def _finish_some(self) -> None:
        if self._active and not self._ended:
            await self._wait()
        ended, self._ended = self._ended, []
        self.records.save(ended)
        self._progress.update()

    def _interrupt(self) -> None:
        if self.stopped is None:
            self.stop(INTERRUPTED)
            self._progress.note = "finishing rows in flight; press Ctrl-C again to cancel them"
        else:
            # Rows that were sent become unknown, and the next run searches for them.
            self._client._close()
            self._search_client._close()
        self._wakeup.set()

    def stop(self, why: str) -> None:
        """Send no more rows."""
        if why not in self.reasons:
            self.reasons.append(why)

    def _stop_by_error(self, error: BaseException) -> None:
        # Not its text, which may contain data.
        self.stop(f"internal error, please report it: {type(error).__name__}")

    # Sending

    async def _send_all(self) -> None:
        while True:
            batch = self._next_batch()
            for entry in batch:
                entry.state = SENDING
            ended, self._ended = self._ended, []
            if self.records.save(ended, batch):
                for entry in batch:
                    self._begin(self._send(entry))
                self._sent += len(batch)
            self._progress.update()
            if not self._active and not self._ended and (self.stopped or not self._may_go_on()):
                return
            # A feed that has skipped rows has not come to the next one yet.
            await self._wait(0.25 if self._active or self._again or self._feed.ended else 0)

    def _next_batch(self) -> list[Entry]:
        if self.stopped is not None or self._pause.is_on:
            return []
        room = self._plan.in_flight - len(self._active)
        if self._plan.limit is not None:
            room = min(room, self._plan.limit - self._sent)
        batch: list[Entry] = []
        while self._again and len(batch) < room:
            batch.append(self._again.popleft())
        return batch + self._feed.take(room - len(batch))

    def _may_go_on(self) -> bool:
        rows_left = bool(self._again) or not self._feed.ended
        if rows_left and self._plan.limit is not None and self._sent >= self._plan.limit:
            self.stop("--limit reached")
        return rows_left and self.stopped is None

    async def _wait(self, seconds: float = 0.25) -> None:
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._wakeup.wait(), seconds)
        self._wakeup.clear()

    def _begin(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._active.add(task)
        task.add_done_callback(self._end)

    def _end(self, task: asyncio.Task[None]) -> None:
        self._active.discard(task)
        broken = task.exception()
        if broken is not None:
            # Its row stays recorded as one that may have been sent.
            self._stop_by_error(broken)
        self._wakeup.set()

    async def _send(self, entry: Entry) -> None:
        try:
            if entry.row is not None:
                request = entry.row.request(entry.external_id, self._plan.search_first)
                self._created(entry, await self._client._submit(request))
        except CreatedThoughCancelled as error:
            self._created(entry, error.session)
        except Error as error:
            self._failed(entry, error)
        self._ended.append(entry)

    def _created(self, entry: Entry, session: Session) -> None:
        self._refused_in_a_row = 0
        if self._pause.has_failed and self.stopped is None:
            self._progress.note = ""
        self._pause.row_executed()
        entry.state = Outcome.CREATED.value
        entry.answer = created_answer(entry, session)

    def _failed(self, entry: Entry, error: Error) -> None:
        if error.outcome is Outcome.NOT_EXECUTED:
            self._not_executed(entry, error)
            return
        if isinstance(error, ACCOUNT_ERRORS):
            self.stop(error.text)
            entry.state = READY
            return
        entry.state = error.outcome.value
        entry.answer = failed_answer(entry, error)
        if isinstance(error, ServiceError):
            self._refused_in_a_row += 1
            if self._refused_in_a_row == _REFUSED_IN_A_ROW:
                self.stop(
                    f"{_REFUSED_IN_A_ROW} consecutive rows were refused; the last error: {error.text}"
                )

    def _not_executed(self, entry: Entry, error: Error) -> None:
        """Send the row again, after a pause if other rows fail too."""
        if self.stopped is None:
            self._progress.note = f"not executed, retrying: {error.cause}"
        entry.state = READY
        self._again.append(entry)
        if self._pause.row_failed():
            self.stop(f"no row was executed for a long time: {error}")

    # Searching

    async def _search_all(
        self, entries: Iterable[Entry], search: Callable[[Entry], Awaitable[None]]
    ) -> None:
        waiting = iter(entries)
        entry = next(waiting, None)
        while entry is not None or self._active or self._ended:
            while entry is not None and len(self._active) < _MAX_SEARCHES:
                self._begin(search(entry))
                entry = next(waiting, None)
            await self._finish_some()

    async def _settle(self) -> None:
        """Once no request can still arrive, search for interrupted rows a last time, or send them."""
        left = self._journal.counts().get(SENDING, 0)
        while left and self.stopped is None and time.monotonic() < self._settled:
            wait = self._settled - time.monotonic()
            self._progress.note = f"{left} interrupted rows: next search in {wait:.0f} s"
            self._progress.update()
            await self._wait(min(wait, 1.0))
        self._progress.note = ""
        if not left or self.stopped is not None:
            return
        await self._search_all(self._journal.entries(SENDING), self._search_settled)
        # They are rows to be sent now, wherever they are in the input.
        self._feed.close()
        self._feed = self._plan.feed()
        await self._send_all()

    async def _is_listed(self, entry: Entry) -> Optional[bool]:
        """Return whether a session has this external id; None if the service gave no answer."""
        try:
            return bool(
                (await self._search_client.list_page(external_id=entry.external_id, page_size=1)).sessions
            )
        except DeepIDVError as error:
            if isinstance(error, ACCOUNT_ERRORS):
                self.stop(error.text)
            return None

    async def _search_interrupted(self, entry: Entry) -> None:
        if await self._is_listed(entry):
            await self._search_unknown(entry)

    async def _search_settled(self, entry: Entry) -> None:
        listed = await self._is_listed(entry)
        if listed:
            await self._search_unknown(entry)
        elif listed is False:
            entry.state = READY
            self._ended.append(entry)

    async def _search_unknown(self, entry: Entry) -> None:
        """Let the library identify the session."""
        token = entry.token
        if token is None:
            return
        try:
            self._created(entry, await self._search_client.reconcile(token))
        except DuplicateSessions as error:
            self._failed(entry, error)
        except Error:
            # The outcome is still unknown.
            return
        self._ended.append(entry)
