"""An application that verifies its customers before it opens their accounts.

``pages`` has what customers see, ``webhooks`` what the service sends, ``verification`` every call of the
service, and ``users`` the database.
"""

from __future__ import annotations

import os

from flask import Flask, Response

from . import csrf, pages, webhooks
from .users import Users

# No scripts. The styles are the only thing that a page loads.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


def create_app() -> Flask:
    """Create the application, with its configuration from the environment."""
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=os.environ["SECRET_KEY"],
        # Where browsers reach the application: https, since the service redirects to nothing else.
        PUBLIC_URL=os.environ["PUBLIC_URL"].rstrip("/"),
        WEBHOOK_SECRETS=os.environ["WEBHOOK_SECRETS"].split(","),
        POLL_SECONDS=float(os.environ.get("POLL_SECONDS", "10")),
        MAX_CONTENT_LENGTH=1 << 20,
        # The prefix makes browsers refuse the cookie without Secure, with a Domain, or for a part of the site.
        SESSION_COOKIE_NAME="__Host-onboarding",
        SESSION_COOKIE_SECURE=True,
        SESSION_COOKIE_HTTPONLY=True,
        # Not Strict: the hosted page is another site, and its redirect has to bring the cookie.
        SESSION_COOKIE_SAMESITE="Lax",
    )
    app.extensions["users"] = Users(os.environ.get("DATABASE", "onboarding.db"))
    csrf.protect(app, exempt=webhooks.blueprint)
    app.register_blueprint(pages.blueprint)
    app.register_blueprint(webhooks.blueprint)
    app.after_request(_harden)
    return app


def _harden(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    # The URL of a callback has a state and a session id.
    response.headers["Referrer-Policy"] = "no-referrer"
    if response.mimetype == "text/html":
        response.headers["Cache-Control"] = "no-store"
    return response
