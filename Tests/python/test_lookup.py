"""Sessions that are asked for: those of lost creates, one by its id, and pages of them."""

import datetime
import email.utils
import json
import subprocess
import sys
import time
import urllib.parse
import urllib.request

import deepidv
import pytest
from conftest import APPLICANT, each
from peer import CREATED, NO_SESSIONS, Peer, answer, hang_up, reset, say_nothing, send

REFERENCE = "order 1042/ü&x=%41+~"


def at(seconds=0, *, since=None):
    """Write the time so many seconds from now, as the service does."""
    moment = time.time() if since is None else since
    return (
        datetime.datetime.fromtimestamp(moment + seconds, datetime.timezone.utc)
        .isoformat(timespec="milliseconds")
        .replace("+00:00", "Z")
    )


def record(session_id="sess_found", **changes):
    """Make a record as the service would of a session that was created in time."""
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
    """Lose the answer to a create, have the looks answered, and give the outcome and the peer."""
    peer = Peer(lost, *acts)
    with deepidv.Client("the-key", base_url=peer.url, timeout=timeout, **options) as client:
        try:
            outcome = client.create_session(**APPLICANT, external_id=external_id)
        except deepidv.OutcomeUnknown as unknown:
            outcome = unknown
    peer.end()
    # Whatever was looked for, it was sent once.
    assert len(peer.posts) == 1
    return outcome, peer


def ask(*acts, call=lambda client: client.retrieve_session("sess_abc"), **options):
    """Ask a peer with a method of the client; gives what came of it, and the peer."""
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


