"""The endpoint for webhooks."""

from __future__ import annotations

import deepidv
from deepidv.webhooks.flask import webhook_view
from flask import Flask

from .verification import Verification


def add_webhook(app: Flask, secrets: list[str], verification: Verification) -> None:
    """Add the endpoint. Repeated webhooks change nothing, and get 204 too.

    After an exception, Flask responds with 500, and the service sends the webhook again.
    """

    @app.post("/webhook")
    @webhook_view(secrets)
    def webhook(webhook: deepidv.Webhook) -> None:
        verification.receive(webhook)
