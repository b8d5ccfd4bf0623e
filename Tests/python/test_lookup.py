"""Sessions of lost creates, sessions by their id, and pages of sessions.

When the library searches and what it accepts is tested in Tests/DeepIDVCoreTests (ExchangeEvaluationTests,
LookupTests, OperationPolicyTests) and Tests/abi (test_delivery.c, test_lookup.c).
"""

import datetime
import email.utils
import json
import time
import urllib.parse
import urllib.request

import deepidv
import pytest
from conftest import APPLICANT, each
from peer import NO_SESSIONS, Peer, answer, hang_up, say_nothing

REFERENCE = "order 1042/ü&x=%41+~"


def at(seconds=0, *, since=None):
    """Return the time so many seconds from now, in the format of the service."""
    moment = time.time() if since is None else since
    return (
        datetime.datetime.fromtimestamp(moment + seconds, datetime.timezone.utc)
        .isoformat(timespec="milliseconds")
        .replace("+00:00", "Z")
    )


def record(session_id="sess_found", **changes):
    """Return a record of a session that was created late enough to be the one of a create."""
    made = {
        "id": session_id,
        "external_id": REFERENCE,
        "status": "PENDING",
        "session_progress": "PENDING",
        # Late enough for every create of this run.
        "created_at": at(3600),
    }
    made.update(changes)
    return {name: value for name, value in made.items() if value is not None}


def page(*records, next_token=None, **options):
    return answer(body={"sessions": list(records), "next_token": next_token}, **options)


def lose(*acts, lost=hang_up, timeout=1.5, external_id=REFERENCE, **options):
    """Lose the response to a create and perform the acts for the searches; return the outcome and the peer."""
    peer = Peer(lost, *acts)
    with deepidv.Client("the-key", base_url=peer.url, timeout=timeout, **options) as client:
        try:
            outcome = client.create_session(**APPLICANT, external_id=external_id)
        except deepidv.OutcomeUnknown as unknown:
            outcome = unknown
    peer.end()
    assert len(peer.posts) == 1
    return outcome, peer


def ask(*acts, call=lambda client: client.retrieve_session("sess_abc"), **options):
    """Call a method of a client of a peer; return the result or the exception, and the peer."""
    peer = Peer(*acts)
    options = {"timeout": 10, "rate_limit": 0, **options}
    with deepidv.Client("the-key", base_url=peer.url, **options) as client:
        try:
            outcome = call(client)
        except deepidv.DeepIDVError as error:
            outcome = error
    peer.end()
    return outcome, peer


# Found


@pytest.mark.parametrize("lost", [hang_up, answer(504, {"message": "Endpoint request timed out"})])
def test_a_lost_session_is_found(lost):
    session, peer = lose(page(record()), lost=lost)
    assert isinstance(session, deepidv.Session)
    assert (session.id, session.external_id, session.url) == ("sess_found", REFERENCE, None)
    assert (session.reconciled, session.http_status) == (True, 200)
    assert json.loads(session.raw)["sessions"][0]["id"] == "sess_found"
    [search] = peer.searches
    assert search.target == f"/v1/sessions?external_id={urllib.parse.quote(REFERENCE, safe='')}&limit=500"
    assert search.header("x-api-key") == "the-key"
    assert search.header("content-length") is None


def lose_by_another_clock(case):
    skew, seconds = case
    date = f"Date: {email.utils.formatdate(time.time() + skew, usegmt=True)}"
    return lose(*[page(record(created_at=at(skew + seconds)), headers=[date])] * 9)


# The error of the service's clock, and when its record says the session was created, relative to the create.
CLOCKS = {f"{skew:+} {late:+}": (skew, late) for skew in (-86_400, 86_400) for late in (1, -60)}
lost_by_another_clock = each(CLOCKS, lose_by_another_clock)


@pytest.mark.parametrize("case", CLOCKS)
def test_the_clock_of_the_service_counts(lost_by_another_clock, case):
    """Its records and its Date header have the same error, so only seconds of tolerance are needed."""
    outcome, _ = lost_by_another_clock[case]
    assert type(outcome) is (deepidv.Session if CLOCKS[case][1] > 0 else deepidv.OutcomeUnknown)


