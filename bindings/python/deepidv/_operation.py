"""The operations of the service, for the blocking and the asyncio client."""

from __future__ import annotations

import functools
import math
from ctypes import c_uint64
from dataclasses import dataclass
from time import monotonic
from typing import Any, Callable, Final, Generic, Optional, TypeVar, cast

from . import _abi, _confirmation, _result
from ._arguments import UINT32_MAX, argument_refusal, encoded
from ._clear_locals import clear_frames
from ._confirmation import Confirmation
from ._errors import (
    CreatedThoughCancelled,
    DeepIDVError,
    Error,
    InvalidRequest,
    OutcomeUnknown,
    refusal,
)
from ._greenlets import waiter
from ._library import instant, library
from ._record import RetrievedSession, SessionPage
from ._redirect import encoded as encoded_redirect
from ._request import Request
from ._session import Session
from ._text import Text
from ._undelivered import Undelivered

Answer = TypeVar("Answer")
_Method = TypeVar("_Method", bound=Callable[..., Any])

_SLICE_MS: Final = 100
MAX_TRIES: Final = 100
# In seconds, as the library has it.
LONGEST_WAIT: Final = 86_400
# The maximum number of seconds for a cancelled operation to end.
CANCEL_TIMEOUT: Final = 5.0
# More than it takes to read any result and to raise any exception.
_STACK_FRAMES: Final = 40


@dataclass(frozen=True)
class Operation(Generic[Answer]):
    """A library function that submits an operation, and the functions that read its result."""

    method: str
    """The name of the client's method."""
    kind: int
    """The library's number for it."""
    submit: Any
    read: Callable[[Any], Answer]
    error: Callable[[Any], Error]
    creates: bool = False
    answered: tuple[int, ...] = (_abi.DEEPIDV_OK,)
    """The statuses whose result is returned, not raised."""


class Call(Generic[Answer]):
    """An operation with its arguments, and the exceptions for a failed submit."""

    __slots__ = ("arguments", "operation", "refused", "request")

    def __init__(
        self,
        operation: Operation[Answer],
        arguments: tuple[Any, ...],
        refused: Callable[[int], DeepIDVError] = refusal,
        request: Optional[Request] = None,
    ) -> None:
        self.operation = operation
        self.arguments = arguments
        self.refused = refused
        self.request = request

    def submit(self, client: Any, tag: int, op: c_uint64) -> None:
        """Submit it. The library writes the operation's number, and copies the arguments."""
        try:
            status = self.operation.submit(client, *self.arguments, tag, op)
            if status != _abi.DEEPIDV_OK:
                raise self.refused(status)
        finally:
            self.end()

    def end(self) -> None:
        """Free the request."""
        if self.request is not None:
            self.request.end()


class Completion(Generic[Answer]):
    """The result of a call.

    A signal handler may raise between any two bytecode instructions. Therefore the library writes to
    memory that is allocated in advance, and each step can be repeated.
    """

    __slots__ = ("answer", "call", "error", "op", "tries")

    def __init__(self) -> None:
        self.call: Optional[Call[Answer]] = None
        self.op = c_uint64()
        self.answer: Optional[Answer] = None
        self.error: Optional[BaseException] = None
        self.tries = 0

    @property
    def creates(self) -> bool:
        """Whether the call can create a session."""
        return self.call is not None and self.call.operation.creates

    @property
    def ended(self) -> bool:
        """Whether the result was read."""
        return self.answer is not None or self.error is not None

    def submit(self, client: Any, tag: int) -> None:
        """Submit the call."""
        if self.call is not None:
            self.call.submit(client, tag, self.op)

    def take_undelivered(self, undelivered: Undelivered) -> bool:
        """Take the session that an interrupted call has created for an identical create."""
        if not undelivered or not self.creates or self.call is None:
            return False
        self.answer = cast(Optional[Answer], undelivered.find(self.call.request))
        if self.answer is None:
            return False
        if not undelivered.forget(self.call.request):
            self.answer = None
            return False
        self.call.end()
        return True

    def keep_undelivered(self, undelivered: Undelivered, error: BaseException) -> None:
        """Keep the session of an interrupted create."""
        if isinstance(error, CreatedThoughCancelled) and self.call is not None:
            undelivered.keep(self.call.request, error.session)

    def note(self, status: int, result: Any) -> None:
        """Read a result once; later calls have no effect."""
        if self.ended or self.call is None:
            return
        operation = self.call.operation
        try:
            if status in operation.answered:
                self.answer = operation.read(result)
            else:
                self.error = operation.error(result)
        except BaseException as error:
            # A signal handler raised, or memory ran out.
            self.tries += 1
            if self.tries < MAX_TRIES:
                raise
            self.error = error

    def outcome_to_raise(self) -> Optional[OutcomeUnknown]:
        """Return what an interrupted create must raise, or None if it certainly had no effect."""
        if not self.creates:
            return None
        if self.answer is not None:
            return CreatedThoughCancelled.of(cast(Session, self.answer))
        if isinstance(self.error, OutcomeUnknown):
            return self.error
        if isinstance(self.error, DeepIDVError):
            return None
        return OutcomeUnknown(_abi.DEEPIDV_E_OUTCOME_UNKNOWN, cause=_abi.DEEPIDV_E_CANCELLED)


