"""Jobs for Celery, with the options of a queue that must not lose jobs."""

import os

import celery
import deepidv
import redis
from common import applicant, client

SOCKET = os.environ["REDIS_SOCKET"]
app = celery.Celery("jobs", broker=f"redis+socket://{SOCKET}", backend=f"redis+socket://{SOCKET}")
app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    broker_connection_retry_on_startup=True,
)
store = redis.Redis(unix_socket_path=SOCKET)


@app.task
def create(reference):
    """Raise what the call raises."""
    store.rpush(reference, os.getpid())
    return client().create_session(**applicant(reference)).id


@app.task
def fail(reference):
    """Raise an ordinary exception, for comparison."""
    store.rpush(reference, os.getpid())
    raise RuntimeError


@app.task(bind=True)
def find_or_create(self, reference):
    """Create one session, even if the job is redelivered or retried in another process."""
    store.rpush(reference, os.getpid())
    try:
        session = client().find_or_create_session(**applicant(reference))
    except deepidv.OutcomeUnknown as unknown:
        # The service may still execute the request until then.
        raise self.retry(exc=unknown, countdown=unknown.retry_after) from unknown
    return {"id": session.id, "created": session.created}
