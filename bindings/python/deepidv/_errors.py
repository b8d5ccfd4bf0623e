"""The exceptions that this package raises.

::

    Exception
     └─ Error
         ├─ DeepIDVError              no session was created
         │   ├─ InvalidOption         (ValueError)  a client option is invalid
         │   ├─ InvalidRequest        (ValueError)  the library refused a field; nothing was sent
         │   ├─ RepeatedParameter     (ValueError)  a redirect repeats a parameter with another value
         │   ├─ StateError            (ValueError)  the state of a redirect is not valid for this browser
         │   │   ├─ MalformedState, ForgedState, ForeignState
         │   │   └─ ExpiredState
         │   ├─ UnusableLibcurl       libcurl is too old, or lacks a part
         │   ├─ ForkedError           the client was made before a fork
         │   ├─ ClosedError           the client is closed
         │   ├─ BusyError             too many operations in flight (max_in_flight)
         │   ├─ TryAgain              safe to retry
         │   │   ├─ NotSent
         │   │   ├─ NotProcessed
         │   │   ├─ NoAnswer          a read call got no usable response
         │   │   │   └─ NoDecision    a wait ended before the session was decided
         │   │   └─ RateLimited       (ServiceError)
         │   ├─ ServiceError          the service refused the request
         │   │   ├─ BadRequest, Unauthorized, InsufficientBalance, Forbidden, NotFound
         │   │   ├─ RateLimited       (TryAgain)
         │   │   └─ Refused, Redirected
         │   └─ WebhookError          (ValueError)  a delivery was not accepted
         │       └─ ForgedWebhook, MalformedWebhook, WebhookTooLarge
         └─ OutcomeUnknown            a session may exist
             ├─ DuplicateSessions     several sessions were created
             ├─ DecisionUnknown       a decision may or may not have been made
             └─ CreatedThoughCancelled  a session was created, but the call was interrupted
"""

from collections.abc import Mapping
from typing import Any, ClassVar, Optional, Union

from . import _abi
from ._facts import NO_FACTS, ResultFact
from ._library import instant
from ._outcome import Outcome
from ._record import RetrievedSession
from ._session import Session
from ._text import read_constant

_STATUSES_WITH_CAUSE = (
    _abi.DEEPIDV_E_NOT_SENT,
    _abi.DEEPIDV_E_NOT_PROCESSED,
    _abi.DEEPIDV_E_OUTCOME_UNKNOWN,
)


