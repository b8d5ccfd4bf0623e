"""Creates sessions in Python: create.py deepidv|deepidv_async|requests|httpx|aiohttp URL IN_FLIGHT COUNT.

Uses at most 64 connections, like every row; other creates wait in the client's pool.
"""

import asyncio
import resource
import sys
import threading
import time
import uuid

CONNECTIONS = 64
HEADERS = {"x-api-key": "dk_benchmark", "Accept": "application/json"}
latencies = []


def applicant(number):
    return {
        "first_name": "Applicant",
        "last_name": f"Number {number}",
        "email": f"applicant.{number}@example.com",
        "phone": "+15192223333",
        "external_id": "didv_" + uuid.uuid4().hex,
        "workflow_id": "wf_abc123",
        "redirect_url": "https://yourapp.com/verify-callback?cart=8821",
    }


def record(begun, status, session):
    assert status == 200
    assert session["id"] == "sess_5f8a7c2b9e4d4c1a8f3e6d7b2a1c0e9f"
    assert session["session_url"].startswith("https://")
    latencies.append(time.perf_counter() - begun)


def with_threads(in_flight, post):
    """Return a function that creates sessions on one thread per connection."""

    def create(applicants):
        waiting = enumerate(applicants)
        lock = threading.Lock()
        begun = time.perf_counter()

        def work():
            while True:
                with lock:
                    number, body = next(waiting, (0, None))
                if body is None:
                    return
                # The first ones are submitted at the start, the others when one has completed.
                submitted = begun if number < in_flight else time.perf_counter()
                record(submitted, *post(body))

        threads = [threading.Thread(target=work) for _ in range(min(in_flight, CONNECTIONS))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    return create


def with_requests(url, in_flight):
    import requests

    session = requests.Session()
    adapter = requests.adapters.HTTPAdapter(pool_connections=1, pool_maxsize=CONNECTIONS)
    session.mount("http://", adapter)

    def post(body):
        response = session.post(url, json=body, headers=HEADERS)
        return response.status_code, response.json()

    return with_threads(in_flight, post)


def with_deepidv(url, in_flight):
    import deepidv

    client = deepidv.Client("dk_benchmark", base_url=url.removesuffix("/v1/sessions"), rate_limit=0)

    def post(body):
        session = client.create_session(**body)
        return session.http_status, {"id": session.id, "session_url": session.url}

    return with_threads(in_flight, post)


def with_tasks(open_client, post):
    """Return a function that creates sessions in concurrent tasks on one event loop."""
    loop = asyncio.new_event_loop()
    client = loop.run_until_complete(open_client())

    def create_with(in_flight):
        async def run(applicants):
            waiting = iter(applicants)

            async def work():
                for body in waiting:
                    begun = time.perf_counter()
                    status, session = await post(client, body)
                    record(begun, status, session)

            await asyncio.gather(*(work() for _ in range(in_flight)))

        return lambda applicants: loop.run_until_complete(run(applicants))

    return create_with


def with_httpx(url, in_flight):
    import httpx

    async def open_client():
        limits = httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
        return httpx.AsyncClient(limits=limits, timeout=60, headers=HEADERS)

    async def post(client, body):
        response = await client.post(url, json=body)
        return response.status_code, response.json()

    return with_tasks(open_client, post)(in_flight)


def with_deepidv_async(url, in_flight):
    import deepidv

    async def open_client():
        base_url = url.removesuffix("/v1/sessions")
        return deepidv.AsyncClient("dk_benchmark", base_url=base_url, rate_limit=0)

    async def post(client, body):
        session = await client.create_session(**body)
        return session.http_status, {"id": session.id, "session_url": session.url}

    return with_tasks(open_client, post)(in_flight)


def with_aiohttp(url, in_flight):
    import aiohttp

    async def open_client():
        connector = aiohttp.TCPConnector(limit=CONNECTIONS)
        return aiohttp.ClientSession(connector=connector, headers=HEADERS)

    async def post(client, body):
        async with client.post(url, json=body) as response:
            return response.status, await response.json()

    return with_tasks(open_client, post)(in_flight)


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main():
    name, base_url, in_flight, count = sys.argv[1:]
    in_flight, count = int(in_flight), int(count)
    create = globals()["with_" + name](base_url + "/v1/sessions", in_flight)
    create([applicant(number) for number in range(min(4 * CONNECTIONS, count))])
    latencies.clear()
    # Built before the measurement.
    applicants = [applicant(number) for number in range(count)]
    begun, begun_cpu = time.perf_counter(), cpu()
    create(applicants)
    seconds, used = time.perf_counter() - begun, cpu() - begun_cpu
    latencies.sort()
    print(
        f"{count / seconds:.0f} {used / count * 1e6:.1f} {latencies[count // 2] * 1e6:.0f}"
        f" {latencies[count // 100 * 99] * 1e6:.0f}"
        f" {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}"
    )
    sys.stdout.flush()


main()
