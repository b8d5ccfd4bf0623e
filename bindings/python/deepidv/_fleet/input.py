"""The rows to be added: a file as for ``deepidv bulk``, or a table of a database."""

from __future__ import annotations

import argparse
import contextlib
import secrets
import sqlite3
from collections.abc import Iterator
from typing import Any, Callable

from sqlalchemy import MetaData, Table, select
from sqlalchemy.exc import NoSuchTableError

from .._bulk.reading import format_of, read
from .._bulk.rows import NAMES, Row, sentence
from .._bulk.scan import Scan
from .._bulk.source import Source
from .._input import InputError
from .._terminal import say
from .checks import NO_EXTERNAL_ID, problem_of
from .database import problems, source
from .work_list import Added, WorkList

_SHOWN_PROBLEMS = 20
_FLAGS = ("send_email_invite", "send_phone_invite")


def add(work: WorkList, arguments: argparse.Namespace) -> Added:
    """Add the rows of the input."""
    shown = 0

    def told(rows: Iterator[Row]) -> Iterator[Row]:
        nonlocal shown
        for row in rows:
            problem = row.problem or problem_of(row)
            if problem is not None:
                shown += 1
                if shown <= _SHOWN_PROBLEMS:
                    say(sentence(row.invalid(problem).answer()))
            yield row if problem is None else Row(row.line, row.fields, problem, row.columns)

    if "://" in arguments.input:
        added = work.add_rows(told(_table_rows(arguments)))
    else:
        if arguments.table is not None or arguments.external_id is not None:
            raise InputError("--table and --external-id are for the URL of a database as INPUT")
        added = _add_file(work, arguments, told)
    if shown > _SHOWN_PROBLEMS:
        say(f"... and {shown - _SHOWN_PROBLEMS:,} more invalid rows")
    return added


def _add_file(
    work: WorkList, arguments: argparse.Namespace, told: Callable[[Iterator[Row]], Iterator[Row]]
) -> Added:
    form = format_of(arguments.input, arguments.format)
    if arguments.encoding is not None and form != "csv":
        raise InputError("--encoding is for CSV; JSON is UTF-8")
    with (
        contextlib.closing(Source(arguments.input, arguments.encoding or "utf-8")) as file,
        contextlib.closing(sqlite3.connect("", isolation_level=None)) as database,
    ):
        # All rows are checked before the first one is added: a worker may send it at once.
        scan = Scan(database, secrets.token_bytes(16), "")
        scan.read(read(file, form), without_external_id=NO_EXTERNAL_ID)
        return work.add_rows(told(scan.checked(read(file, form))))


def _table_rows(arguments: argparse.Namespace) -> Iterator[Row]:
    if arguments.table is None:
        raise InputError("a database as INPUT needs --table")
    engine = source(arguments.input)
    try:
        with problems(), engine.connect() as connection:
            schema, _, name = arguments.table.rpartition(".")
            try:
                table = Table(name, MetaData(), schema=schema or None, autoload_with=connection)
            except NoSuchTableError:
                raise InputError("the database has no such table") from None
            columns = _columns(table, arguments.external_id or "external_id")
            query = select(*columns.values()).order_by(columns["external_id"])
            found = connection.execution_options(stream_results=True, yield_per=500).execute(query)
            for number, values in enumerate(found, 1):
                yield Row(number, _fields(dict(zip(columns, values))))
    finally:
        engine.dispose()


def _columns(table: Table, external_id: str) -> dict[str, Any]:
    """Return the column of each field."""
    if external_id not in table.columns:
        raise InputError("the table has no column with the external id: name it with --external-id")
    columns = {"external_id": table.columns[external_id]}
    for column in table.columns:
        field = NAMES.get(column.name)
        if field in columns and field != "external_id":
            raise InputError(f"two columns of the table are the field {field}")
        if field is not None and field != "external_id":
            columns[field] = column
    return columns


def _fields(values: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a row, as the library wants them."""
    fields = {field: value for field, value in values.items() if value is not None}
    if "external_id" in fields:
        # A number or a UUID.
        fields["external_id"] = str(fields["external_id"])
    for flag in _FLAGS:
        # SQLite has no booleans.
        if fields.get(flag) in (0, 1):
            fields[flag] = bool(fields[flag])
    return fields
