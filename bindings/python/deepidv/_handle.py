"""What the library's own objects have in common."""

from __future__ import annotations

import ctypes
from types import TracebackType
from typing import Any, ClassVar, Optional, TypeVar

from . import _abi
from ._errors import refusal
from ._library import instant

_Self = TypeVar("_Self", bound="Handle")


class Handle:
    """An object of the library's that is filled, handed over, and ends with its ``with`` block."""

    kind: ClassVar[type[ctypes.Structure]]
    _pointer: ClassVar[Any]
    _new: ClassVar[Any]
    _free: ClassVar[Any]

    def __init_subclass__(cls) -> None:
        name = cls.kind.__name__
        cls._pointer = ctypes.POINTER(cls.kind)
        cls._new = getattr(instant, f"{name}_new")
        cls._free = getattr(instant, f"{name}_free")

    def __init__(self) -> None:
        self.handle: Any = self._pointer()
        status = self._new(ctypes.byref(self.handle))
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
        handle, self.handle = self.handle, None
        self._free(handle)
