"""Parses the redirect that returns an applicant's browser."""

import ctypes
import struct
from ctypes import c_size_t
from dataclasses import dataclass
from enum import IntFlag
from typing import Final, Optional, Union

from . import _abi
from ._errors import refusal
from ._library import instant
from ._string_enum import StringEnum
from ._text import Text, text_room


class RedirectStatus(StringEnum):
    """The result that a redirect claims."""

    SUCCESS = "success"
    """Completed and submitted. This does not mean verified."""
    FAILED = "failed"
    """The verification failed with an error."""
    ABANDONED = "abandoned"
    """The applicant left."""
    SUBMITTED = "SUBMITTED"
    """The vendor's alternative value. It is not ``SUCCESS``: see ``RedirectFact.OTHER_FORM``."""


class RedirectReason(StringEnum):
    """The reason of a failed or abandoned session. The service may add values."""

    DOCUMENT_UNREADABLE = "document_unreadable"
    FACE_MISMATCH = "face_mismatch"
    SESSION_EXPIRED = "session_expired"
    INTERNAL_ERROR = "internal_error"
    USER_CANCELLED = "user_cancelled"
    UNKNOWN = "unknown"
    """A failure that the service does not classify. It does not mean a value unknown to this package."""


class RedirectFact(IntFlag):
    """Anomalies: combinations that the documentation does not allow. Forged redirects often have one."""

    NO_SESSION_ID = _abi.DEEPIDV_FACT_NO_SESSION_ID
    """The session id is missing or empty."""
    SUCCESS_WITH_REASON = _abi.DEEPIDV_FACT_SUCCESS_WITH_REASON
    """``success`` with a reason."""
    FAILED_WITHOUT_REASON = _abi.DEEPIDV_FACT_FAILED_WITHOUT_REASON
    """``failed`` without a reason."""
    ABANDONED_OTHERWISE = _abi.DEEPIDV_FACT_ABANDONED_OTHERWISE
    """``abandoned`` without the reason ``user_cancelled``."""
    OTHER_FORM = _abi.DEEPIDV_FACT_OTHER_FORM
    """``sessionId`` without ``session_id``, or the status ``SUBMITTED``.

    One of the vendor's guides documents these; the API reference does not.
    """
    NOT_UTF8 = _abi.DEEPIDV_FACT_NOT_UTF8
    """The session id, the status or the reason is not UTF-8."""
    REPEATED_EQUAL = _abi.DEEPIDV_FACT_REPEATED_EQUAL
    """A parameter is repeated with the same value."""
    JOINED_TWICE = _abi.DEEPIDV_FACT_JOINED_TWICE
    """A second ``?`` separates the parameters, as in ``/cb?a=b?session_id=s``.

    It ends the value before it.
    """


_NO_FACTS: Final = RedirectFact(0)


@dataclass(frozen=True)
class Redirect:
    """The contents of a redirect. They are not signed: anyone can forge them.

    Compare them with the session that you stored for this user (``matches``), then retrieve that session
    from the service. ``RedirectStatus.SUCCESS`` means submitted, not verified.

    Absent parameters are None, empty ones ``""``. Values are decoded. Bytes that are not UTF-8 become
    surrogate escapes: ``text.encode("utf-8", "surrogateescape")`` restores them.
    """

    session_id: Optional[str] = None
    status: Union[RedirectStatus, str, None] = None
    """A ``RedirectStatus``, or a plain ``str`` with a word that this version does not know."""
    reason: Union[RedirectReason, str, None] = None
    """A ``RedirectReason``, or a plain ``str`` with a word that this version does not know."""
    fragment: Optional[str] = None
    """The text after ``#``, not decoded."""
    facts: RedirectFact = _NO_FACTS
    other_session_id: Optional[str] = None
    """The value of ``sessionId``: the id under the vendor's alternative name, or your own parameter."""

    def matches(self, expected_session_id: Text) -> bool:
        """Return whether this redirect names the expected session.

        Compares in constant time for given lengths. An empty or absent id never matches. A match does not
        prove that the status is true.
        """
        if not isinstance(expected_session_id, (str, bytes)):
            raise TypeError(f"expected_session_id must be str, not {type(expected_session_id).__name__}")
        if self.session_id is None:
            return False
        # The library decodes its input, so encode the decoded id again.
        claimed = encoded(self.session_id).replace(b"%", b"%25").replace(b"+", b"%2B")
        expected = encoded(expected_session_id)
        redirect = _abi.deepidv_redirect(session_id=_abi.deepidv_span(0, len(claimed)))
        status: int = instant.deepidv_redirect_matches(
            claimed, len(claimed), ctypes.byref(redirect), expected, len(expected)
        )
        if status not in (_abi.DEEPIDV_OK, _abi.DEEPIDV_E_MISMATCH):
            raise refusal(status)
        return status == _abi.DEEPIDV_OK


