"""The commands of one session: create, redirect, retrieve, wait and reconcile."""

from __future__ import annotations

import argparse
import json
import time
from typing import Any, Callable, Optional

from . import _abi, _tail
from ._client import Client
from ._errors import InvalidRequest, NoDecision
from ._exit_status import ENDED, MISMATCH, OK, REJECTED, UNDECIDED
from ._input import InputError, read_text, standard_input
from ._reconcile_token import reconcile_token
from ._record import SessionStatus
from ._redirect import parse_redirect
from ._request import FIELDS, Request, camel
from ._service import service_options
from ._session import Session
from ._signals import cancels_on_signals
from ._terminal import print_json, print_result, require_output, say, tell_result

# A redirect URL is shorter by far.
_LONGEST_LINE = 1 << 20


def create(arguments: argparse.Namespace) -> int:
    """Create a session."""
    require_output()
    fields = _document(arguments.json) if arguments.json is not None else {}
    for field in FIELDS:
        given = getattr(arguments, field)
        if given is not None:
            # camelCase would win over this option.
            fields.pop(camel(field), None)
            fields[field] = _value(field, given)
    with _client(arguments) as client:
        _print_session(
            client, lambda: client.create_session_from(fields, search_first=arguments.search_first)
        )
    return OK


def _document(name: str) -> dict[str, Any]:
    """Read a JSON object as strictly as the library does: a repeated member is an error."""
    document = read_text(name, "--json").encode("utf-8")
    with Request() as request:
        status, field, offset = request.set_document(document)
    if status != _abi.DEEPIDV_OK:
        line = document.count(b"\n", 0, offset) + 1
        refused = InvalidRequest(status, field=field)
        raise InputError(f"--json, line {line}: {refused}")
    fields: dict[str, Any] = json.loads(document)
    return fields


def _value(field: str, text: str) -> Any:
    if field.startswith("send_"):
        return text == "yes"
    if field == "expires_in_hours":
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text
    return text


def _print_session(client: Client, call: Callable[[], Session]) -> None:
    session: Optional[Session] = None
    try:
        with cancels_on_signals(client):
            session = call()
        print_result(session_fields(session), _ids(session))
    except KeyboardInterrupt as interrupt:
        if session is None:
            raise
        tell_result(_ids(session), type(interrupt).__name__)


def session_fields(session: Session) -> dict[str, Any]:
    """Return what is printed of a session."""
    return {
        "id": session.id,
        "url": session.url,
        "external_id": session.external_id,
        "expires_at": session.expires_at,
        "reconciled": session.reconciled,
        "created": session.created,
    }


def _ids(session: Session) -> dict[str, Any]:
    """Return what finds the session again. Not its URL: standard error may be a log."""
    token: Optional[str] = None
    if session.external_id is not None:
        # A few seconds earlier, in case the clock was adjusted.
        token = reconcile_token(session.external_id, max(0, int(time.time() - session.elapsed) - 5))
    return {
        "outcome": session.outcome.value,
        "id": session.id,
        "external_id": session.external_id,
        "reconcile_token": token,
    }


def redirect(arguments: argparse.Namespace) -> int:
    """Parse a redirect."""
    url = arguments.url
    if url == "-":
        with standard_input() as file:
            url = file.readline(_LONGEST_LINE).rstrip(b"\r\n")
    parsed = parse_redirect(url)
    output: dict[str, Any] = {
        "session_id": parsed.session_id,
        "status": parsed.status,
        "reason": parsed.reason,
    }
    if arguments.expect is not None:
        output["matches"] = parsed.matches(arguments.expect)
    print_json(output)
    return OK if output.get("matches", True) else MISMATCH


def retrieve(arguments: argparse.Namespace) -> int:
    """Retrieve a session."""
    with _client(arguments) as client:
        found = client.retrieve_session(arguments.session_id)
    print_json(found.record if arguments.record else _tail.status_fields(found))
    return OK


def wait(arguments: argparse.Namespace) -> int:
    """Wait until a session is decided."""
    try:
        with Client.from_env(**service_options(arguments)) as client:
            found = client.wait_for_decision(arguments.session_id, timeout=arguments.timeout)
    except NoDecision as error:
        say(f"deepidv: {error}")
        if error.session is not None:
            print_json(_tail.status_fields(error.session))
        return UNDECIDED
    print_json(_tail.status_fields(found))
    if found.status == SessionStatus.VERIFIED:
        return OK
    return REJECTED if found.status == SessionStatus.REJECTED else ENDED


def reconcile(arguments: argparse.Namespace) -> int:
    """Search for the session of a create whose outcome is unknown."""
    require_output()
    with _client(arguments) as client:
        _print_session(client, lambda: client.reconcile(arguments.token))
    return OK


def _client(arguments: argparse.Namespace) -> Client:
    return Client.from_env(**service_options(arguments), timeout=arguments.timeout)
