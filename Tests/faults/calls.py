"""Creates and decides sessions through the C interface, and returns what the library reports."""

import ctypes
import pathlib
import sys
from dataclasses import dataclass

from deepidv import _abi
from deepidv._library import library

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from canaries import APPLICANT, KEY

# Options that are ignored if an older library does not have them.
OPTIONAL = {"rate_limit", "connection_reuse"}


def name_of(status):
    """Return the name of a status, without DEEPIDV_."""
    return _abi.text(library.deepidv_status_name(status)).decode().removeprefix("DEEPIDV_")


def keys():
    """Return the options of this library."""
    found = []
    while key := _abi.text(library.deepidv_config_key(len(found), None)):
        found.append(key.decode())
    return set(found)


@dataclass
class Report:
    """What the library reports about one create or decision."""

    status: str
    cause: str
    http_status: int
    attempts: int
    session_id: str | None


class Client:
    """A client with the given options, and without a rate limit."""

    def __init__(self, base_url, **options):
        options = {
            "api_key": KEY,
            "base_url": base_url,
            "timeout_ms": 3000,
            "rate_limit": 0,
            "connection_reuse": 1,
            **options,
        }
        config = ctypes.POINTER(_abi.deepidv_config)()
        self._check(library.deepidv_config_new(ctypes.byref(config)))
        for key, value in options.items():
            if key in OPTIONAL - keys():
                continue
            text = str(value).encode()
            self._check(library.deepidv_config_set(config, key.encode(), _abi.DEEPIDV_NTS, text, len(text)), key)
        self._client = ctypes.POINTER(_abi.deepidv_client)()
        self._check(library.deepidv_client_new(config, ctypes.byref(self._client)))
        library.deepidv_config_free(config)

    def _check(self, status, what=""):
        assert status == _abi.DEEPIDV_OK, (what, name_of(status))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        library.deepidv_client_free(self._client)

    def create(self, external_id, **fields):
        """Create a session and wait. Thread-safe. Without an external id, no search follows a lost response."""
        request = ctypes.POINTER(_abi.deepidv_session_request)()
        self._check(library.deepidv_session_request_new(ctypes.byref(request)))
        for field, value in {**APPLICANT, "external_id": external_id, **fields}.items():
            if value is None:
                continue
            text = value.encode()
            set_field = getattr(library, f"deepidv_session_request_set_{field}")
            self._check(set_field(request, text, len(text)), field)
        result = ctypes.POINTER(_abi.deepidv_result)()
        status = library.deepidv_session_create(self._client, request, ctypes.byref(result))
        library.deepidv_session_request_free(request)
        return self._report(status, result)

    def verify(self, session_id):
        """Verify a session and wait. Thread-safe."""
        result = ctypes.POINTER(_abi.deepidv_result)()
        text = session_id.encode()
        status = library.deepidv_session_update_status(
            self._client, text, len(text), _abi.DEEPIDV_DECISION_VERIFIED, ctypes.byref(result)
        )
        return self._report(status, result)

    def list(self):
        """List sessions and wait; return the status."""
        result = ctypes.POINTER(_abi.deepidv_result)()
        status = library.deepidv_session_list(self._client, None, 0, 0, None, 0, ctypes.byref(result))
        return self._report(status, result).status

    def close(self):
        """Cancel what runs. Thread-safe."""
        self._check(library.deepidv_client_close(self._client))

    @staticmethod
    def _report(status, result):
        assert result, name_of(status)
        assert library.deepidv_result_status(result) == status
        session_id = _abi.text(library.deepidv_result_session_id(result, None))
        report = Report(
            name_of(status),
            name_of(library.deepidv_result_cause(result)),
            library.deepidv_result_http_status(result),
            library.deepidv_result_attempts(result),
            session_id.decode() if session_id is not None else None,
        )
        library.deepidv_result_free(result)
        return report