def parse_redirect(url: Text) -> Redirect:
    """Parse a redirect: an absolute URL, a path with a query, or a bare query.

    Ignores undocumented parameters. A missing parameter is None, not an error; ``facts`` flags anomalies.
    If a parameter would be missing otherwise, a second ``?`` before its name separates it as ``&`` does.
    A redirect is not signed: see ``Redirect``.

    :raises RepeatedParameter: if a documented parameter is repeated with a different value.
    """
    raw: bytes
    text: Text
    if isinstance(url, str):
        # In ASCII each character is one byte, so offsets apply to the str itself.
        ascii_only = url.isascii()
        raw = url.encode() if ascii_only else encoded(url)
        text = url if ascii_only else raw
    elif isinstance(url, bytes):
        raw = text = url
    else:
        raise TypeError(f"url must be str or bytes, not {type(url).__name__}")

    try:
        room = _rooms.pop()
    except IndexError:
        room = _Room()
    code = _parse(raw, len(raw), room.address)
    (
        present,
        status_code,
        reason_code,
        facts,
        id_at,
        id_size,
        status_at,
        status_size,
        reason_at,
        reason_size,
        fragment_at,
        fragment_size,
        other_at,
        other_size,
    ) = _unpack(room.memory)
    _rooms.append(room)
    if code:
        # In place of `clears_locals`, which would be too slow here.
        del url, raw, text
        raise refusal(code)

    redirect = _new(Redirect)
    # Setting the fields of a frozen dataclass one by one would dominate the time. Unset fields keep their
    # defaults.
    fields = redirect.__dict__
    if present & _HAS_SESSION_ID:
        fields["session_id"] = decoded(text[id_at : id_at + id_size])
    if present & _HAS_STATUS:
        fields["status"] = _STATUSES.get(status_code) or decoded(text[status_at : status_at + status_size])
    if present & _HAS_REASON:
        fields["reason"] = _REASONS.get(reason_code) or decoded(text[reason_at : reason_at + reason_size])
    if present & _HAS_FRAGMENT:
        fragment = text[fragment_at : fragment_at + fragment_size]
        fields["fragment"] = fragment if isinstance(fragment, str) else _text(fragment)
    if present & _HAS_OTHER_SESSION_ID:
        fields["other_session_id"] = decoded(text[other_at : other_at + other_size])
    if facts:
        fields["facts"] = _FACTS[facts] if facts in _FACTS else RedirectFact(facts)
    return redirect


def decoded(piece: Text) -> str:
    """Percent-decode part of a query; bytes that are not UTF-8 become surrogate escapes."""
    if isinstance(piece, str):
        if "%" not in piece and "+" not in piece:
            return piece
        piece = piece.encode()
    # As integers: searching for b"%" takes ten times as long.
    elif _PERCENT not in piece and _PLUS not in piece:
        return _text(piece)
    return _text(_percent_decoded(piece))


def _text(piece: bytes) -> str:
    return piece.decode("utf-8", "surrogateescape")


