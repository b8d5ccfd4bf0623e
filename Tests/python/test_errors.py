"""What every exception promises: its place, its words, and what is not in them."""

import copy
import json
import logging
import pickle
import traceback
import typing
import unittest.mock

import deepidv
import pytest
from deepidv import _abi, _config, _errors, _request, _result
from peer import answer, hang_up

ALL = [getattr(deepidv, name) for name in deepidv.__all__ if name != "__version__"]
ERRORS = [kind for kind in ALL if isinstance(kind, type) and issubclass(kind, BaseException)]
SAFE = {
    deepidv.NoAnswer,
    deepidv.NoDecision,
    deepidv.NotProcessed,
    deepidv.NotSent,
    deepidv.RateLimited,
    deepidv.TryAgain,
}
# Of these something may have been executed.
UNSAFE = {
    deepidv.CreatedThoughCancelled,
    deepidv.DecisionUnknown,
    deepidv.DuplicateSessions,
    deepidv.OutcomeUnknown,
}
CODES = {name: value for name, value in vars(_abi).items() if name.startswith("DEEPIDV_E_")}

SECRETS = ["Xaviera", "Quimby", "xq@private.example", "+15550009999", "ref-1234", "sk_secret"]


def test_what_is_safe_to_repeat():
    assert {kind for kind in ERRORS if issubclass(kind, deepidv.TryAgain)} == SAFE


def test_an_unknown_outcome_is_an_exception_and_no_failed_create():
    mine = (deepidv.OutcomeUnknown, deepidv.Error, Exception, BaseException, object)
    assert deepidv.OutcomeUnknown.__mro__ == mine
    for kind in UNSAFE - {deepidv.OutcomeUnknown}:
        assert kind.__mro__ == (kind, *mine)


def test_every_exception_has_one_root_and_is_of_one_branch():
    assert deepidv.Error.__mro__ == (deepidv.Error, Exception, BaseException, object)
    for kind in ERRORS:
        assert issubclass(kind, deepidv.Error)
        if kind is not deepidv.Error:
            assert issubclass(kind, deepidv.DeepIDVError) is (kind not in UNSAFE)
            assert issubclass(kind, deepidv.OutcomeUnknown) is (kind in UNSAFE)
        # Code that retries after errors of the network must not take ours for one.
        for generic in (OSError, TimeoutError, ConnectionError, RuntimeError):
            assert not issubclass(kind, generic)


@pytest.mark.parametrize("name", CODES)
def test_every_status_makes_an_exception_with_the_library_s_words(name):
    error = _errors.refusal(CODES[name])
    assert (error.status, error.name, error.cause) == (CODES[name], name, name)
    assert str(error) == f"{error.text} ({name})"
    assert error.text.endswith(".")


def test_a_result_of_an_unknown_status_may_mean_a_session():
    error = _errors.failure(4711)
    assert type(error) is deepidv.OutcomeUnknown
    assert (error.status, error.name) == (4711, "DEEPIDV_E_?")


def test_a_question_of_an_unknown_status_has_changed_nothing():
    error = _errors.no_answer(4711)
    assert type(error) is deepidv.NoAnswer
    assert (error.status, error.name) == (4711, "DEEPIDV_E_?")


@pytest.fixture
def secretive(start_peer):
    """Fail in a way, with words in the answer that repeat the request."""

    def fail(act, **changes):
        applicant = {
            "first_name": SECRETS[0],
            "last_name": SECRETS[1],
            "email": SECRETS[2],
            "phone": SECRETS[3],
            "external_id": SECRETS[4],
        }
        applicant.update(changes)
        # Too short for looking, since the applicant has an external id.
        with deepidv.Client(SECRETS[5], base_url=start_peer(act).url, timeout=0.5) as client:
            with pytest.raises(deepidv.Error) as caught:
                client.create_session(**applicant)
        return caught.value

    return fail


def everything_said_about(error, caplog):
    logging.getLogger("host").error("failed: %s", error, exc_info=error)
    return "\n".join(
        [
            str(error),
            repr(error),
            repr(error.args),
            repr(error.__cause__),
            repr(error.__context__),
            "".join(traceback.format_exception(type(error), error, error.__traceback__)),
            caplog.text,
        ]
    )


REPEATING = {
    "message": " ".join(SECRETS),
    "hints": SECRETS,
    "code": SECRETS[0],
    "error": SECRETS[1],
    "detail": SECRETS[2],
}


@pytest.mark.parametrize(
    "act", [answer(400, REPEATING), answer(500, " ".join(SECRETS)), answer(200, REPEATING), hang_up]
)
def test_no_secret_is_in_what_gets_logged(secretive, caplog, act):
    error = secretive(act)
    said = everything_said_about(error, caplog)
    assert error.name in said
    for secret in SECRETS:
        assert secret not in said


