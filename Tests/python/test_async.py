"""The client for asyncio: it needs no Python thread, and cancelling a task loses no session."""

import asyncio
import gc
import os
import socket
import sys
import threading
import warnings

import deepidv
import pytest
from canaries import KEY
from peer import answer, say_nothing
from test_client import count, in_a_child


def client_of(url, **options):
    return deepidv.AsyncClient(KEY, base_url=url, **{"rate_limit": 0, **options})


def test_every_call(emulator, applicant):
    async def use():
        async with client_of(emulator) as client:
            session = await client.create_session(**applicant, external_id="async-1")
            again = await client.create_session_from({**applicant, "externalId": "async-2"})
            found = await client.retrieve_session(session.id)
            page = await client.list_page(external_id="async-2")
            listed = [record.id async for record in client.list_sessions(external_id="async-1", page_size=1)]
            with pytest.raises(deepidv.NotFound):
                await client.retrieve_session("sess_nobody")
            with pytest.raises(deepidv.InvalidRequest) as invalid:
                await client.create_session(**{**applicant, "phone": "12"})
            with pytest.raises(deepidv.InvalidRequest) as token:
                await client.reconcile("not a token")
        return session, again, found, page, listed, invalid.value.field, token.value.field

    session, again, found, page, listed, field, token = asyncio.run(use())
    assert found.id == session.id
    assert found.status is deepidv.SessionStatus.PENDING
    assert [record.id for record in page.sessions] == [again.id]
    assert listed == [session.id]
    assert (field, token) == ("phone", "token")


def test_every_page(start_emulator, applicant):
    url = start_emulator("--rate", "0")

    async def use():
        async with client_of(url) as client:
            made = await asyncio.gather(*(client.create_session(**applicant) for _ in range(7)))
            listed = [record.id async for record in client.list_sessions(page_size=2)]
        return {session.id for session in made}, listed

    made, listed = asyncio.run(use())
    assert len(listed) == 7
    assert set(listed) == made


def test_thousands_of_creates_without_a_thread(emulator, applicant):
    async def use():
        async with client_of(emulator) as client:
            await client.create_session(**applicant)
            threads, descriptors = threading.active_count(), count("fd")
            creates = [asyncio.ensure_future(client.create_session(**applicant)) for _ in range(3000)]
            await asyncio.sleep(0.05)
            assert threading.active_count() == threads
            # The connections of the library, not one per create.
            assert count("fd") < descriptors + 200
            return await asyncio.gather(*creates)

    sessions = asyncio.run(use())
    assert len({session.id for session in sessions}) == 3000


def test_a_waiting_call_leaves_the_loop_to_others(start_peer, applicant):
    peer = start_peer(say_nothing)

    async def use():
        async with client_of(peer.url, timeout=0.5, make_external_id=False) as client:
            create = asyncio.ensure_future(client.create_session(**applicant))
            rounds = 0
            while not create.done():
                await asyncio.sleep(0.001)
                rounds += 1
            with pytest.raises(deepidv.OutcomeUnknown) as unknown:
                await create
        return rounds, unknown.value.cause

    rounds, cause = asyncio.run(use())
    assert rounds > 50
    assert cause == "DEEPIDV_E_TIMEOUT"


# Cancelling


async def sent(peer, count=1):
    """Wait until this many requests have arrived, while the loop runs."""
    await asyncio.get_running_loop().run_in_executor(None, peer.wait_for, count)


def test_cancelling_a_create_that_was_sent(start_peer, applicant):
    peer = start_peer(say_nothing)

    async def use():
        async with client_of(peer.url) as client:
            create = asyncio.ensure_future(client.create_session(**applicant, external_id="mine"))
            await sent(peer)
            create.cancel()
            with pytest.raises(deepidv.OutcomeUnknown) as unknown:
                await create
        return unknown.value

    unknown = asyncio.run(use())
    assert unknown.cause == "DEEPIDV_E_CANCELLED"
    assert unknown.reconcile_token.endswith(".mine")
    assert len(peer.posts) == 1


def test_cancelling_a_create_that_waits(start_peer, applicant):
    peer = start_peer()

    async def use():
        # The second create waits for the rate limit.
        async with client_of(peer.url, rate_limit=1, rate_burst=1) as client:
            await client.create_session(**applicant)
            create = asyncio.ensure_future(client.create_session(**applicant))
            await asyncio.sleep(0.05)
            create.cancel()
            with pytest.raises(asyncio.CancelledError):
                await create
            assert create.cancelled()

    asyncio.run(use())
    assert len(peer.end()) == 1


