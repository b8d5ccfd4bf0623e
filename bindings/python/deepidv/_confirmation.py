"""The result of confirming a redirect."""

from dataclasses import dataclass
from enum import Enum
from typing import Any, Optional

from . import _abi, _result
from ._record import RetrievedSession


class Verdict(Enum):
    """The verdict of a confirmation. Accept an applicant only for ``VERIFIED``."""

    UNKNOWN = _abi.DEEPIDV_VERDICT_UNKNOWN
    """This version does not know the status: see the session's ``status``."""
    VERIFIED = _abi.DEEPIDV_VERDICT_VERIFIED
    REJECTED = _abi.DEEPIDV_VERDICT_REJECTED
    """The verification was rejected."""
    SUBMITTED = _abi.DEEPIDV_VERDICT_SUBMITTED
    """The applicant has finished; there is no decision yet. Check again later."""
    PENDING = _abi.DEEPIDV_VERDICT_PENDING
    """The applicant has not finished, whatever the redirect says.

    The service may lag: if the redirect says success, check again after a few seconds.
    """
    EXPIRED = _abi.DEEPIDV_VERDICT_EXPIRED
    """The session ended without a decision: expired, voided or failed. Create a new session."""
    FORGED = _abi.DEEPIDV_VERDICT_FORGED
    """The redirect does not belong to this session. The service was not called."""


@dataclass(frozen=True)
class Confirmation:
    """The verdict on a redirect, and the session's record."""

    verdict: Verdict
    session: Optional[RetrievedSession]
    """The session's record from the service; None if the redirect is forged."""


def confirmation(result: Any) -> Confirmation:
    """Read a confirmation from a result."""
    fields = _result.read_session(result)
    found = verdict(fields.verdict)
    return Confirmation(found, None if found is Verdict.FORGED else _result.record_of(result, fields))


def verdict(code: int) -> Verdict:
    """Convert a code to a Verdict. An unknown code becomes ``UNKNOWN``, which accepts nobody."""
    return _VERDICTS.get(code, Verdict.UNKNOWN)


_VERDICTS = {known.value: known for known in Verdict}
