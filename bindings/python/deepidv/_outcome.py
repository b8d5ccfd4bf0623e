"""What can become of a create."""

from __future__ import annotations

from ._string_enum import StringEnum


class Outcome(StringEnum):
    """What became of a create, in one word. ``Session`` and every exception have it."""

    CREATED = "created"
    INVALID = "invalid"
    """The library refused it, and nothing was sent."""
    REFUSED = "refused"
    """The service refused it."""
    NOT_EXECUTED = "not_executed"
    """It was not executed, and nobody refused it."""
    UNKNOWN = "unknown"
    """There may be a session or not. It must not be sent again."""
    DUPLICATE = "duplicate"
    """There are several sessions. It must not be sent again."""
