"""What a client counts."""

import asyncio
import dataclasses
import json
import math
import os

import deepidv
import pytest
from deepidv import _abi
from peer import answer, say_nothing

TIMES = ("elapsed", "latency")


def test_nothing_is_counted_at_first(client):
    stats = client.stats()
    assert {name: value for name, value in vars(stats).items() if name not in TIMES and value} == {}
    assert stats.elapsed == 0
    assert sum(count for _, count in stats.latency) == 0


def test_it_has_the_counters_of_the_library():
    names = [name.removesuffix("_us") for name, *_ in _abi.deepidv_stats._fields_ if name != "reserved"]
    assert [field.name for field in dataclasses.fields(deepidv.Stats)] == names


def test_outcomes_requests_and_connections(start_peer, applicant):
    peer = start_peer(
        answer(), answer(400, {"message": "no"}), answer(500, {}), answer(429, {}), answer(), answer(200, {})
    )  # fmt: skip
    with deepidv.Client("key", base_url=peer.url, rate_limit=0, make_external_id=False) as client:
        client.create_session(**applicant)
        with pytest.raises(deepidv.BadRequest):
            client.create_session(**applicant)
        with pytest.raises(deepidv.OutcomeUnknown):
            client.create_session(**applicant)
        client.create_session(**{**applicant, "first_name": "Grace"})
        with pytest.raises(deepidv.NoAnswer):
            client.retrieve_session("sess_1")
        stats = client.stats()
    requests = peer.end()
    assert (stats.submitted, stats.in_flight) == (5, 0)
    assert (stats.succeeded, stats.refused, stats.outcome_unknown, stats.failed) == (2, 1, 1, 1)
    assert (stats.not_executed, stats.cancelled, stats.timed_out) == (0, 0, 0)
    assert stats.requests == len(requests)
    assert stats.submitted + stats.retries == stats.requests and stats.throttled == 1
    assert stats.connections_opened == len({request.connection for request in requests})
    assert stats.connections_opened + stats.connections_reused == len(requests)
    # The peer's heads lack the empty line.
    assert stats.bytes_sent == sum(len(request.head) + 4 + len(request.body) for request in requests)
    assert stats.bytes_received > 0


def test_latencies(client):
    for _ in range(3):
        client.list_page()
    stats = client.stats()
    bounds = [bound for bound, _ in stats.latency]
    assert bounds[0] == 2e-6
    assert bounds[20] == 2.097152
    assert bounds[-1] == math.inf
    assert bounds == sorted(bounds)
    assert sum(count for _, count in stats.latency) == 3
    assert stats.elapsed <= sum(bound * count for bound, count in stats.latency if count)


def test_an_operation_in_flight_that_is_cancelled(start_peer, applicant):
    async def run():
        async with deepidv.AsyncClient("key", base_url=peer.url) as client:
            task = asyncio.create_task(client.create_session(**applicant))
            await asyncio.to_thread(peer.wait_for, 1)
            during = client.stats()
            task.cancel()
            with pytest.raises(deepidv.OutcomeUnknown):
                await task
        return during, client.stats()

    peer = start_peer(say_nothing)
    during, after = asyncio.run(run())
    assert (during.submitted, during.in_flight) == (1, 1)
    assert (after.in_flight, after.outcome_unknown, after.cancelled) == (0, 1, 1)


def test_a_closed_client_still_has_them(client):
    client.list_page()
    client.close()
    assert client.stats().succeeded == 1


def test_a_forked_child_has_none(client):
    child = os.fork()
    if child == 0:
        try:
            client.stats()
        except deepidv.ForkedError:
            os._exit(7)
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7


def test_they_cannot_be_changed(client):
    with pytest.raises(dataclasses.FrozenInstanceError):
        client.stats().requests = 5


def test_they_are_json(client):
    shown = dataclasses.asdict(client.stats())
    assert json.loads(json.dumps(shown))["latency"][0] == [2e-6, 0]
