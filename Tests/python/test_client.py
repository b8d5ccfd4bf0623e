"""Clients in threads and forked processes, their memory, and their end."""

import gc
import os
import pathlib
import subprocess
import sys
import threading
import time
import traceback

import deepidv
import pytest
from peer import answer, say_nothing


def test_eight_threads_share_a_client(client, applicant):
    ids, errors = [], []

    def work():
        try:
            for _ in range(20):
                ids.append(client.create_session(**applicant).id)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(ids) == len(set(ids)) == 160


def test_a_waiting_call_leaves_the_interpreter_to_others(start_peer, applicant):
    def wait(connection):
        time.sleep(0.5)
        return answer()(connection)

    peer = start_peer(wait)
    with deepidv.Client("key", base_url=peer.url) as client:
        thread = threading.Thread(target=client.create_session, kwargs=applicant)
        thread.start()
        peer.wait_for(1)
        start, rounds = time.monotonic(), 0
        while thread.is_alive() and time.monotonic() - start < 5:
            time.sleep(0.001)
            rounds += 1
        thread.join()
    assert rounds > 50


def in_a_child(function):
    """Run a function in a forked child, and return its result as text."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            text = str(function())
        except BaseException:
            text = traceback.format_exc()
        os.write(writing, text.encode())
        os._exit(0)
    os.close(writing)
    with open(reading, "rb") as pipe:
        text = pipe.read().decode()
    _, status = os.waitpid(child, 0)
    assert status == 0
    return text


def test_a_forked_child(emulator, applicant):
    client = deepidv.Client("dk_emulator", base_url=emulator)
    before = client.create_session(**applicant)

    def child():
        nonlocal client
        for call in (
            lambda: client.create_session(**applicant),
            lambda: client.create_session_from(applicant),
            lambda: client.retrieve_session("sess_1"),
            lambda: client.list_page(),
            lambda: client.reconcile("1.1700000000.x"),
        ):
            with pytest.raises(deepidv.ForkedError, match="Create a new client in this process"):
                call()
        with client:
            pass
        client.close()
        client = None
        gc.collect()
        with deepidv.Client("dk_emulator", base_url=emulator) as new:
            return new.create_session(**applicant).id

    in_child = in_a_child(child)
    after = client.create_session(**applicant)
    client.close()
    assert in_child.startswith(before.id[:5])
    assert len({before.id, in_child, after.id}) == 3


def test_a_fork_while_another_thread_waits(start_peer, applicant):
    peer = start_peer(say_nothing)
    client = deepidv.Client("key", base_url=peer.url)
    ended = []

    def wait():
        try:
            client.create_session(**applicant)
        except deepidv.OutcomeUnknown as unknown:
            ended.append(unknown.cause)

    thread = threading.Thread(target=wait)
    thread.start()
    peer.wait_for(1)

    def child():
        with pytest.raises(deepidv.ForkedError):
            client.create_session(**applicant)
        client.close()
        return "fine"

    assert in_a_child(child) == "fine"
    assert ended == []
    client.close()
    thread.join(10)
    assert ended == ["DEEPIDV_E_CANCELLED"]
    assert len(peer.end()) == 1


def test_a_closed_client(client, applicant):
    client.create_session(**applicant)
    client.close()
    client.close()
    for call in (
        lambda: client.create_session(**applicant),
        lambda: client.retrieve_session("sess_1"),
        lambda: next(client.list_sessions()),
        lambda: client.reconcile("1.1700000000.x"),
    ):
        with pytest.raises(deepidv.ClosedError):
            call()


def test_a_client_that_was_never_used():
    with deepidv.Client("key"):
        pass
    deepidv.Client("key").close()
    deepidv.Client("key")


def test_clients_free_descriptors_and_threads(start_peer, applicant):
    """Descriptors and threads are freed, whether or not the client is closed."""
    peer = start_peer()

    def use(close):
        client = deepidv.Client("key", base_url=peer.url, rate_limit=0)
        client.create_session(**applicant)
        if close:
            client.close()

    use(close=True)
    descriptors, threads = count("fd"), count("task")
    for number in range(20):
        use(close=number % 2 == 0)
    gc.collect()
    time.sleep(0.2)
    assert count("fd") <= descriptors + 2
    assert count("task") <= threads + 2


def test_memory_is_freed(start_peer, applicant):
    peer = start_peer(*[answer(400, b" " * 1_000_000)] * 70)
    text = "x" * 65_536
    applicant.update(first_name=text, last_name=text, external_id=text, workflow_id=text)

    def refuse(times):
        for _ in range(times):
            with pytest.raises(deepidv.BadRequest):
                client.create_session(**applicant)
            # Free what the peer records.
            peer.requests.clear()

    with deepidv.Client("key", base_url=peer.url, rate_limit=0) as client:
        refuse(10)
        before = resident_bytes()
        refuse(60)
        # A request holds a quarter of a megabyte, a result one.
        assert resident_bytes() - before < 10_000_000


def resident_bytes():
    return int(pathlib.Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def count(what):
    return len(os.listdir(f"/proc/self/{what}"))


def test_more_operations_than_max_in_flight(start_peer, applicant):
    peer = start_peer(say_nothing)
    client = deepidv.Client("key", base_url=peer.url, max_in_flight=1)

    def wait():
        with pytest.raises(deepidv.OutcomeUnknown):
            client.create_session(**applicant)

    thread = threading.Thread(target=wait)
    thread.start()
    peer.wait_for(1)
    with pytest.raises(deepidv.BusyError):
        client.create_session(**applicant)
    client.close()
    thread.join(10)
    assert not thread.is_alive()
    assert len(peer.end()) == 1


LEFT_BEHIND = """
import sys, threading, time
import deepidv
from peer import Peer, say_nothing
peer = Peer(say_nothing)
client = deepidv.Client("key", base_url=peer.url)
applicant = dict(first_name="A", last_name="B", email="a@b.example", phone="+1")
threading.Thread(target=client.create_session, kwargs=applicant, daemon=True).start()
peer.wait_for(1)
print("bye")
"""


@pytest.mark.parametrize("end", ["", "sys.exit(0)", "client.close(); sys.exit(0)", "del client"])
def test_the_interpreter_ends_while_a_thread_waits(end):
    program = subprocess.run(
        [sys.executable, "-c", LEFT_BEHIND + end],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (program.returncode, program.stdout) == (0, "bye\n"), program.stderr
