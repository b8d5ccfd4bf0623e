"""What an applicant's browser brings back."""

from __future__ import annotations

import ctypes
import struct
from dataclasses import dataclass
from enum import IntFlag
from typing import Final, Optional, Union

from . import _abi
from ._errors import refusal
from ._library import instant
from ._text import Text
from ._words import Word


class RedirectStatus(Word):
    """How the applicant says the session ended."""

    SUCCESS = "success"
    """Completed and submitted. That is not the same as verified."""
    FAILED = "failed"
    """An error while verifying."""
    ABANDONED = "abandoned"
    """The applicant left."""


class RedirectReason(Word):
    """Why it did not end well. New words may come."""

    DOCUMENT_UNREADABLE = "document_unreadable"
    FACE_MISMATCH = "face_mismatch"
    SESSION_EXPIRED = "session_expired"
    INTERNAL_ERROR = "internal_error"
    USER_CANCELLED = "user_cancelled"
    UNKNOWN = "unknown"
    """A failure that the service itself does not classify. Not a word unknown to this package."""


class RedirectFact(IntFlag):
    """Combinations that the contract does not foresee. A forged redirect often has one."""

    NO_SESSION_ID = _abi.DEEPIDV_FACT_NO_SESSION_ID
    """The session id is missing or empty."""
    SUCCESS_WITH_REASON = _abi.DEEPIDV_FACT_SUCCESS_WITH_REASON
    """``success``, yet a reason."""
    FAILED_WITHOUT_REASON = _abi.DEEPIDV_FACT_FAILED_WITHOUT_REASON
    """``failed``, and no reason."""
    ABANDONED_OTHERWISE = _abi.DEEPIDV_FACT_ABANDONED_OTHERWISE
    """``abandoned``, with another reason than ``user_cancelled`` or with none."""


_NO_FACTS: Final = RedirectFact(0)


@dataclass(frozen=True)
class Redirect:
    """What a redirect claims. **It is a claim, not a proof**: anybody can type it.

    Compare it with the session that you stored for this user (``matches``), then ask the service how
    that session stands. ``RedirectStatus.SUCCESS`` means submitted, not verified.

    Absent is None, empty is ``""``. Texts are decoded. Bytes in them that are not UTF-8 are kept the way
    Python keeps them in file names: ``text.encode("utf-8", "surrogateescape")`` has them again.
    """

    session_id: Optional[str] = None
    status: Union[RedirectStatus, str, None] = None
    """A ``RedirectStatus``, or a plain ``str`` with a word that this version does not know."""
    reason: Union[RedirectReason, str, None] = None
    """A ``RedirectReason``, or a plain ``str`` with a word that this version does not know."""
    fragment: Optional[str] = None
    """What follows the ``#``, not decoded."""
    facts: RedirectFact = _NO_FACTS

    def matches(self, expected_session_id: Text) -> bool:
        """Say whether this is about the session that you expect.

        The time it takes depends on the lengths only. An empty or absent id matches nothing. That it
        matches says who came back, not that what is claimed is true.
        """
        if not isinstance(expected_session_id, (str, bytes)):
            raise TypeError(f"expected_session_id must be str, not {type(expected_session_id).__name__}")
        if self.session_id is None:
            return False
        # The library decodes what it compares, so what has been decoded is encoded again.
        claimed = _encode(self.session_id).replace(b"%", b"%25").replace(b"+", b"%2B")
        expected = _encode(expected_session_id)
        redirect = _abi.deepidv_redirect(session_id=_abi.deepidv_span(0, len(claimed)))
        status: int = instant.deepidv_redirect_matches(
            claimed, len(claimed), ctypes.byref(redirect), expected, len(expected)
        )
        if status not in (_abi.DEEPIDV_OK, _abi.DEEPIDV_E_MISMATCH):
            raise refusal(status)
        return status == _abi.DEEPIDV_OK


