"""Which readings of the contract's open questions the service shows.

The service's public documentation is contradictory on some points. The library accepts every reading; the
emulator's option ``--open NAME=VALUE`` chooses one. Only those that a GET shows are here, by these names.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final, Optional

from .check import OK, SKIPPED, Check
from .service import Answer, Bare

_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def readings(bare: Optional[Bare], answer: Answer, of_400: Optional[bytes]) -> Check:
    """Return the readings, in the emulator's words."""
    found: dict[str, Optional[str]] = {}
    error = answer.error
    without_key = bare.body if bare is not None and bare.status in (401, 403) else None
    if without_key is not None and bare is not None:
        found["missing-key"] = str(bare.status)
    of_401 = error.raw if error is not None and error.http_status == 401 else None
    if of_401 is None and bare is not None and bare.status == 401:
        of_401 = without_key
    found["401-body"] = _member(of_401, ("detail", "error", "message"))
    found["400-body"] = _member(of_400, ("message", "error", "detail"))
    if error is not None and error.http_status == 429:
        found["retry-after"] = "present" if error.retry_after else "absent"
    session = next(iter(answer.page.sessions), None) if answer.page is not None else None
    if session is not None:
        found["session-id"] = "uuid" if _UUID.fullmatch(session.id) else "opaque"
        found["location"] = _location(session.record)
    known = {name: value for name, value in found.items() if value is not None}
    if not known:
        return Check("readings", SKIPPED, "no response shows any")
    return Check("readings", OK, " ".join(f"{name}={value}" for name, value in known.items()), facts=known)


def _member(body: Optional[bytes], names: tuple[str, ...]) -> Optional[str]:
    """Return which of the members has the message."""
    try:
        document: Any = json.loads(body or b"")
    except (ValueError, RecursionError):
        return "text" if body else None
    if not isinstance(document, dict):
        return None
    return next((name for name in names if name in document), None)


def _location(record: Mapping[str, Any]) -> str:
    if "location" not in record:
        return "absent"
    kinds = {dict: "object", str: "string", type(None): "null"}
    return kinds.get(type(record["location"]), "other")
