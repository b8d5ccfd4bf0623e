"""Reads the arguments of calls, and reports which one is invalid."""

from typing import Final, Optional

from . import _abi
from ._errors import DeepIDVError, InvalidRequest, refusal
from ._text import utf8

UINT32_MAX: Final = 0xFFFF_FFFF
"""ctypes would truncate larger values."""

# The statuses that mean an invalid argument, other than a field of a request.
_ARGUMENT_ERRORS: Final = (
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
    """Encode a text argument."""
    text = utf8(name, value)
    if text is None:
        raise InvalidRequest(_abi.DEEPIDV_E_UTF8, field=name)
    return text


def argument_refusal(status: int, name: Optional[str]) -> DeepIDVError:
    """Create the exception for a status; it names the argument if that is invalid."""
    if status in _ARGUMENT_ERRORS:
        return InvalidRequest(status, field=name)
    return refusal(status)
