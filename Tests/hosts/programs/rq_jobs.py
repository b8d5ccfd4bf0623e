"""A job for RQ, which runs each attempt in a new process: the job searches before it creates."""

import os

import redis
from common import applicant, client

store = redis.Redis(unix_socket_path=os.environ["REDIS_SOCKET"])


def find_or_create(reference):
    store.rpush(reference, os.getpid())
    session = client().find_or_create_session(**applicant(reference))
    return {"id": session.id, "created": session.created}
