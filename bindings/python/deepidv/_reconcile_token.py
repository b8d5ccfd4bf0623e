"""Writes reconcile tokens in the library's format."""

from __future__ import annotations

from typing import Optional

from . import _abi
from ._arguments import argument_refusal, encoded
from ._clear_locals import clears_locals
from ._library import instant
from ._text import text_room


@clears_locals
def reconcile_token(external_id: str, sent_at: int) -> Optional[str]:
    """Return the token for ``Client.reconcile``, or None if the external id is too long to be searched for.

    :param external_id: The external id of the create.
    :param sent_at: When the create is sent, or shortly before, in seconds since 1970.
    """
    text = encoded("external_id", external_id)
    room = text_room(_abi.DEEPIDV_RECONCILE_TOKEN_SIZE)
    status = instant.deepidv_reconcile_token(text, len(text), sent_at, room, len(room), None)
    if status == _abi.DEEPIDV_E_TOO_LONG:
        return None
    if status != _abi.DEEPIDV_OK:
        raise argument_refusal(status, "external_id")
    return room.value.decode("utf-8")
