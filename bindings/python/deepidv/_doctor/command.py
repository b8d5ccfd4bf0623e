"""The command ``deepidv doctor``: its arguments and its report."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from .._exit_status import FAILED, OK
from .._option_types import seconds
from .._terminal import print_json, print_text, printable

if TYPE_CHECKING:
    from .check import Check

DESCRIPTION: Final = """\
Check everything between this program and the service, and print a report for a support ticket.

One line per check: ok, warning, failed or skipped, with what to do. The report names servers, and
contains no API key, no password and no personal data: the key appears as a fingerprint, the start
of its SHA-256 (printf %s "$DEEPIDV_API_KEY" | sha256sum).

The line `readings` shows how this service answers where its documentation says nothing, in the
words of the emulator's `--open`.

Three GETs are sent, which change nothing: one without the key, one that lists a session, and one
for a page that does not exist. Exits with 0 if no check failed, otherwise with 1.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=seconds(0.1, 60),
        default=5.0,
        help="the time for each check (5)",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Check, and print the report."""
    # Not before: other commands do not need ssl and http.
    from .checks import checks

    found = list(checks(arguments))
    failed = [check.name for check in found if check.state == "failed"]
    if arguments.json:
        print_json({"checks": [_dict(check) for check in found], "failed": failed})
    else:
        print_text(_report(found, failed))
    return FAILED if failed else OK


def _dict(check: Check) -> dict[str, object]:
    return {**check._asdict(), "facts": dict(check.facts)}


def _report(found: Iterable[Check], failed: list[str]) -> str:
    lines = [_line(check) for check in found]
    lines.append(f"failed: {', '.join(failed)}" if failed else "No check failed.")
    return "\n".join([*lines, ""])


def _line(check: Check) -> str:
    text = f"{check.text}. {check.advice}" if check.advice else check.text
    # One line each, whatever a server sent.
    return f"{check.state:8} {check.name:9} {' '.join(printable(text).split())}"