def _percent_decoded(piece: bytes) -> bytes:
    if _PERCENT not in piece:
        return piece.replace(b"+", b" ")
    size = len(piece)
    try:
        scratch = _scratches.pop() if size <= _SCRATCH_SIZE else _Scratch(size)
    except IndexError:
        scratch = _Scratch(_SCRATCH_SIZE)
    scratch.span.length = size
    status = _decode(
        piece,
        size,
        scratch.span_address,
        scratch.text_address,
        size + 1,
        scratch.length_address,
    )
    decoded = scratch.text.raw[: scratch.length.value]
    if size <= _SCRATCH_SIZE:
        _scratches.append(scratch)
    # With the last two statuses the output is complete as well.
    if status not in (_abi.DEEPIDV_OK, _abi.DEEPIDV_E_NUL, _abi.DEEPIDV_E_UTF8):
        raise refusal(status)
    return decoded


def encoded(text: Text) -> bytes:
    """Encode any text from a browser or a server."""
    if isinstance(text, bytes):
        return text
    # "surrogatepass" is for lone surrogates, which have no UTF-8 form.
    for errors in ("strict", "surrogateescape"):
        try:
            return text.encode("utf-8", errors)
        except UnicodeEncodeError:
            continue
    return text.encode("utf-8", "surrogatepass")


# Memory is passed by address, since creating a pointer takes as long as the call. Each call takes a buffer
# from a pool and returns it, so threads and signal handlers never share one.


class _Room:
    """The output buffer of a parse."""

    __slots__ = ("address", "memory")

    def __init__(self) -> None:
        self.memory = _abi.deepidv_redirect()
        self.address = ctypes.addressof(self.memory)


class _Scratch:
    """The buffers to decode up to ``size`` bytes."""

    __slots__ = ("length", "length_address", "span", "span_address", "text", "text_address")

    def __init__(self, size: int) -> None:
        self.span = _abi.deepidv_span()
        self.span_address = ctypes.addressof(self.span)
        self.length = c_size_t()
        self.length_address = ctypes.addressof(self.length)
        self.text = text_room(size + 1)
        self.text_address = ctypes.addressof(self.text)


_SCRATCH_SIZE: Final = 255
_rooms: list[_Room] = []
_scratches: list[_Scratch] = []

# present, status, reason and facts, then offset and length of each span except the repeated one.
_unpack: Final = struct.Struct("=IiiI8I8x2I").unpack_from
_STATUSES: Final = {code: RedirectStatus(word) for code, word in _abi.REDIRECT_STATUS_WORDS.items()}
_REASONS: Final = {code: RedirectReason(word) for code, word in _abi.REASON_WORDS.items()}
_FACTS: Final = {bits: RedirectFact(bits) for bits in range(256)}
_HAS_SESSION_ID: Final = _abi.DEEPIDV_HAS_SESSION_ID
_HAS_STATUS: Final = _abi.DEEPIDV_HAS_STATUS
_HAS_REASON: Final = _abi.DEEPIDV_HAS_REASON
_HAS_FRAGMENT: Final = _abi.DEEPIDV_HAS_FRAGMENT
_HAS_OTHER_SESSION_ID: Final = _abi.DEEPIDV_HAS_OTHER_SESSION_ID
_PERCENT: Final = ord("%")
_PLUS: Final = ord("+")
_new: Final = object.__new__
# Declared separately, since they take addresses as integers.
_parse: Final = instant["deepidv_redirect_parse"]
_parse.restype = _abi.deepidv_status
_parse.argtypes = (ctypes.c_char_p, ctypes.c_size_t, ctypes.c_void_p)
_decode: Final = instant["deepidv_span_decode"]
_decode.restype = _abi.deepidv_status
_decode.argtypes = (
    ctypes.c_char_p,
    ctypes.c_size_t,
    ctypes.c_void_p,
    ctypes.c_void_p,
    ctypes.c_size_t,
    ctypes.c_void_p,
)