@pytest.mark.parametrize(
    "changes",
    [
        {"email": "Xaviera Quimby"},
        {"phone": "Xaviera Quimby"},
        {"first_name": "Xaviera\0"},
        {"first_name": "Xaviera\ud800"},
        {"redirect_url": "http://Xaviera.example/"},
    ],
)
def test_no_secret_is_in_a_refusal(secretive, caplog, changes):
    error = secretive(answer(), **changes)
    said = everything_said_about(error, caplog)
    assert error.field in said
    for secret in SECRETS:
        assert secret not in said


@pytest.mark.parametrize("value", [["Xaviera"], 5])
def test_no_secret_is_in_a_type_error(client, applicant, value):
    with pytest.raises(TypeError) as caught:
        client.create_session(**{**applicant, "first_name": value})
    assert "Xaviera" not in repr(caught.value)
    with pytest.raises(deepidv.InvalidRequest) as refused:
        client.create_session_from({**applicant, "Xaviera": value})
    assert "Xaviera" not in repr(refused.value)


def test_a_client_does_not_show_its_key():
    client = deepidv.Client("sk_secret")
    assert "sk_secret" not in repr(client) + repr(vars(client))


@pytest.mark.parametrize("remake", [copy.copy, copy.deepcopy, lambda error: pickle.loads(pickle.dumps(error))])
def test_copies(failing, remake):
    error, _ = failing(answer(402, {"message": "m", "hints": ["h"], "code": "c"}))
    other = remake(error)
    assert type(other) is deepidv.InsufficientBalance
    assert vars(other) == vars(error)
    assert (str(other), repr(other), other.args) == (str(error), repr(error), error.args)

    unknown, _ = failing(hang_up)
    other = remake(unknown)
    assert type(other) is deepidv.OutcomeUnknown
    assert (vars(other), str(other)) == (vars(unknown), str(unknown))

    several = _errors.failure(_abi.DEEPIDV_E_DUPLICATE)
    several.session_ids = ("a", "b")
    assert remake(several).session_ids == ("a", "b")


def test_the_sentence(failing):
    error, _ = failing(hang_up)
    assert str(error) == (
        "The request may or may not have been executed. Check before you send it again. "
        "The connection was lost before the response. "
        "(DEEPIDV_E_OUTCOME_UNKNOWN, DEEPIDV_E_CONNECTION_LOST)"
    )
    error, _ = failing(answer(404))
    assert str(error) == ("The workflow or the session was not found (404). (DEEPIDV_E_NOT_FOUND, HTTP 404)")


# Exceptions of one's own


@pytest.mark.parametrize("kind", ERRORS)
def test_tests_can_make_each(kind):
    bare, said = kind(), kind("a text of mine")
    assert (str(said), said.args) == ("a text of mine", ("a text of mine",))
    assert str(bare) == f"{bare.text} ({bare.name})"
    assert bare.name.startswith("DEEPIDV_E_")
    assert bare.name == said.name != "DEEPIDV_E_?"
    for error in (bare, said):
        assert (error.attempts, error.field, error.hints, error.raw) == (0, None, (), None)
        assert error.outcome is kind.outcome
        assert pickle.loads(pickle.dumps(error)).args == error.args
    with pytest.raises(kind):
        unittest.mock.Mock(side_effect=kind)()
    made = kind("x", external_id="mine", http_status=418, retry_after=1.5)
    assert (made.external_id, made.http_status, made.retry_after) == ("mine", 418, 1.5)


def test_one_that_is_made_bare_has_its_own_status():
    """The status that the library answers with that class; an abstract one has a status of one below it."""
    for kind in {type(_errors.refusal(status)) for status in CODES.values()} - {deepidv.InvalidRequest}:
        assert type(_errors.refusal(kind().status)) is kind
    assert type(_errors.failure(deepidv.OutcomeUnknown().status)) is deepidv.OutcomeUnknown
    assert type(_errors.failure(deepidv.DuplicateSessions().status)) is deepidv.DuplicateSessions
    assert type(_errors.no_answer(deepidv.NoAnswer().status)) is deepidv.NoAnswer
    for kind in (deepidv.TryAgain, deepidv.ServiceError, deepidv.StateError):
        assert issubclass(type(_errors.refusal(kind().status)), kind)


def test_tests_can_give_them_their_fields():
    unknown = deepidv.OutcomeUnknown("lost", reconcile_token="1.1700000000.mine")
    assert unknown.reconcile_token == "1.1700000000.mine"
    assert deepidv.DuplicateSessions(session_ids=("a", "b")).session_ids == ("a", "b")
    assert deepidv.CreatedThoughCancelled().session.id == ""
    with pytest.raises(TypeError):
        deepidv.OutcomeUnknown("lost", reconcile_tokn="x")


def test_they_are_known_by_the_package_s_name():
    for kind in [one for one in ALL if isinstance(one, type)]:
        assert kind.__module__ == "deepidv", kind
        assert getattr(deepidv, kind.__qualname__) is kind
        # What asks for the types of fields still finds them.
        typing.get_type_hints(kind)
    assert b"_errors" not in pickle.dumps(deepidv.OutcomeUnknown("x"))
    assert repr(deepidv.OutcomeUnknown) == "<class 'deepidv.OutcomeUnknown'>"
    said = "".join(traceback.format_exception_only(deepidv.NotSent, deepidv.NotSent("x")))
    assert said == "deepidv.NotSent: x\n"


