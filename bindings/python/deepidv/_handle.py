"""The base class of objects that the library owns."""

from __future__ import annotations

from ctypes import Structure, byref
from types import TracebackType
from typing import Any, ClassVar, Optional, TypeVar

from . import _abi
from ._errors import refusal
from ._library import instant
from ._no_copy import NoCopy

_Self = TypeVar("_Self", bound="Handle")


class Handle(NoCopy):
    """A library object that is filled, submitted, and freed at the end of its ``with`` block."""

    kind: ClassVar[type[Structure]]
    _pointer: ClassVar[Any]
    _new: ClassVar[Any]
    _free: ClassVar[Any]

    def __init_subclass__(cls) -> None:
        name = cls.kind.__name__
        cls._pointer = getattr(_abi, f"p_{name}")
        cls._new = getattr(instant, f"{name}_new")
        cls._free = getattr(instant, f"{name}_free")

    def __init__(self) -> None:
        self.handle: Any = self._pointer()
        status = self._new(byref(self.handle))
        if status != _abi.DEEPIDV_OK:
            raise refusal(status)

    def __enter__(self: _Self) -> _Self:
        return self

    def __exit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        self.end()

    def end(self) -> None:
        """Free the object. Call this once."""
        handle, self.handle = self.handle, None
        self._free(handle)
