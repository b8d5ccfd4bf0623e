"""One process of the benchmark: creates sessions at its part of the load, and prints what came of it."""

import argparse
import asyncio
import json
import random
import sys
import time

import deepidv

# As many creates as wait or run at once, if the load is unlimited.
IN_FLIGHT = 64


class Worker:
    """Creates sessions until the end, and counts."""

    def __init__(self, client, end):
        self.client = client
        self.end = end
        self.counts = {"created": 0, "failed": 0}

    async def create(self):
        try:
            await self.client.create_session(
                first_name="Ada", last_name="Lovelace", email="ada@example.com", phone="+15192223333"
            )
            outcome = "created"
        except deepidv.Error:
            outcome = "failed"
        if time.time() < self.end:
            self.counts[outcome] += 1

    async def create_at(self, rate, chance):
        """Begin creates at random times, at this average rate per second."""
        running = set()
        begins = time.time()
        while (begins := begins + chance.expovariate(rate)) < self.end:
            await asyncio.sleep(begins - time.time())
            task = asyncio.create_task(self.create())
            running.add(task)
            task.add_done_callback(running.discard)
        await asyncio.sleep(self.end - time.time())
        for task in running:
            task.cancel()

    async def create_without_pause(self):
        """Keep this number of creates in flight."""

        async def one():
            while time.time() < self.end:
                await self.create()

        tasks = [asyncio.create_task(one()) for _ in range(IN_FLIGHT)]
        await asyncio.sleep(self.end - time.time())
        for task in tasks:
            task.cancel()


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--redis", default="", help="the URL of a Redis that shares the rate")
    parser.add_argument("--rate", type=float, help="creates a second; 0 for as many as possible")
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--seed", type=int)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    async with deepidv.AsyncClient.from_env() as client:
        if options.redis:
            from deepidv.contrib.shared_rate import SharedRate

            # Ends with the client, and not before: what waits would be sent at once.
            SharedRate(client, options.redis)
        # A process that has imported everything waits for the others, and for the time to begin.
        print("ready", flush=True)
        begin = float(sys.stdin.readline())
        await asyncio.sleep(begin + chance.random() - time.time())
        worker = Worker(client, begin + options.seconds)
        if options.rate:
            await worker.create_at(options.rate, chance)
        else:
            await worker.create_without_pause()
    print(json.dumps(worker.counts), flush=True)


asyncio.run(main())
