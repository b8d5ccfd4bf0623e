"""A session that was created."""

from dataclasses import dataclass, field
from typing import ClassVar, Optional

from ._facts import NO_FACTS, ResultFact
from ._outcome import Outcome


@dataclass(frozen=True)
class Link:
    """A link that came with a session."""

    url: str
    rel: Optional[str]
    """What the link is for: its ``rel``, or its ``type``, or None."""


@dataclass(frozen=True, init=False)
class Session:
    """A session that was created.

    Whoever has ``url`` can go through the verification, so it, ``links`` and ``raw`` are left out of
    ``repr()``. That a session was created says nothing of how the verification will end.
    """

    outcome: ClassVar[Outcome] = Outcome.CREATED
    id: str
    """Opaque: do not take it apart. Store it, to compare it with what a redirect claims."""
    url: Optional[str] = field(repr=False)
    """Where the applicant goes, untouched: an address that a browser may be sent to.

    None if ``reconciled``, if the service left it out, or with ``ResultFact.SESSION_URL_REFUSED``.
    """
    external_id: Optional[str]
    """Your own reference, or the one that the library made, by which this session can be found."""
    expires_at: Optional[str]
    """When the session expires, in ISO 8601 as it came."""
    links: tuple[Link, ...] = field(repr=False)
    raw: bytes = field(repr=False)
    """The answer's JSON, byte for byte."""
    http_status: int
    attempts: int
    """How often sending was begun."""
    elapsed: float
    """Seconds from the call to its end."""
    reconciled: bool = False
    """Whether the service's answer was lost, and the session was found by its external id.

    It is the session that was asked for, and there is no other. But the service tells a session's URL
    only once: what the applicant has is the invitation by e-mail or text message.
    """
    facts: ResultFact = NO_FACTS
    """What was left out of what the service said."""

    def __init__(
        self,
        id: str,
        url: Optional[str],
        external_id: Optional[str],
        expires_at: Optional[str],
        links: tuple[Link, ...],
        raw: bytes,
        http_status: int,
        attempts: int,
        elapsed: float,
        reconciled: bool = False,
        facts: ResultFact = NO_FACTS,
    ) -> None:
        # As a frozen dataclass would do it one by one, in a third of the time: each create makes one.
        self.__dict__.update(
            id=id,
            url=url,
            external_id=external_id,
            expires_at=expires_at,
            links=links,
            raw=raw,
            http_status=http_status,
            attempts=attempts,
            elapsed=elapsed,
            reconciled=reconciled,
            facts=facts,
        )
