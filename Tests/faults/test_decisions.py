"""Every way in which a decision can go wrong on its way, and what may then be said of it.

That nothing is executed twice and that nothing untrue is said is checked by ``decide`` for every call.
"""

import random
from concurrent.futures import ThreadPoolExecutor

import proxy as p
import pytest
from test_faults import BROKEN, ENDS, REFUSALS, name, patience
from truth import EXECUTED_UNHEARD, NOT_EXECUTED_UNHEARD, NOT_SENT_OR_PROCESSED, UNKNOWN, decision_lies


@pytest.fixture
def session(emulator, start_client, new_id):
    """Create sessions, with nothing in between."""
    direct = start_client(emulator.url)
    return lambda: direct.create(new_id()).session_id


@pytest.fixture
def decide(emulator):
    """Verify a session, and hold what is said of it against what the emulator knows."""

    def run(client, session_id, *, ending=(), expected=None):
        said = client.verify(session_id)
        for proxy in ending:
            proxy.end()
        executions, status = emulator.decisions(session_id)
        assert not decision_lies(said, executions, status), said
        if expected is not None:
            assert said.status in expected, said
        said.executions = executions
        return said

    return run


@pytest.fixture
def situation(start_proxy, start_client, decide, session):
    """Perform an act upon a decision, and give what is said of it."""

    def perform(act, *, expected, timeout_ms=3000, transport="plain"):
        front = start_proxy(act, transport=transport)
        client = start_client(front.url, timeout_ms=timeout_ms)
        return decide(client, session(), ending=[front], expected=expected)

    return perform


@pytest.mark.parametrize("place", [p.at(0), p.in_headers, p.in_body, p.at(-1)])
@pytest.mark.parametrize("then", ENDS, ids=name)
def test_request_is_cut(situation, place, then):
    situation(
        p.cut_request(place, then),
        expected=NOT_EXECUTED_UNHEARD | NOT_SENT_OR_PROCESSED,
        timeout_ms=patience(then),
    )


@pytest.mark.parametrize("place", [p.at(0), p.after_first_line, p.after_headers, p.in_body, p.at(-1)])
@pytest.mark.parametrize("then", ENDS, ids=name)
def test_answer_is_cut(situation, place, then, transport):
    said = situation(p.cut_answer(place, then), expected={"OK"}, transport=transport)
    assert (said.executions, said.attempts) == (1, 1)


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN)
def test_broken_answer(situation, data):
    """The record tells."""
    said = situation(p.answer(data, p.fin, executed=True), expected={"OK"})
    assert said.executions == 1


@pytest.mark.parametrize("status", REFUSALS)
def test_refused(situation, status):
    data = b'HTTP/1.1 %d No\r\nContent-Length: 15\r\nLocation: /\r\n\r\n{"error": "no"}' % status
    assert situation(p.answer(data), expected={REFUSALS[status]}).executions == 0


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
def test_not_executed_and_nobody_can_tell(situation, status):
    """The record is not as asked, which does not say that it will not be."""
    data = b"HTTP/1.1 %d No\r\nContent-Length: 0\r\n\r\n" % status
    said = situation(p.answer(data), expected={UNKNOWN}, timeout_ms=1500)
    assert (said.executions, said.cause) == (0, "E_TIMEOUT")


def test_executed_after_the_client_has_left(situation):
    said = situation(p.pass_on(delay=0.7), expected=EXECUTED_UNHEARD, timeout_ms=400)
    assert said.executions == 1


def test_executed_while_it_is_looked_for(situation):
    """At the first look it is not there yet."""
    said = situation(p.pass_on(delay=2.4), expected={"OK"}, timeout_ms=3500)
    assert said.executions == 1


def test_connection_refused(start_proxy, start_client, decide, session):
    front = start_proxy()
    client = start_client(front.url, timeout_ms=600)
    front.end()
    assert decide(client, session(), expected={"E_NOT_SENT"}).attempts == 0


def test_many_pooled_connections_die(start_proxy, start_client, decide, session):
    """Where libcurl by itself executes a request once for each pooled connection."""
    count = 6
    front = start_proxy(*[p.pass_on(delay=0.1)] * count, *[p.execute(p.rst)] * count)
    client = start_client(front.url)
    with ThreadPoolExecutor(count) as pool:
        said = list(pool.map(client.verify, [session() for _ in range(count)]))
    assert [one.status for one in said] == ["OK"] * count
    decide(client, session(), ending=[front], expected=EXECUTED_UNHEARD)


def test_random_faults(start_proxy, start_client, decide, session):
    """Many decisions at once, of which most are disturbed, and so are the looks."""
    chosen = random.Random(20)
    acts = [
        lambda: p.pass_on(),
        lambda: p.execute(chosen.choice([p.fin, p.rst])),
        lambda: p.cut_request(p.anywhere(chosen.random()), p.rst),
        lambda: p.cut_answer(p.anywhere(chosen.random()), p.fin),
        lambda: p.answer(chosen.choice(list(BROKEN.values())), p.fin, executed=chosen.random() < 0.5),
        lambda: p.at_accept(p.rst),
    ]
    front = start_proxy(*[chosen.choice(acts)() for _ in range(200)])
    client = start_client(front.url, timeout_ms=2500)
    sessions = [session() for _ in range(60)]
    with ThreadPoolExecutor(12) as pool:
        said = list(pool.map(lambda one: decide(client, one), sessions))
    assert {"OK"} <= {one.status for one in said}
    assert max(one.executions for one in said) == 1
