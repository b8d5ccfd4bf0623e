"""Checks all rows before any is sent, and remembers them in a temporary database, not in memory."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any, Callable, Final, Optional

from .. import _abi
from .._input import InputError
from .rows import Problem, Row

# Temporary tables are in a file without a name, which the system deletes. They contain no applicants' data.
_TABLES: Final = """
PRAGMA temp_store = FILE;
PRAGMA temp.cache_size = -8000;
CREATE TEMP TABLE input (
  line        INTEGER PRIMARY KEY,
  digest      BLOB NOT NULL,
  external_id TEXT NOT NULL UNIQUE,
  identity    BLOB                   -- of a row without an external id of its own
);
CREATE INDEX temp.by_identity ON input (identity) WHERE identity IS NOT NULL;
CREATE TEMP TABLE problems (line INTEGER PRIMARY KEY, answer TEXT NOT NULL);
"""


class Scan:
    """The rows of the input: a digest of each valid one, and what is wrong with the others."""

    def __init__(self, database: sqlite3.Connection, salt: bytes, name: str) -> None:
        """Use this database for the temporary tables. ``name`` is a part of generated external ids."""
        self.valid = 0
        self.invalid = 0
        self._database = database
        self._salt = salt
        self._name = name
        for statement in _TABLES.split(";\n"):
            database.execute(statement)

    @property
    def total(self) -> int:
        """The number of rows."""
        return self.valid + self.invalid

    def read(
        self,
        rows: Iterable[Row],
        *,
        allow_duplicates: bool = False,
        without_external_id: Optional[str] = None,
        was_sent: Callable[[int], bool] = lambda line: False,
    ) -> None:
        """Check all rows.

        :param allow_duplicates: Accept rows that are identical and have no external id.
        :param without_external_id: Refuse rows without an external id, with this message.
        :param was_sent: Whether the row of a line was sent before; it is then no duplicate.
        """
        self._database.execute("BEGIN")
        for row in rows:
            problem = row.problem
            if problem is None and without_external_id is not None and not row.external_id:
                problem = Problem.of_status(_abi.DEEPIDV_E_REQUIRED, "external_id", without_external_id)
            if problem is None:
                problem = self._add(row, allow_duplicates, was_sent)
            if problem is None:
                self.valid += 1
            else:
                self.invalid += 1
                answer = json.dumps(row.invalid(problem).answer())
                self._database.execute("INSERT INTO temp.problems VALUES (?, ?)", (row.line, answer))
        self._database.execute("COMMIT")

    def _add(self, row: Row, allow_duplicates: bool, was_sent: Callable[[int], bool]) -> Optional[Problem]:
        external_id = row.external_id
        identity = None if external_id else row.identity(self._salt)
        if identity is not None and not allow_duplicates:
            same = self._find("identity = ?", identity)
            if same is not None and not was_sent(row.line):
                words = (
                    f"it is the same as line {same} and has no external id; --allow-duplicates sends both"
                )
                return Problem("identical", words)
        known = external_id or f"bulk-{self._name}-{row.line}"
        try:
            self._database.execute(
                "INSERT INTO temp.input VALUES (?, ?, ?, ?)",
                (row.line, row.digest(self._salt), known, identity),
            )
        except sqlite3.IntegrityError:
            same = self._find("external_id = ?", known)
            return Problem("duplicate", f"line {same} has the same one", "external_id")
        return None

    def _find(self, condition: str, *values: Any) -> Optional[int]:
        found = self._database.execute(f"SELECT line FROM temp.input WHERE {condition}", values).fetchone()
        return None if found is None else int(found[0])

    def checked(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Yield these rows with what is wrong with them, when they are read a second time."""
        for row in rows:
            query = "SELECT answer FROM temp.problems WHERE line = ?"
            found = self._database.execute(query, (row.line,)).fetchone()
            if found is not None:
                answer = json.loads(found[0])
                problem = Problem(answer["error"], answer["message"], answer.get("field"))
                yield row if row.problem is not None else row.invalid(problem)
            elif self._find("line = ? AND digest = ?", row.line, row.digest(self._salt)) is None:
                raise InputError("the input was changed during the run")
            else:
                yield row

    def problems(self) -> Iterator[dict[str, Any]]:
        """Yield the answers for invalid rows, in order."""
        for (answer,) in self._database.execute("SELECT answer FROM temp.problems ORDER BY line"):
            yield json.loads(answer)
