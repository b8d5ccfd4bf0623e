"""The client."""

from __future__ import annotations

import ctypes
import math
import os
import weakref
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Optional, Union

from . import _abi, _result
from ._errors import InvalidOption, refusal
from ._library import instant, library
from ._request import Request
from ._session import Session
from ._text import Text, read_constant, utf8


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
        """Create a session and wait for the answer. The request is never sent twice.

        Every session costs tokens, and by default the service sends the applicant an e-mail and a text
        message.

        :param phone: In E.164, as in ``+15192223333``.
        :param external_id: Your own reference. Give one that is used only once: it is how a session is
            found whose outcome is unknown.
        :param send_email_invite: False for no e-mail.
        :param send_phone_invite: False for no text message.
        :param workflow_id: The workflow to run; without one, a standalone verification.
        :param redirect_url: Where the applicant's browser comes back to, https. See ``parse_redirect``.
        :param expires_in_hours: 1 to 8760.
        :raises InvalidRequest: if a field is refused, before anything is sent.
        :raises TryAgain: if the request was not executed and may be sent again.
        :raises ServiceError: if the service refused it.
        :raises OutcomeUnknown: if there may be a session or not. ``except Exception`` does not catch it.
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
            if _result.is_session(result):
                return _result.session(result)
            raise _result.error(result)
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
