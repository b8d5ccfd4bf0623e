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
         └─ CreatedThoughCancelled  one was made, and the call interrupted
"""

from collections.abc import Mapping
from typing import Any, ClassVar, Optional, Union

from . import _abi
from ._facts import NO_FACTS, ResultFact
from ._library import instant
from ._outcome import Outcome
from ._session import Session
from ._text import read_constant

_STATUSES_WITH_CAUSE = (
    _abi.DEEPIDV_E_NOT_SENT,
    _abi.DEEPIDV_E_NOT_PROCESSED,
    _abi.DEEPIDV_E_OUTCOME_UNKNOWN,
)


class Failure(BaseException):
    """What every exception of this package tells. Nobody catches it by this name: see the two below it.

    ``str()``, ``repr()`` and ``args`` are made of the library's own fixed sentences, of numbers and of
    names of fields, so that they can be logged. ``message``, ``hints``, ``api_code`` and ``raw`` are
    what the service sent. It may repeat what it was told: treat them as personal data.

    For tests of your own, each can be made without an argument or with a text, and with its fields by name:
    ``OutcomeUnknown("text", reconcile_token="...")``.
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
    """Seconds to wait before the next request, as the service or the pace says; 0 if neither does."""
    external_id: Optional[str]
    """The reference of the session that was to be created: your own, or the one that the library made."""
    attempts: int
    """How often sending was begun; 0 if nothing ever left."""
    elapsed: float
    """Seconds from the call to its end."""
    raw: Optional[bytes]
    """The body of the answer, byte for byte, or None. May be personal data."""
    facts: ResultFact
    """What was left out of what the service sent."""
    _default_status: ClassVar[int] = _abi.DEEPIDV_E_SYSTEM
    """The status of one that is made without."""

    def __init_subclass__(cls) -> None:
        if cls.__module__ == __name__:
            # Where its users know it: in pickles and reports.
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
        message: Optional[str] = None,
        hints: tuple[str, ...] = (),
        api_code: Optional[str] = None,
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
        self.facts = facts
        if summary is None:
            # Without an answer, the message is the library's own, and says more than the cause.
            summary = _summary(status, cause, field, offset, http_status, None if http_status else message)
        super().__init__(summary)

    def to_dict(self) -> dict[str, Any]:
        """Tell in what JSON can hold what ``error_from_dict`` needs: class, sentence, token, fields.

        Left out is what the service sent in its own words (``message``, ``hints``, ``api_code``, ``raw``),
        for it may be personal data, and a session's ``url``, ``links`` and ``raw``, for whoever has them
        can go through the verification. Your own reference is in it, and in the token.
        """
        return {
            "class": type(self).__name__,
            "summary": str(self),
            **{name: getattr(self, name) for name in _DICT_FIELDS},
            "facts": int(self.facts),
        }

    def _restore(self, data: Mapping[str, Any]) -> None:
        """Set what ``to_dict`` has told. It comes from a store, and is no better than what that holds."""
        for name, kind in _DICT_FIELDS.items():
            value = data.get(name)
            if isinstance(value, kind) and not isinstance(value, bool):
                setattr(self, name, value)
        self.facts = ResultFact(_number(data.get("facts"), int))


# What `to_dict` takes as it is.
_DICT_FIELDS: dict[str, Union[type, tuple[type, ...]]] = {
    "status": int,
    "name": str,
    "text": str,
    "cause": str,
    "field": str,
    "http_status": int,
    "retry_after": (int, float),
    "external_id": str,
    "attempts": int,
    "elapsed": (int, float),
}


class DeepIDVError(Failure, Exception):
    """Something failed, and no session was made by it.

    This is the base of every exception of this package but ``OutcomeUnknown`` and what derives from it.
    """

    outcome = Outcome.NOT_EXECUTED


class InvalidOption(DeepIDVError, ValueError):
    """An option of the client cannot be used. ``field`` names it."""

    _default_status = _abi.DEEPIDV_E_RANGE


class InvalidRequest(DeepIDVError, ValueError):
    """The library refused the request, and nothing was sent. ``field`` names what was refused."""

    _default_status = _abi.DEEPIDV_E_RANGE
    outcome = Outcome.INVALID


class RepeatedParameter(DeepIDVError, ValueError):
    """A redirect has one of the contract's parameters twice, with different values.

    Which of the two counts would be a guess, and a forger's chance: do not act on such a redirect.
    """

    _default_status = _abi.DEEPIDV_E_REPEATED


class StateError(DeepIDVError, ValueError):
    """A redirect did not come back in the browser it was made for, or came too late.

    Tell the cases apart in your log. Whoever is at the browser needs to hear only that it does not go on.
    """

    _default_status = _abi.DEEPIDV_E_STATE


class MalformedState(StateError):
    """There is no state, or none that this library makes."""


class ForgedState(StateError):
    """The state was made up or changed, or the key that signed it is gone."""

    _default_status = _abi.DEEPIDV_E_STATE_SIGNATURE


class ForeignState(StateError):
    """The state is genuine, but another browser's.

    That happens to honest applicants as well: they open the link on another device.
    """

    _default_status = _abi.DEEPIDV_E_STATE_CONTEXT


class ExpiredState(StateError):
    """The state is genuine and this browser's, but late."""

    _default_status = _abi.DEEPIDV_E_STATE_EXPIRED


class ForkedError(DeepIDVError):
    """The client was made before the process was forked. Make a new one in the child."""

    _default_status = _abi.DEEPIDV_E_FORKED


