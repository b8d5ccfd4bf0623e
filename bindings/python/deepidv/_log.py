"""Passes the library's log records on to ``logging``. Imported only by a client with ``log_level``."""

from __future__ import annotations

import logging
from typing import Any, Callable, Final

from . import _abi
from ._errors import status_name, status_text
from ._library import instant
from ._operation import METHODS

_LOGGER: Final = logging.getLogger("deepidv")
_LEVELS: Final = {
    _abi.DEEPIDV_LEVEL_ERROR: logging.ERROR,
    _abi.DEEPIDV_LEVEL_WARNING: logging.WARNING,
    _abi.DEEPIDV_LEVEL_INFO: logging.INFO,
    _abi.DEEPIDV_LEVEL_DEBUG: logging.DEBUG,
}
# The codes whose value is a time, and how many of its units are a second.
_UNITS: Final = {
    _abi.DEEPIDV_LOG_SUBMITTED: 1000,
    _abi.DEEPIDV_LOG_CONNECTED: 1_000_000,
    _abi.DEEPIDV_LOG_ATTEMPT: 1_000_000,
    _abi.DEEPIDV_LOG_THROTTLED: 1000,
    _abi.DEEPIDV_LOG_RETRY: 1000,
    _abi.DEEPIDV_LOG_SEARCH: 1000,
    _abi.DEEPIDV_LOG_ENDED: 1_000_000,
}
_SENTENCES: Final = {
    _abi.DEEPIDV_LOG_SUBMITTED: "accepted, with a timeout of %(seconds)g s",
    _abi.DEEPIDV_LOG_CONNECTED: "connected in %(seconds).3f s",
    _abi.DEEPIDV_LOG_ATTEMPT: "attempt %(attempt)d: HTTP %(http_status)d after %(seconds).3f s",
    _abi.DEEPIDV_LOG_STALE: "a kept connection was closed by the peer; sending on a new one",
    _abi.DEEPIDV_LOG_THROTTLED: "HTTP 429, Retry-After %(seconds)g s",
    _abi.DEEPIDV_LOG_RETRY: "sending again in %(seconds).3f s",
    _abi.DEEPIDV_LOG_SEARCH: "searching for the session in %(seconds).3f s",
    _abi.DEEPIDV_LOG_ENDED: "succeeded after %(seconds).3f s",
}
# The same codes if the value, the HTTP status or the operation's status is such.
_WITHOUT_VALUE: Final = {
    _abi.DEEPIDV_LOG_THROTTLED: "HTTP 429 without Retry-After",
    _abi.DEEPIDV_LOG_RETRY: "sending again when the rate limiter allows it",
}
_NOT_SENT: Final = "nothing sent after %(seconds).3f s (%(cause)s)"
_NO_RESPONSE: Final = "attempt %(attempt)d: no response after %(seconds).3f s (%(cause)s)"
_FAILED: Final = "failed after %(seconds).3f s: %(text)s (%(status)s)"
_FAILED_FOR: Final = "failed after %(seconds).3f s: %(text)s (%(status)s, %(cause)s)"


def logs_of(client: Any) -> Callable[[], None]:
    """Return a function that passes on the records of the library's client."""

    def pass_on() -> None:
        record = _abi.deepidv_log()
        while instant.deepidv_client_next_log(client, record) == _abi.DEEPIDV_OK:
            _pass_on(record)

    return pass_on


def _pass_on(record: _abi.deepidv_log) -> None:
    level = _LEVELS.get(record.level, logging.DEBUG)
    if not _LOGGER.isEnabledFor(level):
        return
    code, value = record.code, record.value
    has_ended = code == _abi.DEEPIDV_LOG_ENDED
    fields: dict[str, Any] = {
        "op": record.op,
        "kind": METHODS.get(record.kind, ""),
        "code": _abi.LOG_CODE_WORDS.get(code, str(code)),
        "status": status_name(record.status) if has_ended else "",
        "cause": status_name(record.cause) if has_ended or record.cause else "",
        "http_status": record.http_status,
        "attempt": record.attempt,
        "seconds": value / _UNITS[code] if code in _UNITS else 0.0,
        "lost": value if code == _abi.DEEPIDV_LOG_LOST else 0,
    }
    # The sentence has placeholders, so that error trackers group what differs only in numbers.
    words = ({**fields, "text": status_text(record.status)},)
    made = _LOGGER.makeRecord("deepidv", level, __file__, 0, _sentence(record), words, None, extra=fields)
    # When it happened, which was during the call.
    since = made.created - record.time_us / 1_000_000
    made.created -= since
    made.msecs = record.time_us // 1000 % 1000
    made.relativeCreated -= since * 1000
    _LOGGER.handle(made)


def _sentence(record: _abi.deepidv_log) -> str:
    code = record.code
    if code == _abi.DEEPIDV_LOG_LOST:
        return "%(lost)d older log records were dropped"
    sentence = _SENTENCES.get(code, "%(code)s")
    if not record.value:
        sentence = _WITHOUT_VALUE.get(code, sentence)
    if code == _abi.DEEPIDV_LOG_ATTEMPT and not record.http_status:
        sentence = _NO_RESPONSE if record.attempt else _NOT_SENT
    if code == _abi.DEEPIDV_LOG_ENDED and record.status:
        sentence = _FAILED if record.cause == record.status else _FAILED_FOR
    return f"%(kind)s %(op)d: {sentence}"
