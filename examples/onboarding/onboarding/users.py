"""The users, in SQLite."""

from __future__ import annotations

import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Optional

SCHEMA = """
CREATE TABLE IF NOT EXISTS user (
  id TEXT PRIMARY KEY,
  first_name TEXT NOT NULL,
  last_name TEXT NOT NULL,
  email TEXT NOT NULL,
  phone TEXT NOT NULL,
  -- Identifies a verification. Each new verification of a user gets another one.
  external_id TEXT NOT NULL UNIQUE,
  session_id TEXT UNIQUE,
  session_url TEXT,
  -- The status, and the time at which the service set it.
  status TEXT,
  status_time REAL NOT NULL DEFAULT 0,
  -- The time of the next request to the service, to create the session or to retrieve it.
  ask_after REAL NOT NULL DEFAULT 0
) STRICT
"""

# The status of a verification with several sessions, of which a person must choose one.
HELD = "HELD"

# The order of statuses with the same time. All others come later.
_ORDER = ("PENDING", "SUBMITTED")


@dataclass(frozen=True)
class User:
    """A row of the table."""

    id: str
    first_name: str
    last_name: str
    email: str
    phone: str
    external_id: str
    session_id: Optional[str]
    session_url: Optional[str]
    status: Optional[str]
    status_time: float
    ask_after: float


class Users:
    """The table of users. Each method is a transaction, so processes can share the file."""

    def __init__(self, path: str) -> None:
        self._path = path
        with self._connect() as database:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute(SCHEMA)

    @contextmanager
    def _connect(self) -> Iterator[sqlite3.Connection]:
        database = sqlite3.connect(self._path, timeout=10)
        try:
            with database:
                yield database
        finally:
            database.close()

    def add(self, user_id: str, first_name: str, last_name: str, email: str, phone: str) -> bool:
        """Add a user. Return False if there is one with this id: the form was sent twice."""
        row = (user_id, first_name, last_name, email, phone, secrets.token_urlsafe(12))
        with self._connect() as database:
            added = database.execute(
                "INSERT OR IGNORE INTO user (id, first_name, last_name, email, phone, external_id)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                row,
            )
            return added.rowcount == 1

    def get(self, user_id: Optional[str]) -> Optional[User]:
        """Return a user."""
        with self._connect() as database:
            row = database.execute("SELECT * FROM user WHERE id = ?", (user_id,)).fetchone()
        return User(*row) if row else None

    def remove(self, user_id: str) -> None:
        """Remove a user that has no session."""
        with self._connect() as database:
            database.execute("DELETE FROM user WHERE id = ? AND session_id IS NULL", (user_id,))

    def attach(self, external_id: str, session_id: str, url: Optional[str]) -> None:
        """Store the session of a verification. A webhook may have stored it before, without its URL."""
        with self._connect() as database:
            database.execute(
                "UPDATE user SET session_id = :id, session_url = coalesce(:url, session_url),"
                " status = nullif(status, :held)"
                " WHERE external_id = :external_id AND coalesce(session_id, :id) = :id",
                {"external_id": external_id, "id": session_id, "url": url, "held": HELD},
            )

    def update(self, session_id: str, external_id: Optional[str], status: str, status_time: float) -> bool:
        """Store a status, unless a later one is stored. Return whether the row has changed.

        Webhooks, redirects and polling call it: repeatedly, in any order, and maybe before ``attach``.
        """
        rank = _ORDER.index(status) if status in _ORDER else len(_ORDER)
        known = "CASE status WHEN 'PENDING' THEN 0 WHEN 'SUBMITTED' THEN 1 ELSE 2 END"
        with self._connect() as database:
            updated = database.execute(
                "UPDATE user SET session_id = :id, status = :status, status_time = :time"
                " WHERE (session_id = :id OR (session_id IS NULL AND external_id = :external_id))"
                f" AND (status IS NULL OR status_time < :time OR (status_time = :time AND {known} < :rank))",
                {"id": session_id, "external_id": external_id, "status": status, "time": status_time, "rank": rank},
            )
            return updated.rowcount == 1

    def may_ask(self, user: User, pause: float) -> bool:
        """Return whether to send a request for this user now. If so, reserve the next ``pause`` seconds.

        Of several concurrent callers, one gets True.
        """
        now = time.time()
        with self._connect() as database:
            updated = database.execute(
                "UPDATE user SET ask_after = :later WHERE id = :id AND ask_after <= :now",
                {"id": user.id, "now": now, "later": now + pause},
            )
            return updated.rowcount == 1

    def ask_later(self, user: User, seconds: float) -> None:
        """Set the time of the next request to the service."""
        with self._connect() as database:
            database.execute("UPDATE user SET ask_after = ? WHERE id = ?", (time.time() + seconds, user.id))

    def hold(self, user: User) -> None:
        """Mark a verification that has several sessions, unless a webhook has stored one of them."""
        with self._connect() as database:
            database.execute(
                "UPDATE user SET status = ? WHERE id = ? AND external_id = ? AND session_id IS NULL",
                (HELD, user.id, user.external_id),
            )

    def start_again(self, user: User) -> None:
        """Reset a verification that ended without a decision, so that another one can be created."""
        with self._connect() as database:
            database.execute(
                "UPDATE user SET external_id = ?, session_id = NULL, session_url = NULL, status = NULL,"
                " status_time = 0, ask_after = 0 WHERE id = ? AND external_id = ?",
                (secrets.token_urlsafe(12), user.id, user.external_id),
            )
