"""Identity verification sessions of deepidv: create them, and read the redirects that come back.

::

    import deepidv

    with deepidv.Client("your API key") as client:
        session = client.create_session(
            first_name="Ada", last_name="Lovelace", email="ada@example.com", phone="+15192223333"
        )
        print(session.url)

    redirect = deepidv.parse_redirect("https://yourapp.com/cb?session_id=sess_abc&status=success")

A redirect is a claim that anybody can type: see ``Redirect``, and ask how the session stands with
``Client.retrieve_session``. A session whose outcome is unknown must not be created again: see
``OutcomeUnknown``.
"""

from ._async_client import AsyncClient
from ._client import Client
from ._errors import (
    BadRequest,
    BusyError,
    ClosedError,
    CreatedThoughCancelled,
    DeepIDVError,
    DuplicateSessions,
    Forbidden,
    ForkedError,
    InsufficientBalance,
    InvalidOption,
    InvalidRequest,
    NoAnswer,
    NotFound,
    NotProcessed,
    NotSent,
    OutcomeUnknown,
    RateLimited,
    Redirected,
    Refused,
    RepeatedParameter,
    ServiceError,
    TryAgain,
    Unauthorized,
)
from ._library import version as _version
from ._outcome import Outcome
from ._record import RetrievedSession, SessionPage, SessionProgress, SessionRecord, SessionStatus
from ._redirect import Redirect, RedirectFact, RedirectReason, RedirectStatus, parse_redirect
from ._session import Link, Session

__version__ = _version()

__all__ = [
    "AsyncClient",
    "BadRequest",
    "BusyError",
    "Client",
    "ClosedError",
    "CreatedThoughCancelled",
    "DeepIDVError",
    "DuplicateSessions",
    "Forbidden",
    "ForkedError",
    "InsufficientBalance",
    "InvalidOption",
    "InvalidRequest",
    "Link",
    "NoAnswer",
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
    "RetrievedSession",
    "ServiceError",
    "Session",
    "SessionPage",
    "SessionProgress",
    "SessionRecord",
    "SessionStatus",
    "TryAgain",
    "Unauthorized",
    "__version__",
    "parse_redirect",
]