class BlockingCompletion(Completion[Answer]):
    """The result of a blocking call, with the memory for it."""

    __slots__ = ("event", "result")

    def __init__(self) -> None:
        super().__init__()
        self.event = _abi.deepidv_event()
        self.result: Any = _abi.p_deepidv_result()

    def read(self) -> None:
        """Read the result and free it."""
        self.note(self.event.status, self.result)
        # In this order: a signal between the two leaks the result instead of freeing it twice.
        result, self.result = self.result, None
        instant.deepidv_result_free(result)


def answer_of(call: Call[Answer]) -> Answer:
    """Return the call itself, for ``runs``; type checkers see the answer."""
    return cast(Answer, call)


def runs(method: _Method) -> _Method:
    """Decorate a method that returns ``answer_of(call)``: run the call, and clear locals when it raises.

    An exception of a signal handler cancels the operation. It is raised unchanged if nothing was executed;
    otherwise the outcome of the create is raised. The answer stays in the completion until this frame
    returns it, so only the caller's own frame can lose it.
    """

    @functools.wraps(method)
    def call(self: Any, *arguments: Any, **named: Any) -> Any:
        completion: BlockingCompletion[Any] = BlockingCompletion()
        try:
            ensure_stack()
            completion.call = method(self, *arguments, **named)
            if not completion.take_undelivered(self._undelivered):
                self._run(completion)
            if completion.error is not None:
                raise completion.error
            return completion.answer
        except BaseException as raised:
            del arguments, named
            error = _error_to_raise(self, completion, raised)
            del completion
            try:
                if error is raised:
                    raise
                raise error
            finally:
                # The frame would keep the exception alive, which keeps the frame alive.
                del error

    return call  # type: ignore[return-value]


def ensure_stack(frames: int = _STACK_FRAMES) -> None:
    """Raise RecursionError now, when nothing was sent, if the stack is too small to read an answer."""
    if frames:
        ensure_stack(frames - 1)


def run(client: Any, completion: BlockingCompletion[Any]) -> None:
    """Submit a call, wait for its result and read it."""
    completion.submit(client, 0)
    _wait(client, completion)
    completion.read()


def _error_to_raise(
    client: Any, completion: BlockingCompletion[Any], raised: BaseException
) -> BaseException:
    """End a call that raised an exception, and return what to raise."""
    error = raised
    if raised is not completion.error and (completion.op.value or completion.ended):
        for _ in range(MAX_TRIES):
            try:
                error = _cancel_and_read(client._handle, completion) or raised
                completion.keep_undelivered(client._undelivered, error)
                break
            except BaseException:
                # Another signal handler raised. The outcome must be reported nevertheless.
                continue
    return cleared(error, raised)


def cleared(error: BaseException, raised: BaseException) -> BaseException:
    """Clear the frames of the exception that was raised, and return what to raise."""
    later = clear_frames(raised)
    return error if later is None or isinstance(error, OutcomeUnknown) else later


