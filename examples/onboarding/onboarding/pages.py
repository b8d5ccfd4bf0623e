"""The routes of the pages."""

from __future__ import annotations

import secrets
import time
from typing import Optional, Union

import deepidv
from flask import Blueprint, current_app, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from .stages import ENDED, REASONS, STARTING, stage_of
from .users import User
from .verification import ForgedRedirect, Verification

blueprint = Blueprint("pages", __name__)

FIELDS = ("first_name", "last_name", "email", "phone")
WRONG = {
    "email": "Enter an e-mail address, such as ada@example.com.",
    "phone": "Enter the number with its country code, such as +15192223333.",
}
Page = Union[str, Response, tuple[str, int]]


def verification() -> Verification:
    """Return the application's verifications."""
    found: Verification = current_app.extensions["verification"]
    return found


def current_user() -> Optional[User]:
    """Return the user of this browser."""
    return verification().users.get(session.get("user"))


@blueprint.get("/")
def form() -> Page:
    """Show the form, unless this browser has already sent it."""
    if current_user() is not None:
        return redirect(url_for("pages.status"))
    # The id of the future user, so that a form that is sent twice adds one user.
    session.setdefault("user", secrets.token_urlsafe(16))
    return _form({}, {})


def _form(values: dict[str, str], wrong: dict[str, str]) -> str:
    return render_template("sign_up.html", values=values, wrong=wrong)


@blueprint.post("/")
def sign_up() -> Page:
    """Add the user, and create the session."""
    values = {field: request.form.get(field, "").strip() for field in FIELDS}
    wrong = {field: "This is required." for field in FIELDS if not values[field]}
    if not wrong and verification().users.add(session["user"], **values):
        try:
            _begin()
        except deepidv.InvalidRequest as error:
            verification().users.remove(session["user"])
            field = error.field or ""
            wrong = {field: WRONG.get(field, "Please check this.")}
    if wrong:
        return _form(values, wrong), 422
    return redirect(url_for("pages.status"), 303)


def _begin() -> None:
    user = current_user()
    if user is not None:
        verification().begin(user)


@blueprint.get("/status")
def status() -> Page:
    """Show the status of the verification."""
    user = _looked_up()
    if user is None:
        return redirect(url_for("pages.form"))
    reason = REASONS.get(session.get("reason", ""))
    return render_template("status.html", user=user, stage=stage_of(user), state=_state(user), reason=reason)


@blueprint.get("/state")
def state() -> Page:
    """Return what the page compares to decide whether to reload."""
    user = _looked_up()
    return Response(_state(user) if user else "", mimetype="text/plain")


def _looked_up() -> Optional[User]:
    user = current_user()
    return user and verification().look(user)


def _state(user: User) -> str:
    stage = stage_of(user)
    return f"{stage.name} retry" if stage is STARTING and user.ask_after <= time.time() else stage.name


@blueprint.post("/retry")
def retry() -> Page:
    """Create the missing session, or another one if the verification ended without a decision."""
    user = current_user()
    session.pop("reason", None)
    if user is not None and stage_of(user) is ENDED:
        verification().users.start_again(user)
    _begin()
    return redirect(url_for("pages.status"), 303)


@blueprint.get("/verify-callback")
def callback() -> Page:
    """Receive the redirect from the hosted page. It is not signed, so it proves nothing."""
    user = current_user()
    if user is None:
        return _refused()
    url = request.full_path
    try:
        verification().complete(user, url)
        session["reason"] = deepidv.parse_redirect(url).reason or ""
    except (deepidv.StateError, deepidv.RepeatedParameter, ForgedRedirect) as error:
        current_app.logger.warning("redirect refused: %s", type(error).__name__)
        return _refused()
    # Without the query, so that a reload does not send it again.
    return redirect(url_for("pages.status"), 303)


def _refused() -> Page:
    return render_template("refused.html"), 403


@blueprint.post("/leave")
def leave() -> Page:
    """Sign out."""
    session.clear()
    return redirect(url_for("pages.form"), 303)
