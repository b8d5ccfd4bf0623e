"""Parsers for the values of options."""

from __future__ import annotations

import argparse
import io
import os
from typing import Callable, TypeVar

_Number = TypeVar("_Number", int, float)


def utf8_text(text: str) -> str:
    """Read an option's bytes as UTF-8, whatever the locale is."""
    try:
        return os.fsencode(text).decode("utf-8")
    except UnicodeEncodeError:
        # Not from a command line.
        return text
    except UnicodeDecodeError:
        pass
    raise argparse.ArgumentTypeError("the text is not UTF-8")


def whole(least: int, most: int) -> Callable[[str], int]:
    """Return a parser for whole numbers from ``least`` to ``most``."""
    return _read(int, least, most, "a whole number")


def seconds(least: float, most: float) -> Callable[[str], float]:
    """Return a parser for seconds from ``least`` to ``most``."""
    return _read(float, least, most, "a number of seconds")


def _read(
    kind: Callable[[str], _Number], least: _Number, most: _Number, what: str
) -> Callable[[str], _Number]:
    def read(text: str) -> _Number:
        try:
            number = kind(text)
        except ValueError:
            number = None
        # Comparisons with NaN are false.
        if number is None or not least <= number <= most:
            raise argparse.ArgumentTypeError(f"{text!r} is not {what} from {least:,} to {most:,}")
        return number

    return read


def text_encoding(name: str) -> str:
    """Check the name of an encoding of text."""
    try:
        # Not codecs.lookup(), which also knows encodings of bytes, such as base64.
        "".encode(name)
        io.TextIOWrapper(io.BytesIO(), encoding=name)
    except (LookupError, ValueError):
        pass
    else:
        return name
    raise argparse.ArgumentTypeError(f"{name!r} is not an encoding that Python knows")
