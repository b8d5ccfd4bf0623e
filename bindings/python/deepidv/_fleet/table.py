"""The tables of a work list.

A row is open while it has a time in ``due``: from then on, by the database's clock, a worker may take it.
``sending`` is committed before the row is submitted, so a row that may have been sent is always known, and
its ``due`` is then so late that no request of that attempt can still arrive.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
)

VERSION: Final = "1"

READY: Final = "ready"
SENDING: Final = "sending"

METADATA: Final = MetaData()

ROWS: Final = Table(
    "deepidv_rows",
    METADATA,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("external_id", Text, nullable=False, unique=True),
    # ready, sending, or an outcome.
    Column("state", Text, nullable=False),
    # What to send, as JSON; None once the row is finished, since it is personal data.
    Column("request", Text),
    Column("due", Double),
    # Counts the attempts. The result of an earlier attempt cannot overwrite that of a later one.
    Column("attempt", Integer, nullable=False),
    # How many attempts may have been executed without a known outcome. The next one searches first.
    Column("unsettled", Integer, nullable=False),
    Column("worker", Text),
    Column("changed", Double, nullable=False),
    Column("session_id", Text),
    Column("session_url", Text),
    Column("expires_at", Text),
    # Whether the session was found by a search, and so has no URL.
    Column("found", Boolean),
    # Of a duplicate: a JSON array.
    Column("session_ids", Text),
    # The library's own code, sentence and field. The service's message may repeat the request.
    Column("error", Text),
    Column("message", Text),
    Column("field", Text),
    Column("http_status", Integer),
)
Index("deepidv_rows_due", ROWS.c.due, ROWS.c.id)

FACTS: Final = Table(
    "deepidv_facts",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
