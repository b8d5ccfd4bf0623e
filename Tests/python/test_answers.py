"""Facts about what a result leaves out, and lists whose pages form a cycle.

What each response means is tested in Tests/DeepIDVCoreTests/AnswerTests.swift.
"""

import asyncio
import json
import pickle

import deepidv
import pytest
from deepidv import ResultFact
from peer import CREATED, answer
from test_lookup import ask, page, record

LOOP = "DEEPIDV_E_ANSWER_LOOP"


def test_a_page_with_more_sessions_than_requested():
    act = page(record("a", mine=[1]), 7, record("b"), record("c"))
    listed, _ = ask(act, call=lambda client: client.list_page(page_size=2))
    assert [session.id for session in listed.sessions] == ["a", "b"]
    assert listed.sessions[0].record["mine"] == [1]
    assert listed.facts == ResultFact.MORE_SESSIONS
    assert pickle.loads(pickle.dumps(listed)) == listed


def test_each_session_has_its_own_record():
    """The records are found by position: equal ids, and elements that are no sessions, do not mix them up."""
    listed, _ = ask(
        page(
            record("a\0", status="1"),
            record("a", status="2"),
            record("a", status="3"),
            {"id": "a\n", "session_id": "b", "status": "4"},
            record("c", status="5\0"),
        ),
        call=lambda client: client.list_page(),
    )
    assert [(session.id, session.status) for session in listed.sessions] == [
        ("a", "2"),
        ("a", "3"),
        ("b", "4"),
        ("c", None),
    ]
    assert listed.facts == ResultFact.MORE_SESSIONS


def test_more_than_100_hints():
    error, _ = ask(answer(400, {"message": "m", "hints": ["h"] * 101}))
    assert type(error) is deepidv.BadRequest
    assert (error.hints, error.facts) == (("h",) * 100, ResultFact.MORE_HINTS)


def test_an_unsafe_url(start_peer, applicant):
    url = "javascript:alert(1)"
    peer = start_peer(answer(body={**CREATED, "session_url": url, "links": [{"href": url}]}))
    with deepidv.Client("key", base_url=peer.url) as client:
        session = client.create_session(**applicant)
    assert (session.id, session.url, session.links) == ("sess_1", None, ())
    assert session.facts == ResultFact.SESSION_URL_REFUSED | ResultFact.MORE_LINKS
    assert json.loads(session.raw)["session_url"] == url


# Cycles


def cycle(*tokens):
    """Answer with pages that have these tokens, and then again from the second one on."""
    pages = [page(record(token, external_id=None), next_token=token) for token in tokens]
    return [*pages, *pages[1:] * 9]


async def list_ids(url, seen):
    async with deepidv.AsyncClient("the-key", base_url=url, rate_limit=0) as client:
        async for session in client.list_sessions():
            seen.append(session.id)


@pytest.mark.parametrize("tokens", ["aa", "ab", "abcde"])
@pytest.mark.parametrize("is_async", [False, True])
def test_a_list_whose_pages_form_a_cycle(start_peer, tokens, is_async):
    peer = start_peer(*cycle(*tokens))
    seen = []
    with pytest.raises(deepidv.NoAnswer) as caught:
        if is_async:
            asyncio.run(list_ids(peer.url, seen))
        else:
            with deepidv.Client("the-key", base_url=peer.url, rate_limit=0) as client:
                for session in client.list_sessions():
                    seen.append(session.id)
    error = caught.value
    assert (error.name, error.cause, error.http_status) == (LOOP, LOOP, 200)
    # Each page once, and one of them again at most.
    assert "".join(seen) in (tokens[:1], tokens, tokens + tokens[1])
    assert len(peer.end()) <= len(tokens) + 4
