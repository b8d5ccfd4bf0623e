"""Celery tasks that create sessions, and create none twice.

::

    app = Celery("shop", broker="redis://localhost", backend="redis://localhost")
    app.conf.include = ["deepidv.contrib.celery"]

    create_session.delay(external_id="order-1042", first_name="Ada", ...).get()
    # {"outcome": "created", "session_id": "...", "url": "https://...", "external_id": "order-1042"}

Each worker process creates its client from the environment: ``DEEPIDV_API_KEY`` and so on. Settings of the
Celery app:

- ``deepidv_settle``: seconds in which the service has executed a create that it received. Default: 120. It
  must be shorter than the ``visibility_timeout`` of a broker that has one.
- ``deepidv_redis``: the URL of a Redis through which all workers share the rate and the daily quota.
  Default: none. See ``deepidv.contrib.shared_rate``.
- ``deepidv_rate``: a dict of options for ``SharedRate``, such as ``{"name": "other-key"}``.

The extra ``celery`` of this package installs what it needs.
"""

from __future__ import annotations

import os
import threading
from typing import Any, Callable, Final, NoReturn, Optional, cast

from celery import Task, current_app, shared_task
from celery.utils.time import get_exponential_backoff_interval

from .._public import Client, CreatedThoughCancelled, DuplicateSessions, OutcomeUnknown, Session, TryAgain
from .shared_rate import SharedRate

# Seconds. A broker such as Redis delivers a message again that is not acknowledged within an hour, its
# visibility timeout: no task may be delayed for as long.
_LONGEST_DELAY: Final = 600

_lock: Final = threading.Lock()
_clients: Final[dict[int, tuple[Client, Optional[SharedRate]]]] = {}


class _Task(Task):  # type: ignore[misc]
    """A task whose arguments, which are personal data, are in no log and no event."""

    def apply_async(self, args: Any = None, kwargs: Any = None, *arguments: Any, **options: Any) -> Any:
        hidden = {"external_id": (kwargs or {}).get("external_id")}
        options.update(argsrepr="()", kwargsrepr=repr(hidden))
        return super().apply_async(args, kwargs, *arguments, **options)


def _task(name: str) -> Callable[[Callable[..., dict[str, Any]]], Any]:
    return cast(
        Callable[[Callable[..., dict[str, Any]]], Any],
        shared_task(
            name=name,
            base=_Task,
            bind=True,
            # The message is kept until the task has ended, and delivered again if its process is killed.
            acks_late=True,
            reject_on_worker_lost=True,
            # With the delays of `_create`: a few hours.
            max_retries=80,
        ),
    )


@_task("deepidv.create_session")
def create_session(self: Any, **fields: Any) -> dict[str, Any]:
    """Create a session, unless there is one with this ``external_id``.

    The result's ``outcome`` is ``created``, ``found`` (by its external id, without a ``url``) or
    ``duplicate`` (several have this external id: ``session_ids``, from which a person must choose). If the
    outcome of the create is unknown, the result is that of ``settle_session``, which continues under the
    same task id. Fields of other types than str, bool and int cannot be sent through a queue.

    :param fields: The parameters of ``Client.find_or_create_session``, which describes them.
    :raises ServiceError: if the service refused the request. The task is not retried then.
    :raises TryAgain: if the request was not executed, after all retries.
    """
    if self.request.delivery_info.get("redelivered"):
        # The process that was killed may have sent a request, which no search finds before it is executed.
        _settle(self, fields, _seconds_to_settle())
    return _create(self, fields)


@_task("deepidv.settle_session")
def settle_session(self: Any, **fields: Any) -> dict[str, Any]:
    """Search for the session of a create whose outcome is unknown, after ``deepidv_settle``.

    If there is none, the service has not executed the create, and the session is created now. You do not
    call it: ``create_session`` does, when it is needed.
    """
    if self.request.delivery_info.get("redelivered"):
        _settle(self, fields, _seconds_to_settle())
    return _create(self, fields)


def _create(task: Any, fields: dict[str, Any]) -> dict[str, Any]:
    client, rate = _client()
    try:
        session = client.find_or_create_session(**fields)
    except CreatedThoughCancelled as created:
        # A time limit. The session must not be lost; the task ends here anyway.
        session = created.session
    except DuplicateSessions as several:
        return {
            "outcome": "duplicate",
            "session_ids": list(several.session_ids),
            "external_id": fields.get("external_id"),
        }
    except OutcomeUnknown as unknown:
        _settle(task, fields, unknown.retry_after or _seconds_to_settle(), unknown)
    except TryAgain as error:
        wait = max(error.retry_after or 0.0, rate.exhausted_for if rate else 0.0)
        backoff = get_exponential_backoff_interval(
            2, task.request.retries, _LONGEST_DELAY, full_jitter=True
        )
        raise task.retry(exc=error, countdown=min(max(wait, backoff), _LONGEST_DELAY)) from error
    return _result(session)


def _result(session: Session) -> dict[str, Any]:
    return {
        "outcome": "created" if session.created else "found",
        "session_id": session.id,
        "url": session.url,
        "external_id": session.external_id,
    }


def _settle(
    task: Any, fields: dict[str, Any], seconds: float, error: Optional[OutcomeUnknown] = None
) -> NoReturn:
    """Continue in the second task. The message of this one is acknowledged after that one is queued."""
    if task.name == settle_session.name:
        raise task.retry(exc=error, countdown=seconds)
    raise task.replace(settle_session.s(**fields).set(countdown=seconds))


def _seconds_to_settle() -> float:
    return float(current_app.conf.get("deepidv_settle", 120))


def _client() -> tuple[Client, Optional[SharedRate]]:
    """Return the client of this process: one from before a fork cannot be used."""
    process = os.getpid()
    with _lock:
        if process not in _clients:
            conf = current_app.conf
            client = Client.from_env(settle=_seconds_to_settle())
            server = conf.get("deepidv_redis")
            rate = SharedRate(client, server, **conf.get("deepidv_rate", {})) if server else None
            _clients[process] = client, rate
        return _clients[process]
