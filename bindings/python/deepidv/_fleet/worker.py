"""A worker: takes rows from the work list, creates their sessions and records the results."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
from collections.abc import Coroutine
from typing import Any, Callable, Final, Optional, TypeVar

from .. import _abi
from .._async_client import AsyncClient
from .._bulk.answers import ACCOUNT_ERRORS
from .._bulk.pause import Pause
from .._bulk.progress import Progress
from .._bulk.signals import handles_signals
from .._errors import CreatedThoughCancelled, Error, InvalidRequest, ServiceError
from .._outcome import Outcome
from .._request import Request
from .database import DatabaseProblem
from .plan import Plan, now
from .result import Result, Taken, created, failed, not_sent
from .work_list import WorkList

_Answer = TypeVar("_Answer")

INTERRUPTED: Final = "interrupted"
_REFUSED_IN_A_ROW: Final = 50
# Results that come within this time are one transaction.
_TOGETHER: Final = 0.1
# The longest time until a worker without rows asks for some.
_IDLE: Final = 2.0
_POLL: Final = 0.25
_LAST_TRIES: Final = 5
_PROGRESS_EVERY: Final = 5.0
_GIVE_UP_AFTER: Final = 600.0


class Worker:
    """One worker of a work list."""

    def __init__(
        self,
        plan: Plan,
        client: AsyncClient,
        work: WorkList,
        progress: Progress,
        quota_over: Callable[[], bool] = lambda: False,
    ) -> None:
        self.reasons: list[str] = []
        """Why it has stopped."""
        self.created = 0
        self.unsaved: list[Result] = []
        """Results that are not in the database yet."""
        self._plan = plan
        self._client = client
        self._work = work
        self._progress = progress
        # Whether the requests of this day are used up.
        self._quota_over = quota_over
        self._wakeup = asyncio.Event()
        self._active: set[asyncio.Task[None]] = set()
        self._pause = Pause()
        self._taken = 0
        self._refused_in_a_row = 0
        self._empty_until = 0.0
        self._checked = 0.0
        self._shown = 0.0
        self._failing_since: Optional[float] = None

    @property
    def stopped(self) -> Optional[str]:
        """Why it has stopped at first."""
        return self.reasons[0] if self.reasons else None

    def stop(self, why: str) -> None:
        """Take no more rows."""
        if why not in self.reasons:
            self.reasons.append(why)

    async def go(self) -> None:
        """Work until all rows are finished, of all workers, or until something stops this one."""
        with handles_signals(self._interrupt):
            while True:
                if self.stopped is not None and not self._active:
                    break
                taken = await self._step()
                if not taken and not self._active and await self._is_finished():
                    break
                await self._wait(_POLL)
                if self.unsaved and self._active:
                    await asyncio.sleep(_TOGETHER)
            await self._save_last()

    def _interrupt(self) -> None:
        if self.stopped is None:
            self.stop(INTERRUPTED)
            self._progress.note = "finishing rows in flight; press Ctrl-C again to cancel them"
        else:
            # Rows that were sent become unknown, and are searched for.
            self._client._close()
        self._wakeup.set()

    async def _wait(self, seconds: float) -> None:
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._wakeup.wait(), seconds)
        self._wakeup.clear()

    # The work list

    def _room(self) -> int:
        if self.stopped is not None or self._pause.is_on or self._failing_since is not None:
            return 0
        if now() < self._empty_until:
            return 0
        if self._quota_over():
            self._progress.note = "the daily quota is used up: waiting for the next day"
            return 0
        room = self._plan.in_flight - len(self._active)
        if self._plan.limit is not None:
            room = min(room, self._plan.limit - self._taken)
        return max(0, room)

    async def _step(self) -> int:
        """Record results, take rows and submit them. Return how many."""
        await self._show()
        plan, results, count = self._plan, self.unsaved, self._room()
        if not results and not count:
            return 0
        self.unsaved = []
        # Before the database gives the lease, so that it ends here no later than there.
        since = now()
        taken = await self._ask(
            lambda: self._work.step(
                results,
                count,
                worker=plan.worker,
                lease=plan.lease,
                settle=plan.settle,
                search_first=plan.search_first,
            )
        )
        if taken is None:
            self.unsaved = results + self.unsaved
            return 0
        self._taken += len(taken)
        if len(taken) < count:
            # Other workers have the rest, or it is due later.
            self._empty_until = now() + _IDLE * random.uniform(0.5, 1)
        for row in taken:
            self._begin(self._send(row, since))
        if plan.limit is not None and self._taken >= plan.limit:
            self.stop("--limit reached")
        return len(taken)

    async def _ask(self, question: Callable[[], _Answer]) -> Optional[_Answer]:
        """Ask the database, beside the event loop. Return None if it fails: it may come back."""
        try:
            answer = await asyncio.get_running_loop().run_in_executor(None, question)
        except DatabaseProblem as problem:
            if self._failing_since is None:
                self._failing_since = now()
            elif now() - self._failing_since > _GIVE_UP_AFTER:
                self.stop(f"the database has failed for a long time: {problem}")
            self._progress.note = f"the database fails, retrying: {problem}"
            return None
        if self._failing_since is not None:
            self._failing_since = None
            self._progress.note = ""
        return answer

    async def _is_finished(self) -> bool:
        """Return whether no row is left, also none of another worker."""
        if self.unsaved or self._plan.follow or self.stopped is not None or now() < self._checked + _IDLE:
            return False
        self._checked = now()
        asked = await self._ask(lambda: (self._work.next_due(),))
        return asked == (None,)

    async def _show(self) -> None:
        """Show the progress of all workers."""
        if now() - self._shown < _PROGRESS_EVERY:
            return
        self._shown = now()
        status = await self._ask(self._work.status)
        if status is not None:
            self._progress.total = status.total
            self._progress.counts.clear()
            self._progress.counts.update(status.finished)
            self._progress.update()

    async def _save_last(self) -> None:
        for _ in range(_LAST_TRIES):
            await self._step()
            if not self.unsaved:
                return
            await asyncio.sleep(1)
        self.stop(
            f"{len(self.unsaved)} results could not be recorded; other workers search for their sessions"
        )

    # Sending

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._active.add(task)
        task.add_done_callback(self._end)

    def _end(self, task: asyncio.Task[None]) -> None:
        self._active.discard(task)
        broken = task.exception()
        if broken is not None:
            # Its row stays recorded as one that may have been sent. Not its text, which may contain data.
            self.stop(f"internal error, please report it: {type(broken).__name__}")
        self._wakeup.set()

    async def _send(self, row: Taken, since: float) -> None:
        try:
            request = _request(row)
        except InvalidRequest as error:
            self.unsaved.append(failed(row, error))
            return
        # This process may have been stopped meanwhile, and another worker have the row by now. Nothing may
        # come between this check and the submission, from which on the client's timeout counts.
        if self.stopped is not None or now() - since > self._plan.margin:
            request.end()
            self.unsaved.append(not_sent(row))
            return
        try:
            result = created(row, await self._client._submit(request))
        except CreatedThoughCancelled as error:
            result = created(row, error.session)
        except Error as error:
            result = self._failed(row, error)
        if result.outcome == Outcome.CREATED.value:
            self.created += 1
            self._refused_in_a_row = 0
            self._pause.row_executed()
        self.unsaved.append(result)

    def _failed(self, row: Taken, error: Error) -> Result:
        if isinstance(error, ACCOUNT_ERRORS):
            self.stop(error.text)
            return not_sent(row)
        if error.outcome is Outcome.NOT_EXECUTED:
            if self._quota_over():
                return failed(row, error)
            if self.stopped is None:
                self._progress.note = f"not executed, retrying: {error.cause}"
            if self._pause.row_failed():
                self.stop(f"no row was executed for a long time: {error}")
        elif isinstance(error, ServiceError):
            self._refused_in_a_row += 1
            if self._refused_in_a_row == _REFUSED_IN_A_ROW:
                self.stop(
                    f"{_REFUSED_IN_A_ROW} consecutive rows were refused; the last error: {error.text}"
                )
        return failed(row, error)


def _request(row: Taken) -> Request:
    """Create the request. A row that was not added by this package may be anything."""
    try:
        fields = json.loads(row.request)
        return Request.of_mapping({**fields, "external_id": row.external_id}, row.search_first)
    except (ValueError, TypeError, RecursionError) as error:
        if isinstance(error, InvalidRequest):
            raise
    raise InvalidRequest(_abi.DEEPIDV_E_JSON)
