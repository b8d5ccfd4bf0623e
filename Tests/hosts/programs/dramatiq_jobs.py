"""A job for Dramatiq, which retries it after any Exception."""

import os

import dramatiq
import redis
from common import applicant, client
from dramatiq.brokers.redis import RedisBroker

store = redis.Redis(unix_socket_path=os.environ["REDIS_SOCKET"])
broker = RedisBroker(client=store)
dramatiq.set_broker(broker)


@dramatiq.actor(max_retries=3, min_backoff=50, max_backoff=100)
def create(reference):
    store.rpush(f"runs-{reference}", os.getpid())
    session = client().create_session(**applicant(reference))
    store.rpush(f"created-{reference}", session.id)
