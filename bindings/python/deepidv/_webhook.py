"""Webhooks: verifies and reads what the service sends to your endpoint."""

import weakref
from collections.abc import Iterable
from ctypes import byref
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, Optional, Union

from . import _abi, _record, _result
from ._arguments import argument_refusal
from ._clear_locals import clears_locals
from ._confirmation import Verdict, verdict
from ._errors import InvalidRequest, WebhookTooLarge, refusal
from ._library import instant
from ._no_copy import NoCopy
from ._record import RetrievedSession
from ._string_enum import StringEnum
from ._text import Text, read


class WebhookType(StringEnum):
    """The type of an event. The service may add values; ignore those that you do not handle."""

    SESSION_CREATED = "session.created"
    SESSION_SUBMITTED = "session.status.submitted"
    """The applicant has finished; there is no decision yet."""
    SESSION_VERIFIED = "session.status.verified"
    SESSION_REJECTED = "session.status.rejected"
    SESSION_FAILED = "session.status.failed"
    """The session failed without a decision."""


class WebhookSecrets(NoCopy):
    """The signing secrets of a webhook endpoint, each of which verifies.

    One object serves a whole process and is thread-safe. To rotate, pass the new secret and the old one
    until the service no longer sends the old one. ::

        secrets = deepidv.WebhookSecrets(os.environ["DEEPIDV_WEBHOOK_SECRET"])

    :param secrets: 1 to 16 secrets such as ``whsec_...``, each of 1 to 1,024 bytes.
    :raises InvalidRequest: if there is no secret, or one is empty, too long, or has a line break.
    """

    _handle: Any

    @clears_locals
    def __init__(self, *secrets: Text) -> None:
        if not secrets:
            raise InvalidRequest(_abi.DEEPIDV_E_REQUIRED, field="secrets")
        handle = _abi.p_deepidv_webhook_secrets()
        status = instant.deepidv_webhook_secrets_new(byref(handle))
        if status != _abi.DEEPIDV_OK:
            raise refusal(status)
        self._handle = handle
        weakref.finalize(self, instant.deepidv_webhook_secrets_free, handle)
        for secret in secrets:
            text = _bytes("a secret", secret)
            status = instant.deepidv_webhook_secrets_add(handle, text, len(text))
            if status == _abi.DEEPIDV_E_CONTROL:
                raise InvalidRequest(status, field="secrets")
            if status != _abi.DEEPIDV_OK:
                raise argument_refusal(status, "secrets")


@dataclass(frozen=True)
class Webhook:
    """An event whose sender knows one of your signing secrets.

    The header ``deepidv-signature`` is the secret itself, not a signature of the body. So an event is as
    trustworthy as the secret is secret: anyone who has seen one delivery, such as a proxy that logs
    headers, can send another. Receive webhooks over TLS only, and before you act on a decision, ask the
    service: ``Client.retrieve_session(webhook.session.id)``.

    The service repeats deliveries, in any order. Store the ``key`` of the last event that you applied to
    each session, and apply an event only if it ``supersedes`` that key.
    """

    SIZE_LIMIT: ClassVar[int] = 4 << 20
    """The largest body that ``open`` accepts, in bytes. Check the length before you read a body."""

    type: Union[WebhookType, str]
    """A ``WebhookType``, or a plain ``str`` for a type that this version does not know."""
    session: RetrievedSession = field(repr=False)
    """The session's record, as ``Client.retrieve_session`` returns it."""
    verdict: Verdict
    """What the record's status means."""
    key: str
    """The event's type, session id and ``updated_at`` as a JSON array.

    Repeated deliveries of an event have the same key, different events have different keys. Without
    ``updated_at``, its last element is null.
    """

    @classmethod
    @clears_locals
    def open(
        cls,
        body: Union[bytes, bytearray, memoryview],
        signature: Optional[Text],
        secrets: Union[WebhookSecrets, Text, Iterable[Text]],
    ) -> "Webhook":
        """Verify a webhook and read its event. An unverified body is not parsed.

        :param body: The body exactly as received: not decoded, not parsed.
        :param signature: The value of the header ``deepidv-signature``, None if it is missing.
        :param secrets: ``WebhookSecrets``, one secret, or several.
        :raises ForgedWebhook: if the signature is wrong or missing. Respond with 401.
        :raises MalformedWebhook: if the body is not a webhook event. Respond with 400.
        :raises WebhookTooLarge: if the body has more than 4 MiB. Respond with 413.
        """
        if not isinstance(body, (bytes, bytearray, memoryview)):
            raise TypeError(f"body must be bytes, not {type(body).__name__}")
        known = as_secrets(secrets)
        raw = bytes(body)
        claimed = None if signature is None else _bytes("signature", signature)
        handle = _abi.p_deepidv_webhook()
        status = instant.deepidv_webhook_open(
            known._handle, claimed, len(claimed or b""), raw, len(raw), byref(handle)
        )
        if status == _abi.DEEPIDV_E_TOO_LONG:
            raise WebhookTooLarge(status)
        if status != _abi.DEEPIDV_OK:
            raise refusal(status)
        try:
            return cls._read(handle, raw)
        finally:
            instant.deepidv_webhook_free(handle)

    @classmethod
    def _read(cls, handle: Any, raw: bytes) -> "Webhook":
        fields = _abi.deepidv_session()
        instant.deepidv_webhook_session(handle, fields)
        code = instant.deepidv_webhook_type(handle)
        return cls(
            type=_TYPES.get(code) or read(instant.deepidv_webhook_type_text, handle) or "",
            session=_result.retrieved(fields, raw, _record.parsed(raw).get("data", {})),
            verdict=verdict(fields.verdict),
            key=read(instant.deepidv_webhook_key, handle) or "",
        )

    def supersedes(self, other: Union["Webhook", str, None]) -> bool:
        """Return whether this event replaces another one of the same session.

        The event with the later ``updated_at`` replaces the other. At equal times, or if one of them is
        unknown, a decision replaces an undecided status and never the reverse. A repeat replaces nothing.

        :param other: The event that you applied before or its ``key``, None if there is none.
        """
        if isinstance(other, Webhook):
            other = other.key
        key, before = self.key.encode(), _bytes("other", other or "")
        replaces: int = instant.deepidv_webhook_supersedes(key, len(key), before, len(before))
        return replaces == 1


def as_secrets(secrets: Union[WebhookSecrets, Text, Iterable[Text]]) -> WebhookSecrets:
    """Make secrets of what a caller passes as such."""
    if isinstance(secrets, WebhookSecrets):
        return secrets
    return WebhookSecrets(*((secrets,) if isinstance(secrets, (str, bytes)) else secrets))


def _bytes(name: str, value: Text) -> bytes:
    """Encode text of any origin; what is not valid Unicode matches nothing."""
    if isinstance(value, bytes):
        return value
    if not isinstance(value, str):
        raise TypeError(f"{name} must be str or bytes, not {type(value).__name__}")
    return value.encode("utf-8", "surrogatepass")


_TYPES: Final = {code: WebhookType(word) for code, word in _abi.WEBHOOK_TYPE_WORDS.items()}
