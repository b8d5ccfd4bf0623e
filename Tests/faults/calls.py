"""The library through its C interface: creates and decisions, and what they are said to have become."""

import ctypes
from dataclasses import dataclass

from deepidv import _abi
from deepidv._library import library

# Options that an older library may not have. A test that sets one gets what it wants as well as there is.
OPTIONAL = {"rate_limit", "connection_reuse"}

APPLICANT = {
    "first_name": "Ada",
    "last_name": "Lovelace",
    "email": "ada@example.com",
    "phone": "+15192223333",
}


def name_of(status):
    """The name of a status, without its DEEPIDV_."""
    return _abi.text(library.deepidv_status_name(status)).decode().removeprefix("DEEPIDV_")


def keys():
    """The options that this library has."""
    found = []
    while key := _abi.text(library.deepidv_config_key(len(found), None)):
        found.append(key.decode())
    return set(found)


@dataclass
class Said:
    """What the library says of one create, or of one decision."""

    status: str
    cause: str
    http_status: int
    attempts: int
    session_id: str | None


class Client:
    """A client with options of one's own. No limit of its own to the rate: tests are in a hurry."""

    def __init__(self, base_url, **options):
        options = {
            "api_key": "dk_emulator",
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
        """Create a session and wait. Any number of threads may."""
        request = ctypes.POINTER(_abi.deepidv_session_request)()
        self._check(library.deepidv_session_request_new(ctypes.byref(request)))
        for field, value in {**APPLICANT, "external_id": external_id, **fields}.items():
            text = value.encode()
            set_field = getattr(library, f"deepidv_session_request_set_{field}")
            self._check(set_field(request, text, len(text)), field)
        result = ctypes.POINTER(_abi.deepidv_result)()
        status = library.deepidv_session_create(self._client, request, ctypes.byref(result))
        library.deepidv_session_request_free(request)
        return self._said(status, result)

    def verify(self, session_id):
        """Decide that a session is verified, and wait. Any number of threads may."""
        result = ctypes.POINTER(_abi.deepidv_result)()
        text = session_id.encode()
        status = library.deepidv_session_update_status(
            self._client, text, len(text), _abi.DEEPIDV_DECISION_VERIFIED, ctypes.byref(result)
        )
        return self._said(status, result)

    @staticmethod
    def _said(status, result):
        assert result, name_of(status)
        assert library.deepidv_result_status(result) == status
        session_id = _abi.text(library.deepidv_result_session_id(result, None))
        said = Said(
            name_of(status),
            name_of(library.deepidv_result_cause(result)),
            library.deepidv_result_http_status(result),
            library.deepidv_result_attempts(result),
            session_id.decode() if session_id is not None else None,
        )
        library.deepidv_result_free(result)
        return said
