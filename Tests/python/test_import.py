"""What `import deepidv` loads: the library, and little of Python. Benchmarks/import measures it."""

import json
import os
import pickle
import subprocess
import sys

import deepidv
import pytest

# Each costs more than the package's own modules, or is a sign of something that does.
HEAVY = [
    "argparse", "asyncio", "dataclasses", "datetime", "email", "enum", "hashlib", "http", "inspect", "ipaddress",
    "json", "logging", "pathlib", "re", "socket", "ssl", "tempfile", "typing", "urllib", "warnings",
    "weakref",
]  # fmt: skip


def run(program):
    """Run a program in a new interpreter, without the modules that site imports."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    ran = subprocess.run(
        [sys.executable, "-S", "-c", program],
        env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def loaded_by(statement):
    """Return the names of the modules that a statement imports."""
    program = f"import sys; before = set(sys.modules); {statement}; print(*(set(sys.modules) - before))"
    return set(run(program).split())


def test_importing_loads_no_module_that_takes_time():
    loaded = loaded_by("import deepidv")
    assert {name for name in loaded if name.startswith("deepidv.")} == {"deepidv._abi_version", "deepidv._loading"}
    assert sorted(loaded.intersection(HEAVY)) == []


def test_importing_loads_less_than_http_client():
    """The oracle of the list above: http.client does load such modules."""
    assert len(loaded_by("import http.client").intersection(HEAVY)) > 5


def test_a_client_loads_neither_asyncio_nor_a_second_http_client():
    loaded = loaded_by("import deepidv; deepidv.Client('key')")
    assert sorted(loaded.intersection(["argparse", "asyncio", "http", "logging", "pathlib", "socket", "ssl"])) == []


def test_every_public_name_is_found_in_any_order():
    program = """
import json, sys, deepidv
print(json.dumps({name: getattr(getattr(deepidv, name), "__module__", None) for name in deepidv.__all__}))
"""
    found = json.loads(run(program))
    assert set(found) == set(deepidv.__all__)
    assert {module for module in found.values() if module} == {"deepidv"}
    assert found["AsyncClient"] == "deepidv"


def test_a_name_is_found_by_many_threads_at_once():
    program = """
import threading, deepidv
start, found = threading.Barrier(16), []
def get(name):
    start.wait()
    found.append(getattr(deepidv, name))
names = ["Client", "AsyncClient", "parse_redirect", "Webhook"] * 4
threads = [threading.Thread(target=get, args=(name,)) for name in names]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(len(found), len(set(found)))
"""
    assert run(program).split() == ["16", "4"]


@pytest.mark.parametrize("name", ["__wrapped__", "_x", "NoSuchName", "client"])
def test_other_names_are_not_found(name):
    assert not hasattr(deepidv, name)


def test_asking_for_a_private_name_loads_nothing():
    loaded = loaded_by("import deepidv; hasattr(deepidv, '__wrapped__'); hasattr(deepidv, '_x')")
    assert "deepidv._public" not in loaded


def test_a_pickle_of_another_process_loads_what_it_needs():
    program = """
import pickle, sys
error = pickle.loads(bytes.fromhex(sys.stdin.readline()))
print(type(error).__module__, type(error).__name__)
"""
    ran = subprocess.run(
        [sys.executable, "-c", program],
        input=pickle.dumps(deepidv.RateLimited("text")).hex() + "\n",
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert ran.stdout.split() == ["deepidv", "RateLimited"], ran.stderr
