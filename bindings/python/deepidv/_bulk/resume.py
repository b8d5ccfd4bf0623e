"""Compares the input with the journal of previous runs."""

from __future__ import annotations

import sqlite3
from typing import Final, Optional

from .journal import READY, REFUSED, JournalError

# Rows that were not executed may change and disappear: they can be sent as they are now.
_EXECUTED: Final = f"rows.state NOT IN ('{READY}', '{REFUSED}')"
_LOST: Final = f"""
SELECT min(rows.line), problems.line FROM rows LEFT JOIN temp.input USING (line)
LEFT JOIN temp.problems ON problems.line = rows.line
WHERE input.line IS NULL AND {_EXECUTED}
"""
_CHANGED: Final = f"""
SELECT min(line) FROM rows JOIN temp.input USING (line)
WHERE input.digest != rows.digest AND {_EXECUTED}
"""
_MOVED: Final = f"""
SELECT min(input.line), rows.line FROM temp.input JOIN rows USING (external_id)
WHERE input.line != rows.line AND {_EXECUTED}
"""
_FORGET: Final = f"""
DELETE FROM rows WHERE state = '{READY}' OR state = '{REFUSED}' AND (? OR NOT EXISTS (
  SELECT 1 FROM temp.input WHERE input.line = rows.line AND input.digest = rows.digest
))
"""


def resume(database: sqlite3.Connection, *, retry_refused: bool) -> None:
    """Check that the rows that were sent are unchanged, and forget those to be sent as if they were new."""
    changed = _first(database, _CHANGED)
    if changed is not None:
        raise JournalError(
            f"line {changed[0]} has changed since it was sent: restore it, and add rows only at the end. "
            "Another output would send all rows again"
        )
    moved = _first(database, _MOVED)
    if moved is not None:
        raise JournalError(
            f"line {moved[0]}: a row with this external_id was already sent, from line {moved[1]}"
        )
    lost = _first(database, _LOST)
    if lost is not None:
        what = "is no longer in the input" if lost[1] is None else "is now invalid"
        raise JournalError(
            f"line {lost[0]} was sent, but {what}: restore it, and add rows only at the end. Another "
            "output would send all rows again"
        )
    database.execute(_FORGET, (retry_refused,))


def _first(database: sqlite3.Connection, query: str) -> Optional[tuple[int, Optional[int]]]:
    found = database.execute(query).fetchone()
    return None if found is None or found[0] is None else (found[0], found[-1])
