"""What the service sends when a session changes."""

from __future__ import annotations

import deepidv
from deepidv.webhooks.flask import webhook_view
from flask import Flask

from .verification import Verification


def add_webhook(app: Flask, secrets: list[str], verification: Verification) -> None:
    """Add the endpoint. Repeats change nothing, and get 204 like the first one.

    An exception is a 500, after which the service sends the webhook again.
    """

    @app.post("/webhook")
    @webhook_view(secrets)
    def webhook(webhook: deepidv.Webhook) -> None:
        verification.receive(webhook)
