"""What became of the session that a redirect is about."""

from dataclasses import dataclass
from enum import Enum
from typing import Any, Optional

from . import _abi, _result
from ._record import RetrievedSession


class Verdict(Enum):
    """What a confirmation has found. Let an applicant through for ``VERIFIED`` and for nothing else."""

    UNKNOWN = _abi.DEEPIDV_VERDICT_UNKNOWN
    """The service used a word that this version does not know: see the session's ``status``."""
    VERIFIED = _abi.DEEPIDV_VERDICT_VERIFIED
    REJECTED = _abi.DEEPIDV_VERDICT_REJECTED
    """It was decided, and rejected."""
    SUBMITTED = _abi.DEEPIDV_VERDICT_SUBMITTED
    """The applicant has finished, and nothing is decided. Ask again later."""
    PENDING = _abi.DEEPIDV_VERDICT_PENDING
    """The applicant has not finished, whatever the redirect says.

    The service may be a moment behind: if the redirect says success, ask again after a few seconds.
    """
    EXPIRED = _abi.DEEPIDV_VERDICT_EXPIRED
    """It is over, and nothing was decided: expired, voided or failed. It takes a new session."""
    FORGED = _abi.DEEPIDV_VERDICT_FORGED
    """The redirect is certainly not the one for this session, and the service was not asked."""


@dataclass(frozen=True)
class Confirmation:
    """What a redirect is worth."""

    verdict: Verdict
    session: Optional[RetrievedSession]
    """The record that the service has answered with; None if the redirect is forged."""


def confirmation(result: Any) -> Confirmation:
    """Read what a redirect was found to be worth."""
    fields = _result.read_session(result)
    found = verdict(fields.verdict)
    return Confirmation(found, None if found is Verdict.FORGED else _result.record_of(fields))


def verdict(code: int) -> Verdict:
    """Give a verdict its name. One that this version does not know is no reason to let anybody through."""
    return _VERDICTS.get(code, Verdict.UNKNOWN)


_VERDICTS = {known.value: known for known in Verdict}
