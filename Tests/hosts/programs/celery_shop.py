"""An application that uses the tasks of the package."""

import os

import celery
import redis
from celery.signals import task_prerun

SOCKET = os.environ["REDIS_SOCKET"]
app = celery.Celery("shop", broker=f"redis+socket://{SOCKET}", backend=f"redis+socket://{SOCKET}")
app.conf.update(
    include=["deepidv.contrib.celery"],
    broker_connection_retry_on_startup=True,
    worker_prefetch_multiplier=1,
    deepidv_settle=float(os.environ.get("SHOP_SETTLE", "120")),
    deepidv_redis=f"unix://{SOCKET}",
)
store = redis.Redis(unix_socket_path=SOCKET)


@task_prerun.connect
def note(task, kwargs, **_):
    """Record which process runs which task."""
    if "external_id" in kwargs:
        store.rpush(kwargs["external_id"], f"{os.getpid()} {task.name}")
