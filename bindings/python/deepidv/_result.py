"""Reads the library's result objects."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Optional

from . import _abi, _record
from ._errors import (
    DecisionUnknown,
    DuplicateSessions,
    Error,
    NoDecision,
    OutcomeUnknown,
    failure,
    no_answer,
)
from ._facts import facts
from ._fields import members
from ._library import instant
from ._moment import moment
from ._record import RetrievedSession, SessionPage, SessionRecord
from ._session import Link, Session
from ._text import member_bytes, member_text, read


def read_session(result: Any) -> _abi.deepidv_session:
    """Read a result's session. Its text is valid as long as the result."""
    fields = _abi.deepidv_session()
    instant.deepidv_result_session(result, fields)
    return fields


def session(result: Any) -> Session:
    """Read the session of a successful create or reconcile."""
    fields = read_session(result)
    return Session(
        id=member_text(fields, "id") or "",
        url=member_text(fields, "url"),
        external_id=member_text(fields, "external_id"),
        expires_at=member_text(fields, "expires_at"),
        links=_links(result, fields.link_count) if fields.link_count else (),
        raw=member_bytes(fields, "json") or b"",
        http_status=fields.http_status,
        attempts=fields.attempts,
        elapsed=_elapsed(fields),
        reconciled=fields.reconciled == 1,
        facts=facts(fields.facts),
        created=fields.found == 0,
        request_id=read(instant.deepidv_result_request_id, result),
    )


def record(result: Any) -> RetrievedSession:
    """Read the record of a successful retrieve."""
    return record_of(result, read_session(result))


def record_of(result: Any, fields: _abi.deepidv_session) -> RetrievedSession:
    """Convert a result's session to a record."""
    raw = member_bytes(fields, "json") or b""
    request_id = read(instant.deepidv_result_request_id, result)
    return retrieved(fields, raw, _record_at(result, 0, raw), request_id)


def retrieved(
    fields: _abi.deepidv_session, raw: bytes, record: Mapping[str, Any], request_id: Optional[str] = None
) -> RetrievedSession:
    """Convert a session and its record, which is a part of ``raw``."""
    return RetrievedSession(
        id=member_text(fields, "id") or "",
        status=_record.status(member_text(fields, "status")),
        progress=_record.progress(member_text(fields, "progress")),
        external_id=member_text(fields, "external_id"),
        created_at=moment(_record.member(record, "created_at")),
        expires_at=moment(member_text(fields, "expires_at")),
        record=record,
        raw=raw,
        http_status=fields.http_status,
        attempts=fields.attempts,
        elapsed=_elapsed(fields),
        facts=facts(fields.facts),
        reconciled=fields.reconciled == 1,
        request_id=request_id,
    )


def page(result: Any) -> SessionPage:
    """Read the page of a successful list."""
    values = _described(result)
    raw = _response(result) or b""
    return SessionPage(
        sessions=tuple(
            _listed(session_id, _record_at(result, index, raw))
            for index, session_id in enumerate(values["session_ids"])
        ),
        next_token=values["next_token"],
        raw=raw,
        http_status=values["http_status"],
        attempts=values["attempts"],
        elapsed=values["elapsed_us"] / 1_000_000,
        facts=facts(values["facts"]),
        request_id=values["request_id"],
    )


def _listed(session_id: str, record: Mapping[str, Any]) -> SessionRecord:
    """Convert a session of a page. The library provides the id; the other fields come from the record."""
    return SessionRecord(
        id=session_id,
        status=_record.status(_record.member(record, "status")),
        progress=_record.progress(_record.member(record, "session_progress")),
        external_id=_record.member(record, "externalId", "external_id"),
        created_at=moment(_record.member(record, "created_at")),
        expires_at=moment(_record.member(record, "expires_at")),
        record=record,
    )


def _record_at(result: Any, index: int, raw: bytes) -> Mapping[str, Any]:
    """Parse the record of one of the sessions, which the library has found in the response."""
    span = _abi.deepidv_span()
    if instant.deepidv_result_session_record_at(result, index, span) != _abi.DEEPIDV_OK:
        return {}
    return _record.parsed(raw[span.offset : span.offset + span.length])


def error(result: Any) -> Error:
    """Return the exception for a failed create or reconcile."""
    values = _described(result)
    failed = failure(values["status"], **_details(result, values))
    if isinstance(failed, OutcomeUnknown):
        failed.reconcile_token = values["reconcile_token"]
    if isinstance(failed, DuplicateSessions):
        failed.session_ids = tuple(values["session_ids"])
    return failed


def query_error(result: Any) -> Error:
    """Return the exception for a failed retrieve, list or confirm."""
    values = _described(result)
    return no_answer(values["status"], **_details(result, values))


def decision_error(result: Any) -> Error:
    """Return the exception for a failed decision."""
    values = _described(result)
    details = _details(result, values)
    failed = failure(values["status"], **details)
    if isinstance(failed, OutcomeUnknown):
        return DecisionUnknown(values["status"], session=_last_seen(result), **details)
    return failed


def wait_error(result: Any) -> Error:
    """Return the exception for a wait that ended without a decision."""
    session = _last_seen(result)
    if session is None:
        return query_error(result)
    values = _described(result)
    return NoDecision(session=session, **_details(result, values))


def _last_seen(result: Any) -> Optional[RetrievedSession]:
    """Return the record of a failed call, if it has one."""
    fields = read_session(result)
    return record_of(result, fields) if member_text(fields, "id") is not None else None


def _details(result: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "cause": values["cause"],
        "field": values["field"],
        "http_status": values["http_status"],
        "api_message": values["message"],
        "hints": tuple(values["hints"]),
        "api_code": values["api_code"],
        "request_id": values["request_id"],
        "retry_after": values["retry_after_ms"] / 1000,
        "external_id": values["external_id"],
        "attempts": values["attempts"],
        "elapsed": values["elapsed_us"] / 1_000_000,
        "raw": _response(result),
        "facts": facts(values["facts"]),
    }


def _described(result: Any) -> Mapping[str, Any]:
    """Read everything about a result except the response, in one call.

    For a single session, ``read_session`` takes half the time, because it leaves out JSON.
    """
    description = read(instant.deepidv_result_describe, result)
    if description is None:
        # Memory ran out. An exception for that would hide an outcome that the other functions return.
        return members(result)
    values: Mapping[str, Any] = json.loads(description)
    return values


def _response(result: Any) -> Optional[bytes]:
    """Copy the body of a result's response."""
    return member_bytes(read_session(result), "json")


def _links(result: Any, count: int) -> tuple[Link, ...]:
    return tuple(
        Link(
            url=read(instant.deepidv_result_link, result, index) or "",
            rel=read(instant.deepidv_result_link_rel, result, index),
        )
        for index in range(count)
    )


def _elapsed(fields: _abi.deepidv_session) -> float:
    seconds: float = fields.elapsed_us / 1_000_000
    return seconds
