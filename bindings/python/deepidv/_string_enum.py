"""Words of the contract."""

from __future__ import annotations

from enum import Enum, EnumMeta


class _Listed(EnumMeta):
    """Lists the words of a class, and not all that a str can do: help() would show that for each."""

    def __dir__(cls) -> list[str]:
        return ["__class__", "__doc__", "__members__", "__module__", *cls.__members__]


class StringEnum(str, Enum, metaclass=_Listed):
    """A word of the contract, which is also that text, whatever the version of Python prints."""

    def __str__(self) -> str:
        return str.__str__(self)

    def __format__(self, format_spec: str) -> str:
        return str.__format__(self, format_spec)
