"""Exceptions of signal handlers: they interrupt a call soon, and no session is lost."""

import asyncio
import contextlib
import ctypes
import dis
import os
import pathlib
import random
import signal
import sys
import threading
import time

import deepidv
import pytest
from deepidv import _operation, _result
from peer import answer, say_nothing

PACKAGE = str(pathlib.Path(deepidv.__file__).parent)


class TimeLimit(Exception):
    """Like Celery's SoftTimeLimitExceeded, after which retry code repeats a call."""


@contextlib.contextmanager
def alarm(seconds, interval=0.0):
    def ring(number, frame):
        raise TimeLimit

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, interval)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_a_time_limit_while_the_outcome_is_unknown(start_peer, applicant):
    peer = start_peer(say_nothing)
    with deepidv.Client("key", base_url=peer.url) as client:
        with alarm(0.3), pytest.raises(deepidv.OutcomeUnknown) as unknown:
            client.create_session(**applicant, external_id="mine")
    assert unknown.value.cause == "DEEPIDV_E_CANCELLED"
    assert unknown.value.reconcile_token.endswith(".mine")
    assert type(unknown.value.__context__) is TimeLimit
    assert len(peer.end()) == 1


def test_ctrl_c(start_peer, applicant):
    peer = start_peer(say_nothing)

    def press():
        peer.wait_for(1)
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=press)
    with deepidv.Client("key", base_url=peer.url) as client:
        thread.start()
        with pytest.raises(deepidv.OutcomeUnknown) as unknown:
            client.create_session(**applicant)
    thread.join()
    # It is not the timeout that has ended it.
    assert unknown.value.cause == "DEEPIDV_E_CANCELLED"
    assert type(unknown.value.__context__) is KeyboardInterrupt


def test_a_time_limit_before_the_create_was_sent(start_peer, applicant):
    peer = start_peer()
    with deepidv.Client("key", base_url=peer.url, rate_limit=1, rate_burst=1) as client:
        client.create_session(**applicant)
        with alarm(0.1), pytest.raises(TimeLimit):
            client.create_session(**applicant)
    assert len(peer.end()) == 1


def test_a_time_limit_of_a_retrieve(start_peer):
    peer = start_peer(say_nothing, say_nothing)
    with deepidv.Client("key", base_url=peer.url) as client:
        with alarm(0.2), pytest.raises(TimeLimit):
            client.retrieve_session("sess_1")
        with alarm(0.2), pytest.raises(TimeLimit):
            client.reconcile("1.1700000000.x")
        assert client.create_session(first_name="A", last_name="B", email="a@b.example", phone="+1").id


def test_an_alarm_that_rings_again_and_again(start_peer, applicant):
    peer = start_peer(say_nothing)
    with deepidv.Client("key", base_url=peer.url) as client:
        with pytest.raises((deepidv.OutcomeUnknown, TimeLimit)) as caught, alarm(0.3, 0.02):
            client.create_session(**applicant)
    error = caught.value
    while error is not None and not isinstance(error, deepidv.OutcomeUnknown):
        error = error.__context__
    assert error is not None
    assert len(peer.end()) == 1


def test_an_exception_from_another_thread(start_peer, applicant):
    peer = start_peer(say_nothing)
    ended = []

    def work():
        try:
            client.create_session(**applicant)
        except deepidv.OutcomeUnknown as error:
            ended.append(type(error.__context__))

    with deepidv.Client("key", base_url=peer.url) as client:
        thread = threading.Thread(target=work)
        thread.start()
        peer.wait_for(1)
        sent = ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(TimeLimit))
        assert sent == 1
        thread.join(2)
        assert ended == [TimeLimit]


# Between any two of Python's instructions


