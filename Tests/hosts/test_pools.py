"""Pools: `get()` raises, and exceptions can be pickled in both directions."""

import json

import pytest

POOLS = ["ThreadPool", "Pool", "spawned Pool", "ThreadPoolExecutor", "ProcessPoolExecutor"]


@pytest.mark.parametrize("pool", POOLS)
def test_a_pool_raises_it(run, service, reference, pool):
    service.lose_the_answer(searches=100)
    here, there, size = json.loads(run("pools", pool, reference))
    assert (here["class"], here["module"]) == ("OutcomeUnknown", "deepidv")
    assert here["token"].endswith(f".{reference}")
    assert here["cause"] == "DEEPIDV_E_CONNECTION_LOST"
    assert there == here
    assert size == 4
    assert service.executions(reference) == 1
