"""An application that verifies its customers before it opens their accounts.

``pages`` has the routes, ``stages`` the texts, ``webhooks`` the webhook endpoint, ``verification`` all calls
to the service, and ``users`` the database.
"""

from __future__ import annotations

import os

from flask import Flask, Response

from . import csrf, pages
from .users import Users
from .verification import Verification
from .webhooks import add_webhook

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "connect-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)


def create_app() -> Flask:
    """Create the application, with its configuration from the environment."""
    secret = os.environ["SECRET_KEY"]
    # An https URL: the service redirects to no other.
    callback_url = os.environ["PUBLIC_URL"].rstrip("/") + "/verify-callback"
    verification = Verification(
        Users(os.environ.get("DATABASE", "onboarding.db")),
        callback_url,
        secret,
        poll_seconds=float(os.environ.get("POLL_SECONDS", "10")),
    )
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=secret,
        MAX_CONTENT_LENGTH=64 << 10,
        # With this prefix, browsers only accept cookies that are Secure, without Domain, and for the whole site.
        SESSION_COOKIE_NAME="__Host-onboarding",
        SESSION_COOKIE_SECURE=True,
        SESSION_COOKIE_HTTPONLY=True,
        # Not Strict: the redirect from the hosted page, another site, must include the cookie.
        SESSION_COOKIE_SAMESITE="Lax",
    )
    app.extensions["verification"] = verification
    csrf.protect(app, exempt="webhook")
    app.register_blueprint(pages.blueprint)
    add_webhook(app, os.environ["WEBHOOK_SECRETS"].split(","), verification)
    app.after_request(_harden)
    return app


def _harden(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    # The callback URL contains a state and a session id.
    response.headers["Referrer-Policy"] = "no-referrer"
    if response.mimetype == "text/html":
        response.headers["Cache-Control"] = "no-store"
    return response