LOST = {
    "no answer": hang_up,
    "reset": reset,
    "500": answer(500, "<html>"),
    "504": answer(504, {"message": "Endpoint request timed out"}),
    "408": answer(408),
    "no id": answer(200, {}),
    "html": answer(200, "<html></html>"),
    "cut": send(b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"id": "sess_'),
}


lost_and_found = each(LOST, lambda lost: lose(page(record()), lost=lost))


@pytest.mark.parametrize("case", LOST)
def test_a_lost_session_is_found(lost_and_found, case):
    session, peer = lost_and_found[case]
    assert isinstance(session, deepidv.Session)
    assert (session.id, session.external_id, session.url) == ("sess_found", REFERENCE, None)
    assert (session.reconciled, session.http_status) == (True, 200)
    assert json.loads(session.raw)["sessions"][0]["id"] == "sess_found"
    assert len(peer.looks) == 1


def test_what_a_look_sends():
    _, peer = lose(page(record()), user_agent="shop/1.0")
    [look] = peer.looks
    assert look.target == f"/v1/sessions?external_id={urllib.parse.quote(REFERENCE, safe='')}&limit=500"
    assert look.header("x-api-key") == "the-key"
    assert look.header("user-agent").startswith("shop/1.0 libdeepidv/")
    assert look.header("content-length") is None
    assert look.header("transfer-encoding") is None
    assert look.body == b""
    # Most lost answers belong to sessions that are made in that moment: soon, but not at once.
    assert 0.3 < look.time - peer.posts[0].time < 1


def test_a_session_with_an_id_of_the_library_s_own_is_found(start_peer, applicant):
    def found(connection):
        external_id = peer.posts[0].json["external_id"]
        return page(record(external_id=external_id))(connection)

    peer = start_peer(hang_up, found)
    with deepidv.Client("key", base_url=peer.url, timeout=5) as client:
        session = client.create_session(**applicant)
    assert (session.id, session.reconciled) == ("sess_found", True)
    assert session.external_id == peer.posts[0].json["external_id"]
    assert len(peer.end()) == 2


def test_silence_leaves_time_for_looking():
    session, peer = lose(page(record()), lost=say_nothing, timeout=2)
    assert (session.id, session.reconciled) == ("sess_found", True)
    # Three fifths of the time are the create's.
    assert 1.1 < peer.looks[0].time - peer.posts[0].time < 2


FAILED_LOOKS = {
    "lost": hang_up,
    "reset": reset,
    "500": answer(500),
    "429": answer(429),
    "html": answer(200, "<html>"),
    "nothing yet": answer(body=NO_SESSIONS),
}
found_at_second_look = each(FAILED_LOOKS, lambda act: lose(act, page(record()), timeout=10, rate_limit=0))


@pytest.mark.parametrize("case", FAILED_LOOKS)
def test_one_look_may_fail(found_at_second_look, case):
    session, peer = found_at_second_look[case]
    assert (session.id, session.reconciled) == ("sess_found", True)
    assert len(peer.looks) == 2


def test_the_right_one_of_several_is_found():
    session, _ = lose(
        page(
            record("sess_old", created_at=at(-3600)),
            record("sess_other", external_id="order 1042"),
            record("sess_no_time", created_at=None),
            record("sess_right"),
            {"external_id": REFERENCE, "created_at": at()},
            5,
        )
    )
    assert (session.id, session.reconciled) == ("sess_right", True)


def lose_by_another_clock(case):
    skew, seconds = case
    date = f"Date: {email.utils.formatdate(time.time() + skew, usegmt=True)}"
    return lose(*[page(record(created_at=at(skew + seconds)), headers=[date])] * 9)


# By how much the service's clock is wrong, and when after the create its record says it was made.
CLOCKS = {f"{skew:+} {late:+}": (skew, late) for skew in (-86_400, 0, 86_400) for late in (1, -60)}
lost_by_another_clock = each(CLOCKS, lose_by_another_clock)


@pytest.mark.parametrize("case", CLOCKS)
def test_the_service_s_clock_is_what_counts(lost_by_another_clock, case):
    """Its records are as wrong as its Date header is, and so the two are told apart to seconds."""
    outcome, _ = lost_by_another_clock[case]
    assert type(outcome) is (deepidv.Session if CLOCKS[case][1] > 0 else deepidv.OutcomeUnknown)


def test_an_answer_that_is_another_s_is_not_taken():
    session, _ = lose(page(record()), lost=answer(body={**CREATED, "externalId": "another"}))
    assert (session.id, session.reconciled) == ("sess_found", True)
    unknown, _ = lose(lost=answer(body={**CREATED, "externalId": "another"}), timeout=0.3)
    assert (type(unknown), unknown.cause) == (deepidv.OutcomeUnknown, "DEEPIDV_E_ANSWER_FOREIGN")


# Several


def test_several_sessions():
    several, peer = lose(page(record("sess_1"), record("sess_old", created_at=at(-3600)), record("sess_2")))
    assert type(several) is deepidv.DuplicateSessions
    assert (several.name, several.cause) == ("DEEPIDV_E_DUPLICATE",) * 2
    assert several.session_ids == ("sess_1", "sess_2")
    assert several.external_id == REFERENCE
    assert several.reconcile_token is None
    assert len(peer.looks) == 1
    for private in ("sess_1", "order", "the-key"):
        assert private not in str(several) + repr(several)


# Not found


NOT_FOUND = {
    "no sessions": answer(body=NO_SESSIONS),
    "an old one": page(record(created_at=at(-3600))),
    "cut": send(b'HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{"sessions": [' + json.dumps(record()).encode()),
    "500": answer(500),
    "lost too": hang_up,
}


not_found = each(NOT_FOUND, lambda act: lose(*[act] * 9, timeout=1))


@pytest.mark.parametrize("case", NOT_FOUND)
def test_what_is_not_found(not_found, case):
    unknown, peer = not_found[case]
    assert type(unknown) is deepidv.OutcomeUnknown
    # Why it is unknown, not why it was not found.
    assert unknown.cause == "DEEPIDV_E_CONNECTION_LOST"
    assert 1 <= len(peer.looks) <= 2
    assert unknown.external_id == REFERENCE
    version, seconds, reference = unknown.reconcile_token.split(".", 2)
    assert (version, reference) == ("1", REFERENCE)
    assert 0 <= time.time() - int(seconds) < 60
    assert "order" not in str(unknown) + repr(unknown)


def test_without_an_external_id_there_is_nothing_to_look_for(start_peer, applicant):
    peer = start_peer(hang_up)
    with deepidv.Client("key", base_url=peer.url, timeout=5, make_external_id=False) as client:
        with pytest.raises(deepidv.OutcomeUnknown) as caught:
            client.create_session(**applicant)
    assert caught.value.elapsed < 4
    assert (caught.value.external_id, caught.value.reconcile_token) == (None, None)
    assert [request.method for request in peer.end()] == ["POST"]


def test_your_own_external_id_is_looked_for_whatever_else():
    session, peer = lose(page(record()), make_external_id=False)
    assert (session.id, len(peer.looks)) == ("sess_found", 1)


@pytest.mark.parametrize(("length", "looks"), [(1024, 1), (1025, 0)])
def test_external_ids_that_are_long(length, looks):
    reference = "%" * length
    outcome, peer = lose(page(record(external_id=reference)), external_id=reference)
    assert len(peer.looks) == looks
    if looks:
        assert (outcome.id, outcome.external_id) == ("sess_found", reference)
    else:
        assert (type(outcome), outcome.reconcile_token) == (deepidv.OutcomeUnknown, None)


# Later


@pytest.fixture
def token():
    """Give the token of a create that was lost."""
    unknown, _ = lose(timeout=0.3)
    return unknown.reconcile_token


def test_a_token_finds_what_comes_late(start_peer, token):
    peer = start_peer(page(record()))
    with deepidv.Client("key", base_url=peer.url) as client:
        session = client.reconcile(token)
    assert (session.id, session.url, session.reconciled) == ("sess_found", None, True)
    [look] = peer.end()
    assert look.target == f"/v1/sessions?external_id={urllib.parse.quote(REFERENCE, safe='')}&limit=500"


PROCESS = """
import sys, deepidv
with deepidv.Client("key", base_url=sys.argv[1]) as client:
    print(client.reconcile(sys.argv[2]).id, end="")
"""


def test_a_token_in_another_process(start_peer, token):
    peer = start_peer(page(record()))
    program = subprocess.run(
        [sys.executable, "-c", PROCESS, peer.url, token],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert program.stdout == "sess_found", program.stderr
    assert [request.method for request in peer.end()] == ["GET"]


def test_a_token_asks_again(start_peer, token):
    peer = start_peer(hang_up, answer(body=NO_SESSIONS), page(record()))
    with deepidv.Client("key", base_url=peer.url) as client:
        assert client.reconcile(token.encode()).id == "sess_found"
    assert len(peer.end()) == 3


@pytest.mark.parametrize(
    ("act", "kind"),
    [
        (page(record("a"), record("b")), deepidv.DuplicateSessions),
        (page(record(created_at=at(-3600))), deepidv.OutcomeUnknown),
        (answer(401), deepidv.OutcomeUnknown),
        (answer(500), deepidv.OutcomeUnknown),
        (hang_up, deepidv.OutcomeUnknown),
    ],
)
def test_a_token_that_does_not_help(start_peer, token, act, kind):
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
        ("x", "TOKEN"),
        ("1", "TOKEN"),
        ("1.", "TOKEN"),
        ("1.5", "TOKEN"),
        ("1.5.", "TOKEN"),
        ("1..a", "TOKEN"),
        ("1.-5.a", "TOKEN"),
        ("1.5x.a", "TOKEN"),
        ("2.5.a", "TOKEN"),
        (" 1.5.a", "TOKEN"),
        ("1.99999999999999999999.a", "TOKEN"),
        ("1.5." + "a" * 1025, "TOKEN"),
        ("1.5." + "a" * 100_000, "TOO_LONG"),
        ("1.5.a\0", "NUL"),
        (b"1.5.\xff", "UTF8"),
        ("1.5.\ud800", "UTF8"),
    ],
)
def test_what_is_no_token(start_peer, text, name):
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


