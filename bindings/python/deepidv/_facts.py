"""Flags for what a result omits from the response."""

from __future__ import annotations

from enum import IntFlag

from . import _abi


class ResultFact(IntFlag):
    """What a result omits from the response. ``raw`` has everything."""

    SESSION_URL_REFUSED = _abi.DEEPIDV_RESULT_FACT_SESSION_URL_REFUSED
    """The response's ``session_url`` is not a safe URL for a browser, so ``url`` is None.

    The session was created nevertheless.
    """
    MORE_SESSIONS = _abi.DEEPIDV_RESULT_FACT_MORE_SESSIONS
    """The page had more sessions than requested, or elements without a usable id."""
    MORE_LINKS = _abi.DEEPIDV_RESULT_FACT_MORE_LINKS
    """There were more than 100 links, or links with an unsafe URL."""
    MORE_HINTS = _abi.DEEPIDV_RESULT_FACT_MORE_HINTS
    """There were more than 100 hints."""


NO_FACTS = ResultFact(0)


def facts(bits: int) -> ResultFact:
    """Convert bits to flags. There are nearly always none, and creating a flag is slow."""
    return ResultFact(bits) if bits else NO_FACTS
