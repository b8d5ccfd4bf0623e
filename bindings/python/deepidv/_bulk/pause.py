"""Pauses a run while the service executes nothing, and gives up after a long time."""

from __future__ import annotations

import time
from typing import Final, Optional

_LONGEST: Final = 60.0
_GIVE_UP_AFTER: Final = 600.0


class Pause:
    """The pauses of one run: a second after the first failure, twice as long after each further one."""

    def __init__(self) -> None:
        self._failed_since: Optional[float] = None
        self._length = 0.0
        self._until = 0.0

    @property
    def is_on(self) -> bool:
        """Whether no row should be sent now."""
        return time.monotonic() < self._until

    @property
    def has_failed(self) -> bool:
        """Whether rows have failed since the last one that was executed."""
        return self._failed_since is not None

    def row_executed(self) -> None:
        """Note that a row was executed."""
        self._failed_since = None
        self._length = 0.0

    def row_failed(self) -> bool:
        """Note that a row was not executed, and return whether this has been going on for too long."""
        now = time.monotonic()
        if self._failed_since is None:
            self._failed_since = now
        if now >= self._until:
            self._length = min(max(1.0, self._length * 2), _LONGEST)
            self._until = now + self._length
        return now - self._failed_since > _GIVE_UP_AFTER