def _wait(client: Any, completion: BlockingCompletion[Any]) -> None:
    """Wait for an operation, and let Python handle signals and other greenlets run."""
    op, event, result = completion.op.value, completion.event, completion.result
    green = waiter()
    if green is not None:
        while (
            status := instant.deepidv_client_take(client, op, 0, event, result)
        ) == _abi.DEEPIDV_E_TIMEOUT:
            green(instant.deepidv_client_fd(client))
    else:
        # In slices: between them Python handles signals and exceptions sent by other threads.
        while (
            status := library.deepidv_client_take(client, op, _SLICE_MS, event, result)
        ) == _abi.DEEPIDV_E_TIMEOUT:
            pass
    if status != _abi.DEEPIDV_OK:
        raise refusal(status)


def _cancel_and_read(client: Any, completion: BlockingCompletion[Any]) -> Optional[OutcomeUnknown]:
    """Cancel an operation, and return what to raise in place of the interrupting exception."""
    until = monotonic() + CANCEL_TIMEOUT
    while True:
        if completion.result:
            completion.read()
        if completion.ended or monotonic() > until:
            return completion.outcome_to_raise()
        instant.deepidv_client_cancel(client, completion.op.value)
        # This takes no time, unless its thread is delayed.
        status = library.deepidv_client_take(
            client, completion.op.value, _SLICE_MS, completion.event, completion.result
        )
        if status not in (_abi.DEEPIDV_OK, _abi.DEEPIDV_E_TIMEOUT):
            # The operation is gone, for example after a fork.
            until = 0.0


CREATE: Final[Operation[Session]] = Operation(
    "create_session",
    _abi.DEEPIDV_EVENT_SESSION_CREATE,
    instant.deepidv_session_create_submit,
    _result.session,
    _result.error,
    creates=True,
)
_FIND_OR_CREATE: Final[Operation[Session]] = Operation(
    "find_or_create_session",
    _abi.DEEPIDV_EVENT_SESSION_FIND_OR_CREATE,
    instant.deepidv_session_find_or_create_submit,
    _result.session,
    _result.error,
    creates=True,
)
_RECONCILE: Final[Operation[Session]] = Operation(
    "reconcile",
    _abi.DEEPIDV_EVENT_SESSION_RECONCILE,
    instant.deepidv_session_reconcile_submit,
    _result.session,
    _result.error,
)
_RETRIEVE: Final[Operation[RetrievedSession]] = Operation(
    "retrieve_session",
    _abi.DEEPIDV_EVENT_SESSION_RETRIEVE,
    instant.deepidv_session_retrieve_submit,
    _result.record,
    _result.query_error,
)
_LIST: Final[Operation[SessionPage]] = Operation(
    "list_page",
    _abi.DEEPIDV_EVENT_SESSION_LIST,
    instant.deepidv_session_list_submit,
    _result.page,
    _result.query_error,
)

_CONFIRM: Final[Operation[Confirmation]] = Operation(
    "confirm_redirect",
    _abi.DEEPIDV_EVENT_REDIRECT_CONFIRM,
    instant.deepidv_redirect_confirm_submit,
    _confirmation.confirmation,
    _result.query_error,
    # The last two mean that the redirect is forged, which is a verdict.
    answered=(_abi.DEEPIDV_OK, _abi.DEEPIDV_E_MISMATCH, _abi.DEEPIDV_E_REPEATED),
)
_UPDATE_STATUS: Final[Operation[RetrievedSession]] = Operation(
    "update_status",
    _abi.DEEPIDV_EVENT_SESSION_UPDATE_STATUS,
    instant.deepidv_session_update_status_submit,
    _result.record,
    _result.decision_error,
)
_WAIT: Final[Operation[RetrievedSession]] = Operation(
    "wait_for_decision",
    _abi.DEEPIDV_EVENT_SESSION_WAIT,
    instant.deepidv_session_wait_submit,
    _result.record,
    _result.wait_error,
)
METHODS: Final = {
    operation.kind: operation.method
    for operation in (
        CREATE,
        _FIND_OR_CREATE,
        _RECONCILE,
        _RETRIEVE,
        _LIST,
        _CONFIRM,
        _UPDATE_STATUS,
        _WAIT,
    )
}
"""The method of each kind of operation."""
_DECISIONS: Final[dict[str, int]] = {
    "VERIFIED": _abi.DEEPIDV_DECISION_VERIFIED,
    "REJECTED": _abi.DEEPIDV_DECISION_REJECTED,
}


