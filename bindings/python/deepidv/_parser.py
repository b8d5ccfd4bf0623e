"""The options of all commands."""

from __future__ import annotations

import argparse
import sys
from typing import Any, Final

from . import _commands, _listen, _tail
from ._bulk import arguments as bulk_arguments
from ._bulk import command as bulk
from ._doctor import command as doctor_command
from ._exit_status import EPILOG
from ._fleet import arguments as fleet_arguments
from ._fleet import command as fleet
from ._loading import version
from ._operation import LONGEST_WAIT
from ._option_types import seconds, utf8_text
from ._request import FIELDS
from ._terminal import print_text, printable, say

_DESCRIPTION: Final = """\
Create identity verification sessions with deepidv, and parse the redirects that come back.

The API key comes from DEEPIDV_API_KEY or from a file, never from the command line, which other
users of the machine can see. DEEPIDV_BASE_URL and the library's other DEEPIDV_ variables apply too.
Results are JSON on standard output, one object per line; everything else goes to standard error.
"""


class Parser(argparse.ArgumentParser):
    """A parser whose messages cannot control a terminal, and whose output is not lost silently."""

    def _print_message(self, message: str, file: Any = None) -> None:
        if file is not None and file is sys.stdout:
            print_text(message)
        else:
            say(message.rstrip("\n"))

    def error(self, message: str) -> Any:
        """Exit with 2."""
        super().error(printable(message))


def parser() -> Parser:
    """Create the parser."""
    formatter = argparse.RawDescriptionHelpFormatter
    top = Parser(prog="deepidv", description=_DESCRIPTION, epilog=EPILOG, formatter_class=formatter)
    top.add_argument("--version", action="version", version=f"deepidv {version()}")
    service = Parser(add_help=False)
    service.add_argument(
        "--base-url", metavar="URL", type=utf8_text, help="the service's URL (DEEPIDV_BASE_URL)"
    )
    service.add_argument(
        "--api-key-file", metavar="FILE", help="a file that contains the API key (DEEPIDV_API_KEY)"
    )
    limited = Parser(add_help=False)
    limited.add_argument(
        "--timeout", metavar="SECONDS", type=seconds(0.001, LONGEST_WAIT), help="the total time (25)"
    )
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)

    create = commands.add_parser(
        "create",
        parents=[service, limited],
        help="create a session",
        description="Create a session. No retry within the call executes it twice. Other users of the "
        "machine can see the command line: use --json - to keep personal data off it.",
    )
    create.add_argument(
        "--json", metavar="FILE", help="the fields as one JSON object in UTF-8; - is standard input"
    )
    create.add_argument(
        "--search-first",
        action="store_true",
        help="print the session with this external id if it exists, and create it only if not",
    )
    for field in FIELDS:
        option = "--" + field.replace("_", "-")
        if field.startswith("send_"):
            create.add_argument(option, choices=("yes", "no"))
        else:
            metavar = "TEXT" if field != "expires_in_hours" else "HOURS"
            create.add_argument(option, metavar=metavar, type=utf8_text)
    create.set_defaults(run=_commands.create)

    redirect = commands.add_parser(
        "redirect",
        help="parse a redirect",
        description="Parse a redirect. It is not signed: confirm it with `deepidv retrieve`.",
    )
    redirect.add_argument(
        "url",
        metavar="URL",
        type=utf8_text,
        help="the URL, a path with a query, or a query; - reads a line from standard input",
    )
    redirect.add_argument(
        "--expect", metavar="SESSION_ID", type=utf8_text, help="the id of the expected session"
    )
    redirect.set_defaults(run=_commands.redirect)

    retrieve = commands.add_parser(
        "retrieve",
        parents=[service, limited],
        help="retrieve a session",
        description="Retrieve a session.",
    )
    retrieve.add_argument("session_id", metavar="SESSION_ID", type=utf8_text)
    retrieve.add_argument(
        "--record", action="store_true", help="print the whole record, with personal data"
    )
    retrieve.set_defaults(run=_commands.retrieve)

    wait = commands.add_parser(
        "wait",
        parents=[service],
        help="wait until a session is decided",
        description="Wait until a session has ended, and print it. Exits with 0 only if it is verified.",
    )
    wait.add_argument("session_id", metavar="SESSION_ID", type=utf8_text)
    wait.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=seconds(0.001, LONGEST_WAIT),
        default=300.0,
        help="the time to wait (300)",
    )
    wait.set_defaults(run=_commands.wait)

    reconcile = commands.add_parser(
        "reconcile",
        parents=[service, limited],
        help="search for the session of a create whose outcome is unknown",
        description="Search for the session of a create whose outcome is unknown.",
    )
    reconcile.add_argument(
        "token", metavar="TOKEN", type=utf8_text, help="the reconcile_token of the create"
    )
    reconcile.set_defaults(run=_commands.reconcile)

    tail = commands.add_parser(
        "tail",
        parents=[service],
        help="print sessions when they change",
        description=_tail.DESCRIPTION,
        formatter_class=formatter,
    )
    _tail.add_arguments(tail)
    tail.set_defaults(run=_tail.run)

    listen = commands.add_parser(
        "listen",
        help="receive webhooks, print them, and forward them to a local application",
        description=_listen.DESCRIPTION,
        formatter_class=formatter,
    )
    _listen.add_arguments(listen)
    listen.set_defaults(run=_listen.run)

    doctor = commands.add_parser(
        "doctor",
        parents=[service],
        help="check everything between this program and the service",
        description=doctor_command.DESCRIPTION,
        formatter_class=formatter,
    )
    doctor_command.add_arguments(doctor)
    doctor.set_defaults(run=doctor_command.run)

    many = commands.add_parser(
        "bulk",
        parents=[service],
        help="create a session for each row of a file",
        description=bulk_arguments.DESCRIPTION,
        epilog=bulk_arguments.EPILOG,
        formatter_class=formatter,
    )
    bulk_arguments.add_arguments(many)
    many.set_defaults(run=bulk.main)

    shared = commands.add_parser(
        "fleet",
        help="create sessions from many machines, which share a list of rows",
        description=fleet_arguments.DESCRIPTION,
        formatter_class=formatter,
    )
    fleet_arguments.add_arguments(shared, service, fleet.main)
    return top
