"""The rows of the input. Nothing here puts data of a row into a message."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Optional

from .. import _abi
from .._errors import InvalidRequest
from .._outcome import Outcome
from .._request import FIELDS, Request, camel
from .source import NOT_TEXT

# Twice as fast as json.dumps(), which creates one for each call.
_ENCODER: Final = json.JSONEncoder(sort_keys=True)
NAMES: Final = {name: field for field in FIELDS for name in (field, camel(field))}


@dataclass(frozen=True)
class Problem:
    """Why a row is invalid: a code for programs, and a sentence for people."""

    code: str
    text: str
    field: Optional[str] = None

    @classmethod
    def of_status(cls, status: int, field: Optional[str] = None, text: Optional[str] = None) -> Problem:
        """Create a problem from a status of the library."""
        refused = InvalidRequest(status)
        return cls(refused.name, text or refused.text, NAMES.get(field or ""))


@dataclass(frozen=True)
class Row:
    """An applicant, and the line in the file."""

    line: int
    fields: Mapping[str, Any]
    problem: Optional[Problem] = None
    columns: Mapping[str, int] = field(default_factory=dict)
    """The number of each field's column, of CSV."""

    @property
    def external_id(self) -> Optional[str]:
        """The row's external id."""
        # camelCase wins, as in the service.
        given = self.fields.get("externalId")
        if given is None:
            given = self.fields.get("external_id")
        return given if isinstance(given, str) else None

    def digest(self, salt: bytes) -> bytes:
        """Return a keyed digest, which identifies the row without storing its data."""
        return _digest(self.fields, salt)

    def identity(self, salt: bytes) -> bytes:
        """Return a keyed digest of what is sent, however the fields are spelled."""
        given = {name: value for name, value in self.fields.items() if value is not None}
        named = {NAMES.get(name, name): value for name, value in given.items() if "_" in name}
        named.update((NAMES.get(name, name), value) for name, value in given.items() if "_" not in name)
        return _digest(named, salt)

    def request(self, external_id: str, search_first: bool) -> Request:
        """Create the request, with the external id from the journal."""
        others = {name: value for name, value in self.fields.items() if NAMES.get(name) != "external_id"}
        return Request.of_mapping({**others, "external_id": external_id}, search_first)

    def invalid(self, problem: Problem) -> Row:
        """Return this row as an invalid one."""
        return Row(self.line, {}, problem, self.columns)

    def answer(self) -> dict[str, Any]:
        """Return the line of the output for an invalid row."""
        answer: dict[str, Any] = {"line": self.line, "outcome": Outcome.INVALID.value}
        if self.problem is None:
            return answer
        answer["error"] = self.problem.code
        answer["message"] = self.problem.text
        if self.problem.field is not None:
            answer["field"] = self.problem.field
            if self.problem.field in self.columns:
                answer["column"] = self.columns[self.problem.field]
        return answer


def sentence(answer: Mapping[str, Any]) -> str:
    """Return the answer for an invalid row as people read it: words, then the code."""
    place = f"line {answer['line']}"
    if "column" in answer:
        place += f", column {answer['column']}"
    if "field" in answer:
        place += f": {answer['field']}"
    return f"{place}: {answer['message'].rstrip('.')} ({answer['error']})"


def not_text() -> Problem:
    """Return the problem of a row with bytes that are not text."""
    return Problem.of_status(
        _abi.DEEPIDV_E_UTF8, text="it contains bytes that are not text; see --encoding"
    )


def is_text(text: str) -> bool:
    """Return whether all bytes of this text could be decoded."""
    return NOT_TEXT not in text


def _digest(fields: Mapping[str, Any], salt: bytes) -> bytes:
    content = _ENCODER.encode(fields).encode("ascii")
    return hashlib.blake2b(content, digest_size=16, key=salt).digest()
