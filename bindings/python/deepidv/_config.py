"""Fills the library's config objects."""

from __future__ import annotations

import math
import os
import warnings
from collections.abc import Iterable, Mapping
from ctypes import byref
from typing import Any, Final, Optional

from . import _abi
from ._errors import InvalidOption, UnusableLibcurl, refusal
from ._handle import Handle
from ._library import instant, libcurl_problem, library
from ._text import read_constant, utf8

_TEXTS: Final = frozenset({"api_key", "base_url", "proxy", "user_agent"})
# The library counts them in milliseconds.
_TIMES: Final = frozenset({"timeout", "connect_timeout", "settle"})
_COUNTS: Final = frozenset({"max_in_flight", "rate_limit", "rate_burst"})
_FLAGS: Final = frozenset({"connection_reuse", "make_external_id", "repeat_guard", "use_environment"})
# The values of log_level for none, as a word and as a number.
NO_LOGS: Final = ("off", "0")
# The errors of creating a client, and the option that each one is about.
_OPTION_OF_STATUS: Final = {
    _abi.DEEPIDV_E_REQUIRED: "api_key",
    _abi.DEEPIDV_E_SCHEME: "base_url",
    _abi.DEEPIDV_E_CA_FILE: "ca_file",
    _abi.DEEPIDV_E_HTTP_PROXY: "proxy",
    # From environment variables.
    _abi.DEEPIDV_E_PROXY_SCHEME: "use_environment",
    _abi.DEEPIDV_E_URL: "use_environment",
    _abi.DEEPIDV_E_CONTROL: "use_environment",
    _abi.DEEPIDV_E_TOO_LONG: "use_environment",
    _abi.DEEPIDV_E_UTF8: "use_environment",
}
_KNOWN: Final = _TEXTS | _TIMES | _COUNTS | _FLAGS | {"allow_http_hosts", "ca_file", "log_level"}


class Config(Handle):
    """The options of a client."""

    kind = _abi.deepidv_config
    has_logs = False
    """Whether the client may have log records."""

    def set_all(self, options: Mapping[str, object]) -> None:
        """Set options of any type; None leaves the default."""
        for option, value in options.items():
            if option not in _KNOWN:
                raise TypeError(f"{option} is not an option")
            if value is None:
                continue
            if option == "allow_http_hosts":
                self._set(option, option, utf8(option, _joined(option, value)))
            elif option in _TEXTS:
                self._set(option, option, utf8(option, value))
            elif option == "ca_file":
                self._set(option, option, os.fsencode(value))  # type: ignore[arg-type]
            elif option == "log_level":
                self._set_level(value)
            elif option in _TIMES:
                self._set_seconds(option, value)
            elif option in _COUNTS:
                self._set_count(option, value)
            else:
                self._set_flag(option, value)

    def _set_seconds(self, option: str, value: object) -> None:
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            raise TypeError(f"{option} must be a number of seconds, not {type(value).__name__}")
        if not math.isfinite(value):
            raise InvalidOption(_abi.DEEPIDV_E_RANGE, field=option)
        # Rounded up: 0 would mean no timeout.
        self._set(option, f"{option}_ms", b"%d" % math.ceil(value * 1000))

    def _set_count(self, option: str, value: object) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            raise TypeError(f"{option} must be int, not {type(value).__name__}")
        self._set(option, option, b"%d" % value)

    def _set_flag(self, option: str, value: object) -> None:
        # No truthiness: the string "no" is true.
        if not isinstance(value, bool):
            raise TypeError(f"{option} must be bool, not {type(value).__name__}")
        self._set(option, option, b"%d" % value)

    def _set_level(self, word: object) -> None:
        if not isinstance(word, str):
            raise TypeError(f"log_level must be str, not {type(word).__name__}")
        self._set("log_level", "log_level", utf8("log_level", word))
        self.has_logs = word not in NO_LOGS

    def _set(self, option: str, key: str, value: Optional[bytes]) -> None:
        if value is None:
            raise InvalidOption(_abi.DEEPIDV_E_UTF8, field=option)
        status = instant.deepidv_config_set(
            self.handle, key.encode("ascii"), _abi.DEEPIDV_NTS, value, len(value)
        )
        if status != _abi.DEEPIDV_OK:
            raise InvalidOption(status, field=option)

    def read_environment(self) -> None:
        """Set options from environment variables."""
        key = _abi.p_c_char()
        status = instant.deepidv_config_from_env(self.handle, byref(key))
        if status != _abi.DEEPIDV_OK:
            raise InvalidOption(status, field=read_constant(key))
        # The library has accepted it. It does not tell the value.
        self.has_logs = os.environ.get("DEEPIDV_LOG_LEVEL", "0") not in NO_LOGS

    def client(self) -> Any:
        """Create the library's client."""
        handle = _abi.p_deepidv_client()
        status = instant.deepidv_client_new(self.handle, byref(handle))
        if status in _OPTION_OF_STATUS:
            raise InvalidOption(status, field=_OPTION_OF_STATUS[status])
        if status == _abi.DEEPIDV_E_LIBCURL:
            raise UnusableLibcurl(f"{libcurl_problem()} (DEEPIDV_E_LIBCURL)", status=status)
        if status != _abi.DEEPIDV_OK:
            raise refusal(status)
        problem = libcurl_problem()
        if problem:
            try:
                warnings.warn(problem, RuntimeWarning, stacklevel=5)
            except RuntimeWarning:
                library.deepidv_client_free(handle)
                raise
        return handle


def _joined(option: str, hosts: object) -> object:
    if isinstance(hosts, (str, bytes)):
        return hosts
    if not isinstance(hosts, Iterable):
        raise TypeError(f"{option} must be str or an iterable of str, not {type(hosts).__name__}")
    names = list(hosts)
    if not all(isinstance(name, str) for name in names):
        raise TypeError(f"{option} must contain only str")
    return ",".join(names)
