"""What can go wrong, as exceptions.

::

    Exception
     └─ DeepIDVError              no session was made
         ├─ InvalidOption         (ValueError)  an option of the client is not usable
         ├─ InvalidRequest        (ValueError)  the library refused a field; nothing was sent
         ├─ RepeatedParameter     (ValueError)  a redirect says something twice
         ├─ StateError            (ValueError)  a redirect is not this browser's
         │   ├─ MalformedState, ForgedState, ForeignState
         │   └─ ExpiredState
         ├─ ForkedError           the client was made before a fork
         ├─ ClosedError           the client is closed
         ├─ BusyError             the client holds as many operations as it may
         ├─ TryAgain              it is safe to try again
         │   ├─ NotSent
         │   ├─ NotProcessed
         │   ├─ NoAnswer          a question got no answer that can be read
         │   └─ RateLimited       (ServiceError)
         └─ ServiceError          the service answered, and refused
             ├─ BadRequest, Unauthorized, InsufficientBalance, Forbidden, NotFound
             ├─ RateLimited       (TryAgain)
             └─ Refused, Redirected

    BaseException
     └─ OutcomeUnknown            a session may have been made: do not send it again
         ├─ DuplicateSessions     several were made
     └─ CreatedThoughCancelled  one was made: the task was cancelled too late
"""

from __future__ import annotations

from typing import Any, ClassVar, Optional, Union

from . import _abi
from ._library import instant
from ._outcome import Outcome
from ._session import Session
from ._text import read_constant

_CAUSED = (
    _abi.DEEPIDV_E_NOT_SENT,
    _abi.DEEPIDV_E_NOT_PROCESSED,
    _abi.DEEPIDV_E_OUTCOME_UNKNOWN,
)


class Failure(BaseException):
    """What every exception of this package tells. Nobody catches it by this name: see the two below it.

    ``str()``, ``repr()`` and ``args`` are made of the library's own fixed sentences, of numbers and of
    names of fields, so that they can be logged. ``message``, ``hints``, ``api_code`` and ``raw`` are
    what the service sent. It may repeat what it was told: treat them as personal data.
    """

    outcome: ClassVar[Outcome] = Outcome.UNKNOWN
    """What became of the create, in one word."""
    status: int
    """The library's status, a ``DEEPIDV_E_`` number."""
    name: str
    """The name of the status, as in ``DEEPIDV_E_PHONE``."""
    text: str
    """What the status means, in one fixed sentence."""
    cause: str
    """The name of the particular reason, as in ``DEEPIDV_E_CONNECT``; else the same as ``name``."""
    field: Optional[str]
    """The field, option or member that was refused, or None."""
    http_status: int
    """The HTTP status of the answer, or 0 if there was none."""
    message: Optional[str]
    """The service's words for a person, or the library's if it had none. May be personal data."""
    hints: tuple[str, ...]
    """What the service adds to its message. May be personal data."""
    api_code: Optional[str]
    """The service's own error code, or None."""
    retry_after: float
    """Seconds that the service asked to wait before the next request; 0 if it did not say."""
    external_id: Optional[str]
    """The reference of the session that was to be created: your own, or the one that the library made."""
    attempts: int
    """How often sending was begun; 0 if nothing ever left."""
    elapsed: float
    """Seconds from the call to its end."""
    raw: Optional[bytes]
    """The body of the answer, byte for byte, or None. May be personal data."""

    def __init__(
        self,
        status: int,
        *,
        cause: Optional[int] = None,
        field: Optional[str] = None,
        offset: Optional[int] = None,
        http_status: int = 0,
        message: Optional[str] = None,
        hints: tuple[str, ...] = (),
        api_code: Optional[str] = None,
        retry_after: float = 0.0,
        external_id: Optional[str] = None,
        attempts: int = 0,
        elapsed: float = 0.0,
        raw: Optional[bytes] = None,
    ) -> None:
        cause = status if cause is None else cause
        self.status = status
        self.name = _status_name(status)
        self.text = _status_text(status)
        self.cause = _status_name(cause)
        self.field = field
        self.http_status = http_status
        self.message = message
        self.hints = hints
        self.api_code = api_code
        self.retry_after = retry_after
        self.external_id = external_id
        self.attempts = attempts
        self.elapsed = elapsed
        self.raw = raw
        # Without an answer of the service the message is the library's own and may say more than the cause.
        own = None if http_status else message
        super().__init__(_sentence(status, cause, field, offset, http_status, own))

    def __reduce__(self) -> tuple[Any, ...]:
        # The usual way would call the class with `args`, which is not what it takes.
        return _restore, (type(self), self.args, dict(self.__dict__))


