"""A session as the service answered it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Optional


@dataclass(frozen=True)
class Link:
    """A link that came with a session."""

    url: str
    rel: Optional[str]
    """What the link is for: its ``rel``, or its ``type``, or None."""


@dataclass(frozen=True)
class Session:
    """A session that was created.

    Whoever has ``url`` can go through the verification, so it, ``links`` and ``raw`` are left out of
    ``repr()``. That a session was created says nothing of how the verification will end.
    """

    id: str
    """Opaque: do not take it apart. Store it, to compare it with what a redirect claims."""
    url: Optional[str] = field(repr=False)
    """Where the applicant goes, untouched. None only if the service left it out."""
    external_id: Optional[str]
    """Your own reference, as the service repeated it."""
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
