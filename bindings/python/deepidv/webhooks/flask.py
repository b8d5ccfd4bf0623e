"""Receives webhooks in Flask.

::

    @app.post("/webhooks/deepidv")
    @webhook_view(os.environ["DEEPIDV_WEBHOOK_SECRET"])
    def received(webhook: deepidv.Webhook) -> None: ...
"""

from functools import wraps

from .._public import Webhook, WebhookError
from .._webhook import as_secrets
from . import SIGNATURE, Decorator, Receiver, Secrets, read_body


def webhook_view(secrets: Secrets) -> Decorator:
    """Turn a function of a webhook into a view for POST."""
    known = as_secrets(secrets)

    def decorate(received: Receiver) -> object:
        @wraps(received)
        def view() -> tuple[str, int, dict[str, str]]:
            from flask import request

            try:
                body = read_body(request.stream.read, request.headers.get("Content-Length"))
                webhook = Webhook.open(body, request.headers.get(SIGNATURE), known)
            except WebhookError as error:
                return error.text, error.response_status, {"Content-Type": "text/plain"}
            received(webhook)
            return "", 204, {}

        return view

    return decorate
