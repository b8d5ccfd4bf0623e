"""The input as lines of text, which can be read several times."""

from __future__ import annotations

import codecs
import contextlib
import io
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from .._input import LONGEST_MARK, InputError, marked_encoding, standard_input

NOT_TEXT: Final = "\udcff"
"""Stands for bytes that are not text in the input's encoding. No text contains it."""
TOO_LONG: Final = "\udcfe"
"""Ends a line that was cut because it is too long."""
LINE_LIMIT: Final = 1 << 20
_ERRORS: Final = "deepidv.not_text"


def _mark(error: UnicodeError) -> tuple[str, int]:
    if isinstance(error, UnicodeDecodeError):
        return NOT_TEXT, error.end
    raise error


codecs.register_error(_ERRORS, _mark)


class Source:
    """A file or standard input. A pipe is copied to a temporary file without a name."""

    def __init__(self, name: str, encoding: str = "utf-8") -> None:
        self._encoding = encoding
        self._file = standard_input() if name == "-" else Path(name).open("rb")  # noqa: SIM115
        opened = os.fstat(self._file.fileno())
        self.identity = (opened.st_dev, opened.st_ino)
        if not self._file.seekable():
            self._file = _copy(self._file)
        self._start = self._file.tell()

    def lines(self) -> Iterator[str]:
        """Yield all lines with their ends, from the beginning."""
        self._file.seek(self._start)
        encoding, mark = marked_encoding(self._file.read(LONGEST_MARK))
        self._file.seek(self._start + mark)
        text = io.TextIOWrapper(
            self._file,
            encoding=encoding or self._encoding,
            errors=_ERRORS,
            newline="",
        )
        try:
            while True:
                line = text.readline(LINE_LIMIT)
                if not line:
                    return
                if len(line) == LINE_LIMIT and line[-1] not in "\r\n":
                    line += TOO_LONG + _end_of_line(text)
                yield line
        except UnicodeError:
            # Its text would contain the input.
            pass
        finally:
            # The input may be closed by now.
            with contextlib.suppress(ValueError):
                text.detach()
        raise InputError(f"the input cannot be read as {encoding or self._encoding}")

    def close(self) -> None:
        """Close the input."""
        self._file.close()


def _end_of_line(text: io.TextIOWrapper) -> str:
    """Skip the rest of a line, and return its end."""
    while True:
        rest = text.readline(LINE_LIMIT)
        if not rest or rest[-1] in "\r\n":
            return rest[-1:]


def _copy(pipe: BinaryIO) -> BinaryIO:
    copied = tempfile.TemporaryFile()  # noqa: SIM115
    with pipe:
        shutil.copyfileobj(pipe, copied)
    copied.seek(0)
    return copied
