"""Records results: first in the journal, then in the output. What fails ends the run and is not lost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Callable, Optional

from .._outcome import Outcome
from .._terminal import json_line, reason, say
from .journal import SENDING, UNKNOWN, Entry, Journal, JournalError
from .output import Output, previous_results
from .progress import Progress


class Records:
    """The journal, the output and the progress of one run."""

    def __init__(
        self, journal: Journal, output: Output, progress: Progress, stop: Callable[[str], None]
    ) -> None:
        self._journal = journal
        self._output: Optional[Output] = output
        self._progress = progress
        self._stop = stop
        self._unsaved: list[Entry] = []
        self._unwritten: list[Entry] = []

    def save(self, ended: Sequence[Entry], batch: Sequence[Entry] = ()) -> bool:
        """Record rows that have ended and rows about to be sent; return whether these may be sent."""
        may_send = self._save([*self._unsaved, *ended], batch)
        finished = [entry for entry in ended if entry.answer is not None and entry.state != UNKNOWN]
        self._write(finished)
        for entry in finished:
            self._progress.counts[entry.state] = self._progress.counts.get(entry.state, 0) + 1
        return may_send

    def _save(self, ended: list[Entry], batch: Sequence[Entry]) -> bool:
        try:
            # One commit for both.
            self._journal.write([*ended, *batch])
        except JournalError as error:
            self._unsaved = ended
            self._stop(
                f"the journal could not be written ({error}). No further row was sent, and none will "
                "be sent twice"
            )
            return False
        self._unsaved = []
        return True

    def _write(self, finished: list[Entry]) -> None:
        try:
            if self._output is not None:
                self._output.write(entry.answer for entry in finished if entry.answer is not None)
                return
        except OSError as error:
            self._output = None
            self._stop(
                f"the output could not be written ({reason(error)}). The journal has all results, and the "
                "next run writes them"
            )
        # Some of them may be in the output.
        self._unwritten += finished

    def finish(self) -> None:
        """Try again to record what was not, and tell standard error what is in no file."""
        if self._unsaved and self._save(self._unsaved, ()):
            say("The journal was completed at the end.")
        lost = {entry.line for entry in self._unsaved} & {entry.line for entry in self._unwritten}
        if lost:
            say("These results are in no file; the next run searches for their sessions:")
        for entry in self._unwritten:
            if entry.line in lost and entry.answer is not None:
                # Without the URL: standard error may be a log.
                shown = {name: value for name, value in entry.answer.items() if name != "session_url"}
                say(json_line(shown).rstrip())

    def write_unknown(self) -> int:
        """Write the rows whose outcome is still unknown, and return their number."""
        try:
            counts = self._journal.counts()
            if self._output is not None:
                self._output.write(map(_unknown, self._journal.entries(SENDING, UNKNOWN)))
        except (JournalError, OSError) as error:
            self._stop(f"the unknown rows could not be written: {error}")
            return len([entry for entry in self._unsaved if entry.state == UNKNOWN])
        return counts.get(SENDING, 0) + counts.get(UNKNOWN, 0)


def _unknown(entry: Entry) -> dict[str, Any]:
    return {
        "line": entry.line,
        "outcome": Outcome.UNKNOWN.value,
        "external_id": entry.external_id,
        "reconcile_token": (entry.answer or {}).get("reconcile_token") or entry.token,
    }


def adopt(journal: Journal, output_path: str) -> None:
    """Take results from the output that an earlier run could not write into the journal."""
    # Few: those in flight when a run ended.
    open_lines = {entry.line: entry for entry in journal.entries(SENDING)}
    if not open_lines:
        return
    adopted = []
    for result in previous_results(output_path):
        line = result.get("line")
        entry = open_lines.get(line) if isinstance(line, int) else None
        if (
            entry is not None
            and result.get("outcome") == Outcome.CREATED.value
            and result.get("external_id") == entry.external_id
            and isinstance(result.get("session_id"), str)
        ):
            entry.state, entry.answer = Outcome.CREATED.value, result
            adopted.append(entry)
    journal.write(adopted)
