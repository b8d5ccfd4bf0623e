"""Answers that are about something else, hold more than was asked for, or go round in circles."""

import asyncio
import json
import pickle

import deepidv
import pytest
from deepidv import ResultFact, _pages
from peer import CREATED, answer, hang_up
from test_lookup import ask, page, record

FOREIGN = "DEEPIDV_E_ANSWER_FOREIGN"
LOOP = "DEEPIDV_E_ANSWER_LOOP"


# More than was asked for


def many(beginning, element, count, end):
    return beginning + ",".join([element] * count) + end


def test_a_page_of_millions():
    body = many('{"next_token": "n", "sessions": [', '{"id":"s"}', 2_900_000, "]}")
    listed, _ = ask(
        answer(body=body),
        call=lambda client: client.list_page(page_size=500),
        timeout=60,
    )
    assert len(listed.sessions) == 500
    assert (listed.facts, listed.next_token) == (ResultFact.MORE_SESSIONS, "n")
    # Reading it takes the library a third of a second; making all of it Python's takes ten times as long.
    elements = _pages.elements(listed.raw)
    assert [next(elements) for _ in range(500)] == [{"id": "s"}] * 500
    assert pickle.loads(pickle.dumps(listed)) == listed


def test_millions_of_hints():
    body = many('{"message": "m", "hints": [', '""', 10_800_000, "]}")
    error, _ = ask(answer(400, body), timeout=60)
    assert type(error) is deepidv.BadRequest
    assert (len(error.hints), error.facts) == (100, ResultFact.MORE_HINTS)


def test_millions_of_links(start_peer, applicant):
    body = many('{"id": "s", "links": [', '{"url":"https://a/"}', 190_000, "]}")
    peer = start_peer(answer(body=body))
    with deepidv.Client("key", base_url=peer.url) as client:
        session = client.create_session(**applicant)
    assert (len(session.links), session.facts) == (100, ResultFact.MORE_LINKS)


@pytest.mark.parametrize(
    ("size", "kept", "facts"),
    [(2, 2, ResultFact.MORE_SESSIONS), (3, 3, ResultFact(0)), (None, 3, ResultFact(0))],
)
def test_a_page_size(size, kept, facts):
    act = page(record("a"), record("b"), record("c"))
    listed, _ = ask(act, call=lambda client: client.list_page(page_size=size))
    assert ([session.id for session in listed.sessions], listed.facts) == (
        list("abc")[:kept],
        facts,
    )


@pytest.mark.parametrize(
    "body",
    [
        '{"sessions": [1, {"a": [2]}, "]"]}',
        '\ufeff \n{ "x" : {"sessions": [0]} , "y":"[{\\"", "\\u0073essions"\t:\r[ 1 ,\n{"a":[2]} , "]" ] , "z":0 } ',
        '{"sessions":[1,{"a":[2]},"]"],"next_token":null}',
    ],
)
def test_elements(body):
    assert list(_pages.elements(body.encode())) == [1, {"a": [2]}, "]"]


@pytest.mark.parametrize("body", ['{"sessions": []}', '{"x": "sessions"}', "{}"])
def test_no_elements(body):
    assert list(_pages.elements(body.encode())) == []


def test_each_session_has_its_own_record():
    listed, _ = ask(
        page(
            record("a\0", status="1"),
            record("a", status="2"),
            {"id": "a\n", "session_id": "b", "status": "3"},
            record("x" * 1025, status="4"),
            record("c", status="5\0"),
        ),
        call=lambda client: client.list_page(),
    )
    assert [(session.id, session.status) for session in listed.sessions] == [
        ("a", "2"),
        ("b", "3"),
        ("c", None),
    ]
    assert listed.facts == ResultFact.MORE_SESSIONS


# About something else


def test_a_record_of_another():
    error, peer = ask(*[answer(body={"session_record": {"id": "sess_abd", "status": "VERIFIED"}})] * 9)
    assert (type(error), error.name) == (deepidv.NoAnswer, FOREIGN)
    assert len(peer.requests) == 4


@pytest.mark.parametrize("external_id", ["other", None])
def test_a_list_of_another(external_id):
    act = page(record("a", external_id="x"), record("b", external_id=external_id))
    error, _ = ask(*[act] * 9, call=lambda client: list(client.list_sessions(external_id="x")))
    assert (type(error), error.name) == (deepidv.NoAnswer, FOREIGN)
    # Without a filter there is nothing to compare.
    listed, _ = ask(act, call=lambda client: list(client.list_sessions()))
    assert [session.id for session in listed] == ["a", "b"]


# Where browsers are sent


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "https://a/\r\nX: y",
    ],
)
def test_a_url_that_no_browser_may_be_sent_to(start_peer, applicant, url):
    peer = start_peer(answer(body={**CREATED, "session_url": url, "links": [{"href": url}]}))
    with deepidv.Client("key", base_url=peer.url) as client:
        session = client.create_session(**applicant)
    assert (session.id, session.url, session.links) == ("sess_1", None, ())
    assert session.facts == ResultFact.SESSION_URL_REFUSED | ResultFact.MORE_LINKS
    # It is there for whoever wants to see it.
    assert json.loads(session.raw)["session_url"] == url


def test_urls_of_the_emulator(client, applicant):
    session = client.create_session(**applicant)
    assert session.url.startswith("http://")
    assert session.facts == ResultFact(0)


# In circles


def circle(*tokens):
    """Answer with these tokens in turn, and then from the second one again."""
    pages = [page(record(token, external_id=None), next_token=token) for token in tokens]
    return [*pages, *pages[1:] * 9]


def walk(client, seen):
    for session in client.list_sessions():
        seen.append(session.id)


async def walk_async(url, seen):
    async with deepidv.AsyncClient("the-key", base_url=url, rate_limit=0) as client:
        async for session in client.list_sessions():
            seen.append(session.id)


@pytest.mark.parametrize("tokens", ["aa", "ab", "abcde"])
@pytest.mark.parametrize("is_async", [False, True])
def test_lists_that_go_round(start_peer, tokens, is_async):
    peer = start_peer(*circle(*tokens))
    seen = []
    with pytest.raises(deepidv.NoAnswer) as caught:
        if is_async:
            asyncio.run(walk_async(peer.url, seen))
        else:
            with deepidv.Client("the-key", base_url=peer.url, rate_limit=0) as client:
                walk(client, seen)
    assert (caught.value.name, caught.value.cause, caught.value.http_status) == (
        LOOP,
        LOOP,
        200,
    )
    # Once round, and one page of it again at most.
    assert "".join(seen) in (tokens[:1], tokens, tokens + tokens[1])
    assert len(peer.end()) <= len(tokens) + 4


def test_a_page_that_asks_for_itself():
    act = page(record("a"), next_token="t")
    error, peer = ask(*[act] * 9, call=lambda client: client.list_page(next_token="t"))
    assert (type(error), error.name) == (deepidv.NoAnswer, LOOP)
    assert len(peer.requests) == 4
    # Asked for again, since nothing is lost by it.
    good = page(record("a"), next_token="u")
    listed, _ = ask(act, hang_up, good, call=lambda client: client.list_page(next_token="t"))
    assert listed.next_token == "u"


@pytest.mark.parametrize("token", [7, "t\0", "t" * 65_537])
def test_a_token_that_cannot_be_sent_back(token):
    """It is no last page: the list would end early, and nobody would know."""
    act = page(record("a"), next_token=token)
    error, _ = ask(*[act] * 9, call=lambda client: list(client.list_sessions()))
    assert (type(error), error.name) == (deepidv.NoAnswer, "DEEPIDV_E_ANSWER_JSON")
