"""The command line of ``deepidv bulk``."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time
from collections import Counter, deque
from typing import Any, Final

from .._async_client import AsyncClient
from .._numbers import seconds, whole
from .._outcome import Outcome
from .journal import READY, REFUSED, SENDING, UNKNOWN, Entry, Journal, JournalError
from .output import Output
from .progress import Progress, span
from .rows import InputError, Row, read
from .run import INTERRUPTED, Plan, Run

_MANY: Final = 10_000_000
_DAY: Final = 86_400
DESCRIPTION: Final = """\
Create a session for each row of a file.

INPUT is CSV with a header, or JSON lines. Columns and members are the fields of a session, in
snake_case or camelCase: first_name, last_name, email, phone, external_id, send_email_invite,
send_phone_invite, workflow_id, redirect_url, expires_in_hours. External ids must be unique; a row
without one gets a generated one.

OUTPUT gets one JSON object for each finished row, in the order in which rows finish:

  {"line": 2, "outcome": "created", "external_id": "...", "session_id": "...",
   "session_url": "...", "expires_at": ..., "reconciled": false}

The journal, a SQLite file beside the output, records for each row whether it may have been sent.
After any interruption (Ctrl-C, SIGKILL, power failure), run the same command again: it resumes,
and no row is executed twice. Rows in flight when a run was killed are searched for by external id.
Those not found are searched for again after --settle seconds, when no request can still arrive,
and only then sent. A row that was sent and got no usable response is never sent again: it is
"unknown".
"""
EPILOG: Final = """\
exit status:
  0  every row has its session
  1  some rows are invalid or were rejected; their output lines say why
  2  the command, the file, the key or the journal is invalid; nothing was sent
  3  some rows are unknown or have several sessions: do not send these again; run the same
     command later to search for the unknown ones
  5  stopped before the end; run the same command again to resume
130  interrupted; run the same command again to resume
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("input", metavar="INPUT", help="the rows; - reads standard input")
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        help="the results (INPUT.sessions.jsonl); - writes standard output",
    )
    parser.add_argument("--journal", metavar="FILE", help="the journal (OUTPUT.journal)")
    parser.add_argument("--format", choices=("csv", "jsonl"), help="the format of INPUT (from its name)")
    parser.add_argument("--check", action="store_true", help="only validate the rows; send nothing")
    parser.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=seconds(0, _DAY),
        default=60.0,
        help="the time for each row, including the search if the response is lost (60)",
    )
    parser.add_argument(
        "--limit", metavar="N", type=whole(1, _MANY), help="send at most N rows in this run"
    )
    parser.add_argument(
        "--rate",
        metavar="N",
        type=whole(0, 10_000),
        default=os.environ.get("DEEPIDV_RATE_LIMIT") or "25",
        help="requests per second; 0 for no limit (DEEPIDV_RATE_LIMIT, else 25)",
    )
    parser.add_argument(
        "--burst",
        metavar="N",
        type=whole(1, _MANY),
        default=os.environ.get("DEEPIDV_RATE_BURST") or "35",
        help="requests sent at once (DEEPIDV_RATE_BURST, else 35)",
    )
    parser.add_argument(
        "--in-flight",
        metavar="N",
        type=whole(1, _MANY),
        help="the number of rows in flight, up to 10000; by default two seconds' worth, to keep the search "
        "short if this process is killed",
    )
    parser.add_argument(
        "--settle",
        metavar="SECONDS",
        type=seconds(0, _DAY),
        default=300.0,
        help="how long a request of a killed run may still arrive at the service (300); more than a "
        "client's 120, since the system and proxies may still deliver what a killed process has sent",
    )
    parser.add_argument("--retry-refused", action="store_true", help="send rejected rows again")
    parser.add_argument(
        "--other-key", action="store_true", help="accept another API key of the same account"
    )
    parser.add_argument("--quiet", action="store_true", help="show no progress")


