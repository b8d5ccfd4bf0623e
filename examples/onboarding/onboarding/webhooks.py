"""What the service sends when a session changes."""

from __future__ import annotations

import hmac

from flask import Blueprint, abort, current_app, request

from .verification import moment

blueprint = Blueprint("webhooks", __name__)


@blueprint.post("/webhook")
def receive() -> tuple[str, int]:
    """Store the status. Repeats change nothing, and get 204 like the first one."""
    signature = request.headers.get("deepidv-signature", "")
    if not any(hmac.compare_digest(signature.encode(), one.encode()) for one in current_app.config["WEBHOOK_SECRETS"]):
        abort(401)
    record = request.get_json()["data"]
    current_app.extensions["users"].update(
        record["id"], record.get("external_id"), record["status"], moment(record["updated_at"])
    )
    return "", 204
