"""The command line: ``deepidv``, or ``python -m deepidv``."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any, Final, Optional

from . import _listen, _tail
from ._bulk import command as bulk
from ._clear_locals import clears_locals
from ._client import Client
from ._errors import (
    CreatedThoughCancelled,
    DuplicateSessions,
    Error,
    InvalidOption,
    InvalidRequest,
    NoDecision,
    OutcomeUnknown,
    RepeatedParameter,
    ServiceError,
    TryAgain,
)
from ._library import version
from ._numbers import seconds
from ._operation import LONGEST_WAIT
from ._record import SessionStatus
from ._redirect import parse_redirect
from ._request import FIELDS, camel
from ._session import Session

_DESCRIPTION: Final = """\
Create identity verification sessions with deepidv, and parse the redirects that come back.

The API key comes from DEEPIDV_API_KEY or from a file, never from the command line, which other
users of the machine can see. DEEPIDV_BASE_URL and the library's other DEEPIDV_ variables apply too.
Results are JSON on standard output, one object per line; everything else goes to standard error.
"""
_EPILOG: Final = """\
exit status:
  0  done
  1  another error
  2  the command or the request is invalid; nothing was sent
  3  a session may exist: run `deepidv reconcile TOKEN` later; another process knows nothing of
     this create, and would send it again
  4  several sessions exist: do not send the request again
  5  not executed; safe to retry
  6  the service rejected the request
  7  the redirect is for another session, or repeats a parameter
  8  wait: the session was rejected
  9  wait: the session ended without a decision (expired, voided or failed)
 10  wait: the time ran out before the session ended

