"""Reads files and standard input as bytes, so that the locale does not matter."""

from __future__ import annotations

import codecs
import errno
import os
import sys
from pathlib import Path
from typing import BinaryIO, Final

SIZE_LIMIT: Final = 4 << 20
# UTF-32 begins like UTF-16 with the same order of bytes, so it is first.
_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
LONGEST_MARK: Final = 4


class InputError(Exception):
    """The input cannot be used as a whole. The text says why, without its data."""


def marked_encoding(start: bytes) -> tuple[str, int]:
    """Return the encoding that a byte order mark names, or none, and the length of the mark."""
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return encoding, len(mark)
    return "", 0


def standard_input() -> BinaryIO:
    """Return standard input as bytes."""
    if sys.stdin is None:
        # Another file may have its number by now.
        raise OSError(errno.EBADF, os.strerror(errno.EBADF), "standard input")
    return open(0, "rb", closefd=False)


def read_text(name: str, what: str) -> str:
    """Read a small file, or standard input for ``-``: UTF-8, or UTF-16 with a byte order mark.

    :param what: What the text is, for the error.
    """
    with standard_input() if name == "-" else Path(name).open("rb") as file:
        content = file.read(SIZE_LIMIT + 1)
    if len(content) > SIZE_LIMIT:
        raise InputError(f"{what}: larger than {SIZE_LIMIT >> 20} MiB")
    encoding, mark = marked_encoding(content)
    try:
        return content[mark:].decode(encoding or "utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, mark + error.start) + 1
        # Not from the error itself: it contains the content.
        where = f"{what}, line {line}: not {(encoding or 'utf-8').upper()}"
    raise InputError(where)
