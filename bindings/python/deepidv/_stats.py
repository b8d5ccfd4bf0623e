"""What a client has counted."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

from . import _abi
from ._errors import refusal
from ._library import instant

_COUNTERS: Final = tuple(
    name for name, *_ in _abi.deepidv_stats._fields_ if name not in ("elapsed_us", "latency", "reserved")
)
_BUCKETS: Final = len(_abi.deepidv_stats().latency)
_BOUNDS: Final = (*(2 ** (index + 1) / 1_000_000 for index in range(_BUCKETS - 1)), math.inf)


@dataclass(frozen=True)
class Stats:
    """What a client has counted since it was created. It contains no personal data.

    The counters are updated one by one, so some may be a moment older than others. Requests include retries
    and searches; operations do not: one call of a method is one operation.
    """

    submitted: int
    """Operations that were accepted."""
    in_flight: int
    """Operations that have not ended."""
    succeeded: int
    """Operations that ended with a result."""
    not_executed: int
    """Operations that ended with ``NotSent`` or ``NotProcessed``."""
    outcome_unknown: int
    """Operations that ended with ``OutcomeUnknown``."""
    refused: int
    """Operations that the service refused: ``ServiceError``."""
    failed: int
    """Operations that ended with anything else, such as ``NoAnswer``."""
    cancelled: int
    """Operations, counted above too, that were cancelled."""
    timed_out: int
    """Operations, counted above too, whose time ran out."""
    requests: int
    """Requests of which at least one byte was sent."""
    retries: int
    """Requests that were sent again."""
    searches: int
    """Requests that searched for the session of a create, or for a decision."""
    throttled: int
    """Responses with status 429."""
    connections_opened: int
    """Connections that were made."""
    connections_reused: int
    """Requests on a connection that had carried one before."""
    connections_stale: int
    """Kept connections that turned out to be closed."""
    bytes_sent: int
    """Bytes of HTTP requests, before encryption."""
    bytes_received: int
    """Bytes of HTTP responses, after decryption."""
    logs_lost: int
    """Log records that were dropped because nobody took them."""
    elapsed: float
    """Seconds of all operations that have ended, in total."""
    latency: tuple[tuple[float, int], ...]
    """How many operations took how long: pairs of a number of seconds and a count.

    An operation is counted in the first pair whose seconds it did not reach. The seconds are powers of two
    in microseconds, and infinite in the last pair.
    """


def stats(client: Any) -> Stats:
    """Read the counters of the library's client."""
    found = _abi.deepidv_stats()
    status = instant.deepidv_client_stats(client, found)
    if status != _abi.DEEPIDV_OK:
        raise refusal(status)
    return Stats(
        **{name: getattr(found, name) for name in _COUNTERS},
        elapsed=found.elapsed_us / 1_000_000,
        latency=tuple(zip(_BOUNDS, found.latency)),
    )
