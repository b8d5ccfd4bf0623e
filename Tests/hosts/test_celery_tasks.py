"""The Celery tasks of the package, with Redis: whatever happens to a worker, each session is created once."""

import importlib
import json
import os
import signal
import sys

import deepidv
import pytest
from conftest import PROGRAMS, until
from emulator_process import APPLICANT

WORKER = ("celery", "-A", "celery_shop", "worker", "--without-gossip", "--without-mingle", "--without-heartbeat")
CREATE, SETTLE = "deepidv.create_session", "deepidv.settle_session"


@pytest.fixture
def tasks(redis, redis_server, monkeypatch):
    """Import the tasks like the application that sends them."""
    monkeypatch.setenv("REDIS_SOCKET", str(redis_server))
    monkeypatch.syspath_prepend(PROGRAMS)
    shop = importlib.import_module("celery_shop")
    yield importlib.import_module("deepidv.contrib.celery")
    shop.app.close()
    del sys.modules["celery_shop"]


@pytest.fixture
def work(start, tasks, redis_server):
    """Start a worker."""

    def work(pool="prefork", *options, settle="2", **environment):
        return start(
            *WORKER, "--pool", pool, "--concurrency", "2", *options,
            REDIS_SOCKET=str(redis_server), SHOP_SETTLE=settle, **environment,
        )  # fmt: skip

    return work


def send(tasks, reference, **fields):
    return tasks.create_session.delay(**{**APPLICANT, "external_id": reference, **fields})


def runs(redis, reference):
    """Return the names of the tasks that have begun, in order."""
    return [run.decode().split(" ")[1] for run in redis.lrange(reference, 0, -1)]


@pytest.mark.parametrize("pool", ["prefork", "threads", "solo"])
def test_a_session_is_created_once(work, tasks, redis, service, reference, pool):
    work(pool)
    created = send(tasks, reference).get(60)
    assert created["outcome"] == "created"
    assert created["external_id"] == reference
    assert created["url"].startswith("http")
    found = send(tasks, reference).get(60)
    assert found == {**created, "outcome": "found", "url": None}
    assert service.executions(reference) == 1
    # Two searches and a create, through the shared rate.
    assert int(redis.hget("deepidv:rate:deepidv", "used")) == 3
    until(lambda: redis.llen("celery") == redis.hlen("unacked") == 0)


def test_an_unknown_outcome_is_settled(work, tasks, redis, service, reference):
    """The answer is lost, and the searches of the first task fail."""
    service.lose_the_answer(searches=0)
    work()
    # The search before the create succeeds.
    service.fail_searches(after=1)
    job = send(tasks, reference)
    until(lambda: service.executions(reference) and SETTLE in runs(redis, reference))
    service.heal()
    assert job.get(60)["outcome"] == "found"
    assert runs(redis, reference)[0] == CREATE
    assert service.executions(reference) == 1


def test_a_request_that_was_not_executed_is_made_again(work, tasks, redis, service, reference):
    """The request is lost."""
    service.lose_the_request()
    work()
    assert send(tasks, reference).get(60)["outcome"] == "created"
    assert runs(redis, reference)[:2] == [CREATE, SETTLE]
    assert service.executions(reference) == 1


def test_a_process_is_killed_before_the_service_executes_the_create(work, tasks, redis, service, reference):
    """The message is delivered again at once, when no search can find the session yet."""
    service.answer_late(8000, executed_first=False)
    work(settle="12")
    job = send(tasks, reference)
    until(lambda: service.delays_a_create())
    os.kill(int(redis.lindex(reference, 0).split()[0]), signal.SIGKILL)
    assert job.get(60)["outcome"] == "found"
    assert runs(redis, reference) == [CREATE, CREATE, SETTLE]
    assert service.executions(reference) == 1


def test_several_sessions(work, tasks, service, reference):
    with deepidv.Client("dk_emulator", base_url=service.url) as client:
        ids = {client.create_session(**APPLICANT, external_id=reference).id for _ in range(2)}
    work()
    result = send(tasks, reference).get(60)
    assert result["outcome"] == "duplicate"
    assert set(result["session_ids"]) == ids


def test_what_was_not_sent_is_retried(work, tasks, redis, service, reference):
    service.fail_searches(after=0)
    work()
    job = send(tasks, reference)
    until(lambda: runs(redis, reference).count(CREATE) > 1)
    service.heal()
    assert job.get(60)["outcome"] == "created"
    assert service.executions(reference) == 1


@pytest.mark.parametrize(
    ("fields", "error"), [({"workflow_id": "none"}, deepidv.NotFound), ({"phone": "1"}, deepidv.InvalidRequest)]
)
def test_a_refusal_is_not_retried(work, tasks, redis, reference, fields, error):
    work()
    with pytest.raises(error):
        send(tasks, reference, **fields).get(60)
    assert runs(redis, reference) == [CREATE]


def test_logs_and_events_have_no_personal_data(tasks, redis, reference):
    send(tasks, reference)
    message = json.loads(redis.lindex("celery", 0))
    assert reference in message["headers"]["kwargsrepr"]
    assert not [text for text in APPLICANT.values() if text in json.dumps(message["headers"])]
