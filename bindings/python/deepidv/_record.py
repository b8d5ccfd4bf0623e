"""How sessions stand, as the service says when it is asked."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Optional, Union

from ._words import Word


class SessionStatus(Word):
    """How a session stands. New words may come."""

    PENDING = "PENDING"
    """The applicant has not finished."""
    SUBMITTED = "SUBMITTED"
    """The applicant has finished, and nothing is decided."""
    VERIFIED = "VERIFIED"
    REJECTED = "REJECTED"
    VOIDED = "VOIDED"
    EXPIRED = "EXPIRED"
    FAILED = "FAILED"


class SessionProgress(Word):
    """How far the applicant is."""

    PENDING = "PENDING"
    STARTED = "STARTED"
    COMPLETED = "COMPLETED"


@dataclass(frozen=True)
class SessionRecord:
    """How a session stands, as the service says.

    ``record`` has the applicant's data, and is left out of ``repr()``. Absent is None.
    """

    id: str
    status: Union[SessionStatus, str, None]
    """A ``SessionStatus``, or a plain ``str`` with a word that this version does not know."""
    progress: Union[SessionProgress, str, None]
    """A ``SessionProgress``, or a plain ``str`` with a word that this version does not know."""
    external_id: Optional[str]
    created_at: Optional[str]
    """In ISO 8601, as it came."""
    expires_at: Optional[str]
    """In ISO 8601, as it came."""
    record: Mapping[str, Any] = field(repr=False, hash=False)
    """All that the service said of this session, under its own names."""


@dataclass(frozen=True)
class RetrievedSession(SessionRecord):
    """A session that was asked for by its id."""

    raw: bytes = field(repr=False)
    """The answer's JSON, byte for byte: the record, and what stands beside it."""
    http_status: int
    attempts: int
    """How often sending was begun."""
    elapsed: float
    """Seconds from the call to its end."""


@dataclass(frozen=True)
class SessionPage:
    """Some of the sessions, and how to ask for more."""

    sessions: tuple[SessionRecord, ...]
    next_token: Optional[str]
    """What asks for the next page; None on the last."""
    raw: bytes = field(repr=False)
    """The answer's JSON, byte for byte."""
    http_status: int
    attempts: int
    """How often sending was begun."""
    elapsed: float
    """Seconds from the call to its end."""


def status(word: Optional[str]) -> Union[SessionStatus, str, None]:
    """Give a status its name, if it has one."""
    return _STATUSES.get(word, word) if word is not None else None


def progress(word: Optional[str]) -> Union[SessionProgress, str, None]:
    """Give a progress its name, if it has one."""
    return _PROGRESSES.get(word, word) if word is not None else None


def document(raw: bytes) -> dict[str, Any]:
    """Read an answer that the library has found to be a JSON object."""
    read: dict[str, Any] = json.loads(raw, parse_int=_integer)
    return read


def member(record: Mapping[str, Any], *names: str) -> Optional[str]:
    """Answer the first of these members that is a text."""
    for name in names:
        if isinstance(record.get(name), str):
            return str(record[name])
    return None


def is_session(element: object) -> bool:
    """Say whether the library counts an element of a page: whether it has an id, by whatever name."""
    return isinstance(element, dict) and any(
        isinstance(element.get(name), str) and element[name] != ""
        for name in ("id", "idv_id", "session_id")
    )


def _integer(digits: str) -> Union[int, float]:
    # An answer may have more of them than Python is willing to read, or quick to.
    return int(digits) if len(digits) < 1000 else float(digits)


_STATUSES: dict[str, SessionStatus] = {word.value: word for word in SessionStatus}
_PROGRESSES: dict[str, SessionProgress] = {word.value: word for word in SessionProgress}
