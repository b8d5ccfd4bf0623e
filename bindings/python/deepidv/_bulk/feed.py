"""The rows to be sent, read from the input in its order and a few at a time."""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Generator
from typing import Final

from .._input import InputError
from .journal import READY, Entry
from .rows import Row

_NEXT: Final = f"""
SELECT input.line, input.digest, coalesce(rows.external_id, input.external_id)
FROM temp.input LEFT JOIN rows USING (line)
WHERE input.line > ? AND (rows.line IS NULL OR rows.state = '{READY}') ORDER BY input.line LIMIT 500
"""
# Other work of the event loop gets its turn after so many lines.
_LINES_AT_ONCE: Final = 500


class Feed:
    """Reads the input a second time. A row that was sent meanwhile is not read again."""

    def __init__(self, database: sqlite3.Connection, rows: Generator[Row, None, None], salt: bytes) -> None:
        self._database = database
        self._rows = rows
        self._salt = salt
        self._last = -1
        self._next: deque[Entry] = deque()
        self._read_next()

    @property
    def ended(self) -> bool:
        """Whether no row is left."""
        return not self._next

    def take(self, count: int) -> list[Entry]:
        """Return up to this many rows; fewer if the next one is further down the file."""
        taken: list[Entry] = []
        for _ in range(_LINES_AT_ONCE):
            if len(taken) >= count or not self._next:
                break
            entry = self._next[0]
            row = next(self._rows, None)
            if row is not None and row.line < entry.line:
                continue
            if row is None or row.line != entry.line or row.digest(self._salt) != entry.digest:
                raise InputError("the input was changed during the run")
            entry.row = row
            taken.append(self._next.popleft())
            if not self._next:
                self._read_next()
        return taken

    def close(self) -> None:
        """Stop reading."""
        self._rows.close()

    def _read_next(self) -> None:
        for line, digest, external_id in self._database.execute(_NEXT, (self._last,)):
            self._next.append(Entry(line, digest, external_id))
            self._last = line
