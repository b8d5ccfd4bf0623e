"""gevent and eventlet: a call lets other greenlets run, and their timeouts lose no session."""

import importlib.util
import os
import subprocess
import sys
import time

import pytest
from peer import answer, say_nothing

PATCHES = {
    "gevent": """
from gevent import monkey; monkey.patch_all()
import gevent
spawn, Timeout, sleep = gevent.spawn, gevent.Timeout, gevent.sleep
def wait(jobs): return [job.get() for job in jobs]
""",
    "eventlet": """
import eventlet; eventlet.monkey_patch()
spawn, Timeout, sleep = eventlet.spawn, eventlet.Timeout, eventlet.sleep
def wait(jobs): return [job.wait() for job in jobs]
""",
}
START = """
import sys, time
import deepidv
APPLICANT = dict(first_name="A", last_name="B", email="a@b.example", phone="+1")
client = deepidv.Client("key", base_url=sys.argv[1], rate_limit=int(sys.argv[2]), rate_burst=int(sys.argv[2]) or 35)
def create(): return client.create_session(**APPLICANT)
"""


@pytest.fixture(params=PATCHES)
def run(request):
    if importlib.util.find_spec(request.param) is None:
        pytest.skip(f"{request.param} is not installed")

    def run(program, url, rate=0):
        ran = subprocess.run(
            [
                sys.executable,
                "-W",
                "ignore",
                "-c",
                PATCHES[request.param] + START + program,
                url,
                str(rate),
            ],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout.split()

    return run


def slowly(connection):
    time.sleep(0.5)
    return answer()(connection)


TWENTY = """
ticks = 0
def tick():
    global ticks
    while True:
        ticks += 1
        sleep(0.01)
spawn(tick)
start = time.monotonic()
made = wait([spawn(create) for _ in range(20)])
print(time.monotonic() - start, ticks, len(made), {session.id for session in made} == {"sess_1"})
"""


def test_twenty_take_the_time_of_one(run, start_peer):
    peer = start_peer(*[slowly] * 20)
    took, ticks, count, right = run(TWENTY, peer.url)
    assert (count, right) == ("20", "True")
    # One after another takes ten seconds.
    assert float(took) < 9
    assert int(ticks) > 10
    assert len(peer.end()) == 20


SENT = """
start = time.monotonic()
try:
    with Timeout(0.3):
        create()
except deepidv.OutcomeUnknown as unknown:
    print(unknown.cause, bool(unknown.reconcile_token), type(unknown.__context__) is Timeout)
print(time.monotonic() - start < 20)
# The client still works. The guard would first search for the same applicant.
print(client.create_session(**{**APPLICANT, "last_name": "Hopper"}).id)
"""


def test_a_timeout_after_it_was_sent(run, start_peer):
    peer = start_peer(say_nothing)
    assert run(SENT, peer.url) == ["DEEPIDV_E_CANCELLED", "True", "True", "True", "sess_1"]
    assert len(peer.end()) == 2


WAITING = """
create()
try:
    with Timeout(0.1):
        create()
except Timeout:
    print("not sent")
"""


def test_a_timeout_before_it_was_sent(run, start_peer):
    peer = start_peer()
    assert run(WAITING, peer.url, rate=1) == ["not", "sent"]
    assert len(peer.end()) == 1


MANY = """
made = wait([spawn(create) for _ in range(500)])
print(len(made), client.list_page().http_status)
"""


def test_many(run, start_peer):
    peer = start_peer()
    assert run(MANY, peer.url) == ["500", "200"]
    assert len(peer.end()) == 501