def _restore(cls: type[BaseException], arguments: tuple[Any, ...], state: dict[str, Any]) -> Any:
    error = cls.__new__(cls, *arguments)
    error.__dict__.update(state)
    return error


class DeepIDVError(Failure, Exception):
    """Something failed, and no session was made by it.

    This is the base of every exception of this package but ``OutcomeUnknown`` and what derives from it.
    """

    outcome = Outcome.NOT_EXECUTED


class InvalidOption(DeepIDVError, ValueError):
    """An option of the client cannot be used. ``field`` names it."""


class InvalidRequest(DeepIDVError, ValueError):
    """The library refused the request, and nothing was sent. ``field`` names what was refused."""

    outcome = Outcome.INVALID


class RepeatedParameter(DeepIDVError, ValueError):
    """A redirect has one of the contract's parameters twice.

    Which of the two counts would be a guess, and a forger's chance: do not act on such a redirect.
    """


class StateError(DeepIDVError, ValueError):
    """A redirect did not come back in the browser it was made for, or came too late.

    Tell the cases apart in your log. Whoever is at the browser needs to hear only that it does not go on.
    """


class MalformedState(StateError):
    """There is no state, or none that this library makes."""


class ForgedState(StateError):
    """The state was made up or changed, or the key that signed it is gone."""


class ForeignState(StateError):
    """The state is genuine, but another browser's.

    That happens to honest applicants as well: they open the link on another device.
    """


class ExpiredState(StateError):
    """The state is genuine and this browser's, but late."""


class ForkedError(DeepIDVError):
    """The client was made before the process was forked. Make a new one in the child."""


class ClosedError(DeepIDVError):
    """The client is closed. Nothing was sent."""


class BusyError(DeepIDVError):
    """The client holds as many operations as ``max_in_flight`` allows. Nothing was sent."""


class TryAgain(DeepIDVError):
    """The same call is safe to make again: it was not executed, or it was a question.

    This is the class to give to code that retries. The library has already tried again as often as the
    time allowed and was of use.
    """


class NotSent(TryAgain):
    """The request was not sent; ``cause`` says why. It is safe to try again."""


class NotProcessed(TryAgain):
    """The request left only in part, so it was not executed. It is safe to try again."""


class NoAnswer(TryAgain):
    """A question got no answer that can be read; ``cause`` says why, as in ``DEEPIDV_E_TIMEOUT``.

    Only ``retrieve_session``, ``confirm_redirect`` and the lists raise it. They change nothing, so that it
    is always safe to ask again.
    """


class ServiceError(DeepIDVError):
    """The service answered and refused the request: it was not executed."""

    outcome = Outcome.REFUSED


class BadRequest(ServiceError):
    """The service refused the request as invalid (400)."""


class Unauthorized(ServiceError):
    """The API key is missing or not valid (401)."""


class InsufficientBalance(ServiceError):
    """The token balance does not suffice (402)."""


class Forbidden(ServiceError):
    """The API key may not do this (403)."""


class NotFound(ServiceError):
    """The workflow or the session was not found (404)."""


class RateLimited(ServiceError, TryAgain):
    """The rate limit is exceeded. Nothing was executed; try again later.

    The service said so (429) until the time was up. Or, with ``http_status`` 0, nothing was sent: so much
    waits before this call that it could not have been sent in time.
    """

    outcome = Outcome.NOT_EXECUTED


class Refused(ServiceError):
    """The service refused the request with another 4xx."""


class Redirected(ServiceError):
    """The service answered with a redirect, which is never followed."""


