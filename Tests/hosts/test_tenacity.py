"""Tenacity retries after any Exception, but the guard lets the create be executed once."""

import json

from conftest import until


def test_it_repeats_what_is_an_exception(run):
    assert json.loads(run("tenacious", "RuntimeError")) == [4, "RuntimeError", None]


def test_an_answer_that_was_lost(run, service, reference):
    """All searches of the four attempts fail."""
    service.lose_the_answer(searches=1000)
    attempts, error, token = json.loads(run("tenacious", reference))
    assert (attempts, error) == (4, "OutcomeUnknown")
    assert token.endswith(f".{reference}")
    assert service.executions(reference) == 1


def test_a_repeat_finds_the_session(run, service, emulator, reference):
    """The search of the first attempt fails, and the second attempt searches before it sends."""
    service.lose_the_answer(searches=1)
    attempts, session, reconciled = json.loads(run("tenacious", reference))
    assert attempts <= 2
    assert reconciled is True
    assert session in emulator.list(external_id=reference).text
    assert service.executions(reference) == 1


def test_a_request_that_is_executed_after_all_attempts(run, service, reference):
    service.answer_late(6000, executed_first=False)
    attempts, error, _ = json.loads(run("tenacious", reference))
    assert (attempts, error) == (4, "OutcomeUnknown")
    assert service.executions(reference) == 0
    until(lambda: service.executions(reference))
    assert service.executions(reference) == 1