# Several


def test_several_sessions():
    several, peer = lose(page(record("sess_1"), record("sess_old", created_at=at(-3600)), record("sess_2")))
    assert type(several) is deepidv.DuplicateSessions
    assert (several.name, several.cause) == ("DEEPIDV_E_DUPLICATE",) * 2
    assert several.session_ids == ("sess_1", "sess_2")
    assert several.external_id == REFERENCE
    assert several.reconcile_token is None
    assert len(peer.searches) == 1
    for private in ("sess_1", "order", "the-key"):
        assert private not in str(several) + repr(several)


# Not found


def test_a_session_that_is_not_found():
    unknown, peer = lose(*[page(record(created_at=at(-3600)))] * 9, timeout=1)
    assert type(unknown) is deepidv.OutcomeUnknown
    # The cause of the lost response, not of the search.
    assert unknown.cause == "DEEPIDV_E_CONNECTION_LOST"
    assert 1 <= len(peer.searches) <= 2
    assert unknown.external_id == REFERENCE
    version, seconds, reference = unknown.reconcile_token.split(".", 2)
    assert (version, reference) == ("1", REFERENCE)
    assert 0 <= time.time() - int(seconds) < 60
    assert "order" not in str(unknown) + repr(unknown)


def test_without_an_external_id_there_is_no_search(start_peer, applicant):
    peer = start_peer(hang_up)
    with deepidv.Client("key", base_url=peer.url, timeout=5, make_external_id=False) as client:
        with pytest.raises(deepidv.OutcomeUnknown) as caught:
            client.create_session(**applicant)
    assert caught.value.elapsed < 4
    assert (caught.value.external_id, caught.value.reconcile_token) == (None, None)
    assert [request.method for request in peer.end()] == ["POST"]


# Later


@pytest.fixture
def token():
    """Return the token of a create whose response was lost."""
    unknown, _ = lose(timeout=0.3)
    return unknown.reconcile_token


def test_a_token_finds_the_session_later(start_peer, token):
    peer = start_peer(page(record()))
    with deepidv.Client("key", base_url=peer.url) as client:
        session = client.reconcile(token)
    assert (session.id, session.url, session.reconciled) == ("sess_found", None, True)
    assert [search.target for search in peer.end()] == [
        f"/v1/sessions?external_id={urllib.parse.quote(REFERENCE, safe='')}&limit=500"
    ]


def test_reconcile_repeats_the_search(start_peer, token):
    peer = start_peer(hang_up, answer(body=NO_SESSIONS), page(record()))
    with deepidv.Client("key", base_url=peer.url) as client:
        assert client.reconcile(token.encode()).id == "sess_found"
    assert len(peer.end()) == 3


@pytest.mark.parametrize(
    ("act", "kind"),
    [
        (page(record("a"), record("b")), deepidv.DuplicateSessions),
        (answer(401), deepidv.OutcomeUnknown),
    ],
)
def test_reconcile_without_a_session(start_peer, token, act, kind):
    peer = start_peer(*[act] * 9)
    with deepidv.Client("key", base_url=peer.url, timeout=0.3) as client:
        with pytest.raises(deepidv.OutcomeUnknown) as caught:
            client.reconcile(token)
    assert type(caught.value) is kind
    if kind is deepidv.OutcomeUnknown:
        assert (caught.value.external_id, caught.value.reconcile_token) == (REFERENCE, token)
    else:
        assert caught.value.session_ids == ("a", "b")
    assert {request.method for request in peer.end()} == {"GET"}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("", "TOKEN"),
        ("1.5.a\0", "NUL"),
        ("1.5.\ud800", "UTF8"),
    ],
)
def test_an_invalid_token(start_peer, text, name):
    peer = start_peer()
    with deepidv.Client("key", base_url=peer.url) as client:
        with pytest.raises(deepidv.InvalidRequest) as caught:
            client.reconcile(text)
    assert (caught.value.name, caught.value.field) == (f"DEEPIDV_E_{name}", "token")
    assert peer.end() == []
    assert peer.connections == 0


