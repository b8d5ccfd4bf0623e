"""Objects that hold something of the library's."""

from __future__ import annotations

from typing import Any, NoReturn


class NoCopy:
    """Refuses to be copied or pickled: a copy would hold what the library has freed by then."""

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        name = type(self).__name__
        raise TypeError(
            f"a {name} cannot be copied or pickled: it belongs to this process; make another {name} instead"
        )
