"""Processes share the rate and the daily quota of a key through a real Redis."""

import asyncio
import subprocess
import sys
import threading

import deepidv
import pytest
import redis as redis_client
from canaries import EMULATOR_OPTIONS
from conftest import PROGRAMS, until
from deepidv.contrib.shared_rate import SharedRate
from emulator_process import APPLICANT, Emulator


@pytest.fixture
def client(service):
    """Return a client that waits for its permits no longer than 20 seconds."""
    with deepidv.Client("dk_emulator", base_url=service.url, timeout=20) as client:
        yield client


@pytest.fixture
def server(redis, redis_server):
    """Return the URL of an empty Redis."""
    return f"unix://{redis_server}"


def used(redis, name="deepidv"):
    return int(redis.hget(f"deepidv:rate:{name}", "used") or 0)


def test_each_request_takes_a_permit(client, server, redis, service):
    with SharedRate(client, server), deepidv.Client("dk_emulator", base_url=service.url) as other:
        with SharedRate(other, server):
            client.create_session(**APPLICANT)
            other.create_session(**APPLICANT)
        # A 429 is retried.
        service.refuse(429, {"message": "Too Many Requests"})
        assert client.create_session(**APPLICANT).attempts == 2
        # A search, and a create.
        client.find_or_create_session(**APPLICANT, external_id="takes-two")
    assert used(redis) == 6


def test_asyncio(server, redis, service):
    async def create():
        async with deepidv.AsyncClient("dk_emulator", base_url=service.url) as client:
            with SharedRate(client, server, name="other"):
                await asyncio.gather(*[client.create_session(**APPLICANT) for _ in range(10)])

    asyncio.run(create())
    assert used(redis, "other") == 10
    assert used(redis) == 0


def test_without_redis_the_client_goes_on(client, tmp_path, caplog):
    with SharedRate(client, f"unix://{tmp_path}/none.sock") as shared:
        client.create_session(**APPLICANT)
        client.create_session(**APPLICANT)
        until(lambda: isinstance(shared.problem, redis_client.ConnectionError))
    assert len(caplog.records) == 1
    assert "none.sock" not in caplog.text


def test_redis_goes_away_and_comes_back(client, tmp_path):
    socket = tmp_path / "redis.sock"

    def start():
        process = subprocess.Popen(
            ["redis-server", "--port", "0", "--unixsocket", socket, "--save", "", "--dir", tmp_path],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        until(socket.exists)
        return process

    process = start()
    try:
        with SharedRate(client, f"unix://{socket}") as shared:
            client.create_session(**APPLICANT)
            process.terminate()
            process.wait(10)
            until(lambda: client.create_session(**APPLICANT) and shared.problem)
            process = start()
            until(lambda: client.create_session(**APPLICANT) and not shared.problem)
            with redis_client.Redis(unix_socket_path=str(socket)) as redis:
                until(lambda: client.create_session(**APPLICANT) and used(redis))
    finally:
        process.terminate()
        process.wait(10)


def test_the_daily_quota(server, redis, service, reference):
    with deepidv.Client("dk_emulator", base_url=service.url, timeout=1) as client:
        with SharedRate(client, server, daily=2) as shared:
            for _ in range(2):
                client.create_session(**APPLICANT)
            assert shared.exhausted_for == 0
            with pytest.raises(deepidv.NotSent):
                client.create_session(**APPLICANT, external_id=reference)
            assert 0 < shared.exhausted_for <= 86_400
            assert service.executions(reference) == 0
            # The next day.
            redis.hset("deepidv:rate:deepidv", "day", 1)
            until(lambda: not shared.exhausted_for or _creates(client))
            client.create_session(**APPLICANT)
    assert used(redis) <= 2


def _creates(client):
    try:
        return client.create_session(**APPLICANT)
    except deepidv.NotSent:
        return None


def test_processes_keep_the_rate(server, environment):
    emulator = Emulator("--rate", "40", "--burst", "12", *EMULATOR_OPTIONS)
    try:
        processes = [
            subprocess.Popen(
                [sys.executable, PROGRAMS / "shares.py", server, "10", "40"],
                env={**environment, "DEEPIDV_BASE_URL": emulator.url, "DEEPIDV_TIMEOUT_MS": "60000"},
                stdin=subprocess.DEVNULL,
            )
            for _ in range(3)
        ]
        assert [process.wait(120) for process in processes] == [0, 0, 0]
        requests = emulator.inspect("requests?limit=1000")["requests"]
        assert [request["status"] for request in requests] == [200] * 120
    finally:
        assert emulator.close() == 0


def test_a_client_that_is_freed_ends_the_thread(server, service):
    client = deepidv.Client("dk_emulator", base_url=service.url)
    shared = SharedRate(client, server)
    client.create_session(**APPLICANT)
    del client
    until(lambda: "deepidv-rate" not in [thread.name for thread in threading.enumerate()])
    shared.close()


def test_after_close_nothing_is_taken(client, server, redis):
    SharedRate(client, server).close()
    client.create_session(**APPLICANT)
    assert used(redis) == 0
    client.close()
    # A closed client needs no thread.
    SharedRate(client, server).close()


@pytest.mark.parametrize("limits", [{"rate": 0}, {"rate": -1}, {"rate": float("nan")}, {"burst": 0}, {"daily": -1}])
def test_invalid_limits(client, server, limits):
    with pytest.raises(ValueError, match="must be"):
        SharedRate(client, server, **limits)


def test_not_a_client(server):
    with pytest.raises(TypeError, match="not object"):
        SharedRate(object(), server)
