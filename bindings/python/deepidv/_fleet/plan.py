"""The options of a worker, and its clock."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Optional


@dataclass(frozen=True)
class Plan:
    """What to do, and the options."""

    worker: str
    """The name of this worker."""
    in_flight: int
    timeout: float
    """Seconds after which the client has ended each operation."""
    margin: float
    """Seconds from when a row is taken until it must be submitted."""
    settle: float
    """Seconds until a request of a killed process can no longer arrive."""
    limit: Optional[int] = None
    search_first: bool = False
    follow: bool = False
    """Wait for further rows when all are finished."""

    @property
    def lease(self) -> float:
        """Seconds after which this worker no longer sends a row that it has taken."""
        return self.margin + self.timeout


def now() -> float:
    """Return the seconds of a clock that goes on while the process is stopped or the machine suspended."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)
