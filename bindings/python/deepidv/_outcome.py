"""The outcomes of a create."""

from __future__ import annotations

from ._string_enum import StringEnum


class Outcome(StringEnum):
    """The outcome of a create, as one word. ``Session`` and every exception have one."""

    CREATED = "created"
    INVALID = "invalid"
    """The library refused it; nothing was sent."""
    REFUSED = "refused"
    """The service refused it."""
    NOT_EXECUTED = "not_executed"
    """It was not executed, but not refused either. Safe to retry."""
    UNKNOWN = "unknown"
    """A session may exist."""
    DUPLICATE = "duplicate"
    """Several sessions exist."""
