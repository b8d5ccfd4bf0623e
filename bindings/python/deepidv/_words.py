"""Words of the contract."""

from __future__ import annotations

from enum import Enum


class Word(str, Enum):
    """A word of the contract, which is also that text, whatever the version of Python prints."""

    def __str__(self) -> str:
        return str.__str__(self)

    def __format__(self, format_spec: str) -> str:
        return str.__format__(self, format_spec)