def test_cancelling_a_create_that_was_answered(start_peer, applicant):
    peer = start_peer()

    async def use():
        async with client_of(peer.url) as client:
            create = asyncio.ensure_future(client.create_session(**applicant))
            await asyncio.sleep(0)
            # The loop does not run until the response has arrived; then it sees the cancellation first.
            assert deepidv._library.library.deepidv_client_wait(client._handle, 10_000) == 0
            create.cancel()
            with pytest.raises(deepidv.CreatedThoughCancelled) as created:
                await create
            # Code that retries gets it; what is created then is another one.
            assert await client.create_session(**applicant) is created.value.session
        return created.value

    created = asyncio.run(use())
    assert created.session.id == "sess_1"
    assert created.outcome is deepidv.Outcome.CREATED
    assert isinstance(created, deepidv.OutcomeUnknown)
    assert len(peer.end()) == 1


def test_cancelling_again_and_again(start_peer, applicant):
    peer = start_peer(say_nothing)

    async def use():
        async with client_of(peer.url) as client:
            create = asyncio.ensure_future(client.create_session(**applicant))
            await sent(peer)
            for _ in range(100_000):
                if create.done():
                    break
                create.cancel()
                await asyncio.sleep(0)
            with pytest.raises(deepidv.OutcomeUnknown):
                await create

    asyncio.run(use())


def test_a_timeout_of_asyncio_after_the_create_was_sent(start_peer, applicant):
    """A loop that retries after TimeoutError must not send it again."""
    peer = start_peer(say_nothing)

    async def use():
        async with client_of(peer.url) as client:
            for _ in range(3):
                try:
                    await asyncio.wait_for(client.create_session(**applicant), 0.2)
                except (asyncio.TimeoutError, asyncio.CancelledError, OSError, deepidv.DeepIDVError):
                    continue

    with pytest.raises(deepidv.OutcomeUnknown):
        asyncio.run(use())
    assert len(peer.end()) == 1


def test_confirming(emulator, applicant):
    async def use():
        async with client_of(emulator) as client:
            session = await client.create_session(**applicant)
            typed = f"?session_id={session.id}&status=success"
            return [
                (await client.confirm_redirect(redirect, session.id)).verdict
                for redirect in (typed, f"{typed}&status=failed", "?session_id=sess_other&status=success")
            ]

    verdicts = deepidv.Verdict
    assert asyncio.run(use()) == [verdicts.PENDING, verdicts.FORGED, verdicts.FORGED]


def test_cancelling_a_question(start_peer):
    peer = start_peer(say_nothing)

    async def use():
        async with client_of(peer.url) as client:
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(client.retrieve_session("sess_1"), 0.1)
            # The client still works.
            with pytest.raises(deepidv.NoAnswer):
                await client.retrieve_session("sess_1")

    asyncio.run(use())


def test_gather_and_groups(start_peer, applicant):
    peer = start_peer(say_nothing)

    async def gathered(client):
        create = asyncio.ensure_future(client.create_session(**applicant))
        await sent(peer)
        gathering = asyncio.gather(create, asyncio.sleep(0, "done"), return_exceptions=True)
        client._close()
        return await gathering

    async def grouped(client):
        async def fail():
            await sent(peer, 2)
            raise ValueError

        async with asyncio.TaskGroup() as group:
            group.create_task(client.create_session(**applicant))
            group.create_task(fail())

    async def use(function):
        async with client_of(peer.url) as client:
            return await function(client)

    unknown, done = asyncio.run(use(gathered))
    assert isinstance(unknown, deepidv.OutcomeUnknown)
    assert done == "done"
    if sys.version_info >= (3, 11):
        peer.acts.append(say_nothing)
        with pytest.raises(ExceptionGroup) as group:  # noqa: F821
            asyncio.run(use(grouped))
        kinds = {type(error) for error in group.value.exceptions}
        assert kinds == {ValueError, deepidv.OutcomeUnknown}


# Closing


