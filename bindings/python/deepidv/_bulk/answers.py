"""The lines of the output for rows that were sent."""

from __future__ import annotations

from typing import Any, Final

from .._errors import (
    DuplicateSessions,
    Error,
    Forbidden,
    InsufficientBalance,
    OutcomeUnknown,
    Redirected,
    Unauthorized,
)
from .._session import Session
from .journal import Entry

ACCOUNT_ERRORS: Final = (Unauthorized, Forbidden, InsufficientBalance, Redirected)
"""Errors of the account or the setup, not of the row."""


def created_answer(entry: Entry, session: Session) -> dict[str, Any]:
    """Return the line for a row that has its session."""
    return {
        "line": entry.line,
        "outcome": entry.state,
        "external_id": entry.external_id,
        "session_id": session.id,
        "session_url": session.url,
        "expires_at": session.expires_at,
        "reconciled": session.reconciled,
    }


def failed_answer(entry: Entry, error: Error) -> dict[str, Any]:
    """Return the line for a row that was refused, or whose outcome is unknown."""
    answer: dict[str, Any] = {
        "line": entry.line,
        "outcome": entry.state,
        "external_id": entry.external_id,
        "error": error.cause,
        "message": error.text,
    }
    if error.http_status:
        answer["http_status"] = error.http_status
    if error.field:
        answer["field"] = error.field
    if isinstance(error, DuplicateSessions):
        answer["session_ids"] = list(error.session_ids)
    elif isinstance(error, OutcomeUnknown):
        answer["reconcile_token"] = error.reconcile_token
    return answer
