"""Verify a customer, with Flask.

    pip install flask gunicorn deepidv
    export DEEPIDV_API_KEY=... SECRET_KEY=... CALLBACK_URL=https://yourapp.com/verify-callback
    gunicorn --workers 2 flask_app:app

POST /verify with the applicant's fields redirects the browser to the session; the browser comes back to
/verify-callback. Browsers send the cookie only over https, and to localhost.
"""

import os
import secrets
import threading

import deepidv
from flask import Flask, abort, redirect, request, session
from werkzeug.wrappers import Response

app = Flask(__name__)
app.secret_key = os.environ.get("SECRET_KEY") or secrets.token_bytes(32)
app.config.update(SESSION_COOKIE_SECURE=True, SESSION_COOKIE_HTTPONLY=True, SESSION_COOKIE_SAMESITE="Lax")

# Created in each worker on first use: a client from before a fork raises ForkedError.
_clients: dict[int, deepidv.Client] = {}
_making = threading.Lock()


def client() -> deepidv.Client:
    """Return this process's client, which all its threads share."""
    with _making:
        if os.getpid() not in _clients:
            _clients[os.getpid()] = deepidv.Client.from_env()
        return _clients[os.getpid()]


@app.post("/verify")
def verify() -> Response:
    """Create a session, and store its id in the user's web session."""
    try:
        created = client().create_session(
            first_name=request.form["first_name"],
            last_name=request.form["last_name"],
            email=request.form["email"],
            phone=request.form["phone"],
            redirect_url=os.environ["CALLBACK_URL"],
        )
    except deepidv.InvalidRequest as error:
        abort(400, f"{error.field}: {error.text}")
    except deepidv.TryAgain:
        abort(503, "Nothing was sent. Please try again.")
    except deepidv.CreatedThoughCancelled as cancelled:
        # A signal has ended this call, for example gunicorn's. The session exists.
        app.logger.error("created, but the request was interrupted: %s", cancelled.session.id)
        raise (cancelled.__context__ or cancelled) from None
    except deepidv.DuplicateSessions as several:
        app.logger.error("several sessions exist, a person must choose one: %s", several.session_ids)
        abort(502, "You have an invitation by e-mail. Please do not ask for another.")
    except deepidv.OutcomeUnknown as unknown:
        # A session may exist: reconcile later.
        app.logger.error("unknown outcome, reconcile later: %s", unknown.reconcile_token)
        abort(502, "You may get an invitation by e-mail. Please do not ask for another.")
    except deepidv.DeepIDVError:
        app.logger.exception("not created")
        abort(502, "That did not work.")
    session["verification"] = created.id
    if created.url is None:
        # The response was lost and the session reconciled. The applicant has the invitation.
        return Response("Please follow the link in the e-mail that you were sent.")
    return redirect(created.url)


@app.get("/verify-callback")
def callback() -> dict[str, object]:
    """Confirm the redirect with the service, since anyone can forge the URL."""
    expected = session.get("verification")
    if expected is None:
        abort(403)
    found = client().confirm_redirect(request.full_path, expected)
    if found.session is None:
        abort(403)
    return {"verdict": found.verdict.name, "status": found.session.status}