def test_closing_with_operations_in_flight(start_peer, applicant):
    peer = start_peer(say_nothing)

    async def use():
        client = client_of(peer.url, rate_limit=1, rate_burst=1)
        creates = [asyncio.ensure_future(client.create_session(**applicant)) for _ in range(20)]
        await sent(peer)
        await client.aclose()
        await client.aclose()
        with pytest.raises(deepidv.ClosedError):
            await client.create_session(**applicant)
        return await asyncio.gather(*creates, return_exceptions=True)

    first, *others = asyncio.run(use())
    assert isinstance(first, deepidv.OutcomeUnknown)
    assert {type(other) for other in others} == {deepidv.NotSent}
    assert len(peer.end()) == 1


def test_a_client_for_each_of_several_loops(emulator, applicant):
    ids = []

    async def use():
        async with client_of(emulator) as client:
            for session in await asyncio.gather(*(client.create_session(**applicant) for _ in range(50))):
                ids.append(session.id)

    threads = [threading.Thread(target=asyncio.run, args=(use(),)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(set(ids)) == 200


def test_a_client_of_another_loop(emulator, applicant):
    client = client_of(emulator)
    first = asyncio.new_event_loop()
    first.run_until_complete(client.create_session(**applicant))

    async def use():
        return await client.create_session(**applicant)

    with pytest.raises(RuntimeError, match="another event loop"):
        asyncio.run(use())
    first.close()
    # The first loop is gone, so the client is free.
    assert asyncio.run(use()).id
    asyncio.run(client.aclose())


def test_a_forked_child(emulator, applicant):
    async def use():
        async with client_of(emulator) as client:
            await client.create_session(**applicant)

            def child():
                asyncio.events._set_running_loop(None)
                with pytest.raises(deepidv.ForkedError):
                    asyncio.run(client.create_session(**applicant))

                async def anew():
                    async with client_of(emulator) as own:
                        return (await own.create_session(**applicant)).id

                return asyncio.run(anew())

            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)
                in_child = in_a_child(child)
            return in_child, (await client.create_session(**applicant)).id

    in_child, after = asyncio.run(use())
    assert in_child.startswith("sess_")
    assert in_child != after


def test_an_unclosed_client(start_peer, applicant):
    peer = start_peer(*[answer()] * 4)

    async def use():
        client = client_of(peer.url)
        await client.create_session(**applicant)
        with pytest.warns(ResourceWarning, match="unclosed AsyncClient"):
            del client
            gc.collect()
        descriptors = count("fd")
        for _ in range(2):
            async with client_of(peer.url) as client:
                await client.create_session(**applicant)
        del client
        gc.collect()
        assert count("fd") <= descriptors

    asyncio.run(use())


def test_a_closed_client(emulator, applicant):
    async def use():
        client = client_of(emulator)
        await client.create_session(**applicant)
        await client.aclose()
        with pytest.raises(deepidv.ClosedError):
            await client.create_session(**applicant)

    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        asyncio.run(use())
        gc.collect()
    assert not [warning for warning in warned if "AsyncClient" in str(warning.message)]


@pytest.mark.filterwarnings("ignore:unclosed AsyncClient")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_client_that_another_thread_frees(emulator, applicant):
    """The loop must not go on watching a descriptor whose number another socket has by then."""

    async def use():
        loop = asyncio.get_running_loop()
        removed = []
        remove = loop.remove_reader
        loop.remove_reader = lambda number: removed.append(number) or remove(number)
        box = [client_of(emulator)]
        await box[0].create_session(**applicant)
        thread = threading.Thread(target=box.clear)
        thread.start()
        thread.join()
        # Without a GIL, Python leaves the client to the thread that created it, which frees it at once.
        assert removed == [] or not getattr(sys, "_is_gil_enabled", lambda: True)()
        pairs = [socket.socketpair() for _ in range(30)]
        arrived = []
        for number, (receiving, _) in enumerate(pairs):
            loop.add_reader(receiving, lambda number=number, end=receiving: arrived.append((number, end.recv(9))))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert len(removed) == 1
        for _, sending in pairs:
            sending.send(b"x")
        for _ in range(100):
            await asyncio.sleep(0.01)
            if len(arrived) == len(pairs):
                break
        for pair in pairs:
            remove(pair[0])
            for end in pair:
                end.close()
        with pytest.raises(OSError, match="descriptor"):
            os.fstat(removed[0])
        return sorted(number for number, _ in arrived)

    assert asyncio.run(use()) == list(range(30))


def test_options_that_are_refused():
    with pytest.raises(deepidv.InvalidOption):
        deepidv.AsyncClient("")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        gc.collect()
