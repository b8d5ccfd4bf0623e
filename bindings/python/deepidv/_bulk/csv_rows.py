"""Reads rows from CSV, as spreadsheets write it."""

from __future__ import annotations

import csv
import re
from collections.abc import Generator, Iterator, Mapping
from typing import Any, Final, Optional

from .. import _abi
from .._errors import InvalidRequest
from .._input import InputError
from .._request import FIELDS, Request
from .rows import NAMES, Problem, Row, is_text, not_text
from .source import TOO_LONG

_TRUE: Final = frozenset({"true", "yes", "1"})
_FALSE: Final = frozenset({"false", "no", "0"})
_SEPARATORS: Final = (",", ";", "\t")
# The first line that Excel reads and writes to name the separator.
_SEPARATOR_LINE: Final = re.compile(r'"?sep=([,;\t])"?\s*', re.IGNORECASE)
_ROUNDED: Final = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?[eE]\+?[0-9]+")
_DIGITS: Final = re.compile(r"[0-9]{3,15}")


def read_csv(lines: Iterator[str]) -> Generator[Row, None, None]:
    """Yield a row for each line after the header that is not blank."""
    above = 0
    separator: Optional[str] = None
    for head in lines:
        above += 1
        named = _SEPARATOR_LINE.fullmatch(head)
        if named is not None and separator is None:
            separator = named.group(1)
        elif head.strip():
            break
    else:
        return
    separator = separator or max(_SEPARATORS, key=lambda each: _fields_found(head, each))
    columns = _columns(_cells(head, separator))
    reader = csv.reader(lines, delimiter=separator, strict=True)
    line = above + 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield Row(line, {}, _not_csv(line, above + reader.line_num))
        else:
            if any(cell.strip() for cell in cells):
                yield _row(line, columns, cells)
        line = above + reader.line_num + 1


def _cells(head: str, separator: str) -> list[str]:
    try:
        return [name.strip() for name in next(csv.reader([head], delimiter=separator), [])]
    except csv.Error:
        # No field has this name.
        return [head]


def _fields_found(head: str, separator: str) -> tuple[int, int]:
    return sum(name in NAMES for name in _cells(head, separator)), head.count(separator)


def _columns(names: list[str]) -> dict[str, int]:
    """Return the number of each field's column."""
    columns: dict[str, int] = {}
    for number, name in enumerate(names, 1):
        if not name:
            raise InputError(
                f"column {number} of the header is empty: name it, or delete the column (a separator at "
                "the end of the lines makes one)"
            )
        field = NAMES.get(name)
        if field is None:
            # Do not print it: without a header this is personal data.
            raise InputError(_unknown_column(number, name))
        if field in columns:
            raise InputError(f"columns {columns[field]} and {number} of the header are the same field")
        columns[field] = number
    return columns


def _unknown_column(number: int, name: str) -> str:
    text = f"column {number} of the header is not a field; the fields are {', '.join(FIELDS)}"
    if "\0" in name:
        text += "; the input may be UTF-16, so try --encoding utf-16"
    return text


def _not_csv(line: int, last: int) -> Problem:
    text = "it is not CSV"
    if last > line:
        text += f", up to line {last}: a quotation mark may be missing"
    return Problem("not CSV", text)


def _row(line: int, columns: Mapping[str, int], cells: list[str]) -> Row:
    row = Row(line, {}, columns=columns)
    whole = "".join(cells)
    if TOO_LONG in whole:
        return row.invalid(Problem.of_status(_abi.DEEPIDV_E_TOO_LONG))
    if not is_text(whole):
        return row.invalid(not_text())
    if any(cell.strip() for cell in cells[len(columns) :]):
        return row.invalid(
            Problem("more cells than columns", "it has more cells than the header has columns")
        )
    fields: dict[str, Any] = {}
    for field, cell in zip(columns, cells):
        text = cell.strip()
        if not text:
            continue
        problem = _spreadsheet_problem(field, text)
        if problem is not None:
            return row.invalid(problem)
        value = _value(field, text)
        if value is None:
            return row.invalid(Problem.of_status(_abi.DEEPIDV_E_TYPE, field, _TYPES[field]))
        fields[field] = value
    try:
        with Request.of_mapping(fields) as request:
            request.validate()
    except InvalidRequest as refused:
        return row.invalid(Problem.of_status(refused.status, refused.field))
    return Row(line, fields, columns=columns)


def _spreadsheet_problem(field: str, text: str) -> Optional[Problem]:
    """Detect numbers that a spreadsheet has changed."""
    if field not in ("phone", "external_id"):
        return None
    code = _abi.DEEPIDV_E_PHONE if field == "phone" else _abi.DEEPIDV_E_TYPE
    if _ROUNDED.fullmatch(text):
        words = "a spreadsheet has rounded it, as in 1.5E+10; format the column as text, and enter it again"
        return Problem.of_status(code, field, words)
    if field == "phone" and _DIGITS.fullmatch(text):
        words = "it has no +, which spreadsheets remove; format the column as text, and add the +"
        return Problem.of_status(code, field, words)
    return None


_TYPES: Final = {
    "send_email_invite": "it must be yes, no, true, false, 1 or 0",
    "send_phone_invite": "it must be yes, no, true, false, 1 or 0",
    "expires_in_hours": "it must be a whole number",
}


def _value(field: str, text: str) -> Any:
    if field in ("send_email_invite", "send_phone_invite"):
        if text.lower() in _TRUE:
            return True
        return False if text.lower() in _FALSE else None
    if field == "expires_in_hours":
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
    return text
