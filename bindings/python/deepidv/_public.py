"""The public names. ``deepidv`` imports this module when the first of them is used."""

from typing import TYPE_CHECKING

from ._client import Client
from ._confirmation import Confirmation, Verdict
from ._errors import (
    BadRequest,
    BusyError,
    ClosedError,
    CreatedThoughCancelled,
    DecisionUnknown,
    DeepIDVError,
    DuplicateSessions,
    Error,
    ExpiredState,
    Forbidden,
    ForeignState,
    ForgedState,
    ForgedWebhook,
    ForkedError,
    InsufficientBalance,
    InvalidOption,
    InvalidRequest,
    MalformedState,
    MalformedWebhook,
    NoAnswer,
    NoDecision,
    NotFound,
    NotProcessed,
    NotSent,
    OutcomeUnknown,
    RateLimited,
    Redirected,
    Refused,
    RepeatedParameter,
    ServiceError,
    StateError,
    TryAgain,
    Unauthorized,
    UnusableLibcurl,
    WebhookError,
    WebhookTooLarge,
    error_from_dict,
)
from ._facts import ResultFact
from ._outcome import Outcome
from ._parameters import redirect_parameters
from ._record import RetrievedSession, SessionPage, SessionProgress, SessionRecord, SessionStatus
from ._redirect import Redirect, RedirectFact, RedirectReason, RedirectStatus, parse_redirect
from ._session import Link, Session
from ._session_url import SessionURL, parse_session_url
from ._state import StateKeys, redirect_url_with_state
from ._stats import Stats
from ._webhook import Webhook, WebhookSecrets, WebhookType

if TYPE_CHECKING:
    from ._async_client import AsyncClient

__all__ = [
    "AsyncClient",
    "BadRequest",
    "BusyError",
    "Client",
    "ClosedError",
    "Confirmation",
    "CreatedThoughCancelled",
    "DecisionUnknown",
    "DeepIDVError",
    "DuplicateSessions",
    "Error",
    "ExpiredState",
    "Forbidden",
    "ForeignState",
    "ForgedState",
    "ForgedWebhook",
    "ForkedError",
    "InsufficientBalance",
    "InvalidOption",
    "InvalidRequest",
    "Link",
    "MalformedState",
    "MalformedWebhook",
    "NoAnswer",
    "NoDecision",
    "NotFound",
    "NotProcessed",
    "NotSent",
    "Outcome",
    "OutcomeUnknown",
    "RateLimited",
    "Redirect",
    "RedirectFact",
    "RedirectReason",
    "RedirectStatus",
    "Redirected",
    "Refused",
    "RepeatedParameter",
    "ResultFact",
    "RetrievedSession",
    "ServiceError",
    "Session",
    "SessionPage",
    "SessionProgress",
    "SessionRecord",
    "SessionStatus",
    "SessionURL",
    "StateError",
    "StateKeys",
    "Stats",
    "TryAgain",
    "Unauthorized",
    "UnusableLibcurl",
    "Verdict",
    "Webhook",
    "WebhookError",
    "WebhookSecrets",
    "WebhookTooLarge",
    "WebhookType",
    "error_from_dict",
    "parse_redirect",
    "parse_session_url",
    "redirect_parameters",
    "redirect_url_with_state",
]

# The public module, for pickles, tracebacks and help().
for _public in [globals().get(_name) for _name in __all__]:
    if getattr(_public, "__module__", "").startswith("deepidv."):
        _public.__module__ = "deepidv"
del _public
