"""Reads rows from JSON lines."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable

from .. import _abi
from .._errors import InvalidRequest
from .._request import Request
from .rows import Problem, Row, is_text, not_text
from .source import TOO_LONG


def read_json_lines(lines: Iterable[str]) -> Generator[Row, None, None]:
    """Yield a row for each line that is not blank."""
    for line, text in enumerate(lines, 1):
        if text.strip():
            yield _row(line, text)


def _row(line: int, text: str) -> Row:
    if TOO_LONG in text:
        return Row(line, {}, Problem.of_status(_abi.DEEPIDV_E_TOO_LONG))
    if not is_text(text):
        return Row(line, {}, not_text())
    document = text.encode("utf-8")
    # Strict about members that occur twice, and about depth, which Python's parser cannot bear.
    with Request() as request:
        status, field, _ = request.set_document(document)
        if status != _abi.DEEPIDV_OK:
            return Row(line, {}, Problem.of_status(status, field))
        try:
            request.validate()
        except InvalidRequest as refused:
            return Row(line, {}, Problem.of_status(refused.status, refused.field))
    return Row(line, json.loads(document))
