"""Parsers for numbers on the command line."""

from __future__ import annotations

import argparse
from typing import Callable, TypeVar

_Number = TypeVar("_Number", int, float)


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
