"""Sixteen threads at once: with a GIL, and without one in a free-threaded Python."""

import asyncio
import contextlib
import os
import pathlib
import subprocess
import sys
import sysconfig
import threading

import deepidv
import pytest
from conftest import APPLICANT
from deepidv import _operation
from webhooks import SECRET, event

THREADS = 16
FREE_THREADED = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
PACKAGE = pathlib.Path(deepidv.__file__).parent


@pytest.fixture(autouse=True)
def switch_often():
    """With a GIL, let threads interleave as often as possible."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


def at_once(work, count=THREADS):
    """Call a function with 0, 1, 2 … on as many threads at the same moment; returns what they returned."""
    start, results, failures = threading.Barrier(count), [None] * count, []

    def run(number):
        start.wait()
        try:
            results[number] = work(number)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    if failures:
        raise failures[0]
    return results


@pytest.mark.skipif(not FREE_THREADED, reason="this Python has a GIL")
def test_no_module_enables_the_gil_again():
    modules = sorted(
        ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
        for path in PACKAGE.rglob("*.py")
        if path.parent.name != "webhooks" and path.name != "__main__.py"
    )
    assert len(modules) > 50
    program = f"""
import importlib, sys
for name in {modules!r}: importlib.import_module(name)
import deepidv
deepidv.Client("key").close()
print(sys._is_gil_enabled())
"""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    environment.pop("PYTHON_GIL", None)
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert ran.stdout == "False\n", ran.stderr


def test_redirects():
    def work(number):
        for turn in range(300):
            redirect = deepidv.parse_redirect(f"/cb?session_id=s%20{number}-{turn}&status=success&x=%C3%A9#f{number}")
            assert (redirect.session_id, redirect.fragment) == (f"s {number}-{turn}", f"f{number}")
            assert redirect.matches(f"s {number}-{turn}") and not redirect.matches(f"s {number + 1}-{turn}")
            query = deepidv.redirect_parameters(f"?a={number}&b=%2B{turn}")
            assert query == [("a", str(number)), ("b", f"+{turn}")]
            assert deepidv.parse_session_url(f"https://h/session/s{number}?oid=o%2F{turn}").org_id == f"o/{turn}"

    at_once(work)


def test_states_and_webhooks_share_their_secrets():
    keys = deepidv.StateKeys(b"k" * 32, b"l" * 32)
    secrets = deepidv.WebhookSecrets(SECRET, "whsec_other")

    def work(number):
        for turn in range(50):
            keys.verify(keys.make(f"cookie-{number}"), f"cookie-{number}")
            with pytest.raises(deepidv.ForeignState):
                keys.verify(keys.make(f"cookie-{number}"), "another")
            body = event(id=f"sess_{number}_{turn}")
            webhook = deepidv.Webhook.open(body, SECRET, secrets)
            assert webhook.session.id == f"sess_{number}_{turn}"
            with pytest.raises(deepidv.ForgedWebhook):
                deepidv.Webhook.open(body, "whsec_wrong", secrets)

    at_once(work)


def test_errors_and_their_copies():
    def work(number):
        for turn in range(100):
            error = deepidv.OutcomeUnknown(number % 90, reconcile_token=f"{number}-{turn}", http_status=turn)
            again = deepidv.error_from_dict(error.to_dict())
            assert (str(again), again.reconcile_token) == (str(error), f"{number}-{turn}")

    at_once(work)


def test_one_client_creates_retrieves_and_lists(client, applicant):
    def work(number):
        ids = []
        for turn in range(10):
            session = client.create_session(**applicant, external_id=f"t-{os.getpid()}-{number}-{turn}")
            assert session.external_id == f"t-{os.getpid()}-{number}-{turn}"
            ids.append(session.id)
            record = client.retrieve_session(session.id)
            assert (record.id, record.external_id) == (session.id, session.external_id)
            assert [one.id for one in client.list_sessions(external_id=session.external_id)] == [session.id]
            with pytest.raises(deepidv.InvalidRequest):
                client.create_session(**{**applicant, "email": "none"})
            with pytest.raises(deepidv.NotFound):
                client.retrieve_session(f"sess_none_{number}")
        return ids

    made = [one for ids in at_once(work) for one in ids]
    assert len(set(made)) == len(made) == THREADS * 10


def test_clients_come_and_go(emulator, applicant):
    def work(number):
        for _ in range(10):
            with deepidv.Client("dk_emulator", base_url=emulator, rate_limit=0) as own:
                assert own.create_session(**applicant).id.startswith("sess_")

    at_once(work)


def test_closing_while_others_call(emulator, applicant):
    """Each call returns or raises one of the documented exceptions, and none hangs."""
    # Creates with an unknown outcome remain, which equal ones of other tests would find.
    applicant["last_name"] = "Interrupted"
    for _ in range(10):
        client = deepidv.Client("dk_emulator", base_url=emulator, rate_limit=0)

        def work(number, client=client):
            for _ in range(20):
                with contextlib.suppress(deepidv.ClosedError, deepidv.NotSent, deepidv.OutcomeUnknown):
                    client.create_session(**applicant)
                if number == 0:
                    client.close()

        at_once(work)


def test_a_session_of_an_interrupted_create_is_taken_once(client):
    request = lambda: _operation.Request.of_mapping(APPLICANT)  # noqa: E731
    session = client.create_session(**APPLICANT)
    for _ in range(50):
        client._undelivered.keep(request(), session)

        def work(number):
            completion = _operation.BlockingCompletion()
            completion.call = _operation.create(request())
            return completion.take_undelivered(client._undelivered)

        assert sum(at_once(work)) == 1


def test_each_thread_has_its_loop_and_its_client(emulator, applicant):
    async def use():
        async with deepidv.AsyncClient("dk_emulator", base_url=emulator, rate_limit=0) as own:
            made = await asyncio.gather(*[own.create_session(**applicant) for _ in range(10)])
            return {session.id for session in made}

    made = at_once(lambda number: asyncio.run(use()))
    assert len(set().union(*made)) == THREADS * 10


def test_of_several_loops_one_gets_a_client(emulator, applicant):
    for _ in range(20):
        shared = deepidv.AsyncClient("dk_emulator", base_url=emulator, rate_limit=0)
        in_use = threading.Barrier(THREADS)

        async def use(shared=shared, in_use=in_use):
            try:
                return (await shared.create_session(**applicant)).id
            except RuntimeError as error:
                assert "belongs to another event loop" in str(error)
                return None
            finally:
                # The first loop stays open until the others have tried.
                in_use.wait(60)

        made = [one for one in at_once(lambda number, use=use: asyncio.run(use())) if one]
        assert len(made) == 1
        asyncio.run(shared.aclose())
