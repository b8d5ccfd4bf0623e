"""``deepidv bulk`` as an operator sees it."""

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
send_phone_invite, workflow_id, redirect_url, expires_in_hours. A row without an external_id is
given one; no two rows may have the same.

OUTPUT gets one JSON object for each row that has ended, in the order in which they end:

  {"line": 2, "outcome": "created", "external_id": "...", "session_id": "...",
   "session_url": "...", "expires_at": ..., "reconciled": false}

The journal, a SQLite file beside the output, knows of each row whether it may have been sent. Run
the same command again after anything at all (Ctrl-C, SIGKILL, no power): it goes on where it was,
and no row is executed twice. Rows that were under way when a run died are looked for by their
external id. Those that are not there are looked for again after --settle seconds, when nothing
can still be on its way, and only then sent. A row that the service has been sent and gave no
usable answer to is never sent again: it is "unknown".
"""
EPILOG: Final = """\
exit status:
  0  every row has its session
  1  some rows are invalid or were refused; their lines say why
  2  the command, the file, the key or the journal cannot be used; nothing was sent
  3  some rows are unknown or have several sessions: do not send those again; run the same
     command later to have them looked for
  5  stopped before the end; run the same command again to go on
130  interrupted; run the same command again to go on
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what can be asked for."""
    parser.add_argument("input", metavar="INPUT", help="the rows; - is standard input")
    parser.add_argument(
        "-o", "--output", metavar="FILE", help="the results (INPUT.sessions.jsonl); - prints them"
    )
    parser.add_argument("--journal", metavar="FILE", help="what is known of each row (OUTPUT.journal)")
    parser.add_argument("--format", choices=("csv", "jsonl"), help="of INPUT; else its name tells")
    parser.add_argument("--check", action="store_true", help="only check the rows; nothing is sent")
    parser.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=seconds(0, _DAY),
        default=60.0,
        help="for each row, once it is its turn; what is lost is looked for meanwhile (60)",
    )
    parser.add_argument("--limit", metavar="N", type=whole(1, _MANY), help="stop after N rows of this run")
    parser.add_argument(
        "--rate",
        metavar="N",
        type=whole(0, 10_000),
        default=os.environ.get("DEEPIDV_RATE_LIMIT") or "25",
        help="requests a second; 0: no limit (DEEPIDV_RATE_LIMIT, else 25)",
    )
    parser.add_argument(
        "--burst",
        metavar="N",
        type=whole(1, _MANY),
        default=os.environ.get("DEEPIDV_RATE_BURST") or "35",
        help="requests at once (DEEPIDV_RATE_BURST, else 35)",
    )
    parser.add_argument(
        "--in-flight",
        metavar="N",
        type=whole(1, _MANY),
        help="rows that are under way at once, up to 10000; by default two seconds' worth, so that few "
        "have to be looked for if this process is killed",
    )
    parser.add_argument(
        "--settle",
        metavar="SECONDS",
        type=seconds(0, _DAY),
        default=300.0,
        help="how long a request of a run that died may still be on its way (300)",
    )
    parser.add_argument("--retry-refused", action="store_true", help="send rows again that were refused")
    parser.add_argument(
        "--other-key", action="store_true", help="another key of the same account than before"
    )
    parser.add_argument("--quiet", action="store_true", help="no progress")


def main(arguments: argparse.Namespace) -> int:
    """Do as the arguments say, and answer the exit status."""
    try:
        return _main(arguments)
    except (InputError, JournalError, OSError, UnicodeError) as error:
        # Not what a codec shows: it is a piece of the file.
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
        _log(f"... and {len(invalid) - 20:,} more lines that are invalid")
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
                "--format csv or --format jsonl is needed: the name of the input does not tell"
            )
    # Spreadsheets begin a CSV file with a byte order mark.
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
    # What waits its turn has the time for it.
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
                    f"{output_path} exists, but {journal_path} does not: which rows were sent is not "
                    "known; name another output"
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
            raise InputError("--output is needed with standard input")
        output = f"{arguments.input}.sessions.jsonl"
    journal = arguments.journal
    if journal is None:
        if output == "-":
            raise InputError("--journal is needed when the results are printed")
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
                raise JournalError(
                    f"line {row.line}: another row with its external_id has been sent before"
                )
        elif entry.digest != digest:
            raise JournalError(
                f"line {row.line} is not what it was when it was sent: add rows at the end, or begin with "
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
        raise JournalError(f"line {lost[0].line} has been sent, and is not in the input any more")
    return plan, done


def _write_unknown(plan: Plan, output: Output) -> dict[str, int]:
    """Tell of those whose fate is still not known."""
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
        _log(f"Stopped: {stopped}.")
    if left:
        _log("Run the same command again to go on.")
    elif counts.get(Outcome.UNKNOWN.value):
        _log("Run the same command again in a minute or two to have the unknown ones looked for.")


_MEANING: Final = {
    "invalid": "not sent; the lines say why",
    "refused": "by the service; the lines say why",
    "unknown": "there may be a session or not: do not send these again",
    "duplicate": "several sessions: do not send these again",
}


def _status(counts: dict[str, int], stopped: Any) -> int:
    if stopped is not None:
        return 130 if stopped == INTERRUPTED else 5
    if counts.get("unknown") or counts.get("duplicate"):
        return 3
    return 1 if counts.get("invalid") or counts.get("refused") else 0


def _log(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
