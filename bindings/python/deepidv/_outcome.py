"""The outcomes of a create."""

from __future__ import annotations

from ._string_enum import StringEnum


class Outcome(StringEnum):
    """The outcome of a create, as one word. ``Session`` and every exception have one."""

    CREATED = "created"
    INVALID = "invalid"
    """The library rejected it; nothing was sent."""
    REFUSED = "refused"
    """The service rejected it."""
    NOT_EXECUTED = "not_executed"
    """It was not executed, but not rejected either. Safe to retry."""
    UNKNOWN = "unknown"
    """A session may exist."""
    DUPLICATE = "duplicate"
    """Several sessions exist."""
