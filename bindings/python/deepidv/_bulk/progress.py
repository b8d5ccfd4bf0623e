"""Shows progress on standard error: a bar with rich, otherwise a line every ten seconds."""

from __future__ import annotations

import contextlib
import sys
import time
from collections import deque
from typing import Any, Final, Optional

from .._terminal import say

_RATE_OVER: Final = 15.0
_LINE_EVERY: Final = 10.0


class Progress:
    """Counts, rate and remaining time."""

    def __init__(self, total: int, counts: dict[str, int], *, shown: bool) -> None:
        self.counts = counts
        self.note = ""
        self.total = total
        self._samples: deque[tuple[float, int]] = deque()
        self._last_line = time.monotonic()
        self._bar: Any = None
        self._task: Any = None
        if shown:
            self._bar = _bar()
        self._lines = shown and self._bar is None
        if self._bar is not None:
            self._task = self._bar.add_task("", total=total, words="")
            with contextlib.suppress(OSError):
                self._bar.start()

    @property
    def done(self) -> int:
        """The number of finished rows."""
        return sum(self.counts.values())

    @property
    def rate(self) -> float:
        """Recent rows per second."""
        if len(self._samples) < 2:
            return 0.0
        (since, before), (now, done) = self._samples[0], self._samples[-1]
        return (done - before) / (now - since) if now > since else 0.0

    @property
    def seconds_left(self) -> Optional[float]:
        """The remaining time at this rate."""
        return (self.total - self.done) / self.rate if self.rate > 0 else None

    def update(self) -> None:
        """Show the current progress."""
        now = time.monotonic()
        self._samples.append((now, self.done))
        while now - self._samples[0][0] > _RATE_OVER and len(self._samples) > 2:
            self._samples.popleft()
        if self._bar is not None:
            with contextlib.suppress(OSError):
                self._bar.update(self._task, total=self.total, completed=self.done, words=self.words())
        elif self._lines and now - self._last_line >= _LINE_EVERY:
            self._last_line = now
            say(f"{self.done:,} of {self.total:,}  {self.words()}")

    def words(self) -> str:
        """Return the progress as one line."""
        parts = [f"{self.rate:.1f}/s"]
        left = self.seconds_left
        if left is not None and self.done < self.total:
            parts.append(f"{span(left)} left")
        parts += [f"{outcome} {count:,}" for outcome, count in self.counts.items() if count]
        if self.note:
            parts.append(self.note)
        return "  ".join(parts)

    def close(self) -> None:
        """Show the final state."""
        if self._bar is not None:
            self.update()
            with contextlib.suppress(OSError):
                self._bar.stop()


def span(seconds: float) -> str:
    """Format a duration."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def _bar() -> Any:
    if sys.stderr is None or not sys.stderr.isatty():
        return None
    try:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
        from rich.progress import Progress as RichProgress
    except ImportError:
        return None
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[words]}"))
    return RichProgress(*columns, console=Console(stderr=True), refresh_per_second=4)
