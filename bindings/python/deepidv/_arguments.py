"""Reads a call's arguments, and says which one cannot be used."""

from typing import Final, Optional

from . import _abi
from ._errors import DeepIDVError, InvalidRequest, refusal
from ._text import utf8

UINT32_MAX: Final = 0xFFFF_FFFF
"""ctypes would cut off what is larger."""

# How the library says that an argument cannot be used, apart from a field of a request.
_UNUSABLE: Final = (
    _abi.DEEPIDV_E_LENGTH,
    _abi.DEEPIDV_E_TOO_LONG,
    _abi.DEEPIDV_E_NUL,
    _abi.DEEPIDV_E_UTF8,
    _abi.DEEPIDV_E_RANGE,
    _abi.DEEPIDV_E_TOKEN,
    _abi.DEEPIDV_E_REQUIRED,
    _abi.DEEPIDV_E_SHORT_KEY,
)


def encoded(name: str, value: object) -> bytes:
    """Encode a text; one that is not Unicode is refused."""
    text = utf8(name, value)
    if text is None:
        raise InvalidRequest(_abi.DEEPIDV_E_UTF8, field=name)
    return text


def argument_refusal(status: int, name: Optional[str]) -> DeepIDVError:
    """Make the exception for a status; if the argument is what is wrong, it names it."""
    if status in _UNUSABLE:
        return InvalidRequest(status, field=name)
    return refusal(status)
