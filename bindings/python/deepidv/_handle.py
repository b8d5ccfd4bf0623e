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

    def __init__(self) -> None:
        self.handle: Any = ctypes.POINTER(self.kind)()
        status = getattr(instant, f"{self.kind.__name__}_new")(ctypes.byref(self.handle))
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
        getattr(instant, f"{self.kind.__name__}_free")(handle)
