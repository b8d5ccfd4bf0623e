"""Reads applicants from CSV or JSON lines. What it says of a row never has anything of the row in it."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Optional, TextIO

from .._errors import InvalidRequest
from .._request import FIELDS, Request, camel

_TRUE: Final = frozenset({"true", "yes", "1"})
_FALSE: Final = frozenset({"false", "no", "0"})
_DELIMITERS: Final = (",", ";", "\t")


_NAMES: Final = {name: field for field in FIELDS for name in (field, camel(field))}


@dataclass(frozen=True)
class Problem:
    """Why a row cannot be sent."""

    error: str
    field: Optional[str] = None


@dataclass(frozen=True)
class Row:
    """An applicant, and where they stand in the file."""

    line: int
    fields: dict[str, Any]
    problem: Optional[Problem] = None

    @property
    def external_id(self) -> Optional[str]:
        """The row's own reference."""
        # The camelCase spelling wins, as in the service.
        given = self.fields.get("externalId")
        if given is None:
            given = self.fields.get("external_id")
        return given if isinstance(given, str) else None

    def digest(self, salt: bytes) -> bytes:
        """Tell this row from another, without keeping what it says."""
        content = json.dumps(self.fields, sort_keys=True).encode("ascii")
        return hashlib.blake2b(content, digest_size=16, key=salt).digest()

    def request(self, external_id: str) -> Request:
        """Make the request, under the reference that the journal has for it."""
        others = {name: value for name, value in self.fields.items() if _NAMES.get(name) != "external_id"}
        return Request.of_mapping({**others, "external_id": external_id})


class InputError(Exception):
    """The file as a whole cannot be used."""


def read(file: TextIO, form: str) -> list[Row]:
    """Read all rows, each checked by the library, and each reference used once."""
    found = _csv(file) if form == "csv" else _json_lines(file)
    rows: list[Row] = []
    seen: set[str] = set()
    for row in found:
        checked = _checked(row)
        reference = checked.external_id
        if checked.problem is None and reference is not None:
            if reference in seen:
                checked = Row(row.line, {}, Problem("used before", "external_id"))
            seen.add(reference)
        rows.append(checked)
    return rows


def _checked(row: Row) -> Row:
    if row.problem is not None:
        return row
    try:
        with Request.of_mapping(row.fields) as request:
            request.validate()
    except InvalidRequest as refused:
        field = _NAMES.get(refused.field or "")
        return Row(row.line, {}, Problem(refused.name, field))
    return row


def _json_lines(file: Iterable[str]) -> Iterator[Row]:
    for line, text in enumerate(file, 1):
        if not text.strip():
            continue
        try:
            fields = json.loads(text)
        except ValueError:
            yield Row(line, {}, Problem("not JSON"))
            continue
        if isinstance(fields, dict):
            yield Row(line, fields)
        else:
            yield Row(line, {}, Problem("not a JSON object"))


def _csv(file: TextIO) -> Iterator[Row]:
    head = file.readline()
    delimiter = max(_DELIMITERS, key=head.count)
    names = next(csv.reader([head], delimiter=delimiter), [])
    columns = [_NAMES.get(name.strip()) for name in names]
    for number, column in enumerate(columns, 1):
        if column is None:
            # Not its text: without a header this is somebody's name.
            raise InputError(
                f"column {number} of the header is not a field; fields are {', '.join(FIELDS)}"
            )
    if len(set(columns)) < len(columns):
        raise InputError("a column occurs twice in the header")
    reader = csv.reader(file, delimiter=delimiter, strict=True)
    line = 2
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield Row(line, {}, Problem("not CSV"))
            line = reader.line_num + 2
            continue
        if len(cells) > len(columns) and any(cells[len(columns) :]):
            yield Row(line, {}, Problem("more cells than columns"))
        elif any(cells):
            yield _of_cells(line, zip(columns, cells))
        line = reader.line_num + 2


def _of_cells(line: int, cells: Iterable[tuple[Optional[str], str]]) -> Row:
    fields: dict[str, Any] = {}
    for field, cell in cells:
        text = cell.strip()
        if field is None or not text:
            continue
        value: Any = text
        if field in ("send_email_invite", "send_phone_invite"):
            value = _flag(text)
        elif field == "expires_in_hours":
            value = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
        if value is None:
            return Row(line, {}, Problem("DEEPIDV_E_TYPE", field))
        fields[field] = value
    return Row(line, fields)


def _flag(text: str) -> Optional[bool]:
    if text.lower() in _TRUE:
        return True
    return False if text.lower() in _FALSE else None