def through_json(error):
    return deepidv.error_from_dict(json.loads(json.dumps(error.to_dict())))


@pytest.mark.parametrize("kind", ERRORS)
def test_json_keeps_class_and_fields(kind):
    error = kind("said", external_id="mine", http_status=418, retry_after=1.5, field="f", attempts=2)
    other = through_json(error)
    assert type(other) is kind
    assert {**vars(other), "session": None} == {**vars(error), "session": None}
    assert other.args == error.args
    # Of a class of one's own, nobody else has heard.
    mine = type("Mine", (kind,), {})
    assert issubclass(kind, type(through_json(mine())).__mro__[0]) or type(through_json(mine())) in UNSAFE


def test_json_keeps_what_a_create_left(failing):
    unknown, _ = failing(hang_up, options={"make_external_id": True, "timeout": 0.5})
    other = through_json(unknown)
    assert type(other) is deepidv.OutcomeUnknown
    assert other.reconcile_token == unknown.reconcile_token is not None
    assert (other.cause, other.text, str(other)) == (unknown.cause, unknown.text, str(unknown))
    several = deepidv.DuplicateSessions(session_ids=("a", "b"))
    assert through_json(several).session_ids == ("a", "b")


def test_an_outcome_is_told_if_memory_runs_out_for_its_description(failing, client, applicant, monkeypatch):
    def without_description(function, *arguments):
        return None if function is describe else read(function, *arguments)

    describe, read = _result.instant.deepidv_result_describe, _result.read
    monkeypatch.setattr(_result, "read", without_description)
    unknown, _ = failing(hang_up, options={"make_external_id": True, "timeout": 0.5})
    assert type(unknown) is deepidv.OutcomeUnknown
    assert unknown.external_id.startswith("didv_") and len(unknown.reconcile_token) > 20
    refused, _ = failing(answer(402, {"message": "m", "hints": ["h", "i"], "code": "c"}))
    details = (refused.name, refused.http_status, refused.api_message, refused.hints, refused.api_code)
    assert details == ("DEEPIDV_E_BALANCE", 402, "m", ("h", "i"), "c")
    session = client.create_session(**applicant, external_id="undescribed")
    page = client.list_page(external_id="undescribed")
    assert session.id in [listed.id for listed in page.sessions] and page.next_token is None


def test_json_has_nothing_that_the_service_sent(client, applicant, failing):
    session = client.create_session(**applicant, external_id="mine")
    created = deepidv.CreatedThoughCancelled.of(session)
    said = json.dumps(created.to_dict())
    assert session.url not in said
    other = through_json(created)
    assert (other.session.id, other.session.external_id, other.session.url) == (session.id, "mine", None)
    assert other.outcome is deepidv.Outcome.CREATED
    refused, _ = failing(answer(400, REPEATING))
    said = json.dumps(refused.to_dict())
    assert refused.raw is not None
    for secret in SECRETS:
        assert secret not in said


@pytest.mark.parametrize(
    "said", [None, {}, [], "text", {"class": "NotSent"}, {"class": 5, "summary": "x"}, {"summary": "x"}]
)
def test_what_is_no_exception_s(said):
    with pytest.raises(ValueError, match="not a dict from to_dict"):
        deepidv.error_from_dict(said)


def test_a_store_s_content_is_not_believed():
    error = deepidv.error_from_dict({"class": "os.system", "summary": "x", "status": "no", "cause": 5, "hints": 1})
    assert type(error) is deepidv.OutcomeUnknown
    assert error.status == _abi.DEEPIDV_E_OUTCOME_UNKNOWN
    assert error.hints == ()
    odd = {"class": "CreatedThoughCancelled", "summary": "x", "session": {"id": 5, "attempts": "x"}}
    assert deepidv.error_from_dict(odd).session.id == ""
    assert deepidv.error_from_dict({**odd, "session": 5}).session.attempts == 0


HOLDERS = {
    "Client": lambda: deepidv.Client("key"),
    "AsyncClient": lambda: deepidv.AsyncClient("key"),
    "StateKeys": lambda: deepidv.StateKeys(b"x" * 16),
    "Config": lambda: _config.Config(),
    "Request": lambda: _request.Request(),
    "Completions": lambda: deepidv.AsyncClient("key")._completions,
}


@pytest.mark.parametrize("name", HOLDERS)
@pytest.mark.parametrize("remake", [copy.copy, copy.deepcopy, pickle.dumps])
def test_what_holds_something_of_the_library_s_is_not_copied(name, remake):
    holder = HOLDERS[name]()
    with pytest.raises(TypeError, match=f"a {name} cannot be copied or pickled"):
        remake(holder)
    with pytest.raises(TypeError, match=f"a {name} cannot be copied or pickled"):
        remake({"nested": [holder]}) if remake is not copy.copy else remake(holder)
