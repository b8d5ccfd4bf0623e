"""The options of ``deepidv fleet``, and its help."""

from __future__ import annotations

import argparse
import os
from typing import Any, Callable, Final

from .._option_types import seconds, text_encoding, utf8_text, whole

_MANY: Final = 10_000_000
_DAY: Final = 86_400

DESCRIPTION: Final = """\
Create the sessions of many rows from many machines that share an API key.

The work list is a table in PostgreSQL, or in SQLite for workers on one machine. `add` adds rows to
it, any number of `work` processes create their sessions, and `status` shows the progress of all.
Processes can be stopped, killed and started at any time, on any machine: no row is lost, and each
is executed once. docs/fleet.md describes the exceptions. Needs the extra `fleet`:
`pip install "./bindings/python[fleet]"` in a checkout.
"""
ADD: Final = """\
Add rows to the work list.

INPUT is CSV or JSON lines, as for `deepidv bulk`, or the SQLAlchemy URL of a database, of which
--table names a table or view. Its columns with the name of a field are read, and the others
ignored. Each row needs an external id, by which all workers find its session. Adding a row again
does nothing if it was sent; it replaces a row that was not executed. Invalid rows of a file are
reported and not added. Run the same command again if it was interrupted, or when the input has more
rows.
"""
WORK: Final = """\
Create sessions for the rows of the work list, until all rows are finished.

A worker records each row as `sending` before it sends it, and has it for --timeout plus --margin
seconds. If the worker is killed, another one takes the row --settle seconds after that, when no
request can still arrive. It searches for the session by its external id, and sends the row only if
there is none. The same happens --settle seconds after a response was lost.

With --redis, all processes with the API key keep its rate and its daily quota together; without,
each adapts its own rate when the service refuses requests.
"""
EPILOG: Final = """\
exit status of `work`, for the rows of all workers:
  0  every row has its session
  1  some rows are invalid or were refused
  2  the command, the key or the database is invalid; this worker has sent nothing
  3  some rows are unknown or have several sessions: do not send these again
  5  stopped before the end; run the same command again to go on
130  interrupted; run the same command again to go on

`add` exits with 1 if some rows are invalid.
"""


def add_arguments(
    parser: argparse.ArgumentParser,
    service: argparse.ArgumentParser,
    run: Callable[[argparse.Namespace], int],
) -> None:
    """Add the subcommands and their arguments."""
    database = type(parser)(add_help=False)
    database.add_argument(
        "--database",
        metavar="URL",
        type=utf8_text,
        help="the work list: postgresql://HOST/NAME or sqlite:///FILE (DEEPIDV_DATABASE). Put no password "
        "on the command line, which other users can see",
    )
    actions = parser.add_subparsers(title="actions", metavar="ACTION", dest="action", required=True)
    formatter = argparse.RawDescriptionHelpFormatter

    def action(name: str, description: str, **more: Any) -> argparse.ArgumentParser:
        parents = [database, *more.pop("parents", [])]
        text = description.split("\n", 1)[0].rstrip(".")
        help = text[0].lower() + text[1:]
        return actions.add_parser(
            name, parents=parents, help=help, description=description, formatter_class=formatter, **more
        )

    add = action("add", ADD)
    add.add_argument("input", metavar="INPUT", type=utf8_text, help="the rows; - reads standard input")
    add.add_argument("--format", choices=("csv", "jsonl"), help="the format of INPUT (from its name)")
    add.add_argument(
        "--encoding",
        metavar="NAME",
        type=text_encoding,
        help="the encoding of CSV without a byte order mark",
    )
    add.add_argument(
        "--table", metavar="NAME", type=utf8_text, help="the table or view of a database as INPUT"
    )
    add.add_argument(
        "--external-id",
        metavar="COLUMN",
        type=utf8_text,
        help="the column of the table with the external id (external_id)",
    )
    work = action("work", WORK, parents=[service], epilog=EPILOG)
    _add_work(work)
    status = action("status", "Show how many rows are in which state.")
    status.add_argument("--json", action="store_true", help="print one JSON object on standard output")
    for each in (add, work, status):
        each.set_defaults(run=run)


def _add_work(work: argparse.ArgumentParser) -> None:
    work.add_argument(
        "--redis",
        metavar="URL",
        type=utf8_text,
        default=os.environ.get("DEEPIDV_REDIS"),
        help="share the rate through this Redis, such as redis://HOST/0 (DEEPIDV_REDIS)",
    )
    work.add_argument(
        "--rate-name",
        metavar="NAME",
        default="deepidv",
        help="what the processes with this key have in common",
    )
    work.add_argument(
        "--rate",
        metavar="N",
        type=whole(1, 10_000),
        default=os.environ.get("DEEPIDV_RATE_LIMIT") or "25",
        help="requests per second of all processes together; without --redis of this one "
        "(DEEPIDV_RATE_LIMIT, else 25)",
    )
    work.add_argument(
        "--burst",
        metavar="N",
        type=whole(1, _MANY),
        default=25,
        help="requests sent at once, with --redis (25; the service allows 35, and up to ten more can be "
        "sent with permits that were reserved before)",
    )
    work.add_argument(
        "--daily",
        metavar="N",
        type=whole(0, _MANY),
        default=10_000,
        help="requests per day of all processes together, with --redis; 0 for no limit (10000)",
    )
    work.add_argument(
        "--in-flight",
        metavar="N",
        type=whole(1, 10_000),
        help="the number of rows that this worker has at once; by default those of a second. With "
        "more than 50 workers, use fewer",
    )
    work.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=seconds(1, _DAY),
        default=60.0,
        help="the time for each row, including the wait for its turn (60)",
    )
    work.add_argument(
        "--margin",
        metavar="SECONDS",
        type=seconds(1, _DAY),
        default=30.0,
        help="a row that was not submitted within this time is given back (30)",
    )
    work.add_argument(
        "--settle",
        metavar="SECONDS",
        type=seconds(1, _DAY),
        default=300.0,
        help="how long a request of a killed process may still arrive at the service (300)",
    )
    work.add_argument(
        "--limit", metavar="N", type=whole(1, _MANY), help="take at most N rows in this process"
    )
    work.add_argument(
        "--search-first",
        action="store_true",
        help="look for each row by its external id before it is sent: after the database was restored from "
        "a backup, or if other programs send the same rows",
    )
    work.add_argument("--follow", action="store_true", help="wait for further rows when all are finished")
    work.add_argument("--other-key", action="store_true", help="accept another API key of the same account")
    work.add_argument("--quiet", action="store_true", help="show no progress")
