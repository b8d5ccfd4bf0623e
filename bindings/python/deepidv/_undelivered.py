"""Remembers sessions that were created while their call was interrupted.

``CreatedThoughCancelled`` reports such a session, but code that retries after any exception would create a
second one. Instead, an identical create returns the first one. The library's guard does the same for
creates with an unknown outcome, but does not know that Python did not return this one.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from time import monotonic
from typing import Any, Final, Optional

from ._request import Request, camel
from ._session import Session

# As in the library's guard.
_CAPACITY: Final = 1024
_LIFETIME: Final = 86_400.0


class Undelivered:
    """The sessions of one client. It stores a keyed hash of their fields, not the fields."""

    def __init__(self) -> None:
        self._secret = os.urandom(16)
        self._sessions: dict[bytes, tuple[float, Session]] = {}

    def __bool__(self) -> bool:
        return bool(self._sessions)

    def keep(self, request: Optional[Request], session: Session) -> None:
        """Remember the session of a request."""
        if request is None:
            return
        self._drop_old()
        self._sessions[self._key(request.fields)] = (monotonic() + _LIFETIME, session)

    def find(self, request: Optional[Request]) -> Optional[Session]:
        """Return the session of an identical request."""
        if request is None:
            return None
        self._drop_old()
        return self._sessions.get(self._key(request.fields), (0.0, None))[1]

    def forget(self, request: Optional[Request]) -> bool:
        """Forget the session of a request. Return False if another thread has taken it."""
        return request is not None and self._sessions.pop(self._key(request.fields), None) is not None

    def _drop_old(self) -> None:
        now = monotonic()
        for key, (until, _) in list(self._sessions.items()):
            # The oldest are first.
            if until > now and len(self._sessions) < _CAPACITY:
                break
            self._sessions.pop(key, None)

    def _key(self, fields: Mapping[str, Any]) -> bytes:
        # Rarely needed, and slow to import.
        import hashlib

        given = {name: _plain(value) for name, value in fields.items() if value is not None}
        # camelCase wins, as in a request.
        named = {camel(name): value for name, value in given.items() if "_" in name}
        named.update((name, value) for name, value in given.items() if "_" not in name)
        # With a signed state, it is another URL each time the application makes it.
        named.pop("redirectUrl", None)
        text = repr(sorted(named.items())).encode("utf-8", "surrogatepass")
        return hashlib.blake2b(text, key=self._secret, digest_size=16).digest()


def _plain(value: object) -> object:
    return value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else value
