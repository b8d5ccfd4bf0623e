"""The texts of the status page for each stage of a verification."""

from __future__ import annotations

from dataclasses import dataclass

from .users import HELD, User


@dataclass(frozen=True)
class Stage:
    """A stage of a verification."""

    name: str
    title: str
    text: str
    step: int
    """The current step of the progress bar; 4 if all are done."""
    changes: bool = False
    """Whether the page polls for changes."""


STARTING = Stage(
    "starting",
    "Just a moment",
    "We are preparing your verification. This page continues by itself.",
    step=2,
    changes=True,
)
LOOKING = Stage(
    "looking",
    "We have to look into this",
    "Something went wrong on our side. We will contact you by e-mail. You do not need to do anything.",
    step=2,
    changes=True,
)
READY = Stage(
    "ready",
    "Verify your identity",
    "It takes about three minutes. Our partner deepidv checks your document and your photo, and brings you back here.",
    step=2,
    changes=True,
)
CHECKING = Stage(
    "checking",
    "We are checking your documents",
    "This takes a few minutes. You can close this page and come back, or stay: it changes by itself.",
    step=3,
    changes=True,
)
VERIFIED = Stage("verified", "You are verified", "Your account is open. Welcome aboard!", step=4)
REJECTED = Stage(
    "rejected",
    "We could not verify you",
    "We cannot open an account for you at the moment. If you think that this is a mistake, please contact us.",
    step=3,
)
ENDED = Stage(
    "ended",
    "The verification was not completed",
    "No decision was made. You can start again whenever you like.",
    step=2,
)

_STAGES = {
    "PENDING": READY,
    "SUBMITTED": CHECKING,
    "VERIFIED": VERIFIED,
    "REJECTED": REJECTED,
    "FAILED": ENDED,
    "EXPIRED": ENDED,
    "VOIDED": ENDED,
}

# Explanations for the reason in a redirect. Only shown, since redirects are not signed.
REASONS = {
    "document_unreadable": "The photo of your document was hard to read. Use good light, and show all four corners.",
    "face_mismatch": "Your photo did not match your document. Take off glasses and hats, and face the light.",
    "session_expired": "It took too long, and the link has expired.",
    "user_cancelled": "You left before the end. Your progress is kept.",
    "internal_error": "Something went wrong on the other side. It was not your fault.",
    "unknown": "Something went wrong. Please try again.",
}


def stage_of(user: User) -> Stage:
    """Return the stage of a user. An unknown status counts as undecided."""
    if user.session_id is None:
        return LOOKING if user.status == HELD else STARTING
    return _STAGES.get(user.status or "PENDING", CHECKING)
