"""What an attempt has found out, and how it changes the row, which another worker may have by now."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Optional

from .._errors import DuplicateSessions, Error
from .._outcome import Outcome
from .._session import Session
from .table import READY, SENDING

# An attempt whose process was killed, or whose response was lost, is followed by a search. A row that ends
# so often without an outcome needs a person.
MAX_UNSETTLED: Final = 20
# Seconds until a row that was not executed is taken again. Its worker pauses longer if others fail too.
_AGAIN_AFTER: Final = 1.0


@dataclass(frozen=True)
class Taken:
    """A row that a worker has taken."""

    id: int
    external_id: str
    request: str
    attempt: int
    search_first: bool
    """Whether an earlier attempt may have been executed."""


@dataclass(frozen=True)
class Result:
    """The result of an attempt."""

    id: int
    attempt: int
    outcome: str
    values: Mapping[str, Any]
    """The columns that describe it."""


def created(row: Taken, session: Session) -> Result:
    """Return the result of a row that has its session."""
    values = {
        "session_id": session.id,
        "session_url": session.url,
        "expires_at": session.expires_at,
        "found": session.reconciled or not session.created,
    }
    return Result(row.id, row.attempt, Outcome.CREATED.value, values)


def failed(row: Taken, error: Error) -> Result:
    """Return the result of a row that has no session, or an unknown one."""
    values = {
        "error": error.cause,
        "message": error.text,
        "field": error.field,
        "http_status": error.http_status or None,
    }
    if isinstance(error, DuplicateSessions):
        values["session_ids"] = json.dumps(error.session_ids)
    return Result(row.id, row.attempt, error.outcome.value, values)


def not_sent(row: Taken) -> Result:
    """Return the result of a row that was taken, but not submitted."""
    return Result(row.id, row.attempt, Outcome.NOT_EXECUTED.value, {})


def changes(row: Any, result: Result, now: float, settle: float) -> Optional[dict[str, Any]]:
    """Return the columns to change, or None if a later attempt has made the result meaningless.

    A session is recorded in any case: a process that was stopped for minutes may come back with the session
    that another one has only found, or with a second one.
    """
    if result.outcome in (Outcome.CREATED.value, Outcome.DUPLICATE.value):
        return _session(row, result)
    if row.state != SENDING or row.attempt != result.attempt:
        return None
    if result.outcome == Outcome.NOT_EXECUTED.value:
        state = Outcome.UNKNOWN.value if row.unsettled else READY
        return {**_ERRORS, **result.values, "state": state, "due": now + _AGAIN_AFTER}
    if result.outcome == Outcome.UNKNOWN.value:
        unsettled = row.unsettled + 1
        due = now + settle if unsettled < MAX_UNSETTLED else None
        return {**_ERRORS, **result.values, "state": result.outcome, "due": due, "unsettled": unsettled}
    return {**_ERRORS, **result.values, "state": result.outcome, "due": None, "request": None}


_ERRORS: Final = {"error": None, "message": None, "field": None, "http_status": None}


def _session(row: Any, result: Result) -> Optional[dict[str, Any]]:
    ids: set[str] = set()
    for known in (row._mapping, result.values):
        ids.update(json.loads(known.get("session_ids") or "[]"))
        if known.get("session_id"):
            ids.add(known["session_id"])
    finished = {"due": None, "request": None}
    if len(ids) > 1 or result.outcome == Outcome.DUPLICATE.value:
        kept = {} if row.session_id else result.values
        state = {"state": Outcome.DUPLICATE.value, "session_ids": json.dumps(sorted(ids))}
        return {**_DUPLICATE, **kept, **state, **finished}
    if row.session_id and not result.values["session_url"]:
        # The same session, and the service returns its URL only once.
        return None
    return {**_ERRORS, **result.values, "state": Outcome.CREATED.value, **finished}


_DUPLICATE: Final = {
    "error": "DEEPIDV_E_DUPLICATE",
    "message": "several sessions exist",
    "field": None,
    "http_status": None,
}
