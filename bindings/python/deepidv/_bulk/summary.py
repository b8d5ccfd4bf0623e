"""What a run says at its end, and its exit status."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Optional

from .._outcome import Outcome
from .._terminal import say
from .progress import span
from .run import INTERRUPTED

USAGE_ERROR: Final = 2
_MEANING: Final = {
    "invalid": "not sent; their lines say why",
    "refused": "by the service; their lines say why",
    "unknown": "a session may exist: do not send these again",
    "duplicate": "several sessions exist: do not send these again",
}


def summarize(
    total: int,
    counts: Mapping[str, int],
    created: int,
    seconds: float,
    reasons: Sequence[str],
    *,
    searches_again: bool = True,
) -> None:
    """Print how many rows have which outcome, and what to do next.

    :param searches_again: Whether the next run searches for the unknown ones.
    """
    say(f"{total:,} rows; {created:,} sessions in this run, {span(seconds)}")
    for outcome, count in sorted(counts.items()):
        say(f"  {outcome:<12} {count:>9,}  {_MEANING.get(outcome, '')}".rstrip())
    left = total - sum(counts.values())
    if left:
        say(f"  {'to be sent':<12} {left:>9,}")
    for reason in reasons:
        say(f"Stopped: {reason.rstrip('.')}.")
    if left or reasons:
        say("Run the same command again to resume.")
    elif searches_again and counts.get(Outcome.UNKNOWN.value):
        say("Run the same command again in a minute or two to search for the unknown ones.")


def exit_status(counts: Mapping[str, int], stopped: Optional[str]) -> int:
    """Return the exit status of a run."""
    if stopped is not None:
        return 130 if stopped == INTERRUPTED else 5
    if counts.get("unknown") or counts.get("duplicate"):
        return 3
    return 1 if counts.get("invalid") or counts.get("refused") else 0
