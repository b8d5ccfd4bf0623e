"""Paging through sessions, lazily and without loops."""

from __future__ import annotations

from typing import Optional

from . import _abi
from ._errors import no_answer
from ._record import SessionPage


class Pages:
    """The position in a list of pages, and the pages already requested."""

    def __init__(self) -> None:
        self.token: Optional[str] = None
        # Hashes only: tokens can be large.
        self._seen: set[int] = set()

    def advance(self, page: SessionPage) -> bool:
        """Advance to the next page. Return False if this is the last.

        :raises NoAnswer: with the name ``DEEPIDV_E_ANSWER_LOOP`` if that page was already requested.
        """
        self.token = page.next_token
        if not self.token:
            return False
        seen = hash(self.token)
        if seen in self._seen:
            raise no_answer(
                _abi.DEEPIDV_E_ANSWER_LOOP,
                http_status=page.http_status,
                attempts=page.attempts,
                elapsed=page.elapsed,
                raw=page.raw,
            )
        self._seen.add(seen)
        return True
