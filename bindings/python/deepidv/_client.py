"""The client that waits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Any, Optional

from . import _operation
from ._clear_locals import clears_locals
from ._client_base import ClientBase
from ._confirmation import Confirmation
from ._pages import Pages
from ._record import RetrievedSession, SessionPage, SessionRecord
from ._request import Request
from ._session import Session
from ._text import Text


class Client(ClientBase):
    """Connections to the service.

    One client serves a whole process, and may be used from many threads at once: a call leaves the GIL
    to the others while it waits. It connects when it is first used. In a process that was forked off,
    every call raises ``ForkedError``; make a new client there.

    :param api_key: The secret API key.
    :param base_url: Where the service is: https, or http on this machine.
    :param allow_http_hosts: Exact names or addresses of other hosts that ``base_url`` may name with http,
        as text with commas or as a list: for test doubles, as in ``http://emulator:8080``. The API key
        and the applicant's data then travel in clear.
    :param timeout: The seconds that an operation has, from the call to its end. Default: 25, since web
        servers such as gunicorn kill a worker that is silent for 30, and a killed create leaves no token.
    :param connect_timeout: The seconds for name lookup, TCP and TLS. Default: 5.
    :param ca_file: A PEM file of trusted certificates, instead of the system's. Verification cannot
        be turned off.
    :param proxy: An ``http://``, ``https://`` or ``socks5h://`` URL; a login stands in it, percent-encoded.
    :param user_agent: What stands before the library's own name in ``User-Agent``.
    :param max_in_flight: How many operations may be under way before one more raises ``BusyError``.
    :param rate_limit: Requests a second; what comes faster waits. Default: 25, the service's own limit; 0
        is none. All clients of this process with the same key, base URL and limits share it.
    :param rate_burst: How many requests may be sent at once after a silence. Default: 35.
    :param connection_reuse: False for a connection of its own for each create. Nothing is sent twice either
        way; an idle connection that dies just then can make an outcome unknown. Default: True.
    :param make_external_id: False to leave a create without an external id as it is. Then it cannot be
        looked for if its answer is lost. Default: True.
    :param use_environment: True to read ``HTTPS_PROXY``, ``NO_PROXY``, ``SSL_CERT_FILE`` and
        ``SSL_CERT_DIR`` when the client is made; an option goes before its variable. Default: False.
    :raises InvalidOption: if one of them cannot be used. Its ``field`` is the option's name.
    """

    @clears_locals
    def create_session(
        self,
        *,
        first_name: Text,
        last_name: Text,
        email: Text,
        phone: Text,
        external_id: Optional[Text] = None,
        send_email_invite: Optional[bool] = None,
        send_phone_invite: Optional[bool] = None,
        workflow_id: Optional[Text] = None,
        redirect_url: Optional[Text] = None,
        expires_in_hours: Optional[int] = None,
    ) -> Session:
        """Create a session and wait for the answer. It is never executed twice.

        Every session costs tokens, and by default the service sends the applicant an e-mail and a text
        message. Within ``timeout`` the request is sent again only if it was certainly not executed. If its
        fate is unknown, the session is looked for by its external id: see ``Session.reconciled``.

        :param phone: In E.164, as in ``+15192223333``.
        :param external_id: Your own reference. Give one that is used only once: it is how a session is
            found whose answer was lost. Without one the library makes one.
        :param send_email_invite: False for no e-mail.
        :param send_phone_invite: False for no text message.
        :param workflow_id: The workflow to run; without one, a standalone verification.
        :param redirect_url: Where the applicant's browser comes back to, https. See ``parse_redirect``.
        :param expires_in_hours: 1 to 8760.
        :raises InvalidRequest: if a field is refused, before anything is sent.
        :raises TryAgain: if the request was not executed and may be sent again.
        :raises ServiceError: if the service refused it.
        :raises OutcomeUnknown: if there may be a session or not. ``except Exception`` does not catch it.
        :raises DuplicateSessions: which is one of those, if several were found.
        :raises CreatedThoughCancelled: which is another, if a signal's exception came (Ctrl-C, a time
            limit) and there is a session by then. One that came before that goes on as it is.
        """
        fields = {
            "first_name": first_name,
            "last_name": last_name,
            "email": email,
            "phone": phone,
            "external_id": external_id,
            "send_email_invite": send_email_invite,
            "send_phone_invite": send_phone_invite,
            "workflow_id": workflow_id,
            "redirect_url": redirect_url,
            "expires_in_hours": expires_in_hours,
        }
        return _operation.run(self._handle, _operation.create(Request.of(fields)))

    @clears_locals
    def create_session_from(self, fields: Mapping[str, Any]) -> Session:
        """Create a session from a mapping, such as a JSON object that came in.

        Names may be spelled in snake_case or camelCase; when both are there, camelCase wins. None counts
        as absent. A name that is not a field is refused. Else the same as ``create_session``.
        """
        return _operation.run(self._handle, _operation.create(Request.of_mapping(fields)))

    @clears_locals
    def reconcile(self, token: Text) -> Session:
        """Look for the session of a create whose outcome was unknown.

        Asks again and again until ``timeout``. Any process with the same key can do it. Whatever it raises,
        it says nothing of whether there is a session: do not create it again on the strength of that.

        :param token: ``OutcomeUnknown.reconcile_token``.
        :returns: The session, with ``reconciled`` set and without its URL.
        :raises InvalidRequest: if that is not a token.
        :raises OutcomeUnknown: if no session was found, or the rate limit did not let it ask. It has the
            token for the next time.
        :raises DuplicateSessions: if several were found.
        """
        return _operation.run(self._handle, _operation.reconcile(token))

    @clears_locals
    def retrieve_session(self, session_id: Text) -> RetrievedSession:
        """Ask how a session stands. This is how an outcome is confirmed.

        :raises InvalidRequest: if that cannot be a session's id.
        :raises NotFound: if there is no such session.
        :raises ServiceError: if the service refused the question.
        :raises NoAnswer: if there was no answer within ``timeout``, or none that can be read.
        """
        return _operation.run(self._handle, _operation.retrieve(session_id))

    @clears_locals
    def confirm_redirect(self, redirect: Text, session_id: Text) -> Confirmation:
        """Compare a redirect with the session that you expect, and ask how that session stands.

        This is the call for the page that applicants come back to. What the redirect says of how it went
        is never believed.

        :param redirect: The redirect as it came: an absolute URL, a path with a query, or a bare query.
        :param session_id: The id that you stored for this user when the session was created.
        :raises InvalidRequest: if that cannot be a session's id.
        :raises NotFound: if there is no such session.
        :raises ServiceError: if the service refused the question.
        :raises NoAnswer: if there was no answer within ``timeout``, or none that can be read. Then nobody
            knows: ask again.
        """
        return _operation.run(self._handle, _operation.confirm(redirect, session_id))

    def list_sessions(
        self, *, external_id: Optional[Text] = None, page_size: Optional[int] = None
    ) -> Iterator[SessionRecord]:
        """Go through all sessions, asking for the next page when the one before has been gone through.

        :param external_id: Only sessions with your own reference; None for all of the sender's.
        :param page_size: How many to ask for at once, 1 to 500. Default: the service's 50.
        :raises: As ``list_page``, at the first step of a page.
        :raises NoAnswer: with the name ``DEEPIDV_E_ANSWER_LOOP`` if the service names a page as the next
            one that it has answered with already, which would never end.
        """
        pages = Pages()
        try:
            while True:
                page = self.list_page(external_id=external_id, page_size=page_size, next_token=pages.token)
                yield from page.sessions
                if not pages.advance(page):
                    return
        except BaseException:
            # See `clears_locals`.
            external_id = pages = None
            raise

    @clears_locals
    def list_page(
        self,
        *,
        external_id: Optional[Text] = None,
        page_size: Optional[int] = None,
        next_token: Optional[Text] = None,
    ) -> SessionPage:
        """Ask for one page of sessions.

        :param external_id: Only sessions with your own reference; None for all of the sender's.
        :param page_size: How many at most, 1 to 500. Default: the service's 50. No more are read: see
            ``ResultFact.MORE_SESSIONS``.
        :param next_token: ``SessionPage.next_token`` of the page before; None for the first page.
        :raises InvalidRequest: if an argument cannot be used.
        :raises ServiceError: if the service refused the question.
        :raises NoAnswer: if there was no answer within ``timeout``, or none that can be read.
        """
        return _operation.run(self._handle, _operation.list_page(external_id, page_size, next_token))

    def close(self) -> None:
        """Take no more work, and end what is under way on other threads.

        What was waiting there ends with ``NotSent``, what had been sent with ``OutcomeUnknown``. A second
        close does nothing, and nor does one in a forked child.
        """
        self._close()

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        self.close()
