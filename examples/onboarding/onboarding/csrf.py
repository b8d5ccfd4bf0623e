"""Protects forms with a token that other sites do not know."""

from __future__ import annotations

import hmac
import secrets

from flask import Flask, abort, request, session

FIELD = "csrf_token"


def token() -> str:
    """Return the token of this browser."""
    return str(session.setdefault(FIELD, secrets.token_urlsafe()))


def protect(app: Flask, exempt: str) -> None:
    """Reject requests that change something without the token, except for one endpoint."""

    @app.before_request
    def check() -> None:
        if request.method in ("GET", "HEAD", "OPTIONS") or request.endpoint == exempt:
            return
        expected, given = session.get(FIELD, ""), request.form.get(FIELD, "")
        if not expected or not hmac.compare_digest(expected.encode(), given.encode()):
            abort(403)

    app.jinja_env.globals.update(csrf_field=FIELD, csrf_token=token)
