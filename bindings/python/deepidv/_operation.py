"""What can be asked of the service, for clients that wait and for clients that await."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any, Callable, Final, Generic, Optional, TypeVar

from . import _abi, _confirmation, _result
from ._confirmation import Confirmation
from ._errors import AnyFailure, DeepIDVError, InvalidRequest, refusal
from ._library import instant, library
from ._record import RetrievedSession, SessionPage
from ._redirect import encoded as encoded_redirect
from ._request import Request
from ._session import Session
from ._text import Text, utf8

Answer = TypeVar("Answer")

# How the library says that an argument of a question cannot be used.
_UNUSABLE: Final = (
    _abi.DEEPIDV_E_LENGTH,
    _abi.DEEPIDV_E_TOO_LONG,
    _abi.DEEPIDV_E_NUL,
    _abi.DEEPIDV_E_UTF8,
    _abi.DEEPIDV_E_RANGE,
    _abi.DEEPIDV_E_TOKEN,
    _abi.DEEPIDV_E_REQUIRED,
)
_UINT32_MAX: Final = 0xFFFF_FFFF


@dataclass(frozen=True)
class Operation(Generic[Answer]):
    """A function of the library and its twin that does not wait, and how to read what came of it."""

    wait: Any
    submit: Any
    read: Callable[[Any], Answer]
    error: Callable[[Any], AnyFailure]
    creates: bool = False
    answered: tuple[int, ...] = (_abi.DEEPIDV_OK,)
    """The statuses of a result that is read, and not raised."""

    def take(self, status: int, result: Any) -> Answer:
        """Give what a result with this status says, or raise it, and free the result."""
        try:
            if status in self.answered:
                return self.read(result)
            raise self.error(result)
        finally:
            instant.deepidv_result_free(result)


class Call(Generic[Answer]):
    """An operation with its arguments, and what to raise for a status without a result."""

    __slots__ = ("arguments", "operation", "refused")

    def __init__(
        self,
        operation: Operation[Answer],
        arguments: tuple[Any, ...],
        refused: Callable[[int], DeepIDVError] = refusal,
    ) -> None:
        self.operation = operation
        self.arguments = arguments
        self.refused = refused


def run(client: Any, call: Call[Answer]) -> Answer:
    """Make a call and wait for its end."""
    result = ctypes.POINTER(_abi.deepidv_result)()
    status = call.operation.wait(client, *call.arguments, ctypes.byref(result))
    if not result:
        raise call.refused(status)
    return call.operation.take(status, result)


CREATE: Final[Operation[Session]] = Operation(
    library.deepidv_session_create,
    instant.deepidv_session_create_submit,
    _result.session,
    _result.error,
    creates=True,
)
_RECONCILE: Final[Operation[Session]] = Operation(
    library.deepidv_session_reconcile,
    instant.deepidv_session_reconcile_submit,
    _result.session,
    _result.error,
)
_RETRIEVE: Final[Operation[RetrievedSession]] = Operation(
    library.deepidv_session_retrieve,
    instant.deepidv_session_retrieve_submit,
    _result.record,
    _result.question_error,
)
_LIST: Final[Operation[SessionPage]] = Operation(
    library.deepidv_session_list,
    instant.deepidv_session_list_submit,
    _result.page,
    _result.question_error,
)

_CONFIRM: Final[Operation[Confirmation]] = Operation(
    library.deepidv_redirect_confirm,
    instant.deepidv_redirect_confirm_submit,
    _confirmation.confirmation,
    _result.question_error,
    # The last two say that the redirect is forged, which is an answer.
    answered=(_abi.DEEPIDV_OK, _abi.DEEPIDV_E_MISMATCH, _abi.DEEPIDV_E_REPEATED),
)


def create(request: Request) -> Call[Session]:
    """Create a session. The request may end as soon as the call is made."""
    return Call(CREATE, (request.handle,))


def reconcile(token: Text) -> Call[Session]:
    """Look for the session of a create whose outcome was unknown."""
    text = _text("token", token)
    return Call(_RECONCILE, (text, len(text)), lambda status: _refusal(status, "token"))


def retrieve(session_id: Text) -> Call[RetrievedSession]:
    """Ask how a session stands."""
    text = _text("session_id", session_id)
    return Call(_RETRIEVE, (text, len(text)), lambda status: _refusal(status, "session_id"))


def confirm(redirect: Text, session_id: Text) -> Call[Confirmation]:
    """Compare a redirect with a session, and ask how that one stands."""
    if not isinstance(redirect, (str, bytes)):
        raise TypeError(f"redirect must be str or bytes, not {type(redirect).__name__}")
    claimed, text = encoded_redirect(redirect), _text("session_id", session_id)
    arguments = (claimed, len(claimed), text, len(text))
    return Call(_CONFIRM, arguments, lambda status: _refusal(status, "session_id"))


def list_page(
    external_id: Optional[Text], page_size: Optional[int], next_token: Optional[Text]
) -> Call[SessionPage]:
    """Ask for a page of sessions."""
    reference = None if external_id is None else _text("external_id", external_id)
    token = None if next_token is None else _text("next_token", next_token)
    limit = 0 if page_size is None else _limit(page_size)
    given = [name for name, text in (("external_id", reference), ("next_token", token)) if text is not None]

    def refused(status: int) -> DeepIDVError:
        if status == _abi.DEEPIDV_E_RANGE:
            return _refusal(status, "page_size")
        # The library does not say which of two it means.
        return _refusal(status, given[0] if len(given) == 1 else None)

    arguments = (reference, len(reference or b""), limit, token, len(token or b""))
    return Call(_LIST, arguments, refused)


def _text(name: str, value: object) -> bytes:
    encoded = utf8(name, value)
    if encoded is None:
        raise InvalidRequest(_abi.DEEPIDV_E_UTF8, field=name)
    return encoded


def _limit(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"page_size must be int, not {type(value).__name__}")
    # The library takes 0 for the service's own, and ctypes would cut off what is larger.
    if not 0 < value <= _UINT32_MAX:
        raise InvalidRequest(_abi.DEEPIDV_E_RANGE, field="page_size")
    return value


def _refusal(status: int, field: Optional[str]) -> DeepIDVError:
    if status in _UNUSABLE:
        return InvalidRequest(status, field=field)
    return refusal(status)
