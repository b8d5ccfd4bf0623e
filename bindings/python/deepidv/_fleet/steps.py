"""The statements of a worker: records results, and takes rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select, update

from .._outcome import Outcome
from .result import MAX_UNSETTLED, Result, Taken, changes
from .table import ROWS, SENDING


def record(connection: Connection, results: Sequence[Result], now: float, settle: float) -> None:
    """Record results."""
    # A row can have two results, if it was taken again before the first one was recorded.
    first = {result.id: result for result in reversed(results)}
    if not first:
        return
    # In order, or two workers could wait for each other.
    found = connection.execute(
        select(ROWS).where(ROWS.c.id.in_(first)).order_by(ROWS.c.id).with_for_update()
    )
    _update(
        connection,
        [
            {**row._mapping, "changed": now, **changed}
            for row in found
            if (changed := changes(row, first[row.id], now, settle)) is not None
        ],
    )
    record(connection, [result for result in results if first[result.id] is not result], now, settle)


def _update(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        new = [{f"new_{name}": value for name, value in row.items()} for row in rows]
        connection.execute(_UPDATE, new)


_COLUMNS: Final = [column.name for column in ROWS.columns if column.name != "id"]
_UPDATE: Final = (
    update(ROWS)
    .where(ROWS.c.id == bindparam("new_id"))
    .values({name: bindparam(f"new_{name}") for name in _COLUMNS})
)


def take(
    connection: Connection, count: int, now: float, worker: str, due: float, search_first: bool
) -> list[Taken]:
    """Take rows, which no other worker takes before ``due``."""
    query = select(ROWS).where(ROWS.c.due <= now).order_by(ROWS.c.due, ROWS.c.id).limit(count)
    taken, rows = [], []
    for row in connection.execute(query.with_for_update(skip_locked=True)):
        # Its worker was killed, or stopped for so long that it no longer counts.
        unsettled = row.unsettled + (row.state == SENDING)
        attempt = row.attempt + 1
        values = {
            "state": SENDING,
            "due": due,
            "attempt": attempt,
            "unsettled": unsettled,
            "worker": worker,
        }
        if unsettled >= MAX_UNSETTLED or row.request is None:
            values.update(state=Outcome.UNKNOWN.value, due=None)
        else:
            search = search_first or unsettled > 0
            taken.append(Taken(row.id, row.external_id, row.request, attempt, search))
        rows.append({**row._mapping, "changed": now, **values})
    _update(connection, rows)
    return taken
