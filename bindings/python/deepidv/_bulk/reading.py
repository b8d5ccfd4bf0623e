"""Selects the reader of an input."""

from __future__ import annotations

from collections.abc import Generator
from typing import Optional

from .._input import InputError
from .csv_rows import read_csv
from .json_rows import read_json_lines
from .rows import Row
from .source import Source

_CSV_NAMES = (".csv", ".tsv", ".txt")
_JSON_NAMES = (".jsonl", ".ndjson", ".json")


def format_of(name: str, given: Optional[str]) -> str:
    """Return the format of an input, from the option or from its name."""
    if given is not None:
        return given
    if name.lower().endswith(_CSV_NAMES):
        return "csv"
    if name.lower().endswith(_JSON_NAMES):
        return "jsonl"
    raise InputError("cannot tell the format from the input's name: use --format csv or --format jsonl")


def read(source: Source, form: str) -> Generator[Row, None, None]:
    """Yield all rows from the beginning, the invalid ones with their problem."""
    return read_csv(source.lines()) if form == "csv" else read_json_lines(source.lines())
