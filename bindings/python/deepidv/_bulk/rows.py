"""Reads applicants from CSV or JSON lines. Its messages never contain data of a row."""

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
    """Why a row is invalid."""

    error: str
    field: Optional[str] = None


@dataclass(frozen=True)
class Row:
    """An applicant, and the line in the file."""

    line: int
    fields: dict[str, Any]
    problem: Optional[Problem] = None

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
        content = json.dumps(self.fields, sort_keys=True).encode("ascii")
        return hashlib.blake2b(content, digest_size=16, key=salt).digest()

    def request(self, external_id: str) -> Request:
        """Create the request, with the external id from the journal."""
        others = {name: value for name, value in self.fields.items() if _NAMES.get(name) != "external_id"}
        return Request.of_mapping({**others, "external_id": external_id})


class InputError(Exception):
    """The input file is invalid as a whole."""


def read(file: TextIO, form: str) -> list[Row]:
    """Read and validate all rows, and reject duplicate external ids."""
    found = _csv(file) if form == "csv" else _json_lines(file)
    rows: list[Row] = []
    seen: set[str] = set()
    for row in found:
        checked = _checked(row)
        reference = checked.external_id
        if checked.problem is None and reference is not None:
            if reference in seen:
                checked = Row(row.line, {}, Problem("duplicate", "external_id"))
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
            # Do not print it: without a header this is personal data.
            raise InputError(
                f"column {number} of the header is not a field; the fields are {', '.join(FIELDS)}"
            )
    if len(set(columns)) < len(columns):
        raise InputError("the header repeats a column")
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
