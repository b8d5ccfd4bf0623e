"""Calls a function in a pool, and prints the exception that `get()` or `result()` raises."""

import json
import multiprocessing
import multiprocessing.pool
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import deepidv
from common import applicant, client

POOLS = {
    "ThreadPool": multiprocessing.pool.ThreadPool,
    "Pool": multiprocessing.get_context("fork").Pool,
    "spawned Pool": multiprocessing.get_context("spawn").Pool,
    "ThreadPoolExecutor": ThreadPoolExecutor,
    "ProcessPoolExecutor": ProcessPoolExecutor,
}


def create(reference):
    return client().create_session(**applicant(reference)).id


def describe(error):
    """Return the fields of an exception. The pool runs it too, so that the exception is pickled as an argument."""
    return {
        "class": type(error).__name__,
        "module": type(error).__module__,
        "token": error.reconcile_token,
        "cause": error.cause,
        "retry_after": error.retry_after,
        "text": str(error),
    }


def call(pool, function, argument):
    if hasattr(pool, "submit"):
        return pool.submit(function, argument).result(60)
    return pool.apply_async(function, (argument,)).get(60)


if __name__ == "__main__":
    with POOLS[sys.argv[1]](2) as pool:
        try:
            call(pool, create, sys.argv[2])
        except deepidv.OutcomeUnknown as error:
            here, there = describe(error), call(pool, describe, error)
        # The pool still works.
        print(json.dumps([here, there, call(pool, len, "four")]))