def test_how_a_session_stands():
    session, peer = ask(answer(body=DETAILS))
    assert isinstance(session, deepidv.SessionRecord)
    assert (session.id, session.external_id) == ("sess_abc", "order-1042")
    assert session.status is deepidv.SessionStatus.VERIFIED
    assert session.progress is deepidv.SessionProgress.COMPLETED
    assert (session.created_at, session.expires_at) == (
        "2026-01-01T00:00:00.000Z",
        "2026-01-02T00:00:00.000Z",
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


def test_words_of_the_contract():
    words = ["PENDING", "SUBMITTED", "VERIFIED", "REJECTED", "VOIDED", "EXPIRED", "FAILED"]
    assert [str(word) for word in deepidv.SessionStatus] == words
    assert [f"{word}" for word in deepidv.SessionProgress] == ["PENDING", "STARTED", "COMPLETED"]
    assert deepidv.SessionStatus.VERIFIED == "VERIFIED"


@pytest.mark.parametrize(
    ("said", "status", "progress"),
    [
        ({"status": "ON_HOLD", "session_progress": "ALMOST"}, "ON_HOLD", "ALMOST"),
        ({"status": "verified"}, "verified", None),
        ({"status": ""}, "", None),
        # C would read it as VERIFIED.
        ({"status": "VERIFIED\0", "session_progress": "COMPLETED\n"}, None, None),
        ({"status": None, "session_progress": 5}, None, None),
        ({"status": ["VERIFIED"]}, None, None),
        ({}, None, None),
    ],
)
def test_other_words(said, status, progress):
    session, _ = ask(answer(body={"session_record": {"id": "sess_abc", **said}}))
    assert (session.status, session.progress) == (status, progress)
    assert type(session.status) in (str, type(None))
    assert (session.external_id, session.created_at, session.expires_at) == (None, None, None)
    assert session.record == {"id": "sess_abc", **said}
    # A page reads them alike.
    listed, _ = ask(page({"id": "s", **said}), call=lambda client: client.list_page())
    assert (listed.sessions[0].status, listed.sessions[0].progress) == (status, progress)


def test_numbers_without_an_end():
    session, _ = ask(answer(body='{"session_record": {"id": "sess_abc", "n": %s, "m": 12}}' % ("9" * 1_000_000)))
    assert (session.record["n"], session.record["m"]) == (float("inf"), 12)


@pytest.mark.parametrize(
    "session_id",
    ["sess abc", "a/b", "../../v2", "a?b=c", "a#b", "%2e", "ü😀", "a\r\nX: y", "...", "a" * 1024],
)
def test_an_id_stays_in_its_place(session_id):
    body = {"session_record": {"id": session_id}}
    outcome, peer = ask(*[answer(body=body)] * 9, call=lambda client: client.retrieve_session(session_id))
    if session_id.isprintable():
        assert outcome.id == session_id
    else:
        assert (type(outcome), outcome.cause) == (deepidv.NoAnswer, "DEEPIDV_E_ANSWER_NO_ID")
    question = peer.requests[0]
    assert question.target == "/v1/sessions/" + urllib.parse.quote(session_id, safe="")


@pytest.mark.parametrize(
    ("session_id", "name"),
    [
        ("", "REQUIRED"),
        (".", "REQUIRED"),
        ("..", "REQUIRED"),
        ("a" * 1025, "TOO_LONG"),
        ("a\0", "NUL"),
        (b"\xff", "UTF8"),
        ("\udcff", "UTF8"),
    ],
)
def test_what_is_no_id(session_id, name):
    error, peer = ask(call=lambda client: client.retrieve_session(session_id))
    assert type(error) is deepidv.InvalidRequest
    assert (error.name, error.field) == (f"DEEPIDV_E_{name}", "session_id")
    assert peer.connections == 0


CALLS = {
    "retrieve": (lambda client: client.retrieve_session("sess_abc"), answer(body=DETAILS)),
    "list": (lambda client: client.list_page(), page(record())),
}


BROKEN = {
    "lost": (hang_up, "CONNECTION_LOST", 0),
    "reset": (reset, "CONNECTION_LOST", 0),
    "503": (answer(503, {"message": "busy"}), "SERVER", 503),
    "408": (answer(408), "SERVER", 408),
    "html": (answer(200, "<html>"), "ANSWER_JSON", 200),
    "cut": (send(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"), "ANSWER_CUT", 200),
    "not HTTP": (send(b"SSH-2.0-OpenSSH_9.2\r\n\r\n"), "ANSWER_HTTP", 0),
}
QUESTIONS = {f"{call} {case}": (*CALLS[call], *BROKEN[case]) for call in CALLS for case in BROKEN}
asked_again = each(QUESTIONS, lambda case: ask(case[2], case[2], case[2], case[1], call=case[0]))
asked_in_vain = each(QUESTIONS, lambda case: ask(*[case[2]] * 9, call=case[0]))


@pytest.mark.parametrize("question", QUESTIONS)
def test_questions_are_asked_again(asked_again, question):
    answered, peer = asked_again[question]
    assert not isinstance(answered, Exception)
    assert answered.attempts == len(peer.requests) == 4


@pytest.mark.parametrize("question", QUESTIONS)
def test_questions_that_nobody_answers(asked_in_vain, question):
    error, peer = asked_in_vain[question]
    *_, cause, http_status = QUESTIONS[question]
    assert type(error) is deepidv.NoAnswer
    assert isinstance(error, deepidv.TryAgain)
    assert (error.name, error.cause) == (f"DEEPIDV_E_{cause}",) * 2
    assert (error.http_status, error.attempts) == (http_status, 4)
    assert len(peer.requests) == 4


@pytest.mark.parametrize("call", CALLS)
def test_a_question_that_gets_no_answer_in_time(call):
    error, _ = ask(*[say_nothing] * 9, call=CALLS[call][0], timeout=0.3)
    assert (type(error), error.cause) == (deepidv.NoAnswer, "DEEPIDV_E_TIMEOUT")
    assert 0.25 < error.elapsed < 5


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (302, deepidv.Redirected),
        (400, deepidv.BadRequest),
        (401, deepidv.Unauthorized),
        (402, deepidv.InsufficientBalance),
        (403, deepidv.Forbidden),
        (404, deepidv.NotFound),
        (418, deepidv.Refused),
    ],
)
def test_questions_that_are_refused(call, status, kind):
    error, peer = ask(answer(status, {"message": "words"}), call=CALLS[call][0])
    assert type(error) is kind
    assert (error.http_status, error.api_message, error.attempts) == (status, "words", 1)
    assert len(peer.requests) == 1


@pytest.mark.parametrize("call", CALLS)
def test_a_question_too_many_waits(call):
    function, good = CALLS[call]
    answered, peer = ask(answer(429), answer(429), good, call=function)
    assert answered.attempts == len(peer.requests) == 3
    error, peer = ask(*[answer(429, headers=["Retry-After: 3600"])] * 9, call=function, timeout=0.3)
    assert (type(error), error.http_status, error.retry_after) == (deepidv.RateLimited, 429, 3600)
    assert len(peer.requests) == 1


def test_nobody_to_ask():
    with deepidv.Client("key", base_url="http://127.0.0.1:1", timeout=10) as client:
        with pytest.raises(deepidv.NoAnswer) as caught:
            client.retrieve_session("sess_abc")
    assert (caught.value.cause, caught.value.attempts) == ("DEEPIDV_E_CONNECT", 0)


# Pages


@pytest.mark.parametrize(
    ("arguments", "query"),
    [
        ({}, ""),
        ({"external_id": REFERENCE}, "?external_id=" + urllib.parse.quote(REFERENCE, safe="")),
        ({"page_size": 1}, "?limit=1"),
        ({"page_size": 500}, "?limit=500"),
        ({"next_token": "a=b&c"}, "?next_token=a%3Db%26c"),
        ({"external_id": b"x", "page_size": 7, "next_token": "n"}, "?external_id=x&limit=7&next_token=n"),
    ],
)
def test_what_a_list_asks(arguments, query):
    listed, peer = ask(call=lambda client: client.list_page(**arguments))
    assert (listed.sessions, listed.next_token) == ((), None)
    assert [question.first_line.decode() for question in peer.requests] == [f"GET /v1/sessions{query} HTTP/1.1"]


@pytest.mark.parametrize(
    ("arguments", "name", "field"),
    [
        ({"page_size": 0}, "RANGE", "page_size"),
        ({"page_size": -1}, "RANGE", "page_size"),
        ({"page_size": 501}, "RANGE", "page_size"),
        ({"page_size": 2**32 + 1}, "RANGE", "page_size"),
        # Nobody's are not everybody's.
        ({"external_id": ""}, "REQUIRED", "external_id"),
        ({"next_token": ""}, "REQUIRED", "next_token"),
        ({"external_id": "a\0"}, "NUL", "external_id"),
        ({"external_id": "\ud800"}, "UTF8", "external_id"),
        ({"external_id": "a" * 100_000}, "TOO_LONG", "external_id"),
        ({"next_token": b"\xff"}, "UTF8", "next_token"),
        ({"next_token": "a" * 100_000}, "TOO_LONG", "next_token"),
        # Which of the two is not told.
        ({"next_token": "a\0", "external_id": "a"}, "NUL", None),
    ],
)
def test_what_a_list_does_not_ask(arguments, name, field):
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
    assert (first.created_at, first.expires_at) == (first.record["created_at"], first.record["expires_at"])
    assert (last.created_at, last.external_id, last.record["more"]) == (None, None, {"deep": [1]})
    assert listed.next_token == "more"
    assert (listed.http_status, listed.attempts) == (200, 1)
    assert len(json.loads(listed.raw)["sessions"]) == 9
    assert REFERENCE not in repr(listed.raw)


@pytest.mark.parametrize("last", [{"next_token": None}, {"next_token": ""}, {}])
def test_page_after_page(start_peer, last):
    a, b, c = (record(session_id, external_id="x") for session_id in "abc")
    pages = [page(a, b, next_token="t&2"), page(next_token="t3")]
    peer = start_peer(*pages, answer(body={"sessions": [c], **last}))
    with deepidv.Client("key", base_url=peer.url) as client:
        sessions = client.list_sessions(external_id="x", page_size=2)
        assert peer.requests == []
        assert next(sessions).id == "a"
        # The next page when it is needed.
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
    """Send on a request, and answer what came back."""
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
    assert abs(datetime.datetime.fromisoformat(found.created_at.replace("Z", "+00:00")).timestamp() - time.time()) < 60
    assert found.record["workflow_id"] == "wf_abc123"


def test_no_such_session_of_the_emulator(client):
    for session_id in ("sess_missing", "a/b", "%2e%2e", "x" * 1024):
        with pytest.raises(deepidv.NotFound):
            client.retrieve_session(session_id)


def test_a_list_of_the_emulator(client, created):
    reference, sessions = created
    ids = {session.id for session in sessions}
    assert {found.id for found in client.list_sessions(external_id=reference)} == ids
    assert ids <= {found.id for found in client.list_sessions()}
    assert list(client.list_sessions(external_id="never seen")) == []


def test_pages_of_the_emulator(client, created):
    reference, sessions = created
    expected = [found.id for found in client.list_sessions(external_id=reference)]
    for size in (1, 2, 4, 5, 500):
        found = list(client.list_sessions(external_id=reference, page_size=size))
        assert [session.id for session in found] == expected
    # All of the sender's, of which there are more.
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