class ClosedError(DeepIDVError):
    """The client is closed. Nothing was sent."""

    _default_status = _abi.DEEPIDV_E_CLOSED


class BusyError(DeepIDVError):
    """The client holds as many operations as ``max_in_flight`` allows. Nothing was sent."""

    _default_status = _abi.DEEPIDV_E_BUSY


class TryAgain(DeepIDVError):
    """The same call is safe to make again: it was not executed, or it was a question.

    This is the class to give to code that retries. The library has already tried again as often as the
    time allowed and was of use.
    """

    _default_status = _abi.DEEPIDV_E_NOT_SENT


class NotSent(TryAgain):
    """The request was not sent; ``cause`` says why. It is safe to try again."""


class NotProcessed(TryAgain):
    """The request left only in part, so it was not executed. It is safe to try again."""

    _default_status = _abi.DEEPIDV_E_NOT_PROCESSED


class NoAnswer(TryAgain):
    """A question got no answer that can be read; ``cause`` says why, as in ``DEEPIDV_E_TIMEOUT``.

    Only ``retrieve_session``, ``confirm_redirect`` and the lists raise it. They change nothing, so that it
    is always safe to ask again.
    """

    _default_status = _abi.DEEPIDV_E_TIMEOUT


class ServiceError(DeepIDVError):
    """The service answered and refused the request: it was not executed."""

    _default_status = _abi.DEEPIDV_E_REFUSED
    outcome = Outcome.REFUSED


class BadRequest(ServiceError):
    """The service refused the request as invalid (400)."""

    _default_status = _abi.DEEPIDV_E_BAD_REQUEST


class Unauthorized(ServiceError):
    """The API key is missing or not valid (401)."""

    _default_status = _abi.DEEPIDV_E_UNAUTHORIZED


class InsufficientBalance(ServiceError):
    """The token balance does not suffice (402)."""

    _default_status = _abi.DEEPIDV_E_BALANCE


class Forbidden(ServiceError):
    """The API key may not do this (403)."""

    _default_status = _abi.DEEPIDV_E_FORBIDDEN


class NotFound(ServiceError):
    """The workflow or the session was not found (404)."""

    _default_status = _abi.DEEPIDV_E_NOT_FOUND


class RateLimited(ServiceError, TryAgain):
    """The rate limit is exceeded. Nothing was executed; try again later.

    The service said so (429), and there was no time for another try. Or, with ``http_status`` 0, nothing
    was sent, since it could not have been sent in time. ``retry_after`` says how long to wait.
    """

    _default_status = _abi.DEEPIDV_E_RATE_LIMITED
    outcome = Outcome.NOT_EXECUTED


class Refused(ServiceError):
    """The service refused the request with another 4xx."""


class Redirected(ServiceError):
    """The service answered with a redirect, which is never followed."""

    _default_status = _abi.DEEPIDV_E_REDIRECTED


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

    _default_status = _abi.DEEPIDV_E_OUTCOME_UNKNOWN
    reconcile_token: Optional[str]
    """What ``Client.reconcile`` wants, in any process with the same key.

    It holds the time and the external id, and no secret. None if there is no external id, or if
    there is nothing left to find.
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

    Which of them is this request's cannot be told. ``session_ids`` has all of them. It is an
    ``OutcomeUnknown``, so that whoever catches that one does not send the request again after this one
    either.
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


class CreatedThoughCancelled(OutcomeUnknown):
    """The call was interrupted when the session had been created already. ``session`` has it.

    A task was cancelled, or a signal's exception came (Ctrl-C, a time limit), which is its ``__context__``.
    It is an ``OutcomeUnknown``, so that whoever catches that one does not send the request again after this
    one either.
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
        """Make the exception for a session."""
        return cls(
            session=session,
            http_status=session.http_status,
            external_id=session.external_id,
            attempts=session.attempts,
            elapsed=session.elapsed,
            raw=session.raw,
            facts=session.facts,
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


# What is told of a session.
_SESSION_FIELDS = ("id", "external_id", "expires_at", "http_status", "attempts", "elapsed", "reconciled")


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
    )


def _text(value: object) -> Optional[str]:
    return value if isinstance(value, str) else None


def _number(value: Any, kind: Union[type, tuple[type, ...]]) -> Any:
    return value if isinstance(value, kind) and not isinstance(value, bool) else 0


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


def error_from_dict(data: Mapping[str, Any]) -> AnyFailure:
    """Make an exception again of what its ``to_dict()`` told, such as from a task queue's JSON.

    One of a class that this version does not know becomes an ``OutcomeUnknown``: it may mean that there is
    a session.

    :raises ValueError: if that was no exception of this package.
    """
    name = data.get("class") if isinstance(data, Mapping) else None
    if not isinstance(name, str) or not isinstance(data.get("summary"), str):
        raise ValueError("that is not what to_dict() of an exception tells")
    error: AnyFailure = _BY_NAME.get(name, OutcomeUnknown)(data["summary"])
    error._restore(data)
    return error


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


def _by_name(kind: type[Failure]) -> dict[str, Any]:
    found: dict[str, Any] = {kind.__name__: kind}
    for derived in kind.__subclasses__():
        found.update(_by_name(derived))
    return found


# Made now, when nobody has derived others yet.
_BY_NAME = {**_by_name(DeepIDVError), **_by_name(OutcomeUnknown)}


def _summary(
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
    if cause != status and status in _STATUSES_WITH_CAUSE:
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