@pytest.mark.parametrize("value", [None, 5, ["1.5.a"]])
def test_arguments_of_another_type(client, value):
    with pytest.raises(TypeError, match=r"^token must be str"):
        client.reconcile(value)
    with pytest.raises(TypeError, match=r"^session_id must be str"):
        client.retrieve_session(value)


# One session


DETAILS = {
    "session_record": {
        "id": "sess_abc",
        "status": "VERIFIED",
        "session_progress": "COMPLETED",
        "external_id": "order-1042",
        "created_at": "2026-01-01T00:00:00.000Z",
        "expires_at": "2026-01-02T00:00:00.000Z",
        "analysis_data": {"id_analysis_data": {"score": 0.5}, "huge": 1},
    },
    "resource_links": {"front": "https://files.example/front"},
    "user": {"id": "usr_1", "status": "not the session's"},
}


def test_every_member_of_a_record():
    session, peer = ask(answer(body=DETAILS))
    assert isinstance(session, deepidv.SessionRecord)
    assert (session.id, session.external_id) == ("sess_abc", "order-1042")
    assert session.status is deepidv.SessionStatus.VERIFIED
    assert session.progress is deepidv.SessionProgress.COMPLETED
    assert (session.created_at.isoformat(), session.expires_at.isoformat()) == (
        "2026-01-01T00:00:00+00:00",
        "2026-01-02T00:00:00+00:00",
    )
    assert session.record == DETAILS["session_record"]
    assert json.loads(session.raw) == DETAILS
    assert (session.http_status, session.attempts) == (200, 1)
    assert 0 < session.elapsed < 10
    assert "analysis" not in repr(session)
    assert hash(session) == hash(session)
    [question] = peer.requests
    assert question.first_line == b"GET /v1/sessions/sess_abc HTTP/1.1"
    assert question.header("x-api-key") == "the-key"
    assert question.header("content-length") is None


def test_the_words_of_the_service():
    words = ["PENDING", "SUBMITTED", "VERIFIED", "REJECTED", "VOIDED", "EXPIRED", "FAILED"]
    assert [str(word) for word in deepidv.SessionStatus] == words
    assert [f"{word}" for word in deepidv.SessionProgress] == ["PENDING", "STARTED", "COMPLETED"]
    assert deepidv.SessionStatus.VERIFIED == "VERIFIED"


@pytest.mark.parametrize(
    ("members", "status", "progress"),
    [
        ({"status": "ON_HOLD", "session_progress": "ALMOST"}, "ON_HOLD", "ALMOST"),
        # C would read the first as VERIFIED.
        ({"status": "VERIFIED\0", "session_progress": "COMPLETED\n"}, None, None),
        ({"status": ["VERIFIED"]}, None, None),
    ],
)
def test_unknown_words(members, status, progress):
    session, _ = ask(answer(body={"session_record": {"id": "sess_abc", **members}}))
    assert (session.status, session.progress) == (status, progress)
    assert type(session.status) in (str, type(None))
    assert (session.external_id, session.created_at, session.expires_at) == (None, None, None)
    assert session.record == {"id": "sess_abc", **members}
    # A page reads them in the same way.
    listed, _ = ask(page({"id": "s", **members}), call=lambda client: client.list_page())
    assert (listed.sessions[0].status, listed.sessions[0].progress) == (status, progress)


def test_a_number_of_a_million_digits():
    session, _ = ask(answer(body='{"session_record": {"id": "sess_abc", "n": %s, "m": 12}}' % ("9" * 1_000_000)))
    assert (session.record["n"], session.record["m"]) == (float("inf"), 12)


@pytest.mark.parametrize(("session_id", "name"), [("", "REQUIRED"), ("..", "REQUIRED"), ("\udcff", "UTF8")])
def test_an_invalid_session_id(session_id, name):
    error, peer = ask(call=lambda client: client.retrieve_session(session_id))
    assert type(error) is deepidv.InvalidRequest
    assert (error.name, error.field) == (f"DEEPIDV_E_{name}", "session_id")
    assert peer.connections == 0


CALLS = {
    "retrieve": (lambda client: client.retrieve_session("sess_abc"), answer(body=DETAILS)),
    "list": (lambda client: client.list_page(), page(record())),
}


