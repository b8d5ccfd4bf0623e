"""Verify a customer, with FastAPI.

    pip install fastapi uvicorn deepidv
    export DEEPIDV_API_KEY=... CALLBACK_URL=https://yourapp.com/verify-callback
    uvicorn fastapi_app:app

POST /verify with the applicant's fields as JSON answers where to send the browser; /verify-callback is
where it comes back.
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
# Which session belongs to which browser. Yours is a database.
sessions: dict[str, str] = {}


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Hold one client for as long as this worker runs."""
    async with deepidv.AsyncClient.from_env() as client:
        app.state.client = client
        yield


async def save(unknown: deepidv.OutcomeUnknown) -> None:
    """Write down what has to be looked for later. Yours is a database."""
    log.error("unknown outcome, reconcile later: %s", unknown.reconcile_token)


app = FastAPI(lifespan=lifespan)


@app.post("/verify")
async def verify(request: Request, response: Response) -> dict[str, Optional[str]]:
    """Create a session, and remember whose it is."""
    fields: dict[str, Any] = await request.json()
    try:
        created = await app.state.client.create_session_from(
            {**fields, "redirectUrl": os.environ["CALLBACK_URL"]}
        )
    except deepidv.InvalidRequest as error:
        raise HTTPException(400, f"{error.field}: {error.text}") from None
    except deepidv.TryAgain:
        raise HTTPException(503, "Nothing was sent. Please try again.") from None
    except deepidv.OutcomeUnknown as unknown:
        # There may be a session: this must not be sent again. Look for it later. If the request was
        # cancelled, as middleware does when the browser is gone, without the shield this would be too.
        with anyio.CancelScope(shield=True):
            await save(unknown)
        raise HTTPException(502, "You may get an invitation. Please do not ask for another.") from None
    except deepidv.DeepIDVError:
        log.exception("not created")
        raise HTTPException(502, "That did not work.") from None
    browser = secrets.token_urlsafe()
    sessions[browser] = created.id
    response.set_cookie("browser", browser, httponly=True, samesite="lax")
    # None if its answer was lost and it was found again: the applicant has the invitation.
    return {"url": created.url}


@app.get("/verify-callback")
async def callback(request: Request, browser: str = Cookie("")) -> dict[str, object]:
    """Ask the service how the session of this browser's own user went. Anybody can type the URL."""
    expected = sessions.get(browser)
    if expected is None:
        raise HTTPException(403)
    found = await app.state.client.confirm_redirect(str(request.url), expected)
    if found.session is None:
        raise HTTPException(403)
    return {"verdict": found.verdict.name, "status": found.session.status}
