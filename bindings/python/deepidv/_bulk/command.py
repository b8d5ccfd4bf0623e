"""The command ``deepidv bulk``: checks all rows, then sends those that were not sent before."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import secrets
import sqlite3
import time
from typing import Final

from .. import _private_file
from .._async_client import AsyncClient
from .._input import InputError
from .._outcome import Outcome
from .._service import service_options
from .._terminal import require_output, say
from .feed import Feed
from .files import check_files, file_names
from .journal import READY, SENDING, UNKNOWN, Journal, JournalError, lost_journal
from .output import Output
from .progress import Progress
from .reading import format_of, read
from .records import adopt
from .resume import resume
from .rows import sentence
from .run import Plan, Run
from .scan import Scan
from .source import Source
from .summary import USAGE_ERROR, exit_status, summarize

_SHOWN_PROBLEMS: Final = 20
_NOT_SEARCHABLE: Final = "it is missing, and --search-first searches by it"


def main(arguments: argparse.Namespace) -> int:
    """Run the command and return its exit status."""
    try:
        return _main(arguments)
    except (InputError, JournalError, _private_file.UnsafeFile) as error:
        why = str(error)
    except sqlite3.Error as error:
        why = f"the temporary database: {error}"
    except OSError as error:
        words = error.strerror or str(error)
        why = words if error.filename is None else f"{error.filename}: {words}"
    say(f"deepidv bulk: {why}")
    return USAGE_ERROR


def _main(arguments: argparse.Namespace) -> int:
    form = format_of(arguments.input, arguments.format)
    if arguments.encoding is not None and form != "csv":
        raise InputError("--encoding is for CSV; JSON is UTF-8")
    if arguments.check:
        return _check(arguments, form)
    output, journal_path = file_names(arguments)
    if output == "-":
        require_output()
    clients = _Clients(arguments)
    with contextlib.closing(Source(arguments.input, arguments.encoding or "utf-8")) as source:
        check_files(source, output, journal_path)
        journal = Journal(journal_path)
        try:
            if journal.is_new and output != "-" and os.path.lexists(output):
                raise JournalError(
                    f"{output} exists, but {journal_path} does not, {lost_journal(journal_path)}"
                )
            journal.check_owner(clients.base_url, clients.api_key, other_key=arguments.other_key)
            search_first = journal.keep_search_first(arguments.search_first)
            scan = Scan(journal.database, journal.salt, journal.name)
            scan.read(
                read(source, form),
                allow_duplicates=arguments.allow_duplicates,
                without_external_id=_NOT_SEARCHABLE if search_first else None,
                was_sent=journal.was_sent,
            )
            _show_problems(scan)
            with journal.errors():
                resume(journal.database, retry_refused=arguments.retry_refused)
            adopt(journal, output)
            plan = Plan(
                lambda: Feed(journal.database, read(source, form), journal.salt),
                in_flight=clients.in_flight,
                settle=arguments.settle,
                limit=arguments.limit,
                search_first=search_first,
            )
            return asyncio.run(_send(arguments, clients, plan, journal, scan, output))
        finally:
            journal.discard()


def _check(arguments: argparse.Namespace, form: str) -> int:
    with (
        contextlib.closing(Source(arguments.input, arguments.encoding or "utf-8")) as source,
        contextlib.closing(sqlite3.connect("", isolation_level=None)) as database,
    ):
        scan = Scan(database, secrets.token_bytes(16), "")
        scan.read(
            read(source, form),
            allow_duplicates=arguments.allow_duplicates,
            without_external_id=_NOT_SEARCHABLE if arguments.search_first else None,
        )
        _show_problems(scan)
        say(f"{scan.total:,} rows, {scan.invalid:,} of them invalid")
        return 1 if scan.invalid else 0


def _show_problems(scan: Scan) -> None:
    for answer, _ in zip(scan.problems(), range(_SHOWN_PROBLEMS)):
        say(sentence(answer))
    if scan.invalid > _SHOWN_PROBLEMS:
        say(f"... and {scan.invalid - _SHOWN_PROBLEMS:,} more invalid lines")


class _Clients:
    """The clients of a run, and what they are created from."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        options = service_options(arguments)
        self.base_url: str = options.get("base_url", os.environ.get("DEEPIDV_BASE_URL", ""))
        self.api_key: str = options.get("api_key", os.environ.get("DEEPIDV_API_KEY", ""))
        rate, burst = arguments.rate, arguments.burst
        window = 2 * rate + burst if rate else 2000
        self.in_flight = min(arguments.in_flight or window, 10_000)
        options.update(rate_limit=rate, rate_burst=burst)
        # Add the time that a row waits for the rate limiter.
        waiting = 2 * self.in_flight / rate if rate else 0
        self.creating = AsyncClient.from_env(
            **options, timeout=arguments.timeout + waiting, max_in_flight=self.in_flight
        )
        self.searching = AsyncClient.from_env(**options, timeout=min(20, arguments.timeout))


async def _send(
    arguments: argparse.Namespace, clients: _Clients, plan: Plan, journal: Journal, scan: Scan, path: str
) -> int:
    async with clients.creating as creating, clients.searching as searching:
        counts = {state: count for state, count in journal.counts().items() if state not in _UNFINISHED}
        if scan.invalid:
            counts[Outcome.INVALID.value] = scan.invalid
        output = Output(
            path, (answer for known in (scan.problems(), journal.answers()) for answer in known)
        )
        progress = Progress(scan.total, counts, shown=not arguments.quiet)
        run = Run(plan, creating, searching, journal, output, progress)
        begun, before = time.monotonic(), counts.get(Outcome.CREATED.value, 0)
        try:
            await run.go()
        finally:
            progress.close()
            unknown = run.records.write_unknown()
            output.close()
    created = counts.get(Outcome.CREATED.value, 0) - before
    if unknown:
        counts[Outcome.UNKNOWN.value] = unknown
    summarize(scan.total, counts, created, time.monotonic() - begun, run.reasons)
    return exit_status(counts, run.stopped)


_UNFINISHED: Final = (READY, SENDING, UNKNOWN)
