"""A session that was created."""

from dataclasses import dataclass, field
from typing import Any, ClassVar, Optional

from ._facts import NO_FACTS, ResultFact
from ._outcome import Outcome


@dataclass(frozen=True)
class Link:
    """A link in the response."""

    url: str
    rel: Optional[str]
    """What the link is for: its ``rel``, or its ``type``, or None."""


@dataclass(frozen=True, init=False)
class Session:
    """A session that was created.

    ``url`` gives access to the verification, so ``repr()`` omits it, ``links`` and ``raw``. A created
    session says nothing about the result of the verification.
    """

    outcome: ClassVar[Outcome] = Outcome.CREATED
    id: str
    """Opaque. Store it, to compare it with the id in a redirect."""
    url: Optional[str] = field(repr=False)
    """The URL to send the applicant to, unchanged and safe for a browser.

    None if ``reconciled``, if the response has none, or with ``ResultFact.SESSION_URL_REFUSED``.
    """
    external_id: Optional[str]
    """Your own external id, or the one that the library generated."""
    expires_at: Optional[str]
    """When the session expires, in ISO 8601, unchanged."""
    links: tuple[Link, ...] = field(repr=False)
    raw: bytes = field(repr=False)
    """The response's JSON, byte for byte."""
    http_status: int
    attempts: int
    """The number of times the request was sent."""
    elapsed: float
    """The duration of the call in seconds."""
    reconciled: bool = False
    """True if the session was found by its external id: its response was lost, or it existed before.

    It is the requested session, and the only one. But the service returns a session's URL only once, so
    the applicant has only the invitation by e-mail or text message.
    """
    facts: ResultFact = NO_FACTS
    """What this object omits from the response."""
    created: bool = True
    """True if this call created it; False if it was found before anything was sent."""
    request_id: Optional[str] = None
    """The id that the service gave the request, for its support, or None."""

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
        created: bool = True,
        request_id: Optional[str] = None,
    ) -> None:
        # Three times as fast as the generated __init__; each create calls this.
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
            created=created,
            request_id=request_id,
        )

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-serializable dict, without ``raw``.

        It has the ``url`` and the ``links``, which give access to the verification: do not log it.
        """
        return {
            "outcome": self.outcome.value,
            "id": self.id,
            "url": self.url,
            "external_id": self.external_id,
            "expires_at": self.expires_at,
            "links": [{"url": link.url, "rel": link.rel} for link in self.links],
            "http_status": self.http_status,
            "attempts": self.attempts,
            "elapsed": self.elapsed,
            "reconciled": self.reconciled,
            "created": self.created,
            "facts": int(self.facts),
            "request_id": self.request_id,
        }
