"""Prevents copying of objects that own a library handle."""

from __future__ import annotations

from typing import Any, NoReturn


class NoCopy:
    """Raises TypeError on copy and pickle: a copy could hold a freed handle."""

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        name = type(self).__name__
        raise TypeError(
            f"a {name} cannot be copied or pickled: it belongs to this process; create a new one"
        )
