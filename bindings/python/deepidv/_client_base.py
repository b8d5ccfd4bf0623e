"""The base class of the clients: their options, and the library's client object."""

from __future__ import annotations

import os
import weakref
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Callable, Optional, TypedDict, TypeVar, Union

from . import _abi
from ._clear_locals import clears_locals
from ._config import Config
from ._errors import refusal
from ._library import instant, library
from ._no_copy import NoCopy
from ._stats import Stats, stats
from ._text import Text
from ._undelivered import Undelivered

if TYPE_CHECKING:
    from typing_extensions import Unpack

_Self = TypeVar("_Self", bound="ClientBase")


class Options(TypedDict, total=False):
    """The client options, for ``from_env``."""

    api_key: Optional[Text]
    base_url: Optional[Text]
    allow_http_hosts: Union[Text, Iterable[str], None]
    timeout: Optional[float]
    connect_timeout: Optional[float]
    ca_file: Union[Text, os.PathLike[str], os.PathLike[bytes], None]
    proxy: Optional[Text]
    user_agent: Optional[Text]
    max_in_flight: Optional[int]
    rate_limit: Optional[int]
    rate_burst: Optional[int]
    connection_reuse: Optional[bool]
    make_external_id: Optional[bool]
    repeat_guard: Optional[bool]
    settle: Optional[float]
    log_level: Optional[str]
    use_environment: Optional[bool]


class ClientBase(NoCopy):
    """Creates and closes a client. See ``Client`` for the options."""

    _handle: Any
    _undelivered: Undelivered
    _pass_on_logs: Optional[Callable[[], None]] = None

    @clears_locals
    def __init__(
        self,
        api_key: Optional[Text] = None,
        *,
        base_url: Optional[Text] = None,
        allow_http_hosts: Union[Text, Iterable[str], None] = None,
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
        repeat_guard: Optional[bool] = None,
        settle: Optional[float] = None,
        log_level: Optional[str] = None,
        use_environment: Optional[bool] = None,
    ) -> None:
        options = {
            "api_key": api_key,
            # First: the base URL is checked against it.
            "allow_http_hosts": allow_http_hosts,
            "base_url": base_url,
            "timeout": timeout,
            "connect_timeout": connect_timeout,
            "ca_file": ca_file,
            "proxy": proxy,
            "user_agent": user_agent,
            "max_in_flight": max_in_flight,
            "rate_limit": rate_limit,
            "rate_burst": rate_burst,
            "connection_reuse": connection_reuse,
            "make_external_id": make_external_id,
            "repeat_guard": repeat_guard,
            "settle": settle,
            "log_level": log_level,
            "use_environment": use_environment,
        }
        with Config() as config:
            config.set_all(options)
            self._start(config)

    @classmethod
    @clears_locals
    def from_env(cls: type[_Self], **options: Unpack[Options]) -> _Self:
        """Create a client from ``DEEPIDV_API_KEY``, ``DEEPIDV_BASE_URL``, ``DEEPIDV_TIMEOUT_MS`` and so on.

        Only this method reads these variables, including changes to ``os.environ``. Options that are
        passed here override the environment.

        :raises InvalidOption: if a value is invalid, or the API key is missing.
        """
        client = cls.__new__(cls)
        with Config() as config:
            # First: the base URL is checked against it, from the environment and from the options.
            hosts = {"allow_http_hosts": options.get("allow_http_hosts")}
            config.set_all(hosts)
            config.read_environment()
            config.set_all({**hosts, **options})
            client._start(config)
        return client

    def _start(self, config: Config) -> None:
        self._undelivered = Undelivered()
        self._handle = config.client()
        # No call can be running then, since a call references the client. At interpreter exit a daemon
        # thread may still be in a call, so the client is not freed then.
        weakref.finalize(self, library.deepidv_client_free, self._handle).atexit = False
        if config.has_logs:
            # Importing logging takes longer than the rest.
            from ._log import logs_of

            self._pass_on_logs = logs_of(self._handle)

    def stats(self) -> Stats:
        """Return what this client has counted: operations by outcome, requests, connections, latencies.

        Waits for nothing. Any thread can call it, also while operations run and after ``close``.

        :raises ForkedError: in a forked child.
        """
        return stats(self._handle)

    def _close(self) -> None:
        status = instant.deepidv_client_close(self._handle)
        if status not in (_abi.DEEPIDV_OK, _abi.DEEPIDV_E_FORKED):
            raise refusal(status)