def parse_redirect(url: Text) -> Redirect:
    """Read what a redirect claims: an absolute URL, a path with a query, or a bare query.

    Parameters that are not the contract's are passed over. That one is missing is no error: it is
    None, and ``facts`` says what is odd. Nothing in a redirect is signed, so read the result as
    ``Redirect`` says: as a claim.

    :raises RepeatedParameter: if one of the contract's parameters occurs twice.
    """
    if not isinstance(url, (str, bytes)):
        raise TypeError(f"url must be str or bytes, not {type(url).__name__}")
    raw = _encode(url)
    try:
        room = _rooms.pop()
    except IndexError:
        room = _abi.deepidv_redirect()
    code = _parse(raw, len(raw), room)
    found = _unpack(room)
    _rooms.append(room)
    if code:
        raise refusal(code)

    present, status_code, reason_code, facts, at, size = found[:6]
    session_id: Optional[str] = None
    status: Optional[str] = None
    reason: Optional[str] = None
    fragment: Optional[str] = None
    if present & _HAS_SESSION_ID:
        session_id = _decoded(raw[at : at + size])
    if present & _HAS_STATUS:
        status = _STATUSES.get(status_code)
        if status is None:
            at, size = found[6:8]
            status = _decoded(raw[at : at + size])
    if present & _HAS_REASON:
        reason = _REASONS.get(reason_code)
        if reason is None:
            at, size = found[8:10]
            reason = _decoded(raw[at : at + size])
    if present & _HAS_FRAGMENT:
        at, size = found[10:12]
        fragment = raw[at : at + size].decode("utf-8", "surrogateescape")

    # Written at once: setting the fields of a frozen object one by one takes longer than the rest.
    redirect = _new(Redirect)
    fields = {
        "session_id": session_id,
        "status": status,
        "reason": reason,
        "fragment": fragment,
        "facts": _FACTS[facts] if facts in _FACTS else RedirectFact(facts),
    }
    _set(redirect, "__dict__", fields)
    return redirect


def _decoded(piece: bytes) -> str:
    # As numbers: looking for b"%" takes ten times as long.
    if _PERCENT in piece or _PLUS in piece:
        piece = _percent_decoded(piece)
    return piece.decode("utf-8", "surrogateescape")


def _percent_decoded(piece: bytes) -> bytes:
    span = _abi.deepidv_span(0, len(piece))
    room = ctypes.create_string_buffer(len(piece) + 1)
    length = ctypes.c_size_t()
    status = instant.deepidv_span_decode(
        piece, len(piece), ctypes.byref(span), room, len(room), ctypes.byref(length)
    )
    # With the last two the bytes are there all the same.
    if status not in (_abi.DEEPIDV_OK, _abi.DEEPIDV_E_NUL, _abi.DEEPIDV_E_UTF8):
        raise refusal(status)
    return room.raw[: length.value]


def _encode(text: Text) -> bytes:
    if isinstance(text, bytes):
        return text
    # The last is for half a surrogate pair, which no bytes stand for. Somebody may type it all the same.
    for errors in ("strict", "surrogateescape"):
        try:
            return text.encode("utf-8", errors)
        except UnicodeEncodeError:
            continue
    return text.encode("utf-8", "surrogatepass")


# Memory for a call. Taken by one and given back by it, so that threads and signal handlers never share any.
_rooms: list[_abi.deepidv_redirect] = []

# present, status, reason and facts, then offset and length of each of the four spans.
_unpack: Final = struct.Struct("=IiiI8I").unpack_from
_STATUSES: Final = {code: RedirectStatus(word) for code, word in _abi.REDIRECT_WORDS.items()}
_REASONS: Final = {code: RedirectReason(word) for code, word in _abi.REASON_WORDS.items()}
_FACTS: Final = {bits: RedirectFact(bits) for bits in range(16)}
_HAS_SESSION_ID: Final = _abi.DEEPIDV_HAS_SESSION_ID
_HAS_STATUS: Final = _abi.DEEPIDV_HAS_STATUS
_HAS_REASON: Final = _abi.DEEPIDV_HAS_REASON
_HAS_FRAGMENT: Final = _abi.DEEPIDV_HAS_FRAGMENT
_PERCENT: Final = ord("%")
_PLUS: Final = ord("+")
_parse: Final = instant.deepidv_redirect_parse
_new: Final = object.__new__
_set: Final = object.__setattr__