class Interrupter:
    """Raises before the n-th instruction of the package's functions, as a signal handler could."""

    def __init__(self, number=0, outside=()):
        self.number = number
        self.outside = frozenset(outside)
        self.count = 0
        self.raised = False

    def _enter(self, frame, event, _):
        code = frame.f_code
        if not code.co_filename.startswith(PACKAGE) or code.co_name in self.outside:
            return None
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        return self._step

    def _step(self, frame, event, _):
        if event != "opcode":
            return self._step
        # A try ends one instruction before its return, and what follows is the caller's gap again. From 3.11
        # on no signal is looked for there.
        if frame.f_code.co_name == "call" and _is_return(frame):
            return self._step
        self.count += 1
        if self.count == self.number:
            self.raised = True
            raise TimeLimit
        return self._step

    def __enter__(self):
        sys.settrace(self._enter)
        return self

    def __exit__(self, *_):
        sys.settrace(None)


def _is_return(frame):
    return dis.opname[frame.f_code.co_code[frame.f_lasti]] == "RETURN_VALUE"


class Creates:
    """Interrupted creates. The caller must learn of every session."""

    def __init__(self, client, applicant):
        self.client = client
        self.applicant = applicant
        self.count = 0
        self.not_executed = set()
        self.ends = set()

    def one(self, interrupter):
        """Create a session, and return whether that was interrupted."""
        self.count += 1
        name = f"mine-{self.count}"
        try:
            with interrupter:
                session = self.client.create_session(**self.applicant, external_id=name)
            assert session.external_id == name
            self.ends.add("created")
        except TimeLimit:
            self.not_executed.add(name)
            self.ends.add("not executed")
        except deepidv.CreatedThoughCancelled as created:
            assert created.session.external_id == name
            assert isinstance(created.__context__, TimeLimit)
            self.ends.add("created though")
            self.repeat(name)
        except deepidv.OutcomeUnknown as unknown:
            assert unknown.reconcile_token.endswith(f".{name}")
            self.ends.add("unknown")
        return interrupter.raised

    def repeat(self, name):
        """Repeat a create, like code that retries. ``check`` finds out whether it was sent."""
        assert self.client.create_session(**self.applicant, external_id=name).external_id == name

    def check(self, requests):
        sent = [request.json["external_id"] for request in requests if request.method == "POST"]
        assert len(sent) == len(set(sent))
        assert not self.not_executed & set(sent)


@pytest.mark.parametrize("log_level", ["off", "info"])
def test_no_instruction_loses_a_session(start_peer, applicant, log_level):
    peer = start_peer()
    with deepidv.Client("key", base_url=peer.url, rate_limit=0, log_level=log_level) as client:
        creates = Creates(client, applicant)
        creates.one(Interrupter())
        number = 1
        while creates.one(Interrupter(number)):
            number += 1
        # The client is as good as before.
        creates.one(Interrupter())
    creates.check(peer.end())
    assert number > 200
    # And "unknown", unless the peer answers before an instruction is interrupted.
    assert creates.ends >= {"created", "not executed", "created though"}


def test_no_instruction_of_a_repeat_loses_the_session(start_peer, applicant):
    """The second of two interruptions may come anywhere, too."""
    peer = start_peer()
    with deepidv.Client("key", base_url=peer.url, rate_limit=0) as client:
        creates = Creates(client, applicant)
        # How often it waits differs.
        waits = {"_wait"}
        for _ in range(2):
            whole = Interrupter(outside=waits)
            creates.one(whole)

        def interrupted(create):
            """Interrupt a create after its response was read: how many instructions follow differs."""
            for left in range(5, 50):
                try:
                    with Interrupter(whole.count - left, outside=waits):
                        client.create_session(**create)
                except deepidv.CreatedThoughCancelled:
                    return create
                create = {**create, "external_id": f"{create['external_id']}-again"}
            raise AssertionError("no create was interrupted after its response was read")

        def repeated(number):
            create = interrupted({**applicant, "external_id": f"repeated-{number}"})
            name = create["external_id"]
            try:
                with Interrupter(number) as interrupter:
                    assert client.create_session_from(create).external_id == name
            except (TimeLimit, deepidv.CreatedThoughCancelled):
                creates.repeat(name)
            return interrupter.raised

        number = 1
        while repeated(number):
            number += 1
        assert number > 100
    creates.check(peer.end())


