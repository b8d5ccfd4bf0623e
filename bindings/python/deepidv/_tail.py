"""``deepidv tail``: prints sessions when they change."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from typing import Any, Final, Optional

from ._client import Client
from ._errors import TryAgain
from ._option_types import seconds, utf8_text, whole
from ._record import SessionRecord, member
from ._service import service_options
from ._terminal import print_json, say

DESCRIPTION: Final = """\
Print sessions when they change: one JSON object for each new status or progress.

Lists the newest sessions every --interval seconds. Their state at the start is printed only with
--all. Stop with Ctrl-C, or use --until-done to exit when no listed session is PENDING.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "--external-id", metavar="TEXT", type=utf8_text, help="only sessions with this external id"
    )
    parser.add_argument(
        "--newest",
        metavar="N",
        type=whole(1, 100_000),
        default=500,
        help="the number of sessions to watch (500)",
    )
    parser.add_argument(
        "--interval",
        metavar="SECONDS",
        type=seconds(0.1, 86_400),
        default=10.0,
        help="time between two requests (10)",
    )
    parser.add_argument("--all", action="store_true", help="print all sessions at the start")
    parser.add_argument("--until-done", action="store_true", help="exit when no session is PENDING")


def run(arguments: argparse.Namespace) -> int:
    """List sessions until stopped."""
    seen: Optional[dict[str, tuple[Any, Any]]] = None
    with Client.from_env(**service_options(arguments)) as client:
        while True:
            try:
                sessions = list(_newest(client, arguments.external_id, arguments.newest))
            except TryAgain as error:
                say(f"deepidv: {error}")
            else:
                seen = _print_changes(sessions, seen, everything=arguments.all)
                # Not of those that newer ones have displaced: their status is no longer read.
                if arguments.until_done and all(session.status != "PENDING" for session in sessions):
                    return 0
            time.sleep(arguments.interval)


def _newest(client: Client, external_id: Optional[str], count: int) -> Iterator[SessionRecord]:
    sessions = client.list_sessions(external_id=external_id, page_size=min(count, 500))
    for session, _ in zip(sessions, range(count)):
        yield session


def _print_changes(
    sessions: list[SessionRecord], seen: Optional[dict[str, tuple[Any, Any]]], *, everything: bool
) -> dict[str, tuple[Any, Any]]:
    known = dict(seen or {})
    # The newest comes first.
    for session in reversed(sessions):
        now = (session.status, session.progress)
        before = known.get(session.id)
        known[session.id] = now
        if before == now or (seen is None and not everything):
            continue
        output = status_fields(session)
        if before is not None:
            output["was"] = before[0]
        print_json(output)
    return known


def status_fields(session: SessionRecord) -> dict[str, Any]:
    """Return a session's fields without personal data."""
    return {
        "id": session.id,
        "status": session.status,
        "progress": session.progress,
        "external_id": session.external_id,
        "created_at": member(session.record, "created_at"),
        "expires_at": member(session.record, "expires_at"),
    }
