"""The blocking client."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Any, Optional, Union

from . import _operation
from ._client_base import ClientBase
from ._confirmation import Confirmation
from ._operation import BlockingCompletion, answer_of, run, runs
from ._pages import Pages
from ._record import RetrievedSession, SessionPage, SessionRecord, SessionStatus
from ._request import Request
from ._session import Session
from ._text import Text


class Client(ClientBase):
    """A client of the service.

    One client serves a whole process and is thread-safe; calls release the GIL while they wait. It
    connects at the first call. In a forked child, every call raises ``ForkedError``; create a new client
    there.

    :param api_key: The secret API key.
    :param base_url: The service's URL: https, or http on this machine.
    :param allow_http_hosts: Names or addresses of other hosts that ``base_url`` may use with http, as a
        comma-separated string or a list: for test servers such as ``http://emulator:8080``. The API key
        and personal data are then sent unencrypted.
    :param timeout: The total time of an operation in seconds. Default: 25, since web servers such as
        gunicorn kill a worker that does not respond for 30, and a killed create leaves no token.
    :param connect_timeout: Seconds for name lookup, TCP and TLS. Default: 5.
    :param ca_file: A PEM file of trusted certificates, instead of the system's. Certificate verification
        cannot be disabled.
    :param proxy: An ``http://``, ``https://`` or ``socks5h://`` URL, with percent-encoded credentials if
        the proxy needs them.
    :param user_agent: Text to put before the library's name in ``User-Agent``.
    :param max_in_flight: The maximum number of operations in flight; one more raises ``BusyError``.
    :param rate_limit: Requests per second; faster requests wait. Default: 25, the service's limit; 0
        disables the limit. Clients of this process with the same key, base URL and limits share it.
    :param rate_burst: The number of requests that can be sent at once after an idle period. Default: 35.
    :param connection_reuse: False to open a new connection for each create. Nothing is executed twice
        either way, but an idle connection that breaks can make an outcome unknown. Default: True.
    :param make_external_id: False to not generate an external id for creates that have none. The library
        cannot search for their sessions if the response is lost. Default: True.
    :param repeat_guard: False to send a create again that is repeated although its outcome is unknown.
        Otherwise the library searches for the session of the first one, and sends the request again only if
        a search finds none after ``settle``. The clients of a process with the same key and base URL share
        this memory. Default: True.
    :param settle: Seconds in which the service has executed a create that it received. Default: 120.
    :param log_level: ``"error"``, ``"warning"``, ``"info"`` or ``"debug"`` to log the steps of operations,
        without personal data, to ``logging.getLogger("deepidv")`` when a call ends. Default: ``"off"``.
    :param use_environment: True to read ``HTTPS_PROXY``, ``NO_PROXY``, ``SSL_CERT_FILE`` and
        ``SSL_CERT_DIR`` at creation; options override them. Default: False.
    :raises InvalidOption: if an option is invalid. Its ``field`` is the option's name.
    """

    def _run(self, completion: BlockingCompletion[Any]) -> None:
        """Run a call, inside the ``try`` of ``runs``: what a signal handler interrupts here is not lost."""
        run(self._handle, completion)
        if self._pass_on_logs is not None:
            self._pass_on_logs()

    @runs
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
        search_first: bool = False,
        traceparent: Optional[Text] = None,
    ) -> Session:
        """Create a session. No retry within the call executes it twice.

        Every session costs tokens, and by default the service sends the applicant an e-mail and a text
        message. Within ``timeout`` the library retries only if the request was certainly not executed. If
        the outcome is unknown, it searches for the session by external id: see ``Session.reconciled``.

        :param phone: In E.164 format, such as ``+15192223333``.
        :param external_id: Your own reference. Use each one only once: the library searches by it if the
            response is lost. Default: a generated one.
        :param send_email_invite: False to send no e-mail.
        :param send_phone_invite: False to send no text message.
        :param workflow_id: The workflow to run. Default: a standalone verification.
        :param redirect_url: The https URL that the applicant's browser returns to. See ``parse_redirect``.
        :param expires_in_hours: 1 to 8760.
        :param search_first: True to return the session with this ``external_id`` if it exists: the same as
            ``find_or_create_session``.
        :param traceparent: The trace that the create belongs to (W3C Trace Context), such as
            ``00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01``: a header of its requests.
        :raises InvalidRequest: if a field is invalid. Nothing was sent.
        :raises TryAgain: if the request was not executed. Safe to retry.
        :raises ServiceError: if the service refused the request.
        :raises OutcomeUnknown: if a session may exist. It is not a ``DeepIDVError``.
        :raises DuplicateSessions: a subclass of it, if several sessions were found.
        :raises CreatedThoughCancelled: a subclass of it, if a signal handler raised (Ctrl-C, a time limit)
            after the session was created. Before that, the handler's exception is raised unchanged.
        """
        return answer_of(_operation.create(Request.of(locals())))

    @runs
    def find_or_create_session(
        self,
        *,
        first_name: Text,
        last_name: Text,
        email: Text,
        phone: Text,
        external_id: Text,
        send_email_invite: Optional[bool] = None,
        send_phone_invite: Optional[bool] = None,
        workflow_id: Optional[Text] = None,
        redirect_url: Optional[Text] = None,
        expires_in_hours: Optional[int] = None,
        traceparent: Optional[Text] = None,
    ) -> Session:
        """Return the session with this external id, and create it if there is none.

        For code that may run twice, such as the jobs of a queue. Sessions of any age count. A session that
        was found has no ``url``, because the service returns it only once, to the create: see
        ``Session.created``.

        Two processes that call this at the same moment both find no session, and create two. So does a
        call while an earlier create has not been executed yet: let a queue deliver a job again after a
        minute at the earliest, and not to two workers at once.

        :param external_id: Your own reference for this session, up to 1,024 bytes.
        :raises NotSent: if the search failed. Nothing was sent, and it is safe to retry.
        :raises ServiceError: if the service refused the search or the create.
        :raises DuplicateSessions: if several sessions have this external id.
        :raises: The exceptions of ``create_session``, which describes the other parameters.
        """
        return answer_of(_operation.find_or_create(Request.of(locals(), search_first=True)))

    @runs
    def create_session_from(
        self,
        fields: Mapping[str, Any],
        *,
        search_first: bool = False,
        traceparent: Optional[Text] = None,
    ) -> Session:
        """Create a session from a mapping, such as a parsed JSON object.

        Keys can be snake_case or camelCase; camelCase wins if both are present. None counts as absent. An
        unknown key is an error. Otherwise the same as ``create_session``.
        """
        return answer_of(_operation.create(Request.of_mapping(fields, search_first, traceparent)))

    @runs
    def reconcile(self, token: Text) -> Session:
        """Search for the session of a create whose outcome is unknown.

        Repeats the search at growing intervals, while another one fits into ``timeout``. Any process with
        the same API key can call it. No exception proves that the session does not exist: do not repeat the
        create in another process because of one; use ``find_or_create_session``.

        :param token: ``OutcomeUnknown.reconcile_token``.
        :returns: The session, with ``reconciled`` set and without its URL.
        :raises InvalidRequest: if the token is malformed.
        :raises OutcomeUnknown: if no session was found, or the rate limit prevented the search. It has
            the token for the next call.
        :raises DuplicateSessions: if several were found.
        """
        return answer_of(_operation.reconcile(token))

    @runs
    def retrieve_session(self, session_id: Text) -> RetrievedSession:
        """Retrieve a session and its current status.

        :raises InvalidRequest: if the session id is malformed.
        :raises NotFound: if the session does not exist.
        :raises ServiceError: if the service refused the request.
        :raises NoAnswer: if there was no usable response within ``timeout``.
        """
        return answer_of(_operation.retrieve(session_id))

    @runs
    def update_status(self, session_id: Text, status: Union[SessionStatus, str]) -> RetrievedSession:
        """Verify or reject a session. Returns its record, which shows the decision.

        The request is never sent again if it may have been executed, since each execution may send
        webhooks and e-mails. If the response is lost, the library retrieves the record until it shows the
        decision: see ``RetrievedSession.reconciled``. If the call is interrupted, the decision may have
        been made nevertheless: retrieve the session.

        :param status: ``"VERIFIED"`` or ``"REJECTED"``, or the ``SessionStatus`` of that name.
        :raises InvalidRequest: if the session id or the status is invalid. Nothing was sent.
        :raises TryAgain: if the request was not executed. Safe to retry.
        :raises NotFound: if the session does not exist.
        :raises ServiceError: if the service refused the request.
        :raises DecisionUnknown: if the record did not show the decision within ``timeout``.
        """
        return answer_of(_operation.update_status(session_id, status))

    @runs
    def wait_for_decision(self, session_id: Text, *, timeout: float = 300.0) -> RetrievedSession:
        """Wait until a session has ended: until it is decided, or cannot be any more. Returns its record.

        ``status`` is then ``VERIFIED``, ``REJECTED``, ``EXPIRED``, ``VOIDED`` or ``FAILED``. For scripts,
        tests and tools: a server learns about decisions by webhook. It asks at once, then after pauses of
        0.5, 1, 2, 4, 8 and 15 seconds, then every 30 seconds (each up to a fifth shorter or longer), and a
        last time one second before the timeout. Network failures do not end the wait.

        :param timeout: Seconds to wait, up to 86,400. The client's ``timeout`` does not apply.
        :raises InvalidRequest: if an argument is invalid.
        :raises NoDecision: if the session had not ended. Its ``session`` is the record when last seen.
        :raises NotFound: if the session does not exist.
        :raises ServiceError: if the service refused the request.
        :raises NoAnswer: if the session could not be retrieved within ``timeout``.
        """
        return answer_of(_operation.wait(session_id, timeout))

    @runs
    def confirm_redirect(self, redirect: Text, session_id: Text) -> Confirmation:
        """Check that a redirect belongs to the expected session, and retrieve that session's status.

        Call this on the page that applicants return to. The status in the redirect is never trusted.

        :param redirect: The redirect as received: an absolute URL, a path with a query, or a bare query.
        :param session_id: The id that you stored for this user when the session was created.
        :raises InvalidRequest: if the session id is malformed.
        :raises NotFound: if the session does not exist.
        :raises ServiceError: if the service refused the request.
        :raises NoAnswer: if there was no usable response within ``timeout``. Retry later.
        """
        return answer_of(_operation.confirm(redirect, session_id))

    def list_sessions(
        self, *, external_id: Optional[Text] = None, page_size: Optional[int] = None
    ) -> Iterator[SessionRecord]:
        """Iterate over all sessions, and request each page when it is needed.

        :param external_id: Only sessions with this external id; None for all of the key's user.
        :param page_size: Sessions per request, 1 to 500. Default: the service's 50.
        :raises: The exceptions of ``list_page``, when a page is requested.
        :raises NoAnswer: with the name ``DEEPIDV_E_ANSWER_LOOP`` if a next page was already returned,
            which would make an endless loop.
        """
        pages = Pages()
        try:
            while True:
                page = self.list_page(external_id=external_id, page_size=page_size, next_token=pages.token)
                yield from page.sessions
                if not pages.advance(page):
                    return
        except BaseException:
            # See `runs`.
            del external_id, pages
            raise

    @runs
    def list_page(
        self,
        *,
        external_id: Optional[Text] = None,
        page_size: Optional[int] = None,
        next_token: Optional[Text] = None,
    ) -> SessionPage:
        """Retrieve one page of sessions.

        :param external_id: Only sessions with this external id; None for all of the key's user.
        :param page_size: The maximum number of sessions, 1 to 500. Default: the service's 50. Further
            sessions are ignored: see ``ResultFact.MORE_SESSIONS``.
        :param next_token: ``SessionPage.next_token`` of the previous page; None for the first page.
        :raises InvalidRequest: if an argument is invalid.
        :raises ServiceError: if the service refused the request.
        :raises NoAnswer: if there was no usable response within ``timeout``.
        """
        return answer_of(_operation.list_page(external_id, page_size, next_token))

    def close(self) -> None:
        """Close the client: reject new operations, and cancel those in flight on other threads.

        Operations that were not sent raise ``NotSent``; creates that were sent raise ``OutcomeUnknown``.
        Closing twice, or in a forked child, has no effect.
        """
        self._close()
        if self._pass_on_logs is not None:
            self._pass_on_logs()

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        self.close()
