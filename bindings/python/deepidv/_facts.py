"""What an answer had beside what is read of it."""

from __future__ import annotations

from enum import IntFlag

from . import _abi


class ResultFact(IntFlag):
    """What was left out of a result. ``raw`` has all of it."""

    SESSION_URL_REFUSED = _abi.DEEPIDV_RESULT_FACT_SESSION_URL_REFUSED
    """The answer's ``session_url`` is not one that a browser may be sent to: ``url`` is None.

    The session was created all the same.
    """
    MORE_SESSIONS = _abi.DEEPIDV_RESULT_FACT_MORE_SESSIONS
    """The page had more sessions than were asked for, or elements without a usable id."""
    MORE_LINKS = _abi.DEEPIDV_RESULT_FACT_MORE_LINKS
    """There were more than 100 links, or some whose URL no browser may be sent to."""
    MORE_HINTS = _abi.DEEPIDV_RESULT_FACT_MORE_HINTS
    """There were more than 100 hints."""


NO_FACTS = ResultFact(0)


def facts(bits: int) -> ResultFact:
    """Give facts their names. Nearly always there are none, and making a flag takes its time."""
    return ResultFact(bits) if bits else NO_FACTS
