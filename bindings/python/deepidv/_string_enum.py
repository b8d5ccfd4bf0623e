"""Enums whose members are strings."""

from __future__ import annotations

from enum import Enum, EnumMeta


class _Listed(EnumMeta):
    """Limits ``dir()`` to the members: help() would list all methods of str for each of them."""

    def __dir__(cls) -> list[str]:
        return ["__class__", "__doc__", "__members__", "__module__", *cls.__members__]


class StringEnum(str, Enum, metaclass=_Listed):
    """An enum member that is a str and prints as its value in every Python version."""

    def __str__(self) -> str:
        return str.__str__(self)

    def __format__(self, format_spec: str) -> str:
        return str.__format__(self, format_spec)
