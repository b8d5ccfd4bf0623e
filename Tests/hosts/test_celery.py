"""Celery with Redis: workers survive an unknown outcome, and redelivered jobs create nothing twice."""

import importlib
import os
import signal
import sys

import deepidv
import pytest
from conftest import PROGRAMS, until

WORKER = ("celery", "-A", "celery_jobs", "worker", "--without-gossip", "--without-mingle", "--without-heartbeat")


@pytest.fixture
def jobs(redis, redis_server, monkeypatch):
    """Import the jobs like the application that sends them."""
    monkeypatch.setenv("REDIS_SOCKET", str(redis_server))
    monkeypatch.syspath_prepend(PROGRAMS)
    jobs = importlib.import_module("celery_jobs")
    yield jobs
    jobs.app.close()
    del sys.modules["celery_jobs"]


@pytest.fixture
def work(start, jobs, redis_server):
    """Start a worker."""

    def work(pool, *options, **environment):
        return start(*WORKER, "--pool", pool, *options, REDIS_SOCKET=str(redis_server), **environment)

    return work


def runs(redis, reference):
    return [int(process) for process in redis.lrange(reference, 0, -1)]


@pytest.mark.parametrize("pool", ["prefork", "threads", "solo"])
def test_an_unknown_outcome_fails_the_job_like_any_exception(work, jobs, redis, service, reference, pool):
    service.lose_the_answer(searches=1000)
    worker = work(pool, "--concurrency", "1")
    unknown, failed = jobs.create.delay(reference), jobs.fail.delay("fails")
    with pytest.raises(deepidv.OutcomeUnknown, match="DEEPIDV_E_CONNECTION_LOST"):
        unknown.get(60)
    with pytest.raises(RuntimeError):
        failed.get(60)
    service.heal()
    # The same process runs the next job, and no job is redelivered.
    assert jobs.create.delay("next").get(60)
    assert len({*runs(redis, reference), *runs(redis, "fails"), *runs(redis, "next")}) == 1
    assert [len(runs(redis, name)) for name in (reference, "fails", "next")] == [1, 1, 1]
    # A worker acknowledges a job after its result can be read.
    until(lambda: redis.llen("celery") == redis.hlen("unacked") == 0)
    assert worker.poll() is None
    assert service.executions(reference) == 1


def test_a_process_is_killed_during_a_create(work, jobs, redis, service, reference):
    """The service has executed the create but not responded yet. The job is redelivered."""
    service.answer_late(60_000, executed_first=True)
    work("prefork", "--concurrency", "1")
    job = jobs.find_or_create.delay(reference)
    until(lambda: service.executions(reference))
    os.kill(runs(redis, reference)[0], signal.SIGKILL)
    found = job.get(60)
    assert found["created"] is False
    assert len(set(runs(redis, reference))) == 2
    assert service.executions(reference) == 1


def test_a_job_that_is_repeated_later_in_another_process(work, jobs, redis, service, reference):
    """The service executes the request after the first attempt has ended."""
    service.answer_late(1500, executed_first=False)
    # Each process exits after one job.
    work("prefork", "--concurrency", "1", "--max-tasks-per-child", "1", DEEPIDV_SETTLE_MS="3000")
    found = jobs.find_or_create.delay(reference).get(60)
    assert found["created"] is False
    assert len(set(runs(redis, reference))) == 2
    assert service.executions(reference) == 1
