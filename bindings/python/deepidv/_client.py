"""The client."""

from __future__ import annotations

import ctypes
import math
import os
import weakref
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Any, Final, Optional, Union

from . import _abi, _result
from ._confirmation import Confirmation, Verdict
from ._confirmation import verdict as _verdict
from ._errors import DeepIDVError, InvalidOption, InvalidRequest, refusal
from ._library import instant, library
from ._record import RetrievedSession, SessionPage, SessionRecord
from ._redirect import _encode as encode_redirect
from ._request import Request
from ._session import Session
from ._text import Text, read_constant, utf8

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


class Client:
    """Connections to the service.

    One client serves a whole process, and may be used from many threads at once: a call leaves the GIL
    to the others while it waits. It connects when it is first used. In a process that was forked off,
    every call raises ``ForkedError``; make a new client there.

    :param api_key: The secret API key.
    :param base_url: Where the service is: https, or http on this machine.
    :param timeout: The seconds that an operation has, from the call to its end. Default: 60.
    :param connect_timeout: The seconds for name lookup, TCP and TLS. Default: 5.
    :param ca_file: A PEM file of trusted certificates, instead of the system's. Verification cannot
        be turned off.
    :param proxy: An ``http://``, ``https://`` or ``socks5h://`` URL. Proxy variables of the environment
        are not read.
    :param user_agent: What stands before the library's own name in ``User-Agent``.
    :param max_in_flight: How many operations may be under way before one more raises ``BusyError``.
    :param rate_limit: Requests a second; what comes faster waits. Default: 25, the service's own limit; 0
        is none. All clients of this process with the same key, base URL and limits share it.
    :param rate_burst: How many requests may be sent at once after a silence. Default: 35.
    :param connection_reuse: False for a connection of its own for each create. Nothing is sent twice either
        way; an idle connection that dies just then can make an outcome unknown. Default: True.
    :param make_external_id: False to leave a create without an external id as it is. Then it cannot be
        looked for if its answer is lost. Default: True.
    :raises InvalidOption: if one of them cannot be used. Its ``field`` is the option's name.
    """

    _handle: Any

    def __init__(
        self,
        api_key: Optional[Text] = None,
        *,
        base_url: Optional[Text] = None,
        timeout: Optional[float] = None,
        connect_timeout: Optional[float] = None,
        ca_file: Union[Text, os.PathLike[str], os.PathLike[bytes], None] = None,
        proxy: Optional[Text] = None,
        user_agent: Optional[Text] = None,
        max_in_flight: Optional[int] = None,
        rate_limit: Optional[int] = None,
        rate_burst: Optional[int] = None,
        connection_reuse: Optional[bool] = None,
        make_external_id: Optional[bool] = None,
    ) -> None:
        with _Config() as config:
            config.set_text("api_key", api_key)
            config.set_text("base_url", base_url)
            config.set_seconds("timeout", timeout)
            config.set_seconds("connect_timeout", connect_timeout)
            config.set_text("ca_file", None if ca_file is None else os.fsencode(ca_file))
            config.set_text("proxy", proxy)
            config.set_text("user_agent", user_agent)
            config.set_count("max_in_flight", max_in_flight)
            config.set_count("rate_limit", rate_limit)
            config.set_count("rate_burst", rate_burst)
            config.set_flag("connection_reuse", connection_reuse)
            config.set_flag("make_external_id", make_external_id)
            self._start(config)

    @classmethod
    def from_env(cls) -> Client:
        """Make a client from ``DEEPIDV_API_KEY``, ``DEEPIDV_BASE_URL``, ``DEEPIDV_TIMEOUT_MS`` and so on.

        The environment is read here and nowhere else. The process's own is meant: what was put into
        ``os.environ`` counts.

        :raises InvalidOption: if a value cannot be used, or there is no API key.
        """
        client = cls.__new__(cls)
        with _Config() as config:
            config.read_environment()
            client._start(config)
        return client

    def _start(self, config: _Config) -> None:
        self._handle = config.client()
        # Nobody can be inside a call when it runs, for a call holds the client. At the interpreter's
        # exit somebody can, on a thread that was left behind: then the process frees it.
        weakref.finalize(self, library.deepidv_client_free, self._handle).atexit = False

    def create_session(
        self,
        *,
        first_name: Text,
        last_name: Text,
        email: Text,
        phone: Text,
        external_id: Optional[Text] = None,
        send_email_invite: Optional[bool] = None,
        send_phone_invite: Optional[bool] = None,
        workflow_id: Optional[Text] = None,
        redirect_url: Optional[Text] = None,
        expires_in_hours: Optional[int] = None,
    ) -> Session:
        """Create a session and wait for the answer. It is never executed twice.

        Every session costs tokens, and by default the service sends the applicant an e-mail and a text
        message. Within ``timeout`` the request is sent again only if it was certainly not executed. If its
        fate is unknown, the session is looked for by its external id: see ``Session.reconciled``.

        :param phone: In E.164, as in ``+15192223333``.
        :param external_id: Your own reference. Give one that is used only once: it is how a session is
            found whose answer was lost. Without one the library makes one.
        :param send_email_invite: False for no e-mail.
        :param send_phone_invite: False for no text message.
        :param workflow_id: The workflow to run; without one, a standalone verification.
        :param redirect_url: Where the applicant's browser comes back to, https. See ``parse_redirect``.
        :param expires_in_hours: 1 to 8760.
        :raises InvalidRequest: if a field is refused, before anything is sent.
        :raises TryAgain: if the request was not executed and may be sent again.
        :raises ServiceError: if the service refused it.
        :raises OutcomeUnknown: if there may be a session or not. ``except Exception`` does not catch it.
        :raises DuplicateSessions: which is one of those, if several were found.
        """
        with Request() as request:
            for field, text in (
                ("first_name", first_name),
                ("last_name", last_name),
                ("email", email),
                ("phone", phone),
                ("external_id", external_id),
                ("workflow_id", workflow_id),
                ("redirect_url", redirect_url),
            ):
                # A required field that is None is then missing, and reported as that.
                if text is not None:
                    request.set_text(field, text)
            if send_email_invite is not None:
                request.set_flag("send_email_invite", send_email_invite)
            if send_phone_invite is not None:
                request.set_flag("send_phone_invite", send_phone_invite)
            if expires_in_hours is not None:
                request.set_number("expires_in_hours", expires_in_hours)
            return self._create(request)

    def create_session_from(self, fields: Mapping[str, Any]) -> Session:
        """Create a session from a mapping, such as a JSON object that came in.

        Names may be spelled in snake_case or camelCase; when both are there, camelCase wins. None counts
        as absent. A name that is not a field is refused. Else the same as ``create_session``.
        """
        with Request() as request:
            request.set_all(fields)
            return self._create(request)

    def _create(self, request: Request) -> Session:
        result = ctypes.POINTER(_abi.deepidv_result)()
        try:
            status = library.deepidv_session_create(self._handle, request.handle, ctypes.byref(result))
            if not result:
                raise refusal(status)
            if _result.is_ok(result):
                return _result.session(result)
            raise _result.error(result)
        finally:
            instant.deepidv_result_free(result)

    def reconcile(self, token: Text) -> Session:
        """Look for the session of a create whose outcome was unknown.

        Asks again and again until ``timeout``. Any process with the same key can do it. Whatever it raises,
        it says nothing of whether there is a session: do not create it again on the strength of that.

        :param token: ``OutcomeUnknown.reconcile_token``.
        :returns: The session, with ``reconciled`` set and without its URL.
        :raises InvalidRequest: if that is not a token.
        :raises OutcomeUnknown: if no session was found. It has the token for the next time.
        :raises DuplicateSessions: if several were found.
        :raises RateLimited: if nothing was asked, for so much else waits.
        """
        text = _question_text("token", token)
        result = ctypes.POINTER(_abi.deepidv_result)()
        try:
            status = library.deepidv_session_reconcile(self._handle, text, len(text), ctypes.byref(result))
            if not result:
                raise _question_refusal(status, "token")
            if _result.is_ok(result):
                return _result.session(result)
            raise _result.error(result)
        finally:
            instant.deepidv_result_free(result)

    def retrieve_session(self, session_id: Text) -> RetrievedSession:
        """Ask how a session stands. This is how an outcome is confirmed.

        :raises InvalidRequest: if that cannot be a session's id.
        :raises NotFound: if there is no such session.
        :raises ServiceError: if the service refused the question.
        :raises NoAnswer: if there was no answer within ``timeout``, or none that can be read.
        """
        text = _question_text("session_id", session_id)
        result = ctypes.POINTER(_abi.deepidv_result)()
        try:
            status = library.deepidv_session_retrieve(self._handle, text, len(text), ctypes.byref(result))
            if not result:
                raise _question_refusal(status, "session_id")
            if _result.is_ok(result):
                return _result.record(result)
            raise _result.question_error(result)
        finally:
            instant.deepidv_result_free(result)

    def confirm_redirect(self, redirect: Text, session_id: Text) -> Confirmation:
        """Compare a redirect with the session that you expect, and ask how that session stands.

        This is the call for the page that applicants come back to. What the redirect says of how it went
        is never believed.

        :param redirect: The redirect as it came: an absolute URL, a path with a query, or a bare query.
        :param session_id: The id that you stored for this user when the session was created.
        :raises InvalidRequest: if that cannot be a session's id.
        :raises NotFound: if there is no such session.
        :raises ServiceError: if the service refused the question.
        :raises NoAnswer: if there was no answer within ``timeout``, or none that can be read. Then nobody
            knows: ask again.
        """
        if not isinstance(redirect, (str, bytes)):
            raise TypeError(f"redirect must be str or bytes, not {type(redirect).__name__}")
        claimed = encode_redirect(redirect)
        text = _question_text("session_id", session_id)
        result = ctypes.POINTER(_abi.deepidv_result)()
        try:
            status = library.deepidv_redirect_confirm(
                self._handle, claimed, len(claimed), text, len(text), ctypes.byref(result)
            )
            if not result:
                raise _question_refusal(status, "session_id")
            verdict = _verdict(instant.deepidv_result_verdict(result))
            if verdict is Verdict.FORGED:
                return Confirmation(verdict, None)
            if _result.is_ok(result):
                return Confirmation(verdict, _result.record(result))
            raise _result.question_error(result)
        finally:
            instant.deepidv_result_free(result)

    def list_sessions(
        self, *, external_id: Optional[Text] = None, page_size: Optional[int] = None
    ) -> Iterator[SessionRecord]:
        """Go through all sessions, asking for the next page when the one before has been gone through.

        :param external_id: Only sessions with your own reference; None for all of the sender's.
        :param page_size: How many to ask for at once, 1 to 500. Default: the service's 50.
        :raises: As ``list_page``, at the first step of a page.
        """
        token: Optional[str] = None
        while True:
            page = self.list_page(external_id=external_id, page_size=page_size, next_token=token)
            yield from page.sessions
            token = page.next_token
            if not token:
                return

    def list_page(
        self,
        *,
        external_id: Optional[Text] = None,
        page_size: Optional[int] = None,
        next_token: Optional[Text] = None,
    ) -> SessionPage:
        """Ask for one page of sessions.

        :param external_id: Only sessions with your own reference; None for all of the sender's.
        :param page_size: How many at most, 1 to 500. Default: the service's 50.
        :param next_token: ``SessionPage.next_token`` of the page before; None for the first page.
        :raises InvalidRequest: if an argument cannot be used.
        :raises ServiceError: if the service refused the question.
        :raises NoAnswer: if there was no answer within ``timeout``, or none that can be read.
        """
        reference = None if external_id is None else _question_text("external_id", external_id)
        token = None if next_token is None else _question_text("next_token", next_token)
        limit = 0 if page_size is None else _page_limit(page_size)
        result = ctypes.POINTER(_abi.deepidv_result)()
        try:
            status = library.deepidv_session_list(
                self._handle,
                reference,
                len(reference or b""),
                limit,
                token,
                len(token or b""),
                ctypes.byref(result),
            )
            if not result:
                given = [
                    name
                    for name, text in (("external_id", reference), ("next_token", token))
                    if text is not None
                ]
                # The library does not say which of two it means.
                field = given[0] if len(given) == 1 else None
                raise _question_refusal(status, "page_size" if status == _abi.DEEPIDV_E_RANGE else field)
            if _result.is_ok(result):
                return _result.page(result)
            raise _result.question_error(result)
        finally:
            instant.deepidv_result_free(result)

    def close(self) -> None:
        """Take no more work, and end what is under way on other threads.

        What was waiting there ends with ``NotSent``, what had been sent with ``OutcomeUnknown``. A second
        close does nothing, and nor does one in a forked child.
        """
        status = instant.deepidv_client_close(self._handle)
        if status not in (_abi.DEEPIDV_OK, _abi.DEEPIDV_E_FORKED):
            raise refusal(status)

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        self.close()


