"""The journal: the state of every row, on disk before and after each step, so a run can be killed safely.

A row without an entry is ``ready``. ``sending`` is committed to disk before the row is submitted, so a
row that may have been sent is always known. The journal stores external ids, session ids and session
URLs; of the applicants' data it stores only a keyed digest.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import sqlite3
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Optional

from .. import _private_file
from .._reconcile_token import reconcile_token
from .rows import Row

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
_READ: Final = """
SELECT line, digest, external_id, state, since, answer FROM rows
WHERE state = ? AND line > ? ORDER BY line LIMIT 200
"""
_WRONG_TYPES: Final = """
SELECT 1 FROM rows WHERE typeof(digest) != 'blob' OR typeof(external_id) != 'text'
OR typeof(state) != 'text' OR typeof(since) NOT IN ('null', 'real', 'integer')
OR typeof(answer) NOT IN ('null', 'text')
"""

READY: Final = "ready"
SENDING: Final = "sending"
UNKNOWN: Final = "unknown"
REFUSED: Final = "refused"


class JournalError(Exception):
    """The journal does not match the input or the key, is in use, damaged or cannot be written."""


@dataclass
class Entry:
    """A row of the journal."""

    line: int
    digest: bytes
    external_id: str
    state: str = READY
    since: Optional[float] = None
    answer: Optional[dict[str, Any]] = None
    row: Optional[Row] = None
    """What to send, while it is sent."""

    @property
    def token(self) -> Optional[str]:
        """The token for ``Client.reconcile``; None if the external id is too long to be searched for."""
        # A few seconds earlier, in case the clock was adjusted.
        return reconcile_token(self.external_id, max(0, int(self.since or 0) - 5))


class Journal:
    """A SQLite file that one process at a time can open."""

    def __init__(self, path: str) -> None:
        """Open the journal, or create it. Nothing is written to a file that is not a journal."""
        self.path = path
        self.is_new = not _private_file.exists(path)
        if self.is_new:
            # It contains session URLs.
            os.close(_private_file.create(path))
        with self.errors():
            self.database = sqlite3.connect(path, isolation_level=None, timeout=0)
        try:
            file = os.stat(path)
            with self.errors():
                self._open()
            # Another run may have deleted it before this one locked it: see `discard`.
            if not (os.path.exists(path) and os.path.samestat(file, os.stat(path))):
                raise JournalError(f"{path} is in use by another run")
        except BaseException:
            self.close()
            raise

    def _open(self) -> None:
        # The kernel releases the lock when the process ends for any reason.
        self.database.execute("PRAGMA locking_mode = EXCLUSIVE")
        self.database.execute("BEGIN EXCLUSIVE")
        if not self.database.execute("SELECT 1 FROM sqlite_master").fetchone():
            self.is_new = True
            for statement in _TABLES.split(";\n"):
                self.database.execute(statement)
            self._set("version", _VERSION)
            self._set("name", secrets.token_hex(6))
            self._set("salt", secrets.token_hex(16))
        known = self._fact("version")
        self.database.execute("COMMIT")
        if known != _VERSION:
            raise JournalError(f"{self.path} is not a journal of this version")
        is_sound = self.database.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
        if not is_sound or self.database.execute(_WRONG_TYPES).fetchone() or len(self.salt) != 16:
            raise self._damaged()
        self.database.execute("PRAGMA journal_mode = WAL")
        # A commit survives a power failure.
        self.database.execute("PRAGMA synchronous = FULL")

    @contextlib.contextmanager
    def errors(self) -> Iterator[None]:
        """Turn SQLite's exceptions into JournalError, which says what is safe."""
        try:
            yield
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise JournalError(f"{self.path} is in use by another run") from None
            if str(error).startswith("no such"):
                raise JournalError(f"{self.path} is not a journal") from None
            raise JournalError(f"{self.path}: {error}") from None
        except (sqlite3.Error, ValueError, TypeError):
            # A value has another type or form than a journal's.
            raise self._damaged() from None

    def _damaged(self) -> JournalError:
        return JournalError(f"{self.path} is damaged or not a journal, {lost_journal(self.path)}")

    def _fact(self, name: str) -> Optional[str]:
        found = self.database.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return None if found is None else str(found[0])

    def _set(self, name: str, value: str) -> None:
        self.database.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))

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
        content = api_key.encode("utf-8", "surrogateescape")
        key = hashlib.blake2b(content, digest_size=8, key=self.salt).hexdigest()
        for name, value in (("base_url", base_url), ("key", key)):
            with self.errors():
                known = self._fact(name)
                if known is None or (name == "key" and other_key):
                    self._set(name, value)
                    continue
            if known != value and name == "key":
                raise JournalError(
                    "the journal belongs to another API key, and sessions of another account cannot be "
                    "found; if it is the same account, use --other-key"
                )
            if known != value:
                raise JournalError(f"the journal belongs to {known or 'the default service'}")

    def keep_search_first(self, wanted: bool) -> bool:
        """Return whether rows are searched for before they are sent: once wanted, in all later runs too."""
        with self.errors():
            if wanted:
                self._set("search_first", "1")
            return wanted or self._fact("search_first") == "1"

    def was_sent(self, line: int) -> bool:
        """Return whether the row of this line may have been sent."""
        found = self.database.execute("SELECT state FROM rows WHERE line = ?", (line,)).fetchone()
        return found is not None and found[0] != READY

    def entries(self, *states: str) -> Iterator[Entry]:
        """Yield the entries in these states. Those that were yielded may change meanwhile."""
        for state in states:
            last = -1
            while True:
                with self.errors():
                    page = [_entry(*row) for row in self.database.execute(_READ, (state, last))]
                if not page:
                    break
                yield from page
                last = page[-1].line

    def answers(self) -> Iterator[dict[str, Any]]:
        """Yield the lines of the output for all finished rows."""
        with self.errors():
            for (answer,) in self.database.execute(
                "SELECT answer FROM rows WHERE answer IS NOT NULL AND state NOT IN (?, ?, ?) ORDER BY line",
                (READY, SENDING, UNKNOWN),
            ):
                yield _answer(answer)

    def counts(self) -> dict[str, int]:
        """Return the number of rows in each state."""
        with self.errors():
            return dict(self.database.execute("SELECT state, count(*) FROM rows GROUP BY state"))

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
        with self.errors():
            try:
                self.database.execute("BEGIN IMMEDIATE")
                self.database.executemany(_WRITE, values)
                self.database.execute("COMMIT")
            finally:
                if self.database.in_transaction:
                    self.database.execute("ROLLBACK")

    def close(self) -> None:
        """Close the journal and release its lock."""
        with contextlib.suppress(sqlite3.Error):
            self.database.close()

    def discard(self) -> None:
        """Close a journal, and delete it if it is new and nothing was sent."""
        with contextlib.suppress(sqlite3.Error, OSError):
            if self.is_new and self.database.execute("SELECT 1 FROM rows").fetchone() is None:
                # While it is locked: the next run would keep its rows in a file without a name. Without
                # a WAL, closing deletes no other file, which could be the next run's.
                self.database.execute("PRAGMA journal_mode = DELETE")
                os.unlink(self.path)
        self.close()


def lost_journal(path: str) -> str:
    """Return what is unknown without a journal, and what to do."""
    return (
        f"so it is unknown which rows were sent. Restore {path} if you can. Another output sends all rows "
        "again, unless you add --search-first, which looks for each row by its external id before it is "
        "sent, and rejects rows that have no external id"
    )


def _entry(
    line: int, digest: bytes, external_id: str, state: str, since: Optional[float], answer: Optional[str]
) -> Entry:
    if since is not None and not 0 <= since < 1e12:
        raise ValueError
    return Entry(line, digest, external_id, state, since, None if answer is None else _answer(answer))


def _answer(text: str) -> dict[str, Any]:
    answer = json.loads(text)
    if not isinstance(answer, dict):
        raise TypeError
    return answer
