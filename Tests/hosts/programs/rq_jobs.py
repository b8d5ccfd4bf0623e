"""A job for RQ, whose repeats may run in another process: so it finds before it creates."""

import os

import redis
from onboarding import applicant, client

store = redis.Redis(unix_socket_path=os.environ["REDIS_SOCKET"])


def find_or_create(reference):
    store.rpush(reference, os.getpid())
    session = client().find_or_create_session(**applicant(reference))
    return {"id": session.id, "created": session.created}
