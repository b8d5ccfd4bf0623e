"""The journal: the state of every row, on disk before and after each step, so a run can be killed safely.

A row without an entry is ``ready``. ``sending`` is committed to disk before the row is submitted, so a
row that may have been sent is always known. The journal stores external ids, session ids and session
URLs; of the applicants' data it stores only a keyed digest.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import sqlite3
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Optional

from .._reconcile_token import reconcile_token

_VERSION: Final = "1"
_TABLES: Final = """
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE rows (
  line        INTEGER PRIMARY KEY,
  digest      BLOB NOT NULL,
  external_id TEXT NOT NULL UNIQUE,
  state       TEXT NOT NULL,    -- ready, sending, unknown, or an outcome
  since       REAL,             -- when it was first submitted, by this machine's clock
  answer      TEXT              -- the line of the output, as JSON
);
CREATE INDEX by_state ON rows (state);
"""

_WRITE: Final = """
INSERT INTO rows VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (line) DO UPDATE SET state =
excluded.state, since = excluded.since, answer = excluded.answer
"""

READY: Final = "ready"
SENDING: Final = "sending"
UNKNOWN: Final = "unknown"
REFUSED: Final = "refused"


class JournalError(Exception):
    """The journal does not match the input or the key, or is in use."""


@dataclass
class Entry:
    """A row of the journal."""

    line: int
    digest: bytes
    external_id: str
    state: str = READY
    since: Optional[float] = None
    answer: Optional[dict[str, Any]] = None

    @property
    def token(self) -> Optional[str]:
        """The token for ``Client.reconcile``; None if the external id is too long to be searched for."""
        # A few seconds earlier, in case the clock was adjusted.
        return reconcile_token(self.external_id, max(0, int(self.since or 0) - 5))


class Journal:
    """A SQLite file that one process at a time can open."""

    def __init__(self, path: str) -> None:
        self.is_new = not os.path.exists(path)
        # It contains session URLs.
        os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))
        self._database = sqlite3.connect(path, isolation_level=None, timeout=0)
        try:
            # The kernel releases the lock when the process ends for any reason.
            self._database.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._database.execute("PRAGMA journal_mode = WAL")
            # A commit survives a power failure.
            self._database.execute("PRAGMA synchronous = FULL")
            self._database.execute("BEGIN EXCLUSIVE")
            if not self._database.execute("SELECT 1 FROM sqlite_master").fetchone():
                self.is_new = True
                for statement in _TABLES.split(";\n"):
                    self._database.execute(statement)
                self._set("version", _VERSION)
                self._set("name", secrets.token_hex(6))
                self._set("salt", secrets.token_hex(16))
            self._database.execute("COMMIT")
        except sqlite3.OperationalError as error:
            self._database.close()
            if "locked" in str(error):
                raise JournalError(f"{path} is in use by another run") from None
            raise JournalError(f"{path}: {error}") from None
        except sqlite3.DatabaseError:
            self._database.close()
            raise JournalError(f"{path} is not a journal") from None
        if self._fact("version") != _VERSION:
            raise JournalError(f"{path} is not a journal of this version")

    def _fact(self, name: str) -> Optional[str]:
        try:
            found = self._database.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        except sqlite3.OperationalError:
            return None
        return None if found is None else str(found[0])

    def _set(self, name: str, value: str) -> None:
        self._database.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))

    @property
    def name(self) -> str:
        """A name that is unique to this journal."""
        return self._fact("name") or ""

    @property
    def salt(self) -> bytes:
        """The key of this journal's digests."""
        return bytes.fromhex(self._fact("salt") or "")

    def check_owner(self, base_url: str, api_key: str, *, other_key: bool) -> None:
        """Check that the service and the account are those of the previous runs."""
        key = hashlib.blake2b(api_key.encode(), digest_size=8, key=self.salt).hexdigest()
        for name, value in (("base_url", base_url), ("key", key)):
            known = self._fact(name)
            if known is None or (name == "key" and other_key):
                self._set(name, value)
            elif known != value and name == "key":
                raise JournalError(
                    "the journal belongs to another API key, and sessions of another account cannot be "
                    "found; if it is the same account, use --other-key"
                )
            elif known != value:
                raise JournalError(f"the journal belongs to {known}")

    def entries(self) -> Iterator[Entry]:
        """Yield all entries."""
        for line, digest, external_id, state, since, answer in self._database.execute(
            "SELECT line, digest, external_id, state, since, answer FROM rows ORDER BY line"
        ):
            fields = None if answer is None else json.loads(answer)
            yield Entry(line, digest, external_id, state, since, fields)

    def write(self, entries: Iterable[Entry]) -> None:
        """Commit these rows to disk, all of them or none."""
        now = time.time()
        values = []
        for entry in entries:
            if entry.state == SENDING and entry.since is None:
                entry.since = now
            answer = None if entry.answer is None else json.dumps(entry.answer)
            values.append((entry.line, entry.digest, entry.external_id, entry.state, entry.since, answer))
        if not values:
            return
        self._database.execute("BEGIN IMMEDIATE")
        self._database.executemany(_WRITE, values)
        self._database.execute("COMMIT")

    def close(self) -> None:
        """Close the journal and release its lock."""
        self._database.close()
