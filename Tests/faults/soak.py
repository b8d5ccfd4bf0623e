"""Thousands of creates under random faults, with the library and with plain libcurl.

As a program it prints tables of the results: python soak.py [--count N] [--seed N] [--option KEY=VALUE]...
"""

import argparse
import collections
import os
import pathlib
import random
import shlex
import subprocess
import threading
import time
from dataclasses import dataclass, field

import proxy as p
from emulator import ROOT, Emulator
from truth import CREATED, REJECTED, SAFE, UNKNOWN, false_reports

HERE = pathlib.Path(__file__).resolve().parent
# Those of another architecture, in `make test-cross`.
COMPILER = shlex.split(os.environ.get("DEEPIDV_CC", "cc"))
RUNNER = shlex.split(os.environ.get("DEEPIDV_RUNNER", ""))
LIBRARIES = os.environ.get("DEEPIDV_LIB_DIR", str(ROOT / ".build-lib"))
VALGRIND = [
    "valgrind",
    "-q",
    "--error-exitcode=9",
    "--leak-check=full",
    "--errors-for-leak-kinds=definite",
]
WARNINGS = ["-std=gnu11", "-O1", "-g", "-Wall", "-Wextra", "-Werror"]


def _end(r):
    return r.choice([p.fin, p.rst, p.close_notify])


def _soon(r):
    return r.uniform(0, 0.01)


def _late(r):
    return r.uniform(0.3, 1.2)


# The actions on requests: a name, a percentage, and a function that creates the action.
REQUESTS = [
    ("passed on", 38, lambda r: p.pass_on()),
    ("passed on, then closed", 8, lambda r: p.pass_on(then=p.idle(_soon(r), _end(r)))),
    ("passed on, then a 408", 2, lambda r: p.pass_on(then=p.unsolicited(_soon(r), STALE, _end(r)))),
    ("cut", 11, lambda r: p.cut_request(p.at(r.choice(CUTS)), _end(r))),
    ("executed, closed", 10, lambda r: p.execute(_end(r))),
    ("executed, silence", 2, lambda r: p.execute(p.silence)),
    ("executed late", 3, lambda r: p.pass_on(delay=_late(r))),
    ("executed, response late", 3, lambda r: p.pass_on(late=_late(r))),
    ("executed, response cut", 8, lambda r: p.cut_response(p.anywhere(r.random()), _end(r))),
    ("executed, garbage", 2, lambda r: p.respond(b"garbage\r\n\r\n", _end(r), executed=True)),
    ("executed, 1xx only", 2, lambda r: p.respond(_announcement(r), _end(r), executed=True)),
    ("executed, 408 or 5xx", 3, lambda r: p.respond(_refusal(r, 408, 500, 502, 504), executed=True)),
    ("executed, huge header", 1, lambda r: p.respond(HUGE, p.fin, executed=True)),
    ("not executed, 5xx", 2, lambda r: p.respond(_refusal(r, 500, 502, 503))),
    ("not executed, 429", 4, lambda r: p.respond(_refusal(r, 429))),
    ("not executed, 4xx", 1, lambda r: p.respond(_refusal(r, 400, 401, 403, 404))),
]
CUTS = [0, 1, 50, 150, 400, 3_000, 30_000, 200_000]
HUGE = b"HTTP/1.1 200 OK\r\nX: " + b"x" * 300_000
STALE = b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


def _refusal(r, *statuses):
    return b"HTTP/1.1 %d No\r\nContent-Length: 0\r\n\r\n" % r.choice(statuses)


def _announcement(r):
    return b"HTTP/1.1 %d Wait\r\n\r\n" % r.choice([100, 101, 103])


class Mix:
    """Random faults from a seed, in the order in which requests arrive."""

    CLOSED = "closed when accepted"

    def __init__(self, seed):
        self._random = random.Random(seed)
        self._lock = threading.Lock()
        self.performed = collections.Counter()

    @classmethod
    def kinds(cls):
        return [cls.CLOSED, *(name for name, _, _ in REQUESTS)]

    def at_accept(self):
        with self._lock:
            if self._random.random() >= 0.05:
                return None
            self.performed[self.CLOSED] += 1
            return p.at_accept(self._random.choice([p.fin, p.rst]), seconds=self._random.uniform(0, 0.005))

    def at_request(self):
        with self._lock:
            ((name, _, make),) = self._random.choices(REQUESTS, [weight for _, weight, _ in REQUESTS])
            self.performed[name] += 1
            return make(self._random)


@dataclass
class Report:
    """What a program reports about one create."""

    status: str
    cause: str
    http_status: int
    attempts: int
    session_id: str


def report(words):
    """Read what a program says of a create, behind its external id."""
    status, cause, http_status, attempts, session_id = words
    return Report(status, cause, int(http_status), int(attempts), session_id)


