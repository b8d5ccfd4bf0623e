"""Reads the library's result objects."""

from __future__ import annotations

from typing import Any

from . import _abi
from ._errors import AnyFailure, failure
from ._library import instant
from ._session import Link, Session
from ._text import read, read_bytes


def session(result: Any) -> Session:
    """Read the session out of a result whose status is ``DEEPIDV_OK``."""
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
        raw=read_bytes(instant.deepidv_result_json, result) or b"",
        http_status=instant.deepidv_result_http_status(result),
        attempts=instant.deepidv_result_attempts(result),
        elapsed=_elapsed(result),
    )


def error(result: Any) -> AnyFailure:
    """Make the exception for a result whose status is anything else."""
    status: int = instant.deepidv_result_status(result)
    return failure(
        status,
        cause=instant.deepidv_result_cause(result),
        field=read(instant.deepidv_result_field, result),
        http_status=instant.deepidv_result_http_status(result),
        message=read(instant.deepidv_result_message, result),
        hints=tuple(
            read(instant.deepidv_result_hint, result, index) or ""
            for index in range(instant.deepidv_result_hint_count(result))
        ),
        api_code=read(instant.deepidv_result_api_code, result),
        attempts=instant.deepidv_result_attempts(result),
        elapsed=_elapsed(result),
        raw=read_bytes(instant.deepidv_result_json, result),
    )


def is_session(result: Any) -> bool:
    """Say whether the operation made a session."""
    status: int = instant.deepidv_result_status(result)
    return status == _abi.DEEPIDV_OK


def _elapsed(result: Any) -> float:
    microseconds: int = instant.deepidv_result_elapsed_us(result)
    return microseconds / 1_000_000
