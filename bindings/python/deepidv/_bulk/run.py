"""Sends the rows, searches for those with an unknown outcome, and records every step."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
from collections import deque
from collections.abc import Awaitable, Iterable
from dataclasses import dataclass, field
from typing import Callable, Final, Optional

from .._async_client import AsyncClient
from .._errors import (
    CreatedThoughCancelled,
    DeepIDVError,
    DuplicateSessions,
    Error,
    Forbidden,
    InsufficientBalance,
    OutcomeUnknown,
    Redirected,
    ServiceError,
    Unauthorized,
)
from .._outcome import Outcome
from .._session import Session
from .journal import READY, SENDING, UNKNOWN, Entry, Journal
from .output import Output
from .progress import Progress
from .rows import Row

# Errors of the account or the setup, not of the row.
_ACCOUNT_ERRORS: Final = (Unauthorized, Forbidden, InsufficientBalance, Redirected)
INTERRUPTED: Final = "interrupted"
_REFUSED_IN_A_ROW: Final = 50
_LONGEST_PAUSE: Final = 60.0
_MAX_SEARCHES: Final = 50


@dataclass
class Plan:
    """The rows to process, and the options."""

    rows: dict[int, Row]
    ready: deque[Entry]
    interrupted: list[Entry]
    """Rows that were in flight when a previous run was killed."""
    unknown: list[Entry]
    in_flight: int
    settle: float
    """Seconds from the start until a request of a killed run can no longer arrive."""
    limit: Optional[int] = None
    give_up: float = 600.0
    counts: dict[str, int] = field(default_factory=dict)


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
        self.stopped: Optional[str] = None
        self._plan = plan
        self._client = client
        # Has a shorter timeout, since searches are repeated.
        self._search_client = search_client
        self._journal = journal
        self._output = output
        self._progress = progress
        self._ended: list[Entry] = []
        self._wakeup = asyncio.Event()
        self._active: set[asyncio.Task[None]] = set()
        self._crash: Optional[BaseException] = None
        self._sent = 0
        self._refused_in_a_row = 0
        self._failed_since: Optional[float] = None
        self._pause = 0.0
        self._pause_until = 0.0
        self._settled = time.monotonic() + plan.settle

    async def go(self) -> None:
        """Process all rows."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._interrupt)
        try:
            await self._search_all(self._plan.interrupted, self._search_interrupted)
            await self._send_all()
            await self._settle()
            if self.stopped != INTERRUPTED:
                await self._search_all(self._plan.unknown, self._search_unknown)
            if self._crash is not None:
                raise self._crash
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(number)

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
        if self.stopped is None:
            self.stopped = why

    # Sending

    async def _send_all(self) -> None:
        plan = self._plan
        while True:
            room = plan.in_flight - len(self._active)
            batch: list[Entry] = []
            if self.stopped is None and time.monotonic() >= self._pause_until:
                while plan.ready and len(batch) < room and self._may_send(len(batch)):
                    batch.append(plan.ready.popleft())
            for entry in batch:
                entry.state = SENDING
            ended, self._ended = self._ended, []
            # One commit for finished rows and for rows about to be sent.
            self._journal.write([*ended, *batch])
            self._report(ended)
            for entry in batch:
                self._begin(self._send(entry))
            self._sent += len(batch)
            self._progress.update()
            if not self._active and not self._ended and (self.stopped or not self._may_go_on()):
                return
            await self._wait()

    def _may_send(self, more: int) -> bool:
        return self._plan.limit is None or self._sent + more < self._plan.limit

    def _may_go_on(self) -> bool:
        if self._plan.ready and not self._may_send(0):
            self.stop("--limit reached")
        return bool(self._plan.ready) and self.stopped is None

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
            self._crash = self._crash or broken
            self.stop("internal error")
        self._wakeup.set()

    async def _send(self, entry: Entry) -> None:
        try:
            request = self._plan.rows[entry.line].request(entry.external_id)
            self._created(entry, await self._client._submit(request))
        except CreatedThoughCancelled as error:
            self._created(entry, error.session)
        except Error as error:
            self._failed(entry, error)
        self._ended.append(entry)

    def _created(self, entry: Entry, session: Session) -> None:
        self._refused_in_a_row = 0
        if self._failed_since is not None and self.stopped is None:
            self._progress.note = ""
        self._failed_since = None
        self._pause = 0.0
        entry.state = Outcome.CREATED.value
        entry.answer = {
            "line": entry.line,
            "outcome": entry.state,
            "external_id": entry.external_id,
            "session_id": session.id,
            "session_url": session.url,
            "expires_at": session.expires_at,
            "reconciled": session.reconciled,
        }

    def _failed(self, entry: Entry, error: Error) -> None:
        if error.outcome is Outcome.NOT_EXECUTED:
            self._not_executed(entry, error)
            return
        if isinstance(error, _ACCOUNT_ERRORS):
            self.stop(error.text)
            entry.state = READY
            return
        entry.state = error.outcome.value
        entry.answer = {
            "line": entry.line,
            "outcome": entry.state,
            "external_id": entry.external_id,
            "error": error.cause,
        }
        if isinstance(error, ServiceError):
            self._refused_in_a_row += 1
            if self._refused_in_a_row == _REFUSED_IN_A_ROW:
                self.stop(
                    f"{_REFUSED_IN_A_ROW} consecutive rows were rejected; the last error: {error.text}"
                )
        if error.http_status:
            entry.answer["http_status"] = error.http_status
        if error.field:
            entry.answer["field"] = error.field
        if isinstance(error, DuplicateSessions):
            entry.answer["session_ids"] = list(error.session_ids)
        elif isinstance(error, OutcomeUnknown):
            entry.answer["reconcile_token"] = error.reconcile_token
            self._plan.unknown.append(entry)

    def _not_executed(self, entry: Entry, error: Error) -> None:
        """Send the row again, after a pause if other rows fail too."""
        if self.stopped is None:
            self._progress.note = f"not executed, retrying: {error.cause}"
        entry.state = READY
        self._plan.ready.append(entry)
        now = time.monotonic()
        if self._failed_since is None:
            self._failed_since = now
        elif now - self._failed_since > self._plan.give_up:
            self.stop(f"no row was executed for a long time: {error}")
        if now >= self._pause_until:
            self._pause = min(max(1.0, self._pause * 2), _LONGEST_PAUSE)
            self._pause_until = now + self._pause

    # Searching

    async def _search_all(
        self, entries: Iterable[Entry], search: Callable[[Entry], Awaitable[None]]
    ) -> None:
        waiting = deque(entries)
        while waiting or self._active:
            while waiting and len(self._active) < _MAX_SEARCHES:
                self._begin(search(waiting.popleft()))
            await self._wait()
            ended, self._ended = self._ended, []
            self._journal.write(ended)
            self._report(ended)
            self._progress.update()

    async def _settle(self) -> None:
        """Once no request can still arrive, search for interrupted rows a last time, or send them."""
        left = [entry for entry in self._plan.interrupted if entry.state == SENDING]
        while left and self.stopped is None and time.monotonic() < self._settled:
            wait = self._settled - time.monotonic()
            self._progress.note = f"{len(left)} interrupted rows: next search in {wait:.0f} s"
            self._progress.update()
            await self._wait(min(wait, 1.0))
        self._progress.note = ""
        if self.stopped is not None:
            return
        await self._search_all(left, self._search_settled)
        await self._send_all()

    async def _is_listed(self, entry: Entry) -> Optional[bool]:
        """Return whether a session has this external id; None if the service gave no answer."""
        try:
            return bool(
                (await self._search_client.list_page(external_id=entry.external_id, page_size=1)).sessions
            )
        except DeepIDVError as error:
            if isinstance(error, _ACCOUNT_ERRORS):
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
            self._plan.ready.append(entry)
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

    # Reporting

    def _report(self, ended: Iterable[Entry]) -> None:
        known = [entry for entry in ended if entry.answer is not None and entry.state != UNKNOWN]
        self._output.write(entry.answer for entry in known if entry.answer is not None)
        for entry in known:
            self._progress.counts[entry.state] = self._progress.counts.get(entry.state, 0) + 1
