"""What the service answers: to a request without a key, and to one of the library."""

from __future__ import annotations

import email.utils
import hashlib
import http.client
import socket
import time
from collections.abc import Mapping
from typing import Any, Final, NamedTuple, Optional

from .._client import Client
from .._errors import Error, RateLimited
from .._record import SessionPage
from .check import FAILED, OK, SKIPPED, WARNING, Check, within
from .target import Target

_SIZE_LIMIT: Final = 65536
_SHOWN_LENGTH: Final = 80
_CLOCK_WARNING, _CLOCK_FAILED = 10.0, 120.0
_RATE_HEADERS: Final = ("ratelimit", "rate-limit", "retry-after")
_ADVICE: Final = {
    "DEEPIDV_E_UNAUTHORIZED": "Check DEEPIDV_API_KEY: a key of this service, complete and not revoked.",
    "DEEPIDV_E_FORBIDDEN": "The key may not list sessions, or a gateway refuses it. Ask the service.",
    "DEEPIDV_E_RATE_LIMITED": "Other programs with this key use up its rate. Try again later.",
    "DEEPIDV_E_NOT_FOUND": "Check DEEPIDV_BASE_URL: its path must be the one below which /v1/sessions is.",
    "DEEPIDV_E_REDIRECTED": "Set DEEPIDV_BASE_URL to where the redirect leads, if that is the service.",
    "DEEPIDV_E_REFUSED": "Check DEEPIDV_BASE_URL, and the gateways on the way.",
    "DEEPIDV_E_SERVER": "The service or a gateway failed. Try again later, and report it to the service.",
    "DEEPIDV_E_RESOLVE": "See lookup.",
    "DEEPIDV_E_CONNECT": "See connect.",
    "DEEPIDV_E_PROXY": "See proxy, connect and tunnel.",
    "DEEPIDV_E_TLS": "See tls.",
    "DEEPIDV_E_TLS_UNTRUSTED": "See tls.",
    "DEEPIDV_E_TLS_NAME": "See tls.",
    "DEEPIDV_E_TLS_DATE": "See tls.",
    "DEEPIDV_E_TIMEOUT": "The service accepts the request and does not respond. Try a longer --timeout.",
    "DEEPIDV_E_CONNECTION_LOST": "Something closes connections: the service, a gateway or a firewall.",
}
_NO_ANSWER_ADVICE: Final = (
    "What answers is probably not the service: check DEEPIDV_BASE_URL and the gateways."
)


class Bare(NamedTuple):
    """The response to a request without a key."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    offset: Optional[float]
    """Seconds that the service's clock is ahead of this machine's; None without a usable Date."""


def ask_without_key(target: Target, stream: socket.socket, timeout: float) -> Optional[Bare]:
    """Send a GET that only shows the headers of the service; None if there is no usable response.

    The key is sent by the library alone, so that one program has to be trusted with it.
    """

    def ask() -> Bare:
        connection = http.client.HTTPConnection(target.host, target.port, timeout=timeout)
        connection.sock = stream
        headers = {"User-Agent": "deepidv-doctor", "Accept": "application/json", "Connection": "close"}
        before = time.time()
        connection.request("GET", f"{target.path}/v1/sessions?limit=1", headers=headers)
        with connection.getresponse() as response:
            after = time.time()
            found = {name.lower(): value for name, value in response.getheaders()}
            body = response.read(_SIZE_LIMIT)
        return Bare(response.status, found, body, _offset(found.get("date"), before, after))

    try:
        return within(timeout, ask)
    except (OSError, http.client.HTTPException, ValueError):
        # The library's request says what is wrong.
        return None
    finally:
        stream.close()


def _offset(date: Optional[str], before: float, after: float) -> Optional[float]:
    try:
        shown = email.utils.parsedate_to_datetime(date or "").timestamp()
    except (TypeError, ValueError, OverflowError):
        return None
    # The time of the response is between the two, and a Date has whole seconds.
    if shown + 1 < before:
        return shown + 1 - before
    return max(0.0, shown - after)


def clock(bare: Optional[Bare]) -> Check:
    """Compare this machine's clock with the service's Date."""
    if bare is None or bare.offset is None:
        why = "the service sent no usable Date" if bare else "the service did not respond"
        return Check("clock", SKIPPED, why)
    seconds = round(abs(bare.offset))
    facts = {"offset_seconds": round(bare.offset, 1)}
    if seconds < _CLOCK_WARNING:
        return Check("clock", OK, "the same as the service's", facts=facts)
    direction = "behind" if bare.offset > 0 else "ahead of"
    text = f"this machine is {seconds} s {direction} the service's Date"
    advice = (
        "Synchronize this machine's clock (NTP): certificates, states and reconcile tokens depend on it. "
        "If it is right, tell the service."
    )
    return Check("clock", FAILED if seconds >= _CLOCK_FAILED else WARNING, text, advice, facts)


class Answer(NamedTuple):
    """What the library's request returned."""

    check: Check
    page: Optional[SessionPage] = None
    error: Optional[Error] = None


def fingerprint(api_key: str) -> str:
    """Return what identifies a key to those who have it, and reveals no part of it."""
    return hashlib.sha256(api_key.encode()).hexdigest()[:12]


def ask(client: Client) -> Answer:
    """List one session, with the key and all options of the client."""
    try:
        page = client.list_page(page_size=1)
    except Error as error:
        cause = error.name if error.cause == error.name else error.cause
        default = (
            _NO_ANSWER_ADVICE if cause.startswith("DEEPIDV_E_ANSWER") else "Report it, with this output."
        )
        facts = {"status": error.name, "http_status": error.http_status, "attempts": error.attempts}
        facts["request_id"] = error.request_id
        state = WARNING if isinstance(error, RateLimited) else FAILED
        text = _with_id(str(error), error.request_id)
        return Answer(Check("request", state, text, _ADVICE.get(cause, default), facts), error=error)
    facts = {"http_status": page.http_status, "attempts": page.attempts, "request_id": page.request_id}
    if page.attempts > 1:
        text = _with_id(f"the key is accepted, after {page.attempts} attempts", page.request_id)
        advice = "The service or the network failed in between. Run this again."
        return Answer(Check("request", WARNING, text, advice, facts), page)
    text = _with_id("the key is accepted, and a list of sessions returned", page.request_id)
    return Answer(Check("request", OK, text, facts=facts), page)


def _with_id(text: str, request_id: Optional[str]) -> str:
    return f"{text}; request id {request_id}" if request_id else text


def rate(bare: Optional[Bare], answer: Answer) -> Check:
    """Say what the service tells about its rate limit."""
    error = answer.error
    if isinstance(error, RateLimited):
        text = f"exceeded; wait {error.retry_after:g} s" if error.retry_after else "exceeded"
        return Check("rate", WARNING, text, "Lower the rate of the programs with this key.")
    if bare is None:
        return Check("rate", SKIPPED, "the service did not respond")
    found = {
        name: value[:_SHOWN_LENGTH]
        for name, value in bare.headers.items()
        if any(word in name for word in _RATE_HEADERS)
    }
    shown = ", ".join(f"{name}: {value}" for name, value in sorted(found.items()))
    text = shown or "no header about it; the library keeps to DEEPIDV_RATE_LIMIT"
    return Check("rate", OK, text, facts={"headers": found})


def invalid_query(client: Client) -> Optional[Any]:
    """Return the body of the response to a page that does not exist, which should be a 400."""
    try:
        client.list_page(page_size=1, next_token="doctor")
    except Error as error:
        return error.raw if error.http_status == 400 else None
    return None