`deepidv bulk` has its own exit statuses: see `deepidv bulk --help`.
"""

OK: Final = 0
FAILED: Final = 1
USAGE_ERROR: Final = 2
UNKNOWN: Final = 3
DUPLICATE: Final = 4
TRY_AGAIN: Final = 5
REFUSED: Final = 6
MISMATCH: Final = 7
REJECTED: Final = 8
ENDED: Final = 9
UNDECIDED: Final = 10
INTERRUPTED: Final = 130


def parser() -> argparse.ArgumentParser:
    """Create the argument parser."""
    formatter = argparse.RawDescriptionHelpFormatter
    top = argparse.ArgumentParser(
        prog="deepidv", description=_DESCRIPTION, epilog=_EPILOG, formatter_class=formatter
    )
    top.add_argument("--version", action="version", version=f"deepidv {version()}")
    service = argparse.ArgumentParser(add_help=False)
    service.add_argument("--base-url", metavar="URL", help="the service's URL (DEEPIDV_BASE_URL)")
    service.add_argument(
        "--api-key-file", metavar="FILE", help="a file that contains the API key (DEEPIDV_API_KEY)"
    )
    limited = argparse.ArgumentParser(add_help=False)
    limited.add_argument("--timeout", metavar="SECONDS", type=float, help="the total time (25)")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)

    create = commands.add_parser(
        "create",
        parents=[service, limited],
        help="create a session",
        description="Create a session. No retry within the call executes it twice. Other users of the "
        "machine can see the command line: use --json - to keep personal data off it.",
    )
    create.add_argument("--json", metavar="FILE", help="the fields as one JSON object; - is standard input")
    for field in FIELDS:
        option = "--" + field.replace("_", "-")
        if field.startswith("send_"):
            create.add_argument(option, choices=("yes", "no"))
        else:
            create.add_argument(option, metavar="TEXT" if field != "expires_in_hours" else "HOURS")
    create.set_defaults(run=_create)

    redirect = commands.add_parser(
        "redirect",
        help="parse a redirect",
        description="Parse a redirect. It is not signed: confirm it with `deepidv retrieve`.",
    )
    redirect.add_argument(
        "url",
        metavar="URL",
        help="the URL, a path with a query, or a query; - reads a line from standard input",
    )
    redirect.add_argument("--expect", metavar="SESSION_ID", help="the id of the expected session")
    redirect.set_defaults(run=_redirect)

    retrieve = commands.add_parser(
        "retrieve",
        parents=[service, limited],
        help="retrieve a session",
        description="Retrieve a session.",
    )
    retrieve.add_argument("session_id", metavar="SESSION_ID")
    retrieve.add_argument(
        "--record", action="store_true", help="print the whole record, with personal data"
    )
    retrieve.set_defaults(run=_retrieve)

    wait = commands.add_parser(
        "wait",
        parents=[service],
        help="wait until a session is decided",
        description="Wait until a session has ended, and print it. Exits with 0 only if it is verified.",
    )
    wait.add_argument("session_id", metavar="SESSION_ID")
    wait.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=seconds(0.001, LONGEST_WAIT),
        default=300.0,
        help="the time to wait (300)",
    )
    wait.set_defaults(run=_wait)

    reconcile = commands.add_parser(
        "reconcile",
        parents=[service, limited],
        help="search for the session of a create whose outcome is unknown",
        description="Search for the session of a create whose outcome is unknown.",
    )
    reconcile.add_argument("token", metavar="TOKEN", help="the reconcile_token of the create")
    reconcile.set_defaults(run=_reconcile)

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

    many = commands.add_parser(
        "bulk",
        parents=[service],
        help="create a session for each row of a file",
        description=bulk.DESCRIPTION,
        epilog=bulk.EPILOG,
        formatter_class=formatter,
    )
    bulk.add_arguments(many)
    many.set_defaults(run=bulk.main)
    return top


@clears_locals
def main(arguments: Optional[list[str]] = None) -> int:
    """Run a command and return its exit status."""
    parsed = parser().parse_args(arguments)
    try:
        if getattr(parsed, "base_url", None) is not None:
            os.environ["DEEPIDV_BASE_URL"] = parsed.base_url
        if getattr(parsed, "api_key_file", None) is not None:
            os.environ["DEEPIDV_API_KEY"] = Path(parsed.api_key_file).read_text("utf-8").strip()
        status: int = parsed.run(parsed)
        return status
    except Error as error:
        return _failed(error)
    except BrokenPipeError:
        # The reader closed the pipe. Keep Python from complaining at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except (OSError, UnicodeError) as error:
        print(
            f"deepidv: {error if isinstance(error, OSError) else 'the file is not UTF-8'}", file=sys.stderr
        )
        return USAGE_ERROR
    except KeyboardInterrupt:
        return INTERRUPTED


def _create(arguments: argparse.Namespace) -> int:
    fields: dict[str, Any] = {}
    if arguments.json is not None:
        text = sys.stdin.read() if arguments.json == "-" else Path(arguments.json).read_text("utf-8")
        try:
            fields = json.loads(text)
        except ValueError:
            fields = {}
        if not isinstance(fields, dict) or not fields:
            print("deepidv: --json needs a JSON object with fields", file=sys.stderr)
            return USAGE_ERROR
    for field in FIELDS:
        given = getattr(arguments, field)
        if given is not None:
            # camelCase would win over this option.
            fields.pop(camel(field), None)
            fields[field] = _value(field, given)
    with _client(arguments) as client:
        _print(_session(client.create_session_from(fields)))
    return OK


def _value(field: str, text: str) -> Any:
    if field.startswith("send_"):
        return text == "yes"
    if field == "expires_in_hours":
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text
    return text


def _session(session: Session) -> dict[str, Any]:
    return {
        "id": session.id,
        "url": session.url,
        "external_id": session.external_id,
        "expires_at": session.expires_at,
        "reconciled": session.reconciled,
    }


def _redirect(arguments: argparse.Namespace) -> int:
    url = sys.stdin.readline().rstrip("\r\n") if arguments.url == "-" else arguments.url
    redirect = parse_redirect(url)
    output: dict[str, Any] = {
        "session_id": redirect.session_id,
        "status": redirect.status,
        "reason": redirect.reason,
    }
    if arguments.expect is not None:
        output["matches"] = redirect.matches(arguments.expect)
    _print(output)
    return OK if output.get("matches", True) else MISMATCH


def _retrieve(arguments: argparse.Namespace) -> int:
    with _client(arguments) as client:
        found = client.retrieve_session(arguments.session_id)
    _print(found.record if arguments.record else _tail.status_fields(found))
    return OK


def _wait(arguments: argparse.Namespace) -> int:
    try:
        with Client.from_env() as client:
            found = client.wait_for_decision(arguments.session_id, timeout=arguments.timeout)
    except NoDecision as error:
        print(f"deepidv: {error}", file=sys.stderr)
        if error.session is not None:
            _print(_tail.status_fields(error.session))
        return UNDECIDED
    _print(_tail.status_fields(found))
    if found.status == SessionStatus.VERIFIED:
        return OK
    return REJECTED if found.status == SessionStatus.REJECTED else ENDED


def _reconcile(arguments: argparse.Namespace) -> int:
    with _client(arguments) as client:
        _print(_session(client.reconcile(arguments.token)))
    return OK


def _client(arguments: argparse.Namespace) -> Client:
    return Client.from_env(timeout=arguments.timeout)


def _print(output: Any) -> None:
    print(json.dumps(output), flush=True)


def _failed(error: Error) -> int:
    print(f"deepidv: {error}", file=sys.stderr)
    if isinstance(error, InvalidOption) and error.field == "api_key":
        print("deepidv: set DEEPIDV_API_KEY or use --api-key-file", file=sys.stderr)
    if isinstance(error, DuplicateSessions):
        _print(
            {"outcome": error.outcome, "external_id": error.external_id, "session_ids": error.session_ids}
        )
        return DUPLICATE
    if isinstance(error, OutcomeUnknown):
        _print(
            {
                "outcome": error.outcome,
                "external_id": error.external_id,
                "reconcile_token": error.reconcile_token,
                **(_session(error.session) if isinstance(error, CreatedThoughCancelled) else {}),
            }
        )
        return UNKNOWN
    if isinstance(error, RepeatedParameter):
        return MISMATCH
    if isinstance(error, (InvalidRequest, InvalidOption)):
        return USAGE_ERROR
    if isinstance(error, TryAgain):
        return TRY_AGAIN
    return REFUSED if isinstance(error, ServiceError) else FAILED
