"""Connects to the database of a work list: PostgreSQL or SQLite."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import urllib.parse
from collections.abc import Iterator
from typing import Any, Callable, Final, Optional

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from .. import _private_file
from .._input import InputError

# Only the database's clock counts, since those of the workers differ. A commit survives a crash of the
# server, which would otherwise forget that a row was sent. A worker that is stopped inside a transaction
# loses its locks. So does one whose network is gone: while the server waits for the rest of a batch, only
# keepalives end the connection, by default after two hours.
_BEGIN_POSTGRESQL: Final = text(
    "SELECT extract(epoch FROM clock_timestamp())::float8,"
    " set_config('synchronous_commit', 'on', true), set_config('statement_timeout', '30s', true),"
    " set_config('idle_in_transaction_session_timeout', '30s', true),"
    " set_config('tcp_keepalives_idle', '10', true), set_config('tcp_keepalives_interval', '5', true),"
    " set_config('tcp_keepalives_count', '2', true)"
)
_BEGIN_SQLITE: Final = text("SELECT (julianday('now') - 2440587.5) * 86400.0")
# A server that has disappeared is noticed within 20 seconds.
_CONNECT_POSTGRESQL: Final = {
    "connect_timeout": 10,
    "tcp_user_timeout": 20_000,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    # Poolers such as PgBouncer give each transaction another connection.
    "prepare_threshold": None,
}


class DatabaseProblem(Exception):
    """The database has failed. The text contains no data of a row."""


@contextlib.contextmanager
def problems() -> Iterator[None]:
    """Turn SQLAlchemy's exceptions into DatabaseProblem: their texts may contain rows."""
    try:
        yield
    except SQLAlchemyError as error:
        raise DatabaseProblem(_words(error)) from None


def connect(given: str) -> Engine:
    """Return an engine for the database of a work list, and check that it can be used."""
    url = _url(given)
    if url.drivername not in ("postgresql+psycopg", "sqlite"):
        raise InputError(f"the database must be postgresql or sqlite, not {url.drivername}")
    sqlite = url.get_backend_name() == "sqlite"
    if sqlite:
        _prepare_file(url.database)
        options: dict[str, Any] = {"connect_args": {"timeout": 30}}
    else:
        options = {
            "isolation_level": "READ COMMITTED",
            "connect_args": _CONNECT_POSTGRESQL,
            "pool_pre_ping": True,
        }
    return _engine(url, _listen if sqlite else None, pool_size=1, max_overflow=4, **options)


def source(given: str) -> Engine:
    """Return an engine for a database that is only read, of any kind that SQLAlchemy knows."""
    url = _url(given)
    if url.get_backend_name() == "sqlite" and url.database and not url.database.startswith("file:"):
        # Otherwise SQLite would create a file that is missing.
        path = urllib.parse.quote(url.database)
        url = url.set(database=f"file:{path}").update_query_dict({"mode": "ro", "uri": "true"})
    return _engine(url)


def _engine(url: URL, prepare: Optional[Callable[[Engine], None]] = None, **options: Any) -> Engine:
    """Create an engine, and check that it can be used."""
    try:
        engine = create_engine(url, hide_parameters=True, **options)
        if prepare is not None:
            prepare(engine)
        with engine.connect():
            pass
    except (NoSuchModuleError, ImportError):
        why = f"no driver for {url.drivername} is installed; the extra 'fleet' installs psycopg 3"
    except DBAPIError as error:
        # Of the connection: it names the server, and has neither a password nor a row.
        why = next(iter(str(error.orig).strip().splitlines()), "") or _words(error)
    except SQLAlchemyError as error:
        why = _words(error)
    else:
        return engine
    raise InputError(f"the database: {why}")


def begin(connection: Connection) -> float:
    """Prepare a transaction, and return the time of the database's clock in seconds."""
    sqlite = connection.dialect.name == "sqlite"
    return float(connection.execute(_BEGIN_SQLITE if sqlite else _BEGIN_POSTGRESQL).one()[0])


def _url(given: str) -> URL:
    try:
        url = make_url(given)
    except ArgumentError:
        raise InputError("the database's URL is not one of SQLAlchemy's") from None
    if url.drivername in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    return url


def _prepare_file(path: Optional[str]) -> None:
    """Create the file of SQLite if it is missing. It contains session URLs and personal data."""
    if not path or path == ":memory:" or path.startswith("file:"):
        raise InputError("the URL of SQLite needs the name of a file: sqlite:///work.db")
    if not _private_file.exists(path):
        os.close(_private_file.create(path))


def _listen(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def connected(connection: sqlite3.Connection, _: object) -> None:
        # SQLAlchemy begins the transactions, as below.
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        # Without IMMEDIATE, a transaction that reads first cannot wait for the lock to write.
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _words(error: SQLAlchemyError) -> str:
    """Return the kind of an error. Its text may contain a row."""
    words = type(error).__name__
    cause = getattr(error, "orig", None)
    code = getattr(cause, "sqlstate", None) or getattr(cause, "sqlite_errorname", None)
    return f"{words} ({code})" if code else words