@pytest.mark.parametrize("call", CALLS)
def test_a_question_is_asked_four_times(call):
    function, good = CALLS[call]
    answered, peer = ask(hang_up, answer(503), answer(200, "<html>"), good, call=function)
    assert answered.attempts == len(peer.requests) == 4
    error, peer = ask(*[answer(503, {"message": "busy"})] * 9, call=function)
    assert type(error) is deepidv.NoAnswer
    assert isinstance(error, deepidv.TryAgain)
    assert (error.name, error.cause, error.api_message) == ("DEEPIDV_E_SERVER", "DEEPIDV_E_SERVER", "busy")
    assert (error.http_status, error.attempts) == (503, 4)
    assert len(peer.requests) == 4


@pytest.mark.parametrize("call", CALLS)
def test_a_question_that_gets_no_answer_in_time(call):
    error, _ = ask(*[say_nothing] * 9, call=CALLS[call][0], timeout=0.3)
    assert (type(error), error.cause) == (deepidv.NoAnswer, "DEEPIDV_E_TIMEOUT")
    assert 0.25 < error.elapsed < 5


@pytest.mark.parametrize("call", CALLS)
def test_a_question_that_is_refused(call):
    error, peer = ask(answer(404, {"message": "words"}), call=CALLS[call][0])
    assert type(error) is deepidv.NotFound
    assert (error.http_status, error.api_message, error.attempts) == (404, "words", 1)
    error, peer = ask(*[answer(429, headers=["Retry-After: 3600"])] * 9, call=CALLS[call][0], timeout=0.3)
    assert (type(error), error.http_status, error.retry_after) == (deepidv.RateLimited, 429, 3600)
    assert len(peer.requests) == 1


# Pages


@pytest.mark.parametrize(
    ("arguments", "query"),
    [
        ({}, ""),
        ({"external_id": b"x", "page_size": 7, "next_token": "n"}, "?external_id=x&limit=7&next_token=n"),
    ],
)
def test_the_query_of_a_list(arguments, query):
    listed, peer = ask(call=lambda client: client.list_page(**arguments))
    assert (listed.sessions, listed.next_token) == ((), None)
    assert [question.first_line.decode() for question in peer.requests] == [f"GET /v1/sessions{query} HTTP/1.1"]


@pytest.mark.parametrize(
    ("arguments", "name", "field"),
    [
        ({"page_size": 0}, "RANGE", "page_size"),
        ({"page_size": 2**32 + 1}, "RANGE", "page_size"),
        ({"external_id": ""}, "REQUIRED", "external_id"),
        ({"next_token": ""}, "REQUIRED", "next_token"),
        ({"external_id": "\ud800"}, "UTF8", "external_id"),
        # The library does not say which of the two is invalid.
        ({"next_token": "a\0", "external_id": "a"}, "NUL", None),
    ],
)
def test_invalid_arguments_of_a_list(arguments, name, field):
    error, peer = ask(call=lambda client: client.list_page(**arguments))
    assert type(error) is deepidv.InvalidRequest
    assert (error.name, error.field) == (f"DEEPIDV_E_{name}", field)
    assert peer.connections == 0


@pytest.mark.parametrize(
    ("argument", "value"), [("page_size", "5"), ("page_size", True), ("external_id", 5), ("next_token", 5)]
)
def test_arguments_of_a_list_of_another_type(client, argument, value):
    with pytest.raises(TypeError, match=f"^{argument} must be "):
        client.list_page(**{argument: value})


def test_a_page():
    listed, _ = ask(
        page(
            record("a", status="SUBMITTED", externalId="camel", expires_at=at()),
            5,
            None,
            {"status": "PENDING"},
            {**record(None), "session_id": "b"},
            record("", idv_id="c"),
            record(7, idv_id=""),
            [record("nested")],
            record("d", created_at=None, external_id=None, more={"deep": [1]}),
            next_token="more",
        ),
        call=lambda client: client.list_page(),
    )
    assert [session.id for session in listed.sessions] == ["a", "b", "c", "d"]
    first, *_, last = listed.sessions
    assert (first.status, first.external_id) == (deepidv.SessionStatus.SUBMITTED, "camel")
    for parsed, name in ((first.created_at, "created_at"), (first.expires_at, "expires_at")):
        assert parsed == datetime.datetime.fromisoformat(first.record[name].replace("Z", "+00:00"))
    assert (last.created_at, last.external_id, last.record["more"]) == (None, None, {"deep": [1]})
    assert listed.next_token == "more"
    assert (listed.http_status, listed.attempts) == (200, 1)
    assert len(json.loads(listed.raw)["sessions"]) == 9
    assert REFERENCE not in repr(listed.raw)


