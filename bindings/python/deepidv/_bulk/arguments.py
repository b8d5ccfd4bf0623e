"""The options of ``deepidv bulk``, and its help."""

from __future__ import annotations

import argparse
import os
from typing import Final

from .._option_types import seconds, text_encoding, whole

_MANY: Final = 10_000_000
_DAY: Final = 86_400
DESCRIPTION: Final = """\
Create a session for each row of a file.

INPUT is CSV with a header, or JSON lines, in UTF-8, or in UTF-16 with a byte order mark. Columns
and members are the fields of a session, in snake_case or camelCase: first_name, last_name, email,
phone, external_id, send_email_invite, send_phone_invite, workflow_id, redirect_url,
expires_in_hours. CSV is separated by commas, semicolons or tabs. Blank lines are skipped. External
ids must be unique; a row without one gets a generated one. Invalid rows do not stop the others.

OUTPUT gets one JSON object for each finished row, in the order in which rows finish:

  {"line": 2, "outcome": "created", "external_id": "...", "session_id": "...",
   "session_url": "...", "expires_at": ..., "reconciled": false}

Lines of other outcomes say why: "error" is a code, "message" explains it, "field" names the field.

The journal, a SQLite file beside the output, records for each row whether it may have been sent.
After any interruption (Ctrl-C, SIGKILL, power failure), run the same command again: it resumes,
and no row is executed twice. Rows in flight when a run was killed are searched for by external id.
Those not found are searched for again after --settle seconds, when no request can still arrive,
and only then sent. A row that was sent and got no usable response is never sent again: it is
"unknown". Keep the journal: without it, nothing says which rows were sent.

Output and journal contain session URLs, so only their owner may read them (mode 0600). A pipe as
input is copied to a temporary file without a name.
"""
EPILOG: Final = """\
exit status:
  0  every row has its session
  1  some rows are invalid or were refused; their output lines say why
  2  the command, a file, the key or the journal is invalid; this run has sent nothing
  3  some rows are unknown or have several sessions: do not send these again; run the same
     command later to search for the unknown ones
  5  stopped before the end, also because the output or the journal could not be written; run the
     same command again to resume: no row is sent twice, and no result is lost
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
    parser.add_argument(
        "--encoding",
        metavar="NAME",
        type=text_encoding,
        help="the encoding of CSV without a byte order mark, such as cp1252 from Excel (utf-8)",
    )
    parser.add_argument("--check", action="store_true", help="only validate the rows; send nothing")
    parser.add_argument(
        "--allow-duplicates",
        action="store_true",
        help="send rows that are identical and have no external id; by default only the first is sent",
    )
    parser.add_argument(
        "--search-first",
        action="store_true",
        help="look for each row by its external id before it is sent, in this run and all that resume it; "
        "rows without an external id are refused",
    )
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
    parser.add_argument("--retry-refused", action="store_true", help="send refused rows again")
    parser.add_argument(
        "--other-key", action="store_true", help="accept another API key of the same account"
    )
    parser.add_argument("--quiet", action="store_true", help="show no progress")
