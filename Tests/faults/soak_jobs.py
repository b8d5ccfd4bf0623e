"""Workers of a job queue that are killed at any moment, and whose jobs are delivered again.

Run by itself it prints a table: python soak_jobs.py [--count N] [--seed N] [--plain]
"""

import argparse
import collections
import contextlib
import pathlib
import random
import signal
import subprocess
import tempfile
import threading
import time

import proxy as p
import soak
from emulator import Emulator
from truth import CREATED

# Seconds after which a job is delivered again. What is executed late under random faults is executed before.
DELIVERY_DELAY = 3.0
# How often a job is delivered at most.
DELIVERIES = 6
# Of a hundred deliveries, how many are killed.
KILLED = 25


class Queue:
    """A job queue that delivers a job again unless it was done, after a while."""

    def __init__(self, count):
        self._lock = threading.Condition()
        self._ready = collections.deque((number, 1, 0.0) for number in range(count))
        self._left = count

    def take(self):
        """Return a job and how often it was delivered, or None if all are done."""
        with self._lock:
            while self._left > 0:
                now = time.monotonic()
                # The delay is always the same, so that the first is due first.
                if self._ready and self._ready[0][2] <= now:
                    number, deliveries, _ = self._ready.popleft()
                    return number, deliveries
                self._lock.wait(self._ready[0][2] - now if self._ready else None)
            return None

    def done(self, jobs=1):
        """Say that a job is done, or given up, or more of them."""
        with self._lock:
            self._left -= jobs
            self._lock.notify_all()

    def again(self, number, deliveries):
        """Deliver a job again."""
        with self._lock:
            self._ready.append((number, deliveries + 1, time.monotonic() + DELIVERY_DELAY))
            self._lock.notify_all()


class Worker:
    """A worker process, which is started again when it was killed."""

    def __init__(self, command):
        self._command = command
        self._process = None

    def run(self, number, kill_after):
        """Return what the worker says of a job; None if it was killed before."""
        if self._process is None:
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
            )
        killer = threading.Timer(kill_after, self._process.kill) if kill_after is not None else None
        if killer:
            killer.start()
        try:
            self._process.stdin.write(f"{number}\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if killer:
            # It is killed all the same if it was faster.
            killer.join()
            self.end(killed=True)
        return line if line.endswith("\n") else None

    def end(self, killed=False):
        if self._process is None:
            return
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        returncode = self._process.wait(30)
        self._process.stdout.close()
        self._process = None
        assert returncode == (-signal.SIGKILL if killed else 0)


def run(program, emulator, *, title, seed, count, workers=16, timeouts="800,1500", options=("rate_limit=0",)):
    """Run jobs through a proxy with random faults; returns the outcome of each one's last delivery."""
    mix = soak.Mix(seed)
    front = p.Proxy(emulator.url, script=mix)
    prefix = f"{title.replace(' ', '-')}-{seed}-"
    queue = Queue(count)
    outcome = soak.Outcome(title, 0, "", 0.0, faults=mix.performed)
    kills = collections.Counter()
    failures = []

    def work(index):
        choice = random.Random(f"{seed} {index}")
        worker = Worker([program, front.url, "0", prefix, str(seed), "4", timeouts, *options])
        try:
            while (job := queue.take()) is not None:
                number, deliveries = job
                is_last = deliveries == DELIVERIES
                is_killed = not is_last and choice.randrange(100) < KILLED
                # Mostly while a request is under way, which takes some milliseconds.
                line = worker.run(number, choice.choice([0.02, 0.3, 1.5]) * choice.random() if is_killed else None)
                kills["killed"] += is_killed
                kills["killed before it was done"] += line is None
                if line is not None:
                    name, *rest = line.split()
                    outcome.reports[name] = soak.report(rest)
                # A worker that is killed after its answer could not say that the job is done.
                if not is_killed and (is_last or outcome.reports[name].status == CREATED):
                    queue.done()
                else:
                    queue.again(number, deliveries)
            worker.end()
        except BaseException as error:
            failures.append(error)
            # The other workers would wait for its job for ever.
            queue.done(count)

    started = time.monotonic()
    threads = [threading.Thread(target=work, args=(index,)) for index in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    outcome.seconds = time.monotonic() - started
    front.end()
    assert failures == []
    outcome.repeated = count - len(outcome.reports)
    outcome.sessions = {
        name: ids for name, ids in emulator.all_session_ids().items() if name and name.startswith(prefix)
    }
    return outcome, kills


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=6000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--plain", action="store_true", help="create without finding first, for comparison")
    options = parser.parse_args()
    emulator = Emulator()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        soak.build(folder)
        options_of_library = ("rate_limit=0", *(["plain=1"] if options.plain else []))
        outcome, kills = run(
            folder / "soak_jobs",
            emulator,
            title="jobs",
            seed=options.seed,
            count=options.count,
            options=options_of_library,
        )
        print("seed", options.seed, dict(kills))
        print(outcome.table())
    emulator.end()


if __name__ == "__main__":
    main()
