"""Measures what statements cost in fresh interpreters, in turns, and prints a table."""

import os
import re
import resource
import statistics
import subprocess
import sys

STATEMENTS = {
    "nothing": "pass",
    "import http.client": "import http.client",
    "import deepidv": "import deepidv",
    "a connection of http.client": "import http.client; http.client.HTTPSConnection('localhost')",
    "a client of deepidv": "import deepidv; deepidv.Client('key')",
}
# Memory is read before and after the statement: what the interpreter itself needs differs between runs.
MEMORY = """
def read():
    with open("/proc/self/smaps_rollup") as lines:
        found = dict(line.split()[:2] for line in lines if line.endswith("kB\\n"))
    return int(found["Rss:"]), int(found["Private_Dirty:"])
import sys
read()
before, modules = read(), len(sys.modules)
{statement}
print(*(after - earlier for after, earlier in zip(read(), before)), len(sys.modules) - modules)
"""
# Some systems do not keep compiled modules.
ENVIRONMENT = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
# Without the modules that site imports, which differ between systems.
COMMAND = [sys.executable, "-S", "-c"]


def run(command):
    return subprocess.run(
        command, env=ENVIRONMENT, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True
    )


def cpu_seconds(statement):
    """Return the time of the processors, of the program and of the system for it."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run([*COMMAND, statement])
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def instructions(statement):
    valgrind = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
    counted = run([*valgrind, *COMMAND, statement])
    return int(re.search(r"Collected : (\d+)", counted.stderr)[1])


def main(rounds):
    for statement in STATEMENTS.values():
        # Compiles the modules.
        run([*COMMAND, statement])
    times = {name: [] for name in STATEMENTS}
    memory = {name: [] for name in STATEMENTS}
    for _ in range(rounds):
        for name, statement in STATEMENTS.items():
            times[name].append(cpu_seconds(statement))
            output = run([*COMMAND, MEMORY.format(statement=statement)]).stdout
            memory[name].append([int(word) for word in output.split()])
    counts = {name: instructions(statement) for name, statement in STATEMENTS.items()}
    print(f"Python {sys.version.split()[0]}; medians of {rounds} rounds, without what the interpreter itself takes")
    print(f"{'':30} {'million':>12} {'ms of':>7} {'KB':>8} {'KB of':>8} {'':>8}")
    print(f"{'':30} {'instructions':>12} {'CPU':>7} {'resident':>8} {'its own':>8} {'modules':>8}")
    for name in list(STATEMENTS)[1:]:
        million = (counts[name] - counts["nothing"]) / 1e6
        milliseconds = 1000 * (statistics.median(times[name]) - statistics.median(times["nothing"]))
        resident, own, modules = (statistics.median(values) for values in zip(*memory[name]))
        print(f"{name:30} {million:12.0f} {milliseconds:7.1f} {resident:8.0f} {own:8.0f} {modules:8.0f}")


main(int(sys.argv[1]))
