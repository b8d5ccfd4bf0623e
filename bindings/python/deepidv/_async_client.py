"""The client for asyncio."""

from __future__ import annotations

import warnings
from collections.abc import AsyncIterator, Mapping
from types import TracebackType
from typing import Any, Optional, Union

from . import _operation
from ._client_base import ClientBase
from ._completions import Completions, Pending, runs_async
from ._config import Config
from ._confirmation import Confirmation
from ._operation import answer_of
from ._pages import Pages
from ._record import RetrievedSession, SessionPage, SessionRecord, SessionStatus
from ._request import Request
from ._session import Session
from ._text import Text


class AsyncClient(ClientBase):
    """A client for asyncio.

    It has the options and methods of ``Client``; see there for parameters, results and exceptions.
    Thousands of operations can run at once without threads: the event loop watches one descriptor. A
    client belongs to the event loop that first uses it; another loop needs its own client, unless the
    first loop was closed.

    Cancelling a task, or a timeout of asyncio, cancels its operation. If nothing was executed,
    ``CancelledError`` is raised as usual. If a create was already sent, ``OutcomeUnknown`` is raised
    instead, and if it was already answered, ``CreatedThoughCancelled``. Neither becomes a
    ``TimeoutError``, so a timeout never hides that a session may exist. Both are an ``Exception``: code
    that continues after one also continues after the cancellation, which is its ``__context__``. Prefer
    the client's ``timeout`` to a timeout around a create: it leaves the library time to search for the
    session.
    """

    def _start(self, config: Config) -> None:
        super()._start(config)
        self._completions = Completions(self._handle)

    async def _run(self, pending: Pending) -> None:
        """Run a call, inside the ``try`` of ``runs_async``: see ``Client._run``."""
        self._completions.submit(pending)
        await pending.future
        if self._pass_on_logs is not None:
            self._pass_on_logs()

    @runs_async
    async def create_session(
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
        """Create a session. No retry within the call executes it twice. See ``Client.create_session``.

        If the task is cancelled:

        :raises OutcomeUnknown: if the request was already sent.
        :raises CreatedThoughCancelled: a subclass of it, if the session was created.
        """
        return answer_of(_operation.create(Request.of(locals())))

    @runs_async
    async def find_or_create_session(
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
        """Find or create a session. See ``Client.find_or_create_session``."""
        return answer_of(_operation.find_or_create(Request.of(locals(), search_first=True)))

    @runs_async
    async def create_session_from(
        self,
        fields: Mapping[str, Any],
        *,
        search_first: bool = False,
        traceparent: Optional[Text] = None,
    ) -> Session:
        """Create a session from a mapping. See ``Client.create_session_from``."""
        return answer_of(_operation.create(Request.of_mapping(fields, search_first, traceparent)))

    @runs_async
    async def _submit(self, request: Request) -> Session:
        """Create a session from a request, which is freed."""
        return answer_of(_operation.create(request))

    @runs_async
    async def reconcile(self, token: Text) -> Session:
        """Search for the session of a create whose outcome is unknown. See ``Client.reconcile``."""
        return answer_of(_operation.reconcile(token))

    @runs_async
    async def retrieve_session(self, session_id: Text) -> RetrievedSession:
        """Retrieve a session. See ``Client.retrieve_session``."""
        return answer_of(_operation.retrieve(session_id))

    @runs_async
    async def update_status(self, session_id: Text, status: Union[SessionStatus, str]) -> RetrievedSession:
        """Verify or reject a session. See ``Client.update_status``."""
        return answer_of(_operation.update_status(session_id, status))

    @runs_async
    async def wait_for_decision(self, session_id: Text, *, timeout: float = 300.0) -> RetrievedSession:
        """Wait until a session has ended. See ``Client.wait_for_decision``."""
        return answer_of(_operation.wait(session_id, timeout))

    @runs_async
    async def confirm_redirect(self, redirect: Text, session_id: Text) -> Confirmation:
        """Confirm a redirect with the service. See ``Client.confirm_redirect``."""
        return answer_of(_operation.confirm(redirect, session_id))

    async def list_sessions(
        self, *, external_id: Optional[Text] = None, page_size: Optional[int] = None
    ) -> AsyncIterator[SessionRecord]:
        """Iterate over all sessions with ``async for``. See ``Client.list_sessions``."""
        pages = Pages()
        try:
            while True:
                page = await self.list_page(
                    external_id=external_id, page_size=page_size, next_token=pages.token
                )
                for session in page.sessions:
                    yield session
                if not pages.advance(page):
                    return
        except BaseException:
            # See `runs_async`.
            del external_id, pages
            raise

    @runs_async
    async def list_page(
        self,
        *,
        external_id: Optional[Text] = None,
        page_size: Optional[int] = None,
        next_token: Optional[Text] = None,
    ) -> SessionPage:
        """Retrieve one page of sessions. See ``Client.list_page``."""
        return answer_of(_operation.list_page(external_id, page_size, next_token))

    async def aclose(self) -> None:
        """Close the client: reject new operations, cancel those in flight, and wait for them to end.

        Operations that were not sent raise ``NotSent``; creates that were sent raise ``OutcomeUnknown``.
        Closing twice, or in a forked child, has no effect.
        """
        self._close()
        self._completions.closed = True
        await self._completions.wait_until_empty()
        self._completions.detach_loop()
        if self._pass_on_logs is not None:
            self._pass_on_logs()

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        await self.aclose()

    def __del__(self) -> None:
        # Missing if the options were rejected.
        completions = getattr(self, "_completions", None)
        if completions is not None and completions.detach_loop():
            warnings.warn("unclosed AsyncClient", ResourceWarning, source=self, stacklevel=2)


AsyncClient.__module__ = "deepidv"
