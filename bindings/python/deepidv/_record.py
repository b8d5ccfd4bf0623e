"""How sessions stand, as the service says when it is asked."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Optional, Union

from ._facts import NO_FACTS, ResultFact
from ._string_enum import StringEnum


class SessionStatus(StringEnum):
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


class SessionProgress(StringEnum):
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
    facts: ResultFact = NO_FACTS
    """What was left out of what the service said."""


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
    facts: ResultFact = NO_FACTS
    """What was left out of what the service said."""


def status(word: Optional[str]) -> Union[SessionStatus, str, None]:
    """Give a status its name, if it has one."""
    return _STATUSES.get(word, word) if word is not None else None


def progress(word: Optional[str]) -> Union[SessionProgress, str, None]:
    """Give a progress its name, if it has one."""
    return _PROGRESSES.get(word, word) if word is not None else None


def document(raw: bytes) -> dict[str, Any]:
    """Read an answer that the library has found to be a JSON object."""
    read: dict[str, Any] = json.loads(raw, parse_int=integer)
    return read


def member(record: Mapping[str, Any], *names: str) -> Optional[str]:
    """Answer the first of these members that is a text, unless the library would not hand it on."""
    for name in names:
        text = record.get(name)
        if isinstance(text, str):
            return None if _CONTROL_CHARACTERS.search(text) else text
    return None


def element_of(session_id: str, elements: Iterator[Any]) -> Mapping[str, Any]:
    """Go to the element of a page that is the session with this id, by whatever name."""
    for element in elements:
        if isinstance(element, dict) and any(
            element.get(name) == session_id for name in ("id", "idv_id", "session_id")
        ):
            return element
    return {}


def integer(digits: str) -> Union[int, float]:
    """Read a whole number; one may have more digits than Python is willing to read, or quick to."""
    return int(digits) if len(digits) < 1000 else float(digits)


_CONTROL_CHARACTERS: Final = re.compile(r"[\0-\x1f\x7f-\x9f]")
_STATUSES: dict[str, SessionStatus] = {word.value: word for word in SessionStatus}
_PROGRESSES: dict[str, SessionProgress] = {word.value: word for word in SessionProgress}
