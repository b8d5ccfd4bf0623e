"""Network failures during a decision, and the allowed reports for each.

For every call, ``decide`` checks that nothing was executed twice and that the report is true.
"""

import random
from concurrent.futures import ThreadPoolExecutor

import proxy as p
import pytest
from test_faults import BROKEN, ENDS, REFUSALS, name, timeout_for
from truth import EXECUTED_UNSEEN, NOT_EXECUTED_UNSEEN, NOT_SENT_OR_PROCESSED, UNKNOWN, false_decision_reports


@pytest.fixture
def session(emulator, start_client, new_id):
    """Return a function that creates sessions without a proxy."""
    direct = start_client(emulator.url)
    return lambda: direct.create(new_id()).session_id


@pytest.fixture
def decide(emulator):
    """Verify a session, and compare the library's report with the emulator's records."""

    def run(client, session_id, *, ending=(), expected=None):
        report = client.verify(session_id)
        for proxy in ending:
            proxy.end()
        executions, status = emulator.decisions(session_id)
        assert not false_decision_reports(report, executions, status), report
        if expected is not None:
            assert report.status in expected, report
        report.executions = executions
        return report

    return run


@pytest.fixture
def situation(start_proxy, start_client, decide, session):
    """Return a function that performs an action on a decision, and returns the report."""

    def perform(action, *, expected, timeout_ms=3000, transport="plain"):
        front = start_proxy(action, transport=transport)
        client = start_client(front.url, timeout_ms=timeout_ms)
        return decide(client, session(), ending=[front], expected=expected)

    return perform


@pytest.mark.parametrize("position", [p.at(0), p.in_headers, p.in_body, p.at(-1)])
@pytest.mark.parametrize("then", ENDS, ids=name)
def test_request_is_cut(situation, position, then):
    situation(
        p.cut_request(position, then),
        expected=NOT_EXECUTED_UNSEEN | NOT_SENT_OR_PROCESSED,
        timeout_ms=timeout_for(then),
    )


@pytest.mark.parametrize("position", [p.at(0), p.after_first_line, p.after_headers, p.in_body, p.at(-1)])
@pytest.mark.parametrize("then", ENDS, ids=name)
def test_response_is_cut(situation, position, then, transport):
    report = situation(p.cut_response(position, then), expected={"OK"}, transport=transport)
    assert (report.executions, report.attempts) == (1, 1)


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN)
def test_broken_response(situation, data):
    """The record shows the decision."""
    report = situation(p.respond(data, p.fin, executed=True), expected={"OK"})
    assert report.executions == 1


@pytest.mark.parametrize("status", REFUSALS)
def test_refused(situation, status):
    data = b'HTTP/1.1 %d No\r\nContent-Length: 15\r\nLocation: /\r\n\r\n{"error": "no"}' % status
    assert situation(p.respond(data), expected={REFUSALS[status]}).executions == 0


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
def test_not_executed_but_outcome_unknown(situation, status):
    """The record does not show the decision, but it may still be executed."""
    data = b"HTTP/1.1 %d No\r\nContent-Length: 0\r\n\r\n" % status
    report = situation(p.respond(data), expected={UNKNOWN}, timeout_ms=1500)
    assert (report.executions, report.cause) == (0, "E_TIMEOUT")


def test_executed_after_the_timeout(situation):
    report = situation(p.pass_on(delay=0.7), expected=EXECUTED_UNSEEN, timeout_ms=400)
    assert report.executions == 1


def test_executed_during_the_inquiry(situation):
    """The first record does not show it yet."""
    report = situation(p.pass_on(delay=2.4), expected={"OK"}, timeout_ms=3500)
    assert report.executions == 1


def test_connection_refused(start_proxy, start_client, decide, session):
    front = start_proxy()
    client = start_client(front.url, timeout_ms=600)
    front.end()
    assert decide(client, session(), expected={"E_NOT_SENT"}).attempts == 0


def test_many_pooled_connections_die(start_proxy, start_client, decide, session):
    """Without the library's guard, libcurl would execute the request once per pooled connection."""
    count = 6
    front = start_proxy(*[p.pass_on(delay=0.1)] * count, *[p.execute(p.rst)] * count)
    client = start_client(front.url)
    with ThreadPoolExecutor(count) as pool:
        report = list(pool.map(client.verify, [session() for _ in range(count)]))
    assert [one.status for one in report] == ["OK"] * count
    decide(client, session(), ending=[front], expected=EXECUTED_UNSEEN)


def test_random_faults(start_proxy, start_client, decide, session):
    """Many decisions at once; most of them fail somehow, and so do the inquiries."""
    chosen = random.Random(20)
    actions = [
        lambda: p.pass_on(),
        lambda: p.execute(chosen.choice([p.fin, p.rst])),
        lambda: p.cut_request(p.anywhere(chosen.random()), p.rst),
        lambda: p.cut_response(p.anywhere(chosen.random()), p.fin),
        lambda: p.respond(chosen.choice(list(BROKEN.values())), p.fin, executed=chosen.random() < 0.5),
        lambda: p.at_accept(p.rst),
    ]
    front = start_proxy(*[chosen.choice(actions)() for _ in range(200)])
    client = start_client(front.url, timeout_ms=2500)
    sessions = [session() for _ in range(60)]
    with ThreadPoolExecutor(12) as pool:
        report = list(pool.map(lambda one: decide(client, one), sessions))
    assert {"OK"} <= {one.status for one in report}
    assert max(one.executions for one in report) == 1