def camel_case(name):
    first, *others = name.split("_")
    return first + "".join(other.title() for other in others)


def test_which_creates_are_identical(start_peer, applicant):
    peer = start_peer()
    with deepidv.Client("key", base_url=peer.url, rate_limit=0) as client:
        made = client.create_session(**applicant)
        request = deepidv._request.Request.of_mapping(applicant)
        client._undelivered.keep(request, made)
        camel = {camel_case(name): value for name, value in applicant.items()}
        for other in ({"external_id": "x"}, {"first_name": "Bob"}, {"send_email_invite": False}):
            assert client.create_session(**{**applicant, **other}) is not made
        assert client.create_session_from({"first_name": "Bob", "workflowId": None, **camel}) is made
        # It was returned, so the next one is another applicant's.
        assert client.create_session(**applicant) is not made
        for number in range(3000):
            request.fields = {"first_name": str(number)}
            client._undelivered.keep(request, made)
        assert len(client._undelivered._sessions) <= 1024
        assert client._undelivered.find(request) is made
        request.end()
    assert len(peer.end()) == 5


class Ringing:
    """The library with an alarm that sometimes rings before or after a call."""

    def __init__(self, library, chance):
        self._library = library
        self._chance = chance

    def __getattr__(self, name):
        return ringing(getattr(self._library, name), self._chance)


def ringing(function, chance):
    def ring():
        if chance.random() < 0.1:
            raise TimeLimit

    def call(*arguments):
        ring()
        answered = function(*arguments)
        ring()
        return answered

    return call


def test_many_interruptions_lose_no_session(start_peer, applicant, monkeypatch):
    peer = start_peer()
    chance = random.Random(11)
    with deepidv.Client("key", base_url=peer.url, rate_limit=0) as client:
        creates = Creates(client, applicant)
        for name in ("instant", "library"):
            monkeypatch.setattr(_operation, name, Ringing(getattr(_operation, name), chance))
        for name in ("read_session", "read"):
            monkeypatch.setattr(_result, name, ringing(getattr(_result, name), chance))
        for _ in range(500):
            creates.one(Interrupter())
        monkeypatch.undo()
    creates.check(peer.end())
    assert creates.ends > {"created", "created though"}


def test_no_instruction_of_the_queue_loses_a_session(start_peer, applicant):
    """A signal handler may also raise in the loop's callback, after a completion was taken."""
    peer = start_peer()
    create = dict(applicant, external_id="mine")
    # Not the coroutine's own steps, and not the end of the client.
    quiet = {"call", "_run", "error_to_raise", "aclose", "wait_until_empty", "detach_loop", "_close"}
    quiet |= {"_stop_watching", "close"}

    async def use(number):
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda loop, context: None)
        async with deepidv.AsyncClient("key", base_url=peer.url, rate_limit=0) as client:
            interrupter = Interrupter(number, outside=quiet)
            creating = asyncio.ensure_future(client.create_session(**create))
            await asyncio.sleep(0)
            with interrupter:
                session = await asyncio.wait_for(asyncio.shield(creating), 10)
            assert session.id == "sess_1"
            return interrupter.raised

    number = 1
    while asyncio.run(use(number)):
        number += 5
    assert number > 50


class AnyFrame(Interrupter):
    """Raises also before the n-th instruction of the asyncio functions that the package calls."""

    def _enter(self, frame, event, _):
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        return self._step

    def _step(self, frame, event, _):
        # Only below `take`: the loop itself loses what it is interrupted in.
        above = frame
        while above is not None and above.f_code.co_name not in ("take", "call"):
            above = above.f_back
        if above is None or above.f_code.co_name == "call" or not above.f_code.co_filename.startswith(PACKAGE):
            return self._step
        return super()._step(frame, event, _)


