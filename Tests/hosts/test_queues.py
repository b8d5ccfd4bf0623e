"""RQ and Dramatiq retry a job after any exception, but the create is executed once."""

import importlib
import sys

import pytest
import rq
from conftest import PROGRAMS, until


@pytest.fixture
def jobs(request, redis_server, monkeypatch):
    """Import the jobs like the application that sends them."""
    monkeypatch.setenv("REDIS_SOCKET", str(redis_server))
    monkeypatch.syspath_prepend(PROGRAMS)
    yield importlib.import_module(request.param)
    del sys.modules[request.param]


@pytest.mark.parametrize("jobs", ["dramatiq_jobs"], indirect=True)
def test_dramatiq(start, jobs, redis, redis_server, service, reference):
    """One process runs all attempts, so the guard remembers the first one."""
    service.lose_the_answer(searches=1000)
    start("dramatiq", "dramatiq_jobs", "--processes", "1", "--threads", "2", REDIS_SOCKET=str(redis_server))
    jobs.create.send(reference)
    until(lambda: redis.llen(f"runs-{reference}") == 3)
    service.heal()
    until(lambda: redis.llen(f"created-{reference}"))
    assert service.executions(reference) == 1
    jobs.broker.close()


@pytest.mark.parametrize("jobs", ["rq_jobs"], indirect=True)
def test_rq(start, jobs, redis, redis_server, service, reference):
    """Each attempt runs in a new process: the second one finds the session of the first one."""
    service.answer_late(60_000, executed_first=True)
    queue = rq.Queue(connection=redis)
    job = queue.enqueue(jobs.find_or_create, reference, retry=rq.Retry(max=3))
    start("rq.cli", "worker", "--burst", "--url", f"unix://{redis_server}", REDIS_SOCKET=str(redis_server))
    until(lambda: job.get_status(refresh=True) in (rq.job.JobStatus.FINISHED, rq.job.JobStatus.FAILED))
    assert job.return_value()["created"] is False
    assert len({*redis.lrange(reference, 0, -1)}) == 2
    assert service.executions(reference) == 1