class Error(Exception):
    """The base class of all exceptions of this package, and the fields that they share.

    ``DeepIDVError`` and ``OutcomeUnknown`` are its two branches: handle them separately, since a session
    may exist after the second.

    ``str()``, ``repr()`` and ``args`` contain only the library's own sentences, numbers and field names,
    so they are safe to log. ``api_message``, ``hints``, ``api_code`` and ``raw`` come from the service and
    may repeat the request: treat them as personal data.

    In your own tests, create an exception with an optional summary and with fields by keyword:
    ``OutcomeUnknown("text", reconcile_token="...")``.
    """

    outcome: ClassVar[Outcome] = Outcome.UNKNOWN
    """The outcome of the create, as one word."""
    status: int
    """The library's status, a ``DEEPIDV_E_`` number."""
    name: str
    """The name of the status, as in ``DEEPIDV_E_PHONE``."""
    text: str
    """A fixed sentence that describes the status."""
    cause: str
    """The name of the underlying cause, such as ``DEEPIDV_E_CONNECT``; otherwise equal to ``name``."""
    field: Optional[str]
    """The field, option or member that was refused, or None."""
    http_status: int
    """The HTTP status of the response, or 0 if there was none."""
    api_message: Optional[str]
    """The service's error message, or the library's if there is none. May contain personal data.

    Not ``message``: error trackers report an attribute of that name.
    """
    hints: tuple[str, ...]
    """Details that the service adds to its message. May contain personal data."""
    api_code: Optional[str]
    """The service's own error code, or None."""
    request_id: Optional[str]
    """The id that the service gave the request, for its support, or None."""
    retry_after: float
    """Seconds to wait before the next request, from the service or the rate limiter; 0 if unknown."""
    external_id: Optional[str]
    """The external id of the create: yours, or the one that the library generated."""
    attempts: int
    """The number of times the request was sent; 0 if never."""
    elapsed: float
    """The duration of the call in seconds."""
    raw: Optional[bytes]
    """The response body, byte for byte, or None. May contain personal data."""
    facts: ResultFact
    """What this object omits from the response."""
    _default_status: ClassVar[int] = _abi.DEEPIDV_E_SYSTEM
    """The status if the constructor gets none."""

    def __init_subclass__(cls) -> None:
        if cls.__module__ == __name__:
            # The public module, for pickles and tracebacks.
            cls.__module__ = "deepidv"

    def __init__(
        self,
        summary: Union[str, int, None] = None,
        *,
        status: Optional[int] = None,
        cause: Optional[int] = None,
        field: Optional[str] = None,
        offset: Optional[int] = None,
        http_status: int = 0,
        api_message: Optional[str] = None,
        hints: tuple[str, ...] = (),
        api_code: Optional[str] = None,
        request_id: Optional[str] = None,
        retry_after: float = 0.0,
        external_id: Optional[str] = None,
        attempts: int = 0,
        elapsed: float = 0.0,
        raw: Optional[bytes] = None,
        facts: ResultFact = NO_FACTS,
    ) -> None:
        if isinstance(summary, int):
            status, summary = summary, None
        if status is None:
            status = self._default_status
        cause = status if cause is None else cause
        self.status = status
        self.name = status_name(status)
        self.text = status_text(status)
        self.cause = status_name(cause)
        self.field = field
        self.http_status = http_status
        self.api_message = api_message
        self.hints = hints
        self.api_code = api_code
        self.request_id = request_id
        self.retry_after = retry_after
        self.external_id = external_id
        self.attempts = attempts
        self.elapsed = elapsed
        self.raw = raw
        self.facts = facts
        if summary is None:
            # Only a response of 300 or more has a message of the service, which may repeat personal data.
            # Any other message is the library's own, and more specific than the cause.
            own = api_message if http_status < 300 else None
            summary = _summary(status, cause, field, offset, http_status, own)
        super().__init__(summary)

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-serializable dict for ``error_from_dict``.

        The dict omits text from the service (``api_message``, ``hints``, ``api_code``, ``raw``), which may
        contain personal data, and a session's ``url``, ``links`` and ``raw``, which give access to the
        verification. It includes your external id, also as part of the reconcile token.
        """
        return {
            "class": type(self).__name__,
            "summary": str(self),
            **{name: getattr(self, name) for name in _DICT_FIELDS},
            "facts": int(self.facts),
        }

    def _restore(self, data: Mapping[str, Any]) -> None:
        """Set fields from ``to_dict``. The dict comes from storage, so types are checked."""
        for name, kind in _DICT_FIELDS.items():
            value = data.get(name)
            if isinstance(value, kind) and not isinstance(value, bool):
                setattr(self, name, value)
        self.facts = ResultFact(_number(data.get("facts"), int))


# The fields that `to_dict` copies.
_DICT_FIELDS: dict[str, Union[type, tuple[type, ...]]] = {
    "status": int,
    "name": str,
    "text": str,
    "cause": str,
    "field": str,
    "http_status": int,
    "request_id": str,
    "retry_after": (int, float),
    "external_id": str,
    "attempts": int,
    "elapsed": (int, float),
}


class DeepIDVError(Error):
    """A call failed without creating a session.

    The base class of all exceptions of this package except ``OutcomeUnknown`` and its subclasses.
    """

    outcome = Outcome.NOT_EXECUTED


class InvalidOption(DeepIDVError, ValueError):
    """A client option is invalid. ``field`` names it."""

    _default_status = _abi.DEEPIDV_E_RANGE


class InvalidRequest(DeepIDVError, ValueError):
    """The library refused the request; nothing was sent. ``field`` names the refused field."""

    _default_status = _abi.DEEPIDV_E_RANGE
    outcome = Outcome.INVALID


class RepeatedParameter(DeepIDVError, ValueError):
    """A redirect repeats one of the documented parameters with a different value.

    Nobody can tell which value is right, and an attacker may have added one. Do not act on it.
    """

    _default_status = _abi.DEEPIDV_E_REPEATED


class StateError(DeepIDVError, ValueError):
    """The state of a redirect is invalid, expired or belongs to another browser.

    Log which subclass it is. Show the user only that the verification cannot continue.
    """

    _default_status = _abi.DEEPIDV_E_STATE


class MalformedState(StateError):
    """The state is missing or malformed."""


class ForgedState(StateError):
    """The signature is invalid: the state was forged or changed, or its key was removed."""

    _default_status = _abi.DEEPIDV_E_STATE_SIGNATURE


class ForeignState(StateError):
    """The state is genuine, but belongs to another browser.

    Honest applicants cause this too, by opening the link on another device.
    """

    _default_status = _abi.DEEPIDV_E_STATE_CONTEXT


class ExpiredState(StateError):
    """The state is genuine and belongs to this browser, but has expired."""

    _default_status = _abi.DEEPIDV_E_STATE_EXPIRED


class UnusableLibcurl(DeepIDVError):
    """The libcurl that is loaded is too old, or lacks a part. The text names the version that is needed."""

    _default_status = _abi.DEEPIDV_E_LIBCURL


class ForkedError(DeepIDVError):
    """The client was created before the process forked. Create a new one in the child."""

    _default_status = _abi.DEEPIDV_E_FORKED


class ClosedError(DeepIDVError):
    """The client is closed. Nothing was sent."""

    _default_status = _abi.DEEPIDV_E_CLOSED


class BusyError(DeepIDVError):
    """Too many operations in flight (``max_in_flight``). Nothing was sent."""

    _default_status = _abi.DEEPIDV_E_BUSY


class TryAgain(DeepIDVError):
    """The call is safe to retry: it was not executed, or it only reads.

    Pass this class to your retry code. The library itself has already retried until ``timeout``.
    """

    _default_status = _abi.DEEPIDV_E_NOT_SENT


class NotSent(TryAgain):
    """The request was not sent; ``cause`` says why. Safe to retry."""


class NotProcessed(TryAgain):
    """The request was sent only in part, so it was not executed. Safe to retry."""

    _default_status = _abi.DEEPIDV_E_NOT_PROCESSED


class NoAnswer(TryAgain):
    """A read call got no usable response; ``cause`` says why, such as ``DEEPIDV_E_TIMEOUT``.

    Only ``retrieve_session``, ``confirm_redirect``, ``wait_for_decision`` and the list methods raise it.
    They change nothing, so a retry is always safe.
    """

    _default_status = _abi.DEEPIDV_E_TIMEOUT


class NoDecision(NoAnswer):
    """``wait_for_decision`` ended before the session did. ``session`` is its record when last seen."""

    session: Optional[RetrievedSession]

    def __init__(
        self,
        summary: Union[str, int, None] = None,
        *,
        session: Optional[RetrievedSession] = None,
        **details: Any,
    ) -> None:
        super().__init__(summary, **details)
        self.session = session


class ServiceError(DeepIDVError):
    """The service refused the request and did not execute it."""

    _default_status = _abi.DEEPIDV_E_REFUSED
    outcome = Outcome.REFUSED


class BadRequest(ServiceError):
    """The service refused the request as invalid (400)."""

    _default_status = _abi.DEEPIDV_E_BAD_REQUEST


class Unauthorized(ServiceError):
    """The API key is missing or invalid (401)."""

    _default_status = _abi.DEEPIDV_E_UNAUTHORIZED


class InsufficientBalance(ServiceError):
    """The token balance is too low (402)."""

    _default_status = _abi.DEEPIDV_E_BALANCE


class Forbidden(ServiceError):
    """The API key may not do this (403)."""

    _default_status = _abi.DEEPIDV_E_FORBIDDEN


class NotFound(ServiceError):
    """The workflow or the session was not found (404)."""

    _default_status = _abi.DEEPIDV_E_NOT_FOUND


class RateLimited(ServiceError, TryAgain):
    """The rate limit is exceeded. Nothing was executed; try again later.

    Either the service returned 429 and there was no time left to retry, or (``http_status`` 0) the rate
    limiter could not send the request in time. ``retry_after`` says how long to wait.
    """

    _default_status = _abi.DEEPIDV_E_RATE_LIMITED
    outcome = Outcome.NOT_EXECUTED


class Refused(ServiceError):
    """The service refused the request with another 4xx status."""


class Redirected(ServiceError):
    """The service returned an HTTP redirect, which is never followed."""

    _default_status = _abi.DEEPIDV_E_REDIRECTED


class OutcomeUnknown(Error):
    """The request may or may not have been executed.

    The request was sent, but its outcome is unknown: the connection broke, the call timed out, or the
    response could not be read. The library searched for the session by its ``external_id``: it repeats the
    search at growing intervals, while another one fits into ``timeout``, and did not find it. This proves
    nothing, since the service may still execute the request.

    Nothing breaks if your code repeats the call: this process remembers it, and searches for the session
    instead of creating a second one. Until ``retry_after`` seconds have passed, a repeat that finds no
    session raises this exception again. Another process does not know of it: store ``reconcile_token``,
    and pass it to ``Client.reconcile`` later::

        try:
            session = client.create_session(...)
        except deepidv.OutcomeUnknown as unknown:
            reconcile_later(applicant, unknown.reconcile_token, unknown.retry_after)
        except deepidv.DeepIDVError as error:
            not_created(applicant, error)

    It is an ``Exception``, so servers, job queues and error trackers handle it like any other. It is not a
    ``DeepIDVError``, so code that handles that one never takes it for a failed create.
    """

    _default_status = _abi.DEEPIDV_E_OUTCOME_UNKNOWN
    reconcile_token: Optional[str]
    """The token for ``Client.reconcile``, in any process with the same API key.

    It contains the time and the external id, and no secret. None without an external id, or if nothing
    is left to search for.
    """

    def __init__(
        self,
        summary: Union[str, int, None] = None,
        *,
        reconcile_token: Optional[str] = None,
        **details: Any,
    ) -> None:
        super().__init__(summary, **details)
        self.reconcile_token = reconcile_token

    def to_dict(self) -> dict[str, Any]:
        return {**super().to_dict(), "reconcile_token": self.reconcile_token}

    def _restore(self, data: Mapping[str, Any]) -> None:
        super()._restore(data)
        self.reconcile_token = _text(data.get("reconcile_token"))


class DuplicateSessions(OutcomeUnknown):
    """Several sessions were created with this external id since the request was sent.

    ``session_ids`` lists all of them; which one belongs to this request is unknown.
    """

    _default_status = _abi.DEEPIDV_E_DUPLICATE
    outcome = Outcome.DUPLICATE
    session_ids: tuple[str, ...]

    def __init__(
        self, summary: Union[str, int, None] = None, *, session_ids: tuple[str, ...] = (), **details: Any
    ) -> None:
        super().__init__(summary, **details)
        self.session_ids = session_ids

    def to_dict(self) -> dict[str, Any]:
        return {**super().to_dict(), "session_ids": list(self.session_ids)}

    def _restore(self, data: Mapping[str, Any]) -> None:
        super()._restore(data)
        ids = data.get("session_ids")
        if isinstance(ids, (list, tuple)):
            self.session_ids = tuple(one for one in ids if isinstance(one, str))


class DecisionUnknown(OutcomeUnknown):
    """The decision may or may not have been made: the response was lost, and the record did not show it.

    ``session`` is the session's record when last seen, or None if it was not seen. The service may still
    execute the request, so retrieve the session after a minute or two before you send another decision.
    Sending the same decision again does no harm to the record, but may send webhooks and e-mails twice.
    There is no ``reconcile_token``.
    """

    session: Optional[RetrievedSession]

    def __init__(
        self,
        summary: Union[str, int, None] = None,
        *,
        session: Optional[RetrievedSession] = None,
        **details: Any,
    ) -> None:
        super().__init__(summary, **details)
        self.session = session


class CreatedThoughCancelled(OutcomeUnknown):
    """The call was interrupted after the session was created. ``session`` is that session.

    Either the task was cancelled, or a signal handler raised (Ctrl-C, a time limit); that exception is the
    ``__context__``. Store the session, then let that exception take effect: raise it, or return. If code
    that retries makes the same create again with the same client, it gets this session, not a second one.
    """

    _default_status = _abi.DEEPIDV_E_CANCELLED
    outcome = Outcome.CREATED
    session: Session

    def __init__(
        self, summary: Union[str, int, None] = None, *, session: Optional[Session] = None, **details: Any
    ) -> None:
        super().__init__(summary, **details)
        self.session = session if session is not None else _session({})

    @classmethod
    def of(cls, session: Session) -> "CreatedThoughCancelled":
        """Create the exception for a session."""
        return cls(
            session=session,
            http_status=session.http_status,
            external_id=session.external_id,
            attempts=session.attempts,
            elapsed=session.elapsed,
            raw=session.raw,
            facts=session.facts,
            request_id=session.request_id,
        )

    def to_dict(self) -> dict[str, Any]:
        return {
            **super().to_dict(),
            "session": {name: getattr(self.session, name) for name in _SESSION_FIELDS},
        }

    def _restore(self, data: Mapping[str, Any]) -> None:
        super()._restore(data)
        session = data.get("session")
        self.session = _session(session if isinstance(session, Mapping) else {})


# The fields of a session that `to_dict` copies.
_SESSION_FIELDS = (
    "id",
    "external_id",
    "expires_at",
    "http_status",
    "attempts",
    "elapsed",
    "reconciled",
    "created",
    "request_id",
)


def _session(data: Mapping[str, Any]) -> Session:
    return Session(
        id=_text(data.get("id")) or "",
        url=None,
        external_id=_text(data.get("external_id")),
        expires_at=_text(data.get("expires_at")),
        links=(),
        raw=b"",
        http_status=_number(data.get("http_status"), int),
        attempts=_number(data.get("attempts"), int),
        elapsed=_number(data.get("elapsed"), (int, float)),
        reconciled=data.get("reconciled") is True,
        created=data.get("created") is not False,
        request_id=_text(data.get("request_id")),
    )


def _text(value: object) -> Optional[str]:
    return value if isinstance(value, str) else None


def _number(value: Any, kind: Union[type, tuple[type, ...]]) -> Any:
    return value if isinstance(value, kind) and not isinstance(value, bool) else 0


_CLASSES: dict[int, type[DeepIDVError]] = {
    _abi.DEEPIDV_E_REPEATED: RepeatedParameter,
    _abi.DEEPIDV_E_STATE: MalformedState,
    _abi.DEEPIDV_E_STATE_SIGNATURE: ForgedState,
    _abi.DEEPIDV_E_STATE_CONTEXT: ForeignState,
    _abi.DEEPIDV_E_STATE_EXPIRED: ExpiredState,
    _abi.DEEPIDV_E_LIBCURL: UnusableLibcurl,
    _abi.DEEPIDV_E_FORKED: ForkedError,
    _abi.DEEPIDV_E_CLOSED: ClosedError,
    _abi.DEEPIDV_E_BUSY: BusyError,
    _abi.DEEPIDV_E_NOT_SENT: NotSent,
    _abi.DEEPIDV_E_NOT_PROCESSED: NotProcessed,
    _abi.DEEPIDV_E_BAD_REQUEST: BadRequest,
    _abi.DEEPIDV_E_UNAUTHORIZED: Unauthorized,
    _abi.DEEPIDV_E_BALANCE: InsufficientBalance,
    _abi.DEEPIDV_E_FORBIDDEN: Forbidden,
    _abi.DEEPIDV_E_NOT_FOUND: NotFound,
    _abi.DEEPIDV_E_RATE_LIMITED: RateLimited,
    _abi.DEEPIDV_E_REFUSED: Refused,
    _abi.DEEPIDV_E_REDIRECTED: Redirected,
    # Missing fields are detected when the request is submitted.
    _abi.DEEPIDV_E_REQUIRED: InvalidRequest,
}


def error_from_dict(data: Mapping[str, Any]) -> Error:
    """Recreate an exception from its ``to_dict()``, for example from a task queue's JSON.

    A class that this version does not know becomes an ``OutcomeUnknown``, since a session may exist.

    :raises ValueError: if the dict does not come from ``to_dict()``.
    """
    name = data.get("class") if isinstance(data, Mapping) else None
    if not isinstance(name, str) or not isinstance(data.get("summary"), str):
        raise ValueError("not a dict from to_dict() of a deepidv exception")
    error: Error = _BY_NAME.get(name, OutcomeUnknown)(data["summary"])
    error._restore(data)
    return error


def refusal(status: int) -> DeepIDVError:
    """Return the exception for a call that had no effect."""
    return _CLASSES.get(status, DeepIDVError)(status)


def failure(status: int, **details: Any) -> Error:
    """Return the exception for a create or reconcile that ended with a result."""
    if status == _abi.DEEPIDV_E_DUPLICATE:
        return DuplicateSessions(status, **details)
    # An unknown status may mean anything, including that a session exists.
    return _CLASSES.get(status, OutcomeUnknown)(status, **details)


def no_answer(status: int, **details: Any) -> DeepIDVError:
    """Return the exception for a read call that ended with a result."""
    # Whatever the status means, a read call has changed nothing.
    return _CLASSES.get(status, NoAnswer)(status, **details)


def _by_name(kind: type[Error]) -> dict[str, Any]:
    found: dict[str, Any] = {kind.__name__: kind}
    for derived in kind.__subclasses__():
        found.update(_by_name(derived))
    return found


# Built at import, before users can add subclasses.
_BY_NAME = _by_name(Error)


def _summary(
    status: int,
    cause: int,
    field: Optional[str],
    offset: Optional[int],
    http_status: int,
    own: Optional[str],
) -> str:
    sentences = [status_text(status)]
    facts = [status_name(status)]
    if cause == status and own:
        sentences = [own]
    if cause != status and status in _STATUSES_WITH_CAUSE:
        sentences.append(own or status_text(cause))
        facts.append(status_name(cause))
    if field is not None:
        facts.append(field)
    if offset is not None:
        facts.append(f"byte {offset}")
    if http_status:
        facts.append(f"HTTP {http_status}")
    return f"{' '.join(sentences)} ({', '.join(facts)})"


def status_name(status: int) -> str:
    """Return the name of a status, as in ``DEEPIDV_E_PHONE``."""
    return read_constant(instant.deepidv_status_name(status)) or ""


def status_text(status: int) -> str:
    """Return the sentence that describes a status."""
    return read_constant(instant.deepidv_status_text(status)) or ""


class WebhookError(DeepIDVError, ValueError):
    """A webhook is refused. Respond with ``response_status``; log the class, not the body.

    ``ForgedWebhook``, ``MalformedWebhook`` and ``WebhookTooLarge`` are its subclasses.
    """

    _default_status = _abi.DEEPIDV_E_WEBHOOK
    response_status: ClassVar[int] = 400
    """The HTTP status to respond with."""


class ForgedWebhook(WebhookError):
    """The signature is none of the secrets, or it is missing (401)."""

    _default_status = _abi.DEEPIDV_E_WEBHOOK_SIGNATURE
    response_status = 401


class MalformedWebhook(WebhookError):
    """The signature is right, but the body is not a webhook event (400)."""


class WebhookTooLarge(WebhookError):
    """The body has more than 4 MiB (413)."""

    _default_status = _abi.DEEPIDV_E_TOO_LONG
    response_status = 413


_CLASSES[_abi.DEEPIDV_E_WEBHOOK_SIGNATURE] = ForgedWebhook
_CLASSES[_abi.DEEPIDV_E_WEBHOOK] = MalformedWebhook
_BY_NAME.update(_by_name(WebhookError))
