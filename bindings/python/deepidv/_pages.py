"""Paging through sessions, lazily and without loops."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final, Optional

from . import _abi, _record
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


def elements(raw: bytes) -> Iterator[Any]:
    """Parse the elements of a page's ``sessions`` lazily.

    A page may have millions more than requested. The library has checked that it is a JSON object.
    """
    text = raw.decode("utf-8-sig")
    at = text.index("{") + 1
    while True:
        name, at = _value(text, at)
        if name is _END:
            return
        if name == "sessions":
            break
        _, at = _value(text, at)
    at = text.index("[", at) + 1
    while True:
        element, at = _value(text, at)
        if element is _END:
            return
        yield element


def _value(text: str, at: int) -> tuple[Any, int]:
    """Parse the next value, or the end of its container."""
    start = _SEPARATORS.match(text, at).end()  # type: ignore[union-attr]
    return (_END, start) if text[start] in "]}" else _DECODER.raw_decode(text, start)


_END: Final = object()
_SEPARATORS: Final = re.compile(r"[ \t\n\r,:]*")
_DECODER: Final = json.JSONDecoder(parse_int=_record.integer)
