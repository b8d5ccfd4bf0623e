"""Verify a customer, with FastAPI.

    pip install fastapi uvicorn deepidv
    export DEEPIDV_API_KEY=... CALLBACK_URL=https://yourapp.com/verify-callback
    uvicorn fastapi_app:app

POST /verify with the applicant's fields as JSON returns the URL to send the browser to; the browser
comes back to /verify-callback. Browsers send the cookie only over https, and to localhost.
"""

import logging
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Optional

import anyio
import deepidv
from fastapi import Cookie, FastAPI, HTTPException, Request, Response

log = logging.getLogger("verify")
# The session of each browser. Use a database in production.
sessions: dict[str, str] = {}


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Keep one client while this worker runs."""
    async with deepidv.AsyncClient.from_env() as client:
        app.state.client = client
        yield


async def save(unknown: deepidv.OutcomeUnknown) -> None:
    """Store what is known of a create whose outcome is not. Use a database in production."""
    if isinstance(unknown, deepidv.CreatedThoughCancelled):
        log.error("created, but the browser has left: %s", unknown.session.id)
    elif isinstance(unknown, deepidv.DuplicateSessions):
        log.error("several sessions exist, a person must choose one: %s", unknown.session_ids)
    else:
        log.error("unknown outcome, reconcile later: %s", unknown.reconcile_token)


app = FastAPI(lifespan=lifespan)

# All that applicants choose: not the workflow, the external id or the expiry.
FIELDS = {"firstName": "first_name", "lastName": "last_name", "email": "email", "phone": "phone"}


@app.post("/verify")
async def verify(request: Request, response: Response) -> dict[str, Optional[str]]:
    """Create a session, and store which browser it belongs to."""
    try:
        body: Any = await request.json()
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise HTTPException(400, "The body must be a JSON object.")
    fields = {name: body.get(name, body.get(other)) for name, other in FIELDS.items()}
    try:
        created = await app.state.client.create_session_from(
            {**fields, "redirectUrl": os.environ["CALLBACK_URL"]}
        )
    except deepidv.InvalidRequest as error:
        raise HTTPException(400, f"{error.field}: {error.text}") from None
    except deepidv.TryAgain:
        raise HTTPException(503, "Nothing was sent. Please try again.") from None
    except deepidv.OutcomeUnknown as unknown:
        # A session may exist, or several do. The shield matters if middleware cancels the request because
        # the browser disconnected: save() would be cancelled too.
        with anyio.CancelScope(shield=True):
            await save(unknown)
        if isinstance(unknown, deepidv.CreatedThoughCancelled):
            # If the applicant tries again, this client returns the same session.
            raise (unknown.__context__ or unknown) from None
        if isinstance(unknown, deepidv.DuplicateSessions):
            raise HTTPException(502, "You have an invitation. Please do not ask for another.") from None
        raise HTTPException(502, "You may get an invitation. Please do not ask for another.") from None
    except deepidv.DeepIDVError:
        log.exception("not created")
        raise HTTPException(502, "That did not work.") from None
    browser = secrets.token_urlsafe()
    sessions[browser] = created.id
    response.set_cookie("browser", browser, secure=True, httponly=True, samesite="lax")
    # None if the response was lost and the session reconciled: the applicant has the invitation.
    return {"url": created.url}


@app.get("/verify-callback")
async def callback(request: Request, browser: str = Cookie("")) -> dict[str, object]:
    """Confirm the redirect with the service, since anyone can forge the URL."""
    expected = sessions.get(browser)
    if expected is None:
        raise HTTPException(403)
    found = await app.state.client.confirm_redirect(str(request.url), expected)
    if found.session is None:
        raise HTTPException(403)
    return {"verdict": found.verdict.name, "status": found.session.status}
