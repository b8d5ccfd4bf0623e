"""Several interpreters in one process, each with its own import of the package."""

import os
import subprocess
import sys

import pytest

# Two interpreters at once, each on its own thread. argv: how they are created, the URL, what main imports first.
PROGRAM = """
import sys, threading
try:
    import _interpreters as api
except ImportError:
    import _xxsubinterpreters as api

kind, url, first = sys.argv[1:]
exec(first)
work = '''
import sys
sys.path[:] = PATH
import deepidv
APPLICANT = dict(first_name="Ada", last_name="Lovelace", email="ada@example.com", phone="+15192223333")
with deepidv.Client("dk_emulator", base_url=URL, rate_limit=0) as client:
    ids = {client.create_session(**APPLICANT, external_id=f"{NAME}-{number}").id for number in range(20)}
    assert len(ids) == 20
    assert all(client.retrieve_session(one).status is deepidv.SessionStatus.PENDING for one in ids)
    assert client.list_page(page_size=5).sessions[0].created_at is not None
    try:
        client.retrieve_session("sess_none")
    except deepidv.NotFound as error:
        assert type(error) is deepidv.NotFound
assert deepidv.parse_redirect("?session_id=a&status=success").matches("a")
keys = deepidv.StateKeys(b"k" * 32)
keys.verify(keys.make("cookie"), "cookie")
'''

def create():
    if hasattr(api, "new_config"):
        return api.create(kind)
    return api.create(isolated=kind == "isolated")

def run(one, number, failures):
    names = f"PATH, URL, NAME = {sys.path!r}, {url!r}, 'sub-{number}'\\n"
    try:
        raised = (api.exec if hasattr(api, "exec") else api.run_string)(one, names + work)
        if raised is not None:
            failures.append(f"{raised.type.__name__}: {raised.msg}")
    except Exception as error:
        failures.append(str(error))

interpreters, failures = [create(), create()], []
threads = [threading.Thread(target=run, args=(one, number, failures)) for number, one in enumerate(interpreters)]
for thread in threads: thread.start()
for thread in threads: thread.join()
for one in interpreters: api.destroy(one)
print(failures or "both created sessions")
"""
# These versions crash when an interpreter ends that has imported ctypes (3.12) or datetime (3.13, with its own GIL),
# unless the main interpreter has imported the module first.
FIRST = "import ctypes, datetime" if sys.version_info[:2] in ((3, 12), (3, 13)) else "pass"


def run(kind, url, first=FIRST):
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, kind, url, first],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("first", [FIRST, "import deepidv; client = deepidv.Client('key')"])
def test_two_that_share_a_gil(emulator, first):
    ran = run("legacy", emulator, first)
    assert (ran.returncode, ran.stdout) == (0, "both created sessions\n"), ran.stderr


@pytest.mark.skipif(sys.version_info < (3, 13), reason="ctypes refuses an interpreter with its own GIL")
@pytest.mark.parametrize("first", [FIRST, "import deepidv; client = deepidv.Client('key')"])
def test_two_with_their_own_gil(emulator, first):
    ran = run("isolated", emulator, first)
    assert (ran.returncode, ran.stdout) == (0, "both created sessions\n"), ran.stderr


@pytest.mark.skipif(sys.version_info[:2] != (3, 12), reason="later ones accept it, earlier ones cannot create it")
def test_ctypes_of_3_12_refuses_an_interpreter_with_its_own_gil(emulator):
    ran = run("isolated", emulator)
    assert "_ctypes does not support loading in subinterpreters" in ran.stdout, ran.stderr