def main(arguments: argparse.Namespace) -> int:
    """Run the command and return its exit status."""
    try:
        return _main(arguments)
    except (InputError, JournalError, OSError, UnicodeError) as error:
        # A codec error would contain part of the file.
        shown = "the input is not UTF-8" if isinstance(error, UnicodeError) else str(error)
        _log(f"deepidv bulk: {shown}")
        return 2


def _main(arguments: argparse.Namespace) -> int:
    rows = _read(arguments)
    invalid = [_answer(row) for row in rows if row.problem is not None]
    for answer in invalid[:20]:
        field = f"{answer['field']}: " if "field" in answer else ""
        _log(f"line {answer['line']}: {field}{answer['error']}")
    if len(invalid) > 20:
        _log(f"... and {len(invalid) - 20:,} more invalid lines")
    if arguments.check:
        _log(f"{len(rows):,} rows, {len(invalid):,} of them invalid")
        return 1 if invalid else 0
    return asyncio.run(_send(arguments, rows, invalid))


def _read(arguments: argparse.Namespace) -> list[Row]:
    name = arguments.input
    form = arguments.format
    if form is None:
        if name.endswith((".csv", ".tsv", ".txt")):
            form = "csv"
        elif name.endswith((".jsonl", ".ndjson", ".json")):
            form = "jsonl"
        else:
            raise InputError(
                "cannot tell the format from the input's name: use --format csv or --format jsonl"
            )
    # Spreadsheets write a byte order mark.
    source = sys.stdin.fileno() if name == "-" else name
    with open(source, encoding="utf-8-sig", newline="", closefd=name != "-") as file:
        return read(file, form)


def _answer(row: Row) -> dict[str, Any]:
    answer: dict[str, Any] = {"line": row.line, "outcome": Outcome.INVALID.value}
    if row.problem is not None:
        answer["error"] = row.problem.error
        if row.problem.field is not None:
            answer["field"] = row.problem.field
    return answer


async def _send(arguments: argparse.Namespace, rows: list[Row], invalid: list[dict[str, Any]]) -> int:
    base_url = os.environ.get("DEEPIDV_BASE_URL", "")
    api_key = os.environ.get("DEEPIDV_API_KEY", "")
    in_flight = min(arguments.in_flight or _window(arguments), 10_000)
    options: dict[str, Any] = {"rate_limit": arguments.rate, "rate_burst": arguments.burst}
    # Add the time that a row waits for the rate limiter.
    waiting = 2 * in_flight / arguments.rate if arguments.rate else 0
    async with (
        AsyncClient.from_env(
            **options, timeout=arguments.timeout + waiting, max_in_flight=in_flight
        ) as client,
        AsyncClient.from_env(**options, timeout=min(20, arguments.timeout)) as search_client,
    ):
        output_path, journal_path = _paths(arguments)
        journal = Journal(journal_path)
        try:
            if journal.is_new and output_path != "-" and os.path.exists(output_path):
                os.unlink(journal_path)
                raise JournalError(
                    f"{output_path} exists, but {journal_path} does not, so it is unknown which rows were "
                    "sent: use another output"
                )
            journal.check_owner(base_url, api_key, other_key=arguments.other_key)
            plan, done = _plan(arguments, journal, rows)
            plan.in_flight = in_flight
            output = Output(output_path, [*invalid, *done])
            plan.counts = dict(Counter(answer["outcome"] for answer in [*invalid, *done]))
            progress = Progress(len(rows), plan.counts, shown=not arguments.quiet)
            run = Run(plan, client, search_client, journal, output, progress)
            begun, before = time.monotonic(), plan.counts.get("created", 0)
            try:
                await run.go()
            finally:
                progress.close()
                left = _write_unknown(plan, output)
                output.close()
        finally:
            journal.close()
    counts = {**plan.counts, **left}
    took = time.monotonic() - begun
    _summary(arguments, len(rows), counts, counts.get("created", 0) - before, took, run.stopped)
    return _status(counts, run.stopped)


def _window(arguments: argparse.Namespace) -> int:
    return 2 * arguments.rate + arguments.burst if arguments.rate else 2000