def test_page_after_page(start_peer):
    a, b, c = (record(session_id, external_id="x") for session_id in "abc")
    pages = [page(a, b, next_token="t&2"), page(next_token="t3")]
    peer = start_peer(*pages, page(c))
    with deepidv.Client("key", base_url=peer.url) as client:
        sessions = client.list_sessions(external_id="x", page_size=2)
        assert peer.requests == []
        assert next(sessions).id == "a"
        # The next page is requested only when it is needed.
        assert next(sessions).id == "b"
        assert len(peer.requests) == 1
        assert [session.id for session in sessions] == ["c"]
    assert [question.target for question in peer.end()] == [
        "/v1/sessions?external_id=x&limit=2",
        "/v1/sessions?external_id=x&limit=2&next_token=t%262",
        "/v1/sessions?external_id=x&limit=2&next_token=t3",
    ]


# Against the emulator


def forward(emulator, request):
    """Forward a request, and return the body of the response."""
    target = urllib.request.Request(
        emulator + request.target,
        data=request.body or None,
        headers={"x-api-key": request.header("x-api-key"), "Content-Type": "application/json"},
        method=request.method,
    )
    with urllib.request.urlopen(target) as answered:
        return answered.read()


@pytest.fixture
def created(client, applicant, request):
    """Create five sessions with an external id of their own."""
    reference = f"five of {request.node.name}"
    return reference, [client.create_session(**applicant, external_id=reference) for _ in range(5)]


def test_a_session_of_the_emulator(client, applicant):
    session = client.create_session(**applicant, external_id="emulated ü", workflow_id="wf_abc123")
    found = client.retrieve_session(session.id)
    assert (found.id, found.external_id) == (session.id, "emulated ü")
    assert found.status is deepidv.SessionStatus.PENDING
    assert found.progress is deepidv.SessionProgress.PENDING
    assert abs(found.created_at.timestamp() - time.time()) < 60
    assert found.record["workflow_id"] == "wf_abc123"


def test_pages_of_the_emulator(client, created):
    reference, sessions = created
    expected = [found.id for found in client.list_sessions(external_id=reference)]
    for size in (1, 2, 4, 5, 500):
        found = list(client.list_sessions(external_id=reference, page_size=size))
        assert [session.id for session in found] == expected
    assert list(client.list_sessions(external_id="never seen")) == []
    # Without a filter, all sessions of the key.
    assert len({session.id for session in client.list_sessions(page_size=3)}) >= len(sessions)


@pytest.mark.parametrize("given", [True, False])
def test_a_session_of_the_emulator_whose_answer_was_lost(start_peer, emulator, applicant, given):
    def swallow(connection):
        forward(emulator, peer.requests[-1])
        return False

    def pass_on(connection):
        return answer(body=forward(emulator, peer.requests[-1]))(connection)

    if given:
        applicant["external_id"] = f"swallowed {time.time()}"
    peer = start_peer(swallow, pass_on)
    with deepidv.Client("dk_emulator", base_url=peer.url, timeout=10) as client:
        session = client.create_session(**applicant)
    assert (session.reconciled, session.url) == (True, None)
    assert [request.method for request in peer.end()] == ["POST", "GET"]
    with deepidv.Client("dk_emulator", base_url=emulator) as client:
        [found] = client.list_sessions(external_id=session.external_id)
        assert (found.id, found.external_id) == (session.id, session.external_id)
        assert client.retrieve_session(session.id).status is deepidv.SessionStatus.PENDING
    reference = urllib.parse.quote(session.external_id, safe="")
    counted = f"{emulator}/emulator/executions?external_id={reference}"
    with urllib.request.urlopen(counted) as answered:
        assert json.load(answered)["executions"] == 1