class OutcomeUnknown(Failure):
    """The session may or may not have been created. Do not send the request again.

    The request left, and no answer says what became of it: the connection broke, the time ran out,
    the answer cannot be understood. A second request could make a second session, with a second
    e-mail and a second text message to the applicant. The library has looked for the session by its
    ``external_id`` until the time was up. That it was not there proves nothing, for the request may still
    be executed: keep ``reconcile_token``, give it to ``Client.reconcile`` in a minute or two, and only
    then decide.

    It derives from ``BaseException`` alone. Code that retries names what it repeats, and the usual name
    is ``Exception``: that is the default of tenacity, and the habit with most others. No such code may
    take this for a failure to be tried again, and nor may an ``except Exception: continue`` write it down
    as one. The price is that ``except Exception`` does not catch it. Catch it by its name, next to
    ``DeepIDVError``::

        try:
            session = client.create_session(...)
        except deepidv.OutcomeUnknown as unknown:
            look_into_it_later(applicant, unknown.reconcile_token)
        except deepidv.DeepIDVError as error:
            not_created(applicant, error)
    """

    reconcile_token: Optional[str] = None
    """What ``Client.reconcile`` wants, in any process with the same key.

    It holds the time and the external id, and no secret. None if there is no external id, or if
    there is nothing left to find.
    """


class DuplicateSessions(OutcomeUnknown):
    """Several sessions were created with this external id since the request was sent.

    Which of them is this request's cannot be told. ``session_ids`` has all of them. It is an
    ``OutcomeUnknown``, so that whoever catches that one does not send the request again after this one
    either.
    """

    outcome = Outcome.DUPLICATE
    session_ids: tuple[str, ...] = ()


class CreatedThoughCancelled(OutcomeUnknown):
    """The task was cancelled when the session had been created already. ``session`` has it.

    Only ``AsyncClient`` raises it. It is an ``OutcomeUnknown``, so that whoever catches that one does not
    send the request again after this one either.
    """

    outcome = Outcome.CREATED
    session: Session

    @classmethod
    def of(cls, session: Session) -> CreatedThoughCancelled:
        """Make the exception for a session."""
        error = cls(
            _abi.DEEPIDV_E_CANCELLED,
            http_status=session.http_status,
            external_id=session.external_id,
            attempts=session.attempts,
            elapsed=session.elapsed,
            raw=session.raw,
        )
        error.session = session
        return error


AnyFailure = Union[DeepIDVError, OutcomeUnknown]

_CLASSES: dict[int, type[DeepIDVError]] = {
    _abi.DEEPIDV_E_REPEATED: RepeatedParameter,
    _abi.DEEPIDV_E_STATE: MalformedState,
    _abi.DEEPIDV_E_STATE_SIGNATURE: ForgedState,
    _abi.DEEPIDV_E_STATE_CONTEXT: ForeignState,
    _abi.DEEPIDV_E_STATE_EXPIRED: ExpiredState,
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
    # Missing fields are found when the request is to be sent.
    _abi.DEEPIDV_E_REQUIRED: InvalidRequest,
}


def refusal(status: int) -> DeepIDVError:
    """Make the exception for a call that did nothing."""
    return _CLASSES.get(status, DeepIDVError)(status)


def failure(status: int, **details: Any) -> AnyFailure:
    """Make the exception for a create, or for the search for one, that ended with a result."""
    if status == _abi.DEEPIDV_E_DUPLICATE:
        return DuplicateSessions(status, **details)
    # A status that this version does not know may mean anything: also that there is a session.
    return _CLASSES.get(status, OutcomeUnknown)(status, **details)


def no_answer(status: int, **details: Any) -> DeepIDVError:
    """Make the exception for a question that ended with a result."""
    # Whatever the status means, a question has changed nothing.
    return _CLASSES.get(status, NoAnswer)(status, **details)


def _sentence(
    status: int,
    cause: int,
    field: Optional[str],
    offset: Optional[int],
    http_status: int,
    own: Optional[str],
) -> str:
    sentences = [_status_text(status)]
    facts = [_status_name(status)]
    if cause == status and own:
        sentences = [own]
    if cause != status and status in _CAUSED:
        sentences.append(own or _status_text(cause))
        facts.append(_status_name(cause))
    if field is not None:
        facts.append(field)
    if offset is not None:
        facts.append(f"byte {offset}")
    if http_status:
        facts.append(f"HTTP {http_status}")
    return f"{' '.join(sentences)} ({', '.join(facts)})"


def _status_name(status: int) -> str:
    return read_constant(instant.deepidv_status_name(status)) or ""


def _status_text(status: int) -> str:
    return read_constant(instant.deepidv_status_text(status)) or ""