def _paths(arguments: argparse.Namespace) -> tuple[str, str]:
    output = arguments.output
    if output is None:
        if arguments.input == "-":
            raise InputError("--output is required with standard input")
        output = f"{arguments.input}.sessions.jsonl"
    journal = arguments.journal
    if journal is None:
        if output == "-":
            raise InputError("--journal is required with standard output")
        journal = f"{output}.journal"
    return output, journal


def _plan(
    arguments: argparse.Namespace, journal: Journal, rows: list[Row]
) -> tuple[Plan, list[dict[str, Any]]]:
    known = {entry.line: entry for entry in journal.entries()}
    references = {entry.external_id: entry.line for entry in known.values()}
    salt, name = journal.salt, journal.name
    plan = Plan({}, deque(), [], [], in_flight=1, settle=arguments.settle, limit=arguments.limit)
    done: list[dict[str, Any]] = []
    for row in rows:
        if row.problem is not None:
            continue
        entry = known.pop(row.line, None)
        digest = row.digest(salt)
        if entry is None:
            entry = Entry(row.line, digest, row.external_id or f"bulk-{name}-{row.line}")
            if entry.external_id in references:
                raise JournalError(f"line {row.line}: another row with this external_id was already sent")
        elif entry.digest != digest:
            raise JournalError(
                f"line {row.line} has changed since it was sent: add rows only at the end, or use "
                "another output"
            )
        plan.rows[row.line] = row
        if entry.state == REFUSED and arguments.retry_refused:
            entry.state, entry.answer = READY, None
        if entry.state == READY:
            plan.ready.append(entry)
        elif entry.state == SENDING:
            plan.interrupted.append(entry)
        elif entry.state == UNKNOWN:
            plan.unknown.append(entry)
        elif entry.answer is not None:
            done.append(entry.answer)
    lost = [entry for entry in known.values() if entry.state != READY]
    if lost:
        raise JournalError(f"line {lost[0].line} was sent, but is no longer in the input")
    return plan, done


def _write_unknown(plan: Plan, output: Output) -> dict[str, int]:
    """Write the rows whose outcome is still unknown."""
    unknown = [entry for entry in [*plan.interrupted, *plan.unknown] if entry.state in (SENDING, UNKNOWN)]
    output.write(
        {
            "line": entry.line,
            "outcome": Outcome.UNKNOWN.value,
            "external_id": entry.external_id,
            "reconcile_token": (entry.answer or {}).get("reconcile_token") or entry.token,
        }
        for entry in unknown
    )
    return {Outcome.UNKNOWN.value: len(unknown)} if unknown else {}


def _summary(
    arguments: argparse.Namespace,
    total: int,
    counts: dict[str, int],
    created: int,
    seconds: float,
    stopped: Any,
) -> None:
    _log(f"{total:,} rows; {created:,} sessions in this run, {span(seconds)}")
    for outcome, count in sorted(counts.items()):
        _log(f"  {outcome:<12} {count:>9,}  {_MEANING.get(outcome, '')}".rstrip())
    left = total - sum(counts.values())
    if left:
        _log(f"  {'to be sent':<12} {left:>9,}")
    if stopped is not None:
        _log(f"Stopped: {str(stopped).rstrip('.')}.")
    if left:
        _log("Run the same command again to resume.")
    elif counts.get(Outcome.UNKNOWN.value):
        _log("Run the same command again in a minute or two to search for the unknown ones.")


_MEANING: Final = {
    "invalid": "not sent; their lines say why",
    "refused": "by the service; their lines say why",
    "unknown": "a session may exist: do not send these again",
    "duplicate": "several sessions exist: do not send these again",
}


def _status(counts: dict[str, int], stopped: Any) -> int:
    if stopped is not None:
        return 130 if stopped == INTERRUPTED else 5
    if counts.get("unknown") or counts.get("duplicate"):
        return 3
    return 1 if counts.get("invalid") or counts.get("refused") else 0


def _log(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
