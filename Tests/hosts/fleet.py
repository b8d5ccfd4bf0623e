"""A work list and its workers, as processes of this machine."""

import collections
import os
import random
import signal
import subprocess
import sys
import time

import redis as redis_client
from deepidv.contrib.fleet import WorkList
from sqlalchemy import NullPool, create_engine, text


def applicants(numbers, prefix="row"):
    return [
        {
            "first_name": f"Secret{number}",
            "last_name": "Lovelace",
            "email": f"secret{number}@example.com",
            "phone": "+15192223333",
            "external_id": f"{prefix}-{number}",
        }
        for number in numbers
    ]


class Fleet:
    """A work list, and the `deepidv fleet work` processes that were started for it."""

    def __init__(self, url, environment, folder):
        self.url = url
        self.work = WorkList(url)
        self.environment = {**environment, "DEEPIDV_DATABASE": url}
        self._folder = folder
        self._logs = []
        self._processes = []
        self._engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)

    def run(self, *arguments, check=(0,), **options):
        """Run a command to its end, and return what it prints to standard error and standard output."""
        command = [sys.executable, "-m", "deepidv", "fleet", *map(str, arguments)]
        options = {"stdin": subprocess.DEVNULL, "env": self.environment, **options}
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, **options)
        assert done.returncode in check, done.stderr
        return done.stderr + done.stdout

    def start(self, *options, **environment):
        """Start a worker."""
        log = open(self._folder / f"worker-{len(self._logs)}", "w+")
        self._logs.append(log)
        command = [sys.executable, "-m", "deepidv", "fleet", "work", *map(str, options)]
        process = subprocess.Popen(
            command,
            env={**self.environment, **environment},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        self._processes.append(process)
        return process

    def query(self, words, **values):
        with self._engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(words), values)]

    def change(self, words, **values):
        with self._engine.connect() as connection:
            connection.execute(text(words), values)

    def states(self):
        return collections.Counter(state for (state,) in self.query("SELECT state FROM deepidv_rows"))

    def row(self, external_id, *columns):
        words = f"SELECT {', '.join(columns)} FROM deepidv_rows WHERE external_id = :external_id"
        return self.query(words, external_id=external_id)[0]

    @property
    def logs(self):
        texts = []
        for log in self._logs:
            log.seek(0)
            texts.append(log.read())
        return "\n".join(texts)

    def close(self):
        for process in self._processes:
            if process.poll() is None:
                process.kill()
            process.wait()
        print(self.logs)
        for log in self._logs:
            log.close()
        self.work.close()
        self._engine.dispose()


def kill_one_each_second(fleet, count, kills, *options, meanwhile=lambda kill: None):
    """Keep `count` workers running and kill one of them each second. Return them at the end."""
    workers = [fleet.start(*options) for _ in range(count)]
    for kill in range(kills):
        time.sleep(1)
        meanwhile(kill)
        number = random.randrange(count)
        workers[number].kill()
        workers[number].wait()
        workers[number] = fleet.start(*options)
    return workers


def stop(process):
    os.kill(process.pid, signal.SIGSTOP)


def resume(process):
    os.kill(process.pid, signal.SIGCONT)


class Redis:
    """A Redis without persistence, which can be restarted. It listens on a Unix socket."""

    def __init__(self, folder):
        self._folder = folder
        self._socket = folder / "redis.sock"
        self.url = f"unix://{self._socket}"
        self.start()

    def start(self):
        self._process = subprocess.Popen(
            ["redis-server", "--port", "0", "--unixsocket", self._socket, "--save", "", "--dir", self._folder],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        for _ in range(500):
            if self._socket.exists():
                return
            time.sleep(0.02)
        raise AssertionError("Redis has not started")

    def content(self):
        """Return everything that Redis has stored, as text."""
        client = redis_client.Redis(unix_socket_path=str(self._socket))
        try:
            return {key.decode(): str(client.dump(key)) + str(client.hgetall(key)) for key in client.scan_iter()}
        finally:
            client.close()

    def stop(self):
        self._process.terminate()
        self._process.wait(10)

    def restart(self):
        self.stop()
        self.start()
