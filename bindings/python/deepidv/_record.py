"""Sessions as the service returns them."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Optional, Union

from ._facts import NO_FACTS, ResultFact
from ._moment import moment
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

    ``record`` contains personal data and is omitted from ``repr()``. Absent fields are None, and so are
    fields of another type than documented; ``record`` has them. Dates are timezone-aware.
    """

    id: str
    status: Union[SessionStatus, str, None]
    """A ``SessionStatus``, or a plain ``str`` for a value that this version does not know."""
    progress: Union[SessionProgress, str, None]
    """A ``SessionProgress``, or a plain ``str`` for a value that this version does not know."""
    external_id: Optional[str]
    created_at: Optional[datetime]
    expires_at: Optional[datetime]
    record: Mapping[str, Any] = field(repr=False, hash=False)
    """The session's JSON record, under the service's own names."""

    @property
    def updated_at(self) -> Optional[datetime]:
        """When the session last changed."""
        return moment(member(self.record, "updated_at"))

    @property
    def submitted_at(self) -> Optional[datetime]:
        """When the applicant finished, or None before."""
        return moment(member(self.record, "submitted_at"))

    @property
    def type(self) -> Optional[str]:
        """The kind of session, in the service's words."""
        return member(self.record, "type")

    @property
    def organization_id(self) -> Optional[str]:
        """The organization that the session belongs to."""
        return member(self.record, "organization_id")

    @property
    def user_id(self) -> Optional[str]:
        """The service's id of the applicant."""
        return member(self.record, "user_id")

    @property
    def sender_user_id(self) -> Optional[str]:
        """The service's id of the user who created the session."""
        return member(self.record, "sender_user_id")

    @property
    def workflow_id(self) -> Optional[str]:
        """The workflow, or None for a standalone verification."""
        return member(self.record, "workflow_id")

    @property
    def redirect_url(self) -> Optional[str]:
        """The URL that the applicant's browser returns to."""
        return member(self.record, "redirect_url")

    @property
    def workflow_steps(self) -> Any:
        """The steps of the workflow, as parsed JSON."""
        return self.record.get("workflow_steps")

    @property
    def uploads(self) -> Mapping[str, bool]:
        """Which files the applicant has uploaded, by name. Empty if the service does not say."""
        uploads = self.record.get("uploads")
        if not isinstance(uploads, dict):
            return {}
        return {name: done for name, done in uploads.items() if isinstance(done, bool)}

    @property
    def location(self) -> Union[Mapping[str, Any], str, None]:
        """Where the applicant was: an object, a text, or None, as the service returns it."""
        location = self.record.get("location")
        return location if isinstance(location, dict) else member(self.record, "location")

    @property
    def meta_data(self) -> Any:
        """The session's metadata, as parsed JSON, with the service's camelCase names."""
        return self.record.get("meta_data")

    @property
    def analysis_data(self) -> Any:
        """The results of the verification, as parsed JSON. May be large; contains personal data."""
        return self.record.get("analysis_data")


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
    reconciled: bool = False
    """True if the response to a decision was lost, and this record shows that it was made."""
    request_id: Optional[str] = None
    """The id that the service gave the request, for its support, or None."""


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
    request_id: Optional[str] = None
    """The id that the service gave the request, for its support, or None."""


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
