"""Writes the results as JSON lines."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from .. import _private_file
from .._terminal import json_line

_AT_ONCE = 1000


class Output:
    """The output file, rewritten at each start and then appended to; or standard output."""

    def __init__(self, path: str, lines: Iterable[dict[str, Any]]) -> None:
        """Rewrite the known results: the previous run may have been killed in the middle of a line."""
        self._path = path
        self._size = 0
        if path == "-":
            self._descriptor = sys.stdout.fileno()
            self.write(lines)
            return
        # A session URL gives access to the verification.
        beside = unfinished(path)
        _private_file.exists(path)
        if _private_file.exists(beside):
            os.unlink(beside)
        self._descriptor = _private_file.create(beside)
        try:
            self.write(lines)
            os.replace(beside, path)
        except BaseException:
            self.close()
            with contextlib.suppress(OSError):
                os.unlink(beside)
            raise

    def write(self, lines: Iterable[dict[str, Any]]) -> None:
        """Append results. If that fails, the file has only whole lines."""
        pieces: list[bytes] = []
        for line in lines:
            pieces.append(json_line(line).encode("ascii"))
            if len(pieces) == _AT_ONCE:
                self._append(b"".join(pieces))
                pieces.clear()
        self._append(b"".join(pieces))

    def _append(self, content: bytes) -> None:
        left = memoryview(content)
        try:
            while left:
                left = left[os.write(self._descriptor, left) :]
        except OSError as error:
            self._size += content.rfind(b"\n", 0, len(content) - len(left)) + 1
            if self._path != "-":
                with contextlib.suppress(OSError):
                    os.ftruncate(self._descriptor, self._size)
            name = "standard output" if self._path == "-" else self._path
            raise OSError(error.errno, error.strerror, name) from None
        self._size += len(content)

    def close(self) -> None:
        """Close the file."""
        if self._path != "-":
            with contextlib.suppress(OSError):
                os.close(self._descriptor)


def unfinished(path: str) -> str:
    """Return the name of the file that becomes the output."""
    return f"{path}.new"


def previous_results(path: str) -> Iterator[dict[str, Any]]:
    """Yield the results of an earlier run, without a line that was cut."""
    if path == "-" or not _private_file.exists(path):
        return
    with open(path, "rb") as file:
        for line in file:
            try:
                result = json.loads(line)
            except (ValueError, RecursionError):
                continue
            if isinstance(result, dict):
                yield result
