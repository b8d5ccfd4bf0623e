"""Writes the results as JSON lines."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from typing import Any, TextIO


class Output:
    """The output file, rewritten at each start and then appended to; or standard output."""

    def __init__(self, path: str, lines: Iterable[dict[str, Any]]) -> None:
        """Rewrite the known results: the previous run may have been killed in the middle of a line."""
        self._file: TextIO
        if path == "-":
            self._file = sys.stdout
            self.write(lines)
            return
        # A session URL gives access to the verification.
        beside = f"{path}.new"
        descriptor = os.open(beside, os.O_CREAT | os.O_WRONLY | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        self._file = os.fdopen(descriptor, "w", encoding="utf-8")
        self.write(lines)
        os.replace(beside, path)

    def write(self, lines: Iterable[dict[str, Any]]) -> None:
        """Append results."""
        self._file.writelines(json.dumps(line) + "\n" for line in lines)
        self._file.flush()

    def close(self) -> None:
        """Close the file."""
        if self._file is not sys.stdout:
            self._file.close()
