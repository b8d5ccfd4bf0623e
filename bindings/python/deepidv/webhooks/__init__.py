"""Webhook endpoints for web frameworks: ``deepidv.webhooks.flask``, ``.starlette`` and ``.django``.

Each module has a decorator ``webhook_view(secrets)`` that turns a function of a ``deepidv.Webhook`` into a
view. The view responds with 204 after the function returns, 400 to what is not a webhook, 401 to a wrong
secret, and 413 to a body of more than 4 MiB, which it does not read to the end. An exception of your
function is the framework's 500, and the service sends the webhook again.

The service waits ten seconds for the response: store the event, and do slow work elsewhere.
"""

from __future__ import annotations

from collections.abc import AsyncIterable, Iterable
from typing import Any, Callable, Final, Optional, Union

from .._public import Webhook, WebhookSecrets, WebhookTooLarge
from .._text import Text

Secrets = Union[WebhookSecrets, Text, Iterable[Text]]
Receiver = Callable[[Webhook], Any]
Decorator = Callable[[Receiver], Any]

SIGNATURE: Final = "deepidv-signature"
"""The name of the header with the secret."""


def check_length(length: Union[str, int, None]) -> None:
    """Raise WebhookTooLarge for a length, or a Content-Length, that no webhook has."""
    if isinstance(length, str):
        # Python refuses to read a number of thousands of digits.
        length = int(length[:20]) if length.isascii() and length.isdigit() else 0
    if length is not None and length > Webhook.SIZE_LIMIT:
        raise WebhookTooLarge


def read_body(read: Callable[[int], bytes], declared: Optional[str]) -> bytes:
    """Read a body, at most one byte more than a webhook can have."""
    check_length(declared)
    body = bytearray()
    while piece := read(Webhook.SIZE_LIMIT + 1 - len(body)):
        body += piece
        check_length(len(body))
    return bytes(body)


async def collect_body(pieces: AsyncIterable[bytes], declared: Optional[str]) -> bytes:
    """Collect a body that comes in pieces, as ``read_body`` does."""
    check_length(declared)
    body = bytearray()
    async for piece in pieces:
        check_length(len(body) + len(piece))
        body += piece
    return bytes(body)
