"""Reads the library's result objects."""

from __future__ import annotations

from typing import Any, Optional

from . import _record
from ._errors import AnyFailure, DuplicateSessions, OutcomeUnknown, failure, no_answer
from ._library import instant
from ._record import RetrievedSession, SessionPage, SessionRecord
from ._session import Link, Session
from ._text import read, read_bytes


def session(result: Any) -> Session:
    """Read the session out of a create's or a reconcile's result whose status is ``DEEPIDV_OK``."""
    return Session(
        id=read(instant.deepidv_result_session_id, result) or "",
        url=read(instant.deepidv_result_session_url, result),
        external_id=read(instant.deepidv_result_external_id, result),
        expires_at=read(instant.deepidv_result_expires_at, result),
        links=tuple(
            Link(
                url=read(instant.deepidv_result_link, result, index) or "",
                rel=read(instant.deepidv_result_link_rel, result, index),
            )
            for index in range(instant.deepidv_result_link_count(result))
        ),
        raw=_raw(result) or b"",
        http_status=instant.deepidv_result_http_status(result),
        attempts=instant.deepidv_result_attempts(result),
        elapsed=_elapsed(result),
        reconciled=instant.deepidv_result_reconciled(result) == 1,
    )


def record(result: Any) -> RetrievedSession:
    """Read the record out of a retrieve's result whose status is ``DEEPIDV_OK``."""
    raw = _raw(result) or b"{}"
    said = _record.document(raw).get("session_record", {})
    return RetrievedSession(
        id=read(instant.deepidv_result_session_id, result) or "",
        status=_record.status(read(instant.deepidv_result_session_status, result)),
        progress=_record.progress(read(instant.deepidv_result_session_progress, result)),
        external_id=read(instant.deepidv_result_external_id, result),
        created_at=_record.member(said, "created_at"),
        expires_at=read(instant.deepidv_result_expires_at, result),
        record=said,
        raw=raw,
        http_status=instant.deepidv_result_http_status(result),
        attempts=instant.deepidv_result_attempts(result),
        elapsed=_elapsed(result),
    )


def page(result: Any) -> SessionPage:
    """Read the sessions out of a list's result whose status is ``DEEPIDV_OK``."""
    raw = _raw(result) or b"{}"
    # The library says which there are, the JSON how they stand.
    said = filter(_record.is_session, _record.document(raw).get("sessions", []))
    return SessionPage(
        sessions=tuple(
            SessionRecord(
                id=session_id,
                status=_record.status(_record.member(element, "status")),
                progress=_record.progress(_record.member(element, "session_progress")),
                external_id=_record.member(element, "externalId", "external_id"),
                created_at=_record.member(element, "created_at"),
                expires_at=_record.member(element, "expires_at"),
                record=element,
            )
            for session_id, element in zip(_session_ids(result), said)
        ),
        next_token=read(instant.deepidv_result_next_token, result),
        raw=raw,
        http_status=instant.deepidv_result_http_status(result),
        attempts=instant.deepidv_result_attempts(result),
        elapsed=_elapsed(result),
    )


def error(result: Any) -> AnyFailure:
    """Make the exception for a create's or a reconcile's result whose status is anything else."""
    status: int = instant.deepidv_result_status(result)
    failed = failure(status, **_details(result))
    if isinstance(failed, OutcomeUnknown):
        failed.reconcile_token = read(instant.deepidv_result_reconcile_token, result)
    if isinstance(failed, DuplicateSessions):
        failed.session_ids = _session_ids(result)
    return failed


def question_error(result: Any) -> AnyFailure:
    """Make the exception for a retrieve's or a list's result whose status is anything else."""
    status: int = instant.deepidv_result_status(result)
    return no_answer(status, **_details(result))


def _details(result: Any) -> dict[str, Any]:
    return {
        "cause": instant.deepidv_result_cause(result),
        "field": read(instant.deepidv_result_field, result),
        "http_status": instant.deepidv_result_http_status(result),
        "message": read(instant.deepidv_result_message, result),
        "hints": tuple(
            read(instant.deepidv_result_hint, result, index) or ""
            for index in range(instant.deepidv_result_hint_count(result))
        ),
        "api_code": read(instant.deepidv_result_api_code, result),
        "retry_after": instant.deepidv_result_retry_after_ms(result) / 1000,
        "external_id": read(instant.deepidv_result_external_id, result),
        "attempts": instant.deepidv_result_attempts(result),
        "elapsed": _elapsed(result),
        "raw": _raw(result),
    }


def _session_ids(result: Any) -> tuple[str, ...]:
    return tuple(
        read(instant.deepidv_result_session_id_at, result, index) or ""
        for index in range(instant.deepidv_result_session_count(result))
    )


def _raw(result: Any) -> Optional[bytes]:
    return read_bytes(instant.deepidv_result_json, result)


def _elapsed(result: Any) -> float:
    microseconds: int = instant.deepidv_result_elapsed_us(result)
    return microseconds / 1_000_000