def create(request: Request) -> Call[Session]:
    """Create a session. Submitting the call frees the request."""
    return Call(CREATE, (request.handle,), request.refusal, request)


def find_or_create(request: Request) -> Call[Session]:
    """Find or create a session. Submitting the call frees the request."""
    return Call(_FIND_OR_CREATE, (request.handle,), request.refusal, request)


def reconcile(token: Text) -> Call[Session]:
    """Search for the session of a create whose outcome is unknown."""
    text = encoded("token", token)
    return Call(_RECONCILE, (text, len(text)), lambda status: argument_refusal(status, "token"))


def retrieve(session_id: Text) -> Call[RetrievedSession]:
    """Retrieve a session."""
    text = encoded("session_id", session_id)
    return Call(_RETRIEVE, (text, len(text)), lambda status: argument_refusal(status, "session_id"))


def update_status(session_id: Text, status: object) -> Call[RetrievedSession]:
    """Verify or reject a session."""
    text = encoded("session_id", session_id)
    if not isinstance(status, str):
        raise TypeError(f"status must be str, not {type(status).__name__}")
    decision = _DECISIONS.get(status)
    if decision is None:
        raise InvalidRequest(_abi.DEEPIDV_E_RANGE, field="status")
    return Call(
        _UPDATE_STATUS,
        (text, len(text), decision),
        lambda status: argument_refusal(status, "session_id"),
    )


def wait(session_id: Text, timeout: object) -> Call[RetrievedSession]:
    """Wait until a session has ended."""
    text = encoded("session_id", session_id)
    if not isinstance(timeout, (int, float)) or isinstance(timeout, bool):
        raise TypeError(f"timeout must be a number of seconds, not {type(timeout).__name__}")
    # ctypes would truncate larger values; comparisons with NaN are false.
    if not 0 < timeout <= LONGEST_WAIT:
        raise InvalidRequest(_abi.DEEPIDV_E_RANGE, field="timeout")
    return Call(
        _WAIT,
        (text, len(text), math.ceil(timeout * 1000)),
        lambda status: argument_refusal(status, "session_id"),
    )


def confirm(redirect: Text, session_id: Text) -> Call[Confirmation]:
    """Check that a redirect belongs to a session, and retrieve its status."""
    if not isinstance(redirect, (str, bytes)):
        raise TypeError(f"redirect must be str or bytes, not {type(redirect).__name__}")
    claimed, text = encoded_redirect(redirect), encoded("session_id", session_id)
    arguments = (claimed, len(claimed), text, len(text))
    return Call(_CONFIRM, arguments, lambda status: argument_refusal(status, "session_id"))


def list_page(
    external_id: Optional[Text], page_size: Optional[int], next_token: Optional[Text]
) -> Call[SessionPage]:
    """Retrieve a page of sessions."""
    reference = None if external_id is None else encoded("external_id", external_id)
    token = None if next_token is None else encoded("next_token", next_token)
    limit = 0 if page_size is None else _limit(page_size)
    given = [name for name, text in (("external_id", reference), ("next_token", token)) if text is not None]

    def refused(status: int) -> DeepIDVError:
        if status == _abi.DEEPIDV_E_RANGE:
            return argument_refusal(status, "page_size")
        # The library does not say which of the two is invalid.
        return argument_refusal(status, given[0] if len(given) == 1 else None)

    arguments = (reference, len(reference or b""), limit, token, len(token or b""))
    return Call(_LIST, arguments, refused)


def _limit(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"page_size must be int, not {type(value).__name__}")
    # 0 means the service's default, and ctypes would truncate larger values.
    if not 0 < value <= UINT32_MAX:
        raise InvalidRequest(_abi.DEEPIDV_E_RANGE, field="page_size")
    return value
