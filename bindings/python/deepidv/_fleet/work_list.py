"""The work list: rows to be sent, their sessions and errors, in a database that all workers share."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Optional, Union

from sqlalchemy import Connection, func, inspect, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from .._bulk.rows import Row
from .._input import InputError
from .._outcome import Outcome
from .checks import can_be_stored, invalid_row, problem_of, ready_row
from .database import begin, connect, problems
from .result import Result, Taken
from .steps import record, take
from .table import FACTS, METADATA, READY, ROWS, SENDING, VERSION

_ADDED_AT_ONCE: Final = 500
_REPLACED: Final = ("state", "request", "due", "error", "message", "field")
# A row in one of these states was not executed: a new version of it may be sent.
_REPLACEABLE: Final = (READY, Outcome.REFUSED.value, Outcome.INVALID.value)


@dataclass
class Added:
    """What has become of the rows that were added."""

    added: int = 0
    """Rows that are now to be sent: new ones, and those that replace a row that was not executed."""
    known: int = 0
    """Rows that were already sent, or are identical to a row that is to be sent."""
    invalid: int = 0
    """Rows that the library rejects."""


@dataclass(frozen=True)
class Status:
    """The state of the whole list."""

    counts: Mapping[str, int]
    """The number of rows in each state."""
    workers: int
    """The number of workers that have rows in flight."""
    open: int
    """The number of rows that are not finished."""

    @property
    def total(self) -> int:
        """The number of rows."""
        return sum(self.counts.values())

    @property
    def finished(self) -> dict[str, int]:
        """The number of finished rows of each outcome."""
        states = (READY, SENDING)
        counts = {state: count for state, count in self.counts.items() if state not in states}
        # Some unknown rows are still to be searched for.
        waiting = self.open - sum(self.counts.get(state, 0) for state in states)
        counts[Outcome.UNKNOWN.value] = counts.get(Outcome.UNKNOWN.value, 0) - waiting
        return {state: count for state, count in counts.items() if count > 0}


class WorkList:
    """A list of rows in PostgreSQL or SQLite, from which workers on many machines create sessions.

    ::

        work = WorkList("postgresql://jobs.example.com/verifications")
        work.add([{"first_name": "Ada", ..., "external_id": "order-1042"}])

    Needs the extra ``fleet`` of this package. Objects of this class may be used by several threads.

    :param url: The URL of the database, as SQLAlchemy reads it.
    """

    def __init__(self, url: str) -> None:
        self._engine = connect(url)
        with problems():
            self._create_tables()

    def _create_tables(self) -> None:
        try:
            METADATA.create_all(self._engine)
        except SQLAlchemyError:
            # Another process has created them at the same moment, or this role may not, and need not.
            if not all(inspect(self._engine).has_table(table.name) for table in METADATA.sorted_tables):
                raise
        if self._fact("version", VERSION) != VERSION:
            raise InputError("the database has a work list of another version")

    def _fact(self, name: str, value: str, *, replace: bool = False) -> str:
        """Store a fact unless it is known, and return what is known."""
        with self._engine.begin() as connection:
            begin(connection)
            known = connection.scalar(select(FACTS.c.value).where(FACTS.c.name == name))
            if known is not None and not replace:
                return str(known)
            stored = _insert(connection, FACTS).values(name=name, value=value)
            if replace:
                connection.execute(
                    stored.on_conflict_do_update(index_elements=["name"], set_={"value": value})
                )
            else:
                connection.execute(stored.on_conflict_do_nothing())
            return str(connection.scalar(select(FACTS.c.value).where(FACTS.c.name == name)))

    def check_owner(self, base_url: str, api_key: str, *, other_key: bool) -> None:
        """Check that the service and the account are those of the other workers."""
        with problems():
            salt = bytes.fromhex(self._fact("salt", secrets.token_hex(16)))
            content = api_key.encode("utf-8", "surrogateescape")
            key = hashlib.blake2b(content, digest_size=8, key=salt).hexdigest()
            service = self._fact("base_url", base_url)
            known = self._fact("key", key, replace=other_key)
        if service != base_url:
            raise InputError(f"the work list belongs to {service or 'the default service'}")
        if known != key:
            raise InputError(
                "the work list belongs to another API key, and sessions of another account cannot be "
                "found; if it is the same account, use --other-key"
            )

    # Adding

    def add(self, rows: Iterable[Mapping[str, Any]]) -> Added:
        """Add rows, in snake_case or camelCase. When it returns, they are stored.

        Each needs an ``external_id``. Adding a row again does nothing if it was sent or is unchanged; it
        replaces a row that was not executed. So a consumer of a queue adds a message, and then acknowledges
        it.
        """
        return self.add_rows(Row(number, fields) for number, fields in enumerate(rows, 1))

    def add_rows(self, rows: Iterable[Row]) -> Added:
        """Add rows; those with a problem are stored as invalid, if they have an external id."""
        added = Added()
        chunk: dict[str, dict[str, Any]] = {}
        for row in rows:
            problem = row.problem or problem_of(row)
            external_id = row.external_id
            added.invalid += problem is not None
            if external_id is None or (problem is not None and not can_be_stored(external_id)):
                continue
            if external_id in chunk or len(chunk) == _ADDED_AT_ONCE:
                self._add(chunk, added)
                chunk = {}
            chunk[external_id] = invalid_row(problem) if problem is not None else ready_row(row)
        self._add(chunk, added)
        return added

    def _add(self, chunk: Mapping[str, Mapping[str, Any]], added: Added) -> None:
        if not chunk:
            return
        with problems(), self._engine.begin() as connection:
            now = begin(connection)
            known = select(ROWS.c.external_id, ROWS.c.state, ROWS.c.request).where(
                ROWS.c.external_id.in_(chunk)
            )
            before = {row.external_id: row for row in connection.execute(known)}
            values_of_rows = []
            # In order, or two processes could wait for each other.
            for external_id, values in sorted(chunk.items()):
                valid = values["state"] == READY
                row = before.get(external_id)
                if row is not None and (
                    row.state not in _REPLACEABLE
                    or (row.state, row.request) == (values["state"], values["request"])
                ):
                    added.known += valid
                    continue
                added.added += valid
                values_of_rows.append({**values, "external_id": external_id, "due": now if valid else None})
            if values_of_rows:
                # A worker may take a row just now, which is then not replaced.
                first = {"attempt": 0, "unsettled": 0, "changed": now}
                stored = _insert(connection, ROWS)
                replaced = {name: stored.excluded[name] for name in ("changed", *_REPLACED)}
                stored = stored.on_conflict_do_update(
                    index_elements=["external_id"],
                    set_=replaced,
                    where=or_(*(ROWS.c.state == state for state in _REPLACEABLE)),
                )
                connection.execute(stored, [{**first, **values} for values in values_of_rows])

    # Working

    def step(
        self,
        results: Sequence[Result],
        count: int,
        *,
        worker: str,
        lease: float,
        settle: float,
        search_first: bool,
    ) -> list[Taken]:
        """Record results, and take up to ``count`` rows, in one transaction.

        :param lease: Seconds until no attempt with these rows sends anything any more.
        :param settle: Seconds after that until no request of them can still arrive.
        """
        with problems(), self._engine.begin() as connection:
            now = begin(connection)
            record(connection, results, now, settle)
            if not count:
                return []
            return take(connection, count, now, worker, now + lease + settle, search_first)

    def next_due(self) -> Optional[float]:
        """Return the seconds until a row can be taken, or None if all rows are finished."""
        with problems(), self._engine.begin() as connection:
            now = begin(connection)
            due = connection.scalar(select(func.min(ROWS.c.due)))
        return None if due is None else max(0.0, due - now)

    def status(self) -> Status:
        """Return the number of rows in each state, and of workers."""
        with problems(), self._engine.begin() as connection:
            begin(connection)
            counts = connection.execute(select(ROWS.c.state, func.count()).group_by(ROWS.c.state))
            known = {str(state): int(count) for state, count in counts}
            busy = select(func.count(ROWS.c.worker.distinct())).where(ROWS.c.state == SENDING)
            workers = connection.scalar(busy) or 0
            left = connection.scalar(select(func.count()).where(ROWS.c.due.is_not(None))) or 0
        return Status(known, workers, left)

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()


def _insert(connection: Connection, table: Any) -> Union[postgresql.Insert, sqlite.Insert]:
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)
