"""Measures how processes share the rate of one key: see README.md."""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "Tests" / "emulator"))

from emulator_process import Emulator

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]


def jain(values):
    """Return Jain's index of fairness: 1 if all are equal, 1/n if one has all."""
    squares = sum(value * value for value in values)
    return sum(values) ** 2 / (len(values) * squares) if squares else 0.0


def start_redis(folder):
    """Start a Redis on a Unix socket, and return the process and its URL."""
    socket = pathlib.Path(folder) / "redis.sock"
    process = subprocess.Popen(
        ["redis-server", "--port", "0", "--unixsocket", str(socket), "--save", "", "--dir", folder],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    until = time.monotonic() + 10
    while not socket.exists():
        if time.monotonic() > until:
            process.kill()
            raise SystemExit("fleet: redis-server did not start")
        time.sleep(0.02)
    return process, f"unix://{socket}"


def run(processes, seconds, load, redis):
    """Run workers; return how many sessions each has created, and the part of all requests that got 429."""
    emulator = Emulator()
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT / "bindings" / "python"),
        "DEEPIDV_API_KEY": "dk_emulator",
        "DEEPIDV_BASE_URL": emulator.url,
    }
    options = ["--seconds", str(seconds), "--rate", str(load / processes)]
    workers = [
        subprocess.Popen(
            [sys.executable, HERE / "worker.py", *options, "--redis", redis, "--seed", str(number)],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(processes)
    ]
    try:
        for worker in workers:
            worker.stdout.readline()
        begin = time.time() + 1
        for worker in workers:
            print(begin, file=worker.stdin, flush=True)
        # As the service counts: a worker does not see the answers to what it has in flight at the end. The emulator
        # lists the last thousand requests.
        statuses = {}
        while (left := begin + seconds - time.time()) > 0:
            time.sleep(min(left, 5))
            for request in emulator.inspect("requests?limit=1000")["requests"]:
                statuses[request["number"]] = request["status"]
        created = [json.loads(worker.communicate(timeout=60)[0])["created"] for worker in workers]
        return created, list(statuses.values()).count(429) / max(1, len(statuses))
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
        emulator.close()


def measure(processes, seconds, load, redis):
    """Return one row of the table."""
    created, refused = run(processes, seconds, load, redis)
    return [
        str(processes),
        "through Redis" if redis else "without Redis",
        f"{sum(created) / seconds:.1f}",
        f"{100 * refused:.1f} %",
        f"{min(created)} to {max(created)}",
        f"{jain(created):.3f}",
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--processes", default="2,8,32")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--load", type=float, default=50, help="creates a second in all; 0: as many as possible")
    parser.add_argument("--shared", default="none,redis", help="none, redis or both")
    options = parser.parse_args()
    heads = ["processes", "rate", "creates/s", "429", "creates of each", "Jain"]
    print("| " + " | ".join(heads) + " |\n|" + " --- |" * len(heads), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for processes in map(int, options.processes.split(",")):
            for shared in options.shared.split(","):
                # A fresh one: what an earlier run has used does not count.
                redis, url = start_redis(folder) if shared == "redis" else (None, "")
                try:
                    row = measure(processes, options.seconds, options.load, url)
                finally:
                    if redis:
                        redis.terminate()
                        redis.wait(10)
                print("| " + " | ".join(row) + " |", flush=True)


main()
