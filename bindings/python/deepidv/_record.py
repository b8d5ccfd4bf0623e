"""Sessions as the service returns them."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Optional, Union

from ._facts import NO_FACTS, ResultFact
from ._string_enum import StringEnum


class SessionStatus(StringEnum):
    """The status of a session. The service may add values."""

    PENDING = "PENDING"
    """The applicant has not finished."""
    SUBMITTED = "SUBMITTED"
    """The applicant has finished; there is no decision yet."""
    VERIFIED = "VERIFIED"
    REJECTED = "REJECTED"
    VOIDED = "VOIDED"
    EXPIRED = "EXPIRED"
    FAILED = "FAILED"


class SessionProgress(StringEnum):
    """The applicant's progress."""

    PENDING = "PENDING"
    STARTED = "STARTED"
    COMPLETED = "COMPLETED"


@dataclass(frozen=True)
class SessionRecord:
    """A session as the service returns it.

    ``record`` contains personal data and is omitted from ``repr()``. Absent fields are None.
    """

    id: str
    status: Union[SessionStatus, str, None]
    """A ``SessionStatus``, or a plain ``str`` for a value that this version does not know."""
    progress: Union[SessionProgress, str, None]
    """A ``SessionProgress``, or a plain ``str`` for a value that this version does not know."""
    external_id: Optional[str]
    created_at: Optional[str]
    """In ISO 8601, unchanged."""
    expires_at: Optional[str]
    """In ISO 8601, unchanged."""
    record: Mapping[str, Any] = field(repr=False, hash=False)
    """The session's JSON record, under the service's own names."""


@dataclass(frozen=True)
class RetrievedSession(SessionRecord):
    """A session that was retrieved by its id."""

    raw: bytes = field(repr=False)
    """The response's JSON, byte for byte: the record and its siblings."""
    http_status: int
    attempts: int
    """The number of times the request was sent."""
    elapsed: float
    """The duration of the call in seconds."""
    facts: ResultFact = NO_FACTS
    """What this object omits from the response."""


@dataclass(frozen=True)
class SessionPage:
    """A page of sessions, and the token of the next page."""

    sessions: tuple[SessionRecord, ...]
    next_token: Optional[str]
    """The token of the next page; None on the last page."""
    raw: bytes = field(repr=False)
    """The response's JSON, byte for byte."""
    http_status: int
    attempts: int
    """The number of times the request was sent."""
    elapsed: float
    """The duration of the call in seconds."""
    facts: ResultFact = NO_FACTS
    """What this object omits from the response."""


def status(word: Optional[str]) -> Union[SessionStatus, str, None]:
    """Convert a status to its enum member, if there is one."""
    return _STATUSES.get(word, word) if word is not None else None


def progress(word: Optional[str]) -> Union[SessionProgress, str, None]:
    """Convert a progress to its enum member, if there is one."""
    return _PROGRESSES.get(word, word) if word is not None else None


def parsed(record: bytes) -> dict[str, Any]:
    """Parse a record that the library has checked to be a JSON object."""
    read: dict[str, Any] = _DECODER.decode(record.decode("utf-8-sig", "surrogatepass"))
    return read


def member(record: Mapping[str, Any], *names: str) -> Optional[str]:
    """Return the first of these members that is a string; None if it has control characters."""
    for name in names:
        text = record.get(name)
        if isinstance(text, str):
            return None if _CONTROL_CHARACTERS.search(text) else text
    return None


def _integer(digits: str) -> Union[int, float]:
    """Parse an integer. Python refuses, or is slow at, integers with very many digits."""
    return int(digits) if len(digits) < 1000 else float(digits)


# json.loads would create one for each call, which takes as long as a short document.
_DECODER: Final = json.JSONDecoder(parse_int=_integer)
_CONTROL_CHARACTERS: Final = re.compile(r"[\0-\x1f\x7f-\x9f]")
_STATUSES: dict[str, SessionStatus] = {word.value: word for word in SessionStatus}
_PROGRESSES: dict[str, SessionProgress] = {word.value: word for word in SessionProgress}
