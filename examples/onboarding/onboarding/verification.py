"""All calls to the service."""

from __future__ import annotations

import hmac
import logging
import os
import threading
from typing import Optional

import deepidv

from .users import User, Users

log = logging.getLogger("onboarding")

# How long a killed request blocks its user: a create takes up to 25 seconds, and its request may still be executed
# in the minute after that. Only then does a search show whether it was.
CREATE_SECONDS = 25 + 60

# Created in each worker on first use: a client created before a fork raises ForkedError.
_clients: dict[int, deepidv.Client] = {}
_creating = threading.Lock()


def client() -> deepidv.Client:
    """Return this process's client, which all its threads share."""
    with _creating:
        if os.getpid() not in _clients:
            _clients[os.getpid()] = deepidv.Client.from_env()
        return _clients[os.getpid()]


class Verification:
    """The verifications of users."""

    def __init__(self, users: Users, callback_url: str, secret: str, poll_seconds: float) -> None:
        self.users = users
        self._callback_url = callback_url
        self._poll_seconds = poll_seconds
        self._keys = deepidv.StateKeys(hmac.digest(secret.encode(), b"state of redirects", "sha256"))

    def begin(self, user: User) -> None:
        """Create the session of a user, or find the one that an earlier attempt created.

        It can be called repeatedly and concurrently: only one call at a time sends a request.

        :raises deepidv.InvalidRequest: if something that the user has entered is invalid.
        :raises BaseException: if the create was interrupted, by a signal for example.
        """
        if user.session_id is not None or not self.users.may_ask(user, CREATE_SECONDS):
            return
        again_in = 0.0
        try:
            session = client().find_or_create_session(
                first_name=user.first_name,
                last_name=user.last_name,
                email=user.email,
                phone=user.phone,
                external_id=user.external_id,
                redirect_url=deepidv.redirect_url_with_state(self._callback_url, self._keys.make(user.id)),
            )
            self.users.attach(user.external_id, session.id, session.url)
        except deepidv.InvalidRequest:
            raise
        except deepidv.CreatedThoughCancelled as created:
            # The service returns the URL only once. Then let the interruption take effect.
            self.users.attach(user.external_id, created.session.id, created.session.url)
            raise created.__context__ or created from None
        except deepidv.DuplicateSessions as several:
            log.error("user %s: choose one of the sessions %s", user.id, ", ".join(several.session_ids))
            self.users.hold(user)
        except deepidv.Error as error:
            # If a session exists, the next attempt finds it.
            log.warning("user %s: %s", user.id, error)
            again_in = error.retry_after
        finally:
            self.users.ask_later(user, again_in)

    def complete(self, user: User, redirect: str) -> None:
        """Check a redirect, and get the status from the service.

        :raises deepidv.StateError: if the redirect belongs to another browser.
        :raises ForgedRedirect: if the redirect names another session.
        """
        self._keys.verify(redirect, user.id)
        if user.session_id is None:
            return
        try:
            found = client().confirm_redirect(redirect, user.session_id)
        except deepidv.Error as error:
            # A webhook or polling will update the status.
            log.warning("user %s: %s", user.id, error)
            return
        if found.session is None:
            raise ForgedRedirect
        self._store(found.session)

    def look(self, user: User) -> Optional[User]:
        """Return the user with the current status, and poll the service for it if it is time.

        Webhooks are faster, but may be late or never arrive.
        """
        if user.session_id is None or not self.users.may_ask(user, self._poll_seconds):
            return user
        try:
            self._store(client().retrieve_session(user.session_id))
        except deepidv.Error as error:
            log.warning("user %s: %s", user.id, error)
        return self.users.get(user.id)

    def receive(self, webhook: deepidv.Webhook) -> None:
        """Process a webhook. It only proves that its sender knows the secret, so retrieve a decision."""
        found = webhook.session
        if webhook.verdict in (deepidv.Verdict.VERIFIED, deepidv.Verdict.REJECTED):
            try:
                found = client().retrieve_session(found.id)
            except deepidv.NotFound:
                return
        self._store(found)

    def _store(self, found: deepidv.RetrievedSession) -> None:
        changed = found.updated_at.timestamp() if found.updated_at else 0.0
        self.users.update(found.id, found.external_id, found.status or "", changed)


class ForgedRedirect(Exception):
    """The redirect is not for the session of this user."""
