"""Signed states, which bind a redirect to a browser."""

import weakref
from ctypes import byref
from typing import Any, Union

from . import _abi
from ._arguments import UINT32_MAX, argument_refusal, encoded
from ._clear_locals import clears_locals
from ._errors import InvalidRequest, refusal
from ._library import instant
from ._no_copy import NoCopy
from ._redirect import encoded as encoded_redirect
from ._text import Text, text_room

Bytes = Union[bytes, bytearray, memoryview]


class StateKeys(NoCopy):
    """Keys that sign states. A state is valid for one browser and expires.

    A state proves that the same browser came back. It does not prove the result, which only the service
    knows: see ``Client.confirm_redirect``. One object serves a whole process and is thread-safe. ::

        keys = deepidv.StateKeys(secret)
        url = deepidv.redirect_url_with_state("https://yourapp.com/cb", keys.make(cookie))
        ...
        keys.verify(request_url, cookie)

    :param keys: One or more secrets of 16 to 1,024 bytes; use 32 random bytes and use them for nothing
        else. The first key signs, all keys verify. To rotate, put the new key before the old one until the
        old key's states have expired.
    :raises InvalidRequest: if a key is invalid.
    """

    _handle: Any

    @clears_locals
    def __init__(self, *keys: Bytes) -> None:
        if not keys:
            raise InvalidRequest(_abi.DEEPIDV_E_REQUIRED, field="keys")
        handle = _abi.p_deepidv_state_keys()
        status = instant.deepidv_state_keys_new(byref(handle))
        if status != _abi.DEEPIDV_OK:
            raise refusal(status)
        self._handle = handle
        weakref.finalize(self, instant.deepidv_state_keys_free, handle)
        for key in keys:
            # A str would be a password, and passwords are not keys.
            if not isinstance(key, (bytes, bytearray, memoryview)):
                raise TypeError(f"a key must be bytes, not {type(key).__name__}")
            secret = bytes(key)
            _require(instant.deepidv_state_keys_add(handle, secret, len(secret)), "keys")

    @clears_locals
    def make(self, context: Text, *, lifetime: int = 86_400) -> str:
        """Create a state for one browser.

        :param context: What identifies the browser, such as its session cookie. The state does not reveal
            it.
        :param lifetime: Seconds until the state expires, at least as long as the session. Default: a day.
        :raises InvalidRequest: if an argument is invalid.
        """
        if not isinstance(lifetime, int) or isinstance(lifetime, bool):
            raise TypeError(f"lifetime must be int, not {type(lifetime).__name__}")
        # ctypes would truncate larger values.
        if not 0 < lifetime <= UINT32_MAX:
            raise InvalidRequest(_abi.DEEPIDV_E_RANGE, field="lifetime")
        text = encoded("context", context)
        room = text_room(_abi.DEEPIDV_STATE_SIZE)
        status = instant.deepidv_state_new(self._handle, text, len(text), lifetime, room, len(room), None)
        _require(status, "lifetime" if status == _abi.DEEPIDV_E_RANGE else "context")
        return room.value.decode("ascii")

    @clears_locals
    def verify(self, redirect: Text, context: Text) -> None:
        """Verify that a redirect came back in the browser it was created for.

        :param redirect: The redirect as received, or only the value of its ``state``.
        :param context: What identifies this browser, as passed to ``make``.
        :raises MalformedState: if the state is missing or malformed, or expires later than any state that
            can exist by now (a clock is wrong).
        :raises ForgedState: if none of the keys signed it.
        :raises ForeignState: if it belongs to another browser.
        :raises ExpiredState: if it belongs to this browser, but has expired.
        :raises RepeatedParameter: if there are two different states.
        """
        if not isinstance(redirect, (str, bytes)):
            raise TypeError(f"redirect must be str or bytes, not {type(redirect).__name__}")
        claimed, expected = encoded_redirect(redirect), encoded("context", context)
        status = instant.deepidv_state_verify(self._handle, claimed, len(claimed), expected, len(expected))
        _require(status, "context")


@clears_locals
def redirect_url_with_state(url: Text, state: Text) -> str:
    """Add a state to a redirect URL, which may have a query and a fragment.

    :param url: An https URL, as for ``Client.create_session``.
    :param state: From ``StateKeys.make``.
    :raises InvalidRequest: if the URL is invalid.
    :raises MalformedState: if the state is malformed.
    :raises RepeatedParameter: if the URL already has a state, or a parameter that the service adds.
    """
    text, value = encoded("url", url), encoded("state", state)
    room = text_room(len(text) + _abi.DEEPIDV_STATE_SIZE)
    status = instant.deepidv_redirect_url_with_state(
        text, len(text), value, len(value), room, len(room), None
    )
    if status not in (_abi.DEEPIDV_OK, _abi.DEEPIDV_E_STATE, _abi.DEEPIDV_E_REPEATED):
        raise InvalidRequest(status, field="url")
    _require(status, "url")
    return room.value.decode("utf-8")


def _require(status: int, field: str) -> None:
    if status != _abi.DEEPIDV_OK:
        raise argument_refusal(status, field)