def test_no_instruction_below_the_queue_loses_a_task(start_peer, applicant):
    """Nor an instruction of asyncio: a task that is not woken for its finished future would hang."""
    peer = start_peer()

    async def use(number):
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda loop, context: None)
        async with deepidv.AsyncClient("key", base_url=peer.url, rate_limit=0) as client:
            creating = asyncio.ensure_future(client.create_session(**applicant))
            await asyncio.sleep(0)
            interrupter = AnyFrame(number)
            with interrupter:
                # Not by awaiting the task, whose own end asyncio may lose to the same exception.
                for _ in range(300):
                    if creating.done():
                        break
                    await asyncio.sleep(0.01)
            assert creating.done(), number
            assert creating.result().id == "sess_1"
            return interrupter.raised

    number = 1
    while asyncio.run(use(number)):
        number += 3
    assert number > 50


def test_no_instruction_of_a_task_loses_a_session(start_peer, applicant):
    """Interrupt the coroutine itself while it submits, waits and returns."""
    peer = start_peer()

    class Awaited(Interrupter):
        def _enter(self, frame, event, _):
            above = frame
            while above is not None and above.f_code.co_name != "call":
                above = above.f_back
            if above is None or frame.f_code.co_name in ("error_to_raise", "_end_of_cancelled"):
                return None
            return super()._enter(frame, event, _)

    async def use(number):
        name = f"mine-{number}"
        async with deepidv.AsyncClient("key", base_url=peer.url, rate_limit=0) as client:
            interrupter = Awaited(number)
            try:
                with interrupter:
                    session = await client.create_session(**applicant, external_id=name)
                assert session.external_id == name
                ends.add("created")
            except TimeLimit:
                not_executed.add(name)
            except deepidv.CreatedThoughCancelled as created:
                assert created.session.external_id == name
                assert isinstance(created.__context__, TimeLimit)
                ends.add("created though")
            except deepidv.OutcomeUnknown as unknown:
                assert unknown.reconcile_token.endswith(f".{name}")
            return interrupter.raised

    ends, not_executed = set(), set()
    number = 1
    while asyncio.run(use(number)):
        number += 3
    sent = {request.json["external_id"] for request in peer.end() if request.method == "POST"}
    assert number > 200
    assert not_executed and not not_executed & sent
    assert ends == {"created", "created though"}


def test_a_full_stack_raises_before_anything_is_sent(start_peer, applicant):
    peer = start_peer()
    depth, frame = 0, sys._getframe()
    while frame is not None:
        depth, frame = depth + 1, frame.f_back
    not_executed, ends = set(), set()
    before = sys.getrecursionlimit()
    with deepidv.Client("key", base_url=peer.url, rate_limit=0) as client:
        client.create_session(**applicant, external_id="first")
        for room in range(1, 110):
            name = f"mine-{room}"
            try:
                sys.setrecursionlimit(depth + room)
                client.create_session(**applicant, external_id=name)
                ends.add("created")
            except RecursionError:
                not_executed.add(name)
            finally:
                sys.setrecursionlimit(before)
    sent = {request.json["external_id"] for request in peer.end()}
    assert ends == {"created"} and len(not_executed) > 20
    assert not not_executed & sent


def test_a_time_limit_that_coincides_with_the_response(start_peer, applicant):
    """Code that retries after every Exception must not create three sessions."""

    def slowly(connection):
        time.sleep(0.2)
        return answer()(connection)

    for moment in (0.19, 0.2, 0.201, 0.202, 0.204, 0.21):
        peer = start_peer(slowly)
        with deepidv.Client("key", base_url=peer.url, rate_limit=0) as client:
            made = None
            for _ in range(3):
                try:
                    with alarm(moment):
                        made = client.create_session(**applicant)
                    break
                except deepidv.OutcomeUnknown as unknown:
                    made = unknown
                    break
                except Exception:
                    assert peer.posts == []
        assert made is not None
        assert len(peer.end()) == 1