def _question_text(name: str, value: object) -> bytes:
    encoded = utf8(name, value)
    if encoded is None:
        raise InvalidRequest(_abi.DEEPIDV_E_UTF8, field=name)
    return encoded


def _page_limit(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"page_size must be int, not {type(value).__name__}")
    # The library takes 0 for the service's own, and ctypes would cut off what is larger.
    if not 0 < value <= _UINT32_MAX:
        raise InvalidRequest(_abi.DEEPIDV_E_RANGE, field="page_size")
    return value


def _question_refusal(status: int, field: Optional[str]) -> DeepIDVError:
    if status in _UNUSABLE:
        return InvalidRequest(status, field=field)
    return refusal(status)


class _Config:
    """The options of a client to be. It ends with its ``with`` block."""

    def __init__(self) -> None:
        self._handle: Any = ctypes.POINTER(_abi.deepidv_config)()
        status = instant.deepidv_config_new(ctypes.byref(self._handle))
        if status != _abi.DEEPIDV_OK:
            raise refusal(status)

    def __enter__(self) -> _Config:
        return self

    def __exit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        handle, self._handle = self._handle, None
        instant.deepidv_config_free(handle)

    def set_text(self, option: str, value: object) -> None:
        if value is not None:
            self._set(option, option, utf8(option, value))

    def set_seconds(self, option: str, value: object) -> None:
        if value is None:
            return
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            raise TypeError(f"{option} must be a number of seconds, not {type(value).__name__}")
        if not math.isfinite(value):
            raise InvalidOption(_abi.DEEPIDV_E_RANGE, field=option)
        # Upwards, so that the shortest time is not none.
        self._set(option, f"{option}_ms", b"%d" % math.ceil(value * 1000))

    def set_count(self, option: str, value: object) -> None:
        if value is None:
            return
        if not isinstance(value, int) or isinstance(value, bool):
            raise TypeError(f"{option} must be int, not {type(value).__name__}")
        self._set(option, option, b"%d" % value)

    def set_flag(self, option: str, value: object) -> None:
        if value is None:
            return
        # Not "anything that is true": "no" is.
        if not isinstance(value, bool):
            raise TypeError(f"{option} must be bool, not {type(value).__name__}")
        self._set(option, option, b"%d" % value)

    def _set(self, option: str, key: str, value: Optional[bytes]) -> None:
        if value is None:
            raise InvalidOption(_abi.DEEPIDV_E_UTF8, field=option)
        status = instant.deepidv_config_set(
            self._handle, key.encode("ascii"), _abi.DEEPIDV_NTS, value, len(value)
        )
        if status != _abi.DEEPIDV_OK:
            raise InvalidOption(status, field=option)

    def read_environment(self) -> None:
        key = ctypes.POINTER(ctypes.c_char)()
        status = instant.deepidv_config_from_env(self._handle, ctypes.byref(key))
        if status != _abi.DEEPIDV_OK:
            raise InvalidOption(status, field=read_constant(key))

    def client(self) -> Any:
        """Make the library's client."""
        handle = ctypes.POINTER(_abi.deepidv_client)()
        status = instant.deepidv_client_new(self._handle, ctypes.byref(handle))
        if status == _abi.DEEPIDV_E_REQUIRED:
            raise InvalidOption(status, field="api_key")
        if status != _abi.DEEPIDV_OK:
            raise refusal(status)
        return handle