@dataclass
class Outcome:
    """The results of a soak."""

    title: str
    returncode: int
    errors: str
    seconds: float
    reports: dict = field(default_factory=dict)
    repeated: int = 0
    sessions: dict = field(default_factory=dict)
    faults: collections.Counter = field(default_factory=collections.Counter)

    def wrong(self, is_wrong):
        return [name for name, report in self.reports.items() if is_wrong(report, self.sessions.get(name, []))]

    @property
    def created(self):
        return sum(report.status == CREATED for report in self.reports.values())

    @property
    def executed_twice(self):
        return [name for name, ids in self.sessions.items() if len(ids) > 1]

    @property
    def falsely_created(self):
        return self.wrong(lambda report, ids: report.status == CREATED and report.session_id not in ids)

    @property
    def falsely_safe(self):
        return self.wrong(lambda report, ids: report.status in SAFE and ids)

    @property
    def falsely_rejected(self):
        return self.wrong(lambda report, ids: report.status in REJECTED - SAFE and ids)

    @property
    def false_reports(self):
        found = {name: false_reports(report, self.sessions.get(name, [])) for name, report in self.reports.items()}
        return {name: sentences for name, sentences in found.items() if sentences}

    def table(self):
        """Return a table of statuses and executions, and the five numbers that must be zero."""
        rows = collections.defaultdict(lambda: [0, 0, 0])
        for name, report in self.reports.items():
            rows[report.status][min(2, len(self.sessions.get(name, [])))] += 1
        attempts = sum(report.attempts for report in self.reports.values())
        unknown = sum(rows[UNKNOWN])
        lines = [
            f"{self.title}: {len(self.reports)} creates in {self.seconds:.1f} s, {attempts} attempts, "
            f"{sum(self.faults.values())} connections and requests at the proxy",
            f"  {'reported':<22}{'not executed':>14}{'executed once':>15}{'more than once':>16}",
            *(f"  {status:<22}{row[0]:>14}{row[1]:>15}{row[2]:>16}" for status, row in sorted(rows.items())),
            f"  executed more than once                        {len(self.executed_twice):>6}",
            f"  reported as created, but not created           {len(self.falsely_created):>6}",
            f"  reported as safe to retry, but executed        {len(self.falsely_safe):>6}",
            f"  reported as rejected, but executed             {len(self.falsely_rejected):>6}",
            f"  completed more than once, or never             {self.repeated:>6}",
            f"  unknown                                        {unknown:>6}  {100 * unknown / len(self.reports):.1f} %",
        ]
        return "\n".join(lines)


def build(folder):
    """Compile the programs into a folder."""
    library = ["-I", ROOT / "include", "-L", LIBRARIES, "-ldeepidv", f"-Wl,-rpath,{LIBRARIES}"]
    programs = {
        "soak_driver": library,
        "soak_threads": [*library, "-lpthread"],
        "soak_jobs": library,
        "plain_curl": ["-lcurl", "-lpthread"],
    }
    # The linker would search it, too.
    environment = {key: value for key, value in os.environ.items() if key != "LD_LIBRARY_PATH"}
    for name, arguments in programs.items():
        command = [*COMPILER, *WARNINGS, "-o", folder / name, HERE / f"{name}.c", *arguments]
        subprocess.run(command, env=environment, check=True, timeout=60)


def run(
    program,
    emulator,
    *,
    title,
    seed,
    count,
    in_flight=64,
    timeouts="400,800",
    tls=None,
    ca_file=None,
    options=("rate_limit=0", "connection_reuse=1"),
    under=(),
    bound=60,
):
    """Run one of the programs through a proxy with random faults, for at most ``bound`` seconds.

    ``options`` are options of the library; unknown ones are ignored.
    """
    mix = Mix(seed)
    front = p.Proxy(emulator.url, script=mix, tls=tls)
    prefix = f"{title.replace(' ', '-')}-{seed}-"
    if ca_file:
        options = [*options, f"ca_file={ca_file}"]
    started = time.monotonic()
    done = subprocess.run(
        [*RUNNER, *under, program, front.url, str(count), prefix, str(seed), str(in_flight), timeouts, *options],
        capture_output=True,
        text=True,
        timeout=bound,
    )
    outcome = Outcome(title, done.returncode, done.stderr, time.monotonic() - started, faults=mix.performed)
    # Late executions finish before they are counted.
    front.end()
    for line in done.stdout.splitlines():
        name, *rest = line.split()
        outcome.repeated += name in outcome.reports
        outcome.reports[name] = report(rest)
    outcome.repeated += count - len(outcome.reports)
    outcome.sessions = {
        name: ids for name, ids in emulator.all_session_ids().items() if name and name.startswith(prefix)
    }
    counted = {name: n for name, n in emulator.executions().items() if name.startswith(prefix)}
    assert counted == {name: len(ids) for name, ids in outcome.sessions.items()}
    assert set(counted) <= {f"{prefix}{number}" for number in range(count)}
    return outcome


def main():
    import tempfile

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--in-flight", type=int, default=64)
    parser.add_argument("--timeouts", default="400,800", help="milliseconds, one client each")
    parser.add_argument("--option", action="append", default=["rate_limit=0"], help="KEY=VALUE for the library")
    options = parser.parse_args()
    emulator = Emulator()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        build(folder)
        print("seed", options.seed)
        for title, program in (
            ("libdeepidv", "soak_driver"),
            ("libdeepidv, blocking", "soak_threads"),
            ("plain libcurl", "plain_curl"),
        ):
            outcome = run(
                folder / program,
                emulator,
                title=title,
                seed=options.seed,
                count=options.count,
                in_flight=options.in_flight,
                timeouts=options.timeouts,
                options=options.option,
                bound=600,
            )
            print(outcome.table(), outcome.errors, sep="\n")
    emulator.end()


if __name__ == "__main__":
    main()
