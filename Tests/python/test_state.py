"""States, compared with the program in docs/state.md, and in redirects of the emulator.

Their format, expiry and keys are tested in Tests/DeepIDVCoreTests/RedirectStateTests.swift and Tests/abi/test_state.c.
"""

import contextlib
import itertools
import json
import random
import re
import resource
import threading
import urllib.error
import urllib.parse
import urllib.request

import deepidv
import pytest
from conftest import APPLICANT, ROOT
from deepidv import Verdict

DOCUMENT = (ROOT / "docs" / "state.md").read_text()
KEY = b"0123456789abcdef0123456789abcdef"
CONTEXT = b"cookie=42"
CALLBACK = "https://yourapp.com/verify-callback"


@pytest.fixture(scope="module")
def other():
    """Return the functions of the program in the document."""
    [program] = re.findall(r"```python\n(.*?)```", DOCUMENT, re.DOTALL)
    functions = {}
    exec(program, functions)
    return functions


def verdict(keys, redirect, context):
    """Return the name of the library's status."""
    try:
        keys.verify(redirect, context)
    except deepidv.DeepIDVError as error:
        return error.name
    return "DEEPIDV_OK"


# The format


def test_the_example_of_the_document(other):
    example = DOCUMENT.rstrip().splitlines()[-1].strip()
    assert other["make"](KEY, CONTEXT, 0, now=1_800_000_000, nonce=bytes(range(16))) == example
    # It expires one day, and is good till then.
    assert verdict(deepidv.StateKeys(KEY), example, CONTEXT) in ("DEEPIDV_OK", "DEEPIDV_E_STATE_EXPIRED")
    assert verdict(deepidv.StateKeys(KEY), example, b"cookie=43") == "DEEPIDV_E_STATE_CONTEXT"


def test_both_verify_the_states_of_the_other(other):
    chance = random.Random(20)
    for _ in range(300):
        key = chance.randbytes(chance.choice([16, 32, 63, 64, 65, 200, 1024]))
        context = chance.randbytes(chance.randint(1, 300))
        keys = deepidv.StateKeys(key)
        ours, theirs = keys.make(context, lifetime=60), other["make"](key, context, 60)
        assert other["verify"]([key], ours, context) == "DEEPIDV_OK"
        keys.verify(theirs, context)
        assert len(ours) == 96


def test_both_refuse_a_broken_state_alike(other):
    chance = random.Random(21)
    secrets = [chance.randbytes(32) for _ in range(3)]
    keys = deepidv.StateKeys(*secrets)
    seen = set()
    for _ in range(3000):
        key = chance.choice([*secrets, KEY])
        context = chance.choice([CONTEXT, b"other"])
        value = other["make"](key, context, chance.choice([-1, 60]))
        place = chance.randrange(96)
        value = chance.choice(
            [
                value,
                value,
                value[:place] + chance.choice("AZaz09-_+=%\xe9") + value[place + 1 :],
                value[:place],
                value + value[:place],
            ]
        )
        # The program does not know that a text with = is a redirect.
        expected = "DEEPIDV_E_STATE" if "=" in value else other["verify"](secrets, value, CONTEXT)
        assert verdict(keys, value, CONTEXT) == expected, value
        seen.add(expected)
    assert len(seen) == 5


# In Python


def test_each_exception(other):
    keys = deepidv.StateKeys(KEY)
    cases = {
        deepidv.MalformedState: "?status=success",
        deepidv.ForgedState: other["make"](b"x" * 32, CONTEXT, 60),
        deepidv.ForeignState: other["make"](KEY, b"another", 60),
        deepidv.ExpiredState: other["make"](KEY, CONTEXT, -1),
        deepidv.RepeatedParameter: "?state=a&state=b",
    }
    for kind, redirect in cases.items():
        with pytest.raises(kind) as caught:
            keys.verify(redirect, CONTEXT)
        assert type(caught.value) is kind
        assert isinstance(caught.value, ValueError)
        assert redirect not in str(caught.value)
        assert isinstance(caught.value, deepidv.StateError) == (kind is not deepidv.RepeatedParameter)


def test_texts_and_bytes():
    keys = deepidv.StateKeys(bytearray(KEY), memoryview(b"y" * 16))
    state = keys.make("Käse")
    keys.verify(state.encode(), "Käse".encode())
    keys.verify(f"{CALLBACK}?a=%ff\udcff&state={state}", "Käse")
    with pytest.raises(TypeError, match="context must be str"):
        keys.make(5)
    with pytest.raises(TypeError, match="redirect must be str"):
        keys.verify(5, "c")
    with pytest.raises(TypeError, match="key must be bytes, not str"):
        deepidv.StateKeys("a password that is long enough")


@pytest.mark.parametrize(
    ("call", "field", "name"),
    [
        (lambda: deepidv.StateKeys(), "keys", "DEEPIDV_E_REQUIRED"),
        (lambda: deepidv.StateKeys(b"x" * 15), "keys", "DEEPIDV_E_SHORT_KEY"),
        (lambda: deepidv.StateKeys(*[KEY] * 17), "keys", "DEEPIDV_E_RANGE"),
        (lambda: deepidv.StateKeys(KEY).make("\ud800"), "context", "DEEPIDV_E_UTF8"),
        (lambda: deepidv.StateKeys(KEY).make("c", lifetime=0), "lifetime", "DEEPIDV_E_RANGE"),
        (lambda: deepidv.StateKeys(KEY).make("c", lifetime=-1), "lifetime", "DEEPIDV_E_RANGE"),
        (lambda: deepidv.StateKeys(KEY).make("c", lifetime=2**32 + 60), "lifetime", "DEEPIDV_E_RANGE"),
        (lambda: deepidv.StateKeys(KEY).verify("x", ""), "context", "DEEPIDV_E_REQUIRED"),
        (
            lambda: deepidv.redirect_url_with_state("http://a.example", deepidv.StateKeys(KEY).make("c")),
            "url",
            "DEEPIDV_E_SCHEME",
        ),
    ],
)
def test_invalid_arguments(call, field, name):
    with pytest.raises(deepidv.InvalidRequest) as caught:
        call()
    assert (caught.value.field, caught.value.name) == (field, name)


def test_a_url_with_a_state():
    state = deepidv.StateKeys(KEY).make("c")
    url = deepidv.redirect_url_with_state(f"{CALLBACK}?a=b#ü", state)
    assert url == f"{CALLBACK}?a=b&state={state}#ü"
    with pytest.raises(deepidv.RepeatedParameter):
        deepidv.redirect_url_with_state(url, state)
    with pytest.raises(deepidv.MalformedState):
        deepidv.redirect_url_with_state(CALLBACK, state + "&status=success")


def test_keys_are_freed_with_their_object():
    secrets = [bytes([number]) * 1024 for number in range(16)]
    for _ in range(100):
        deepidv.StateKeys(*secrets)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # 160 MB, were they kept.
    for _ in range(10_000):
        deepidv.StateKeys(*secrets)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40_000


def test_many_threads():
    keys = deepidv.StateKeys(KEY, b"z" * 16)
    wrong = []

    def work(context):
        for _ in range(200):
            state = keys.make(context)
            wrong.append(verdict(keys, state, context) != "DEEPIDV_OK")
            wrong.append(verdict(keys, state, context + b"x") != "DEEPIDV_E_STATE_CONTEXT")

    threads = [threading.Thread(target=work, args=(b"context %d" % number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == [False] * 1600


# In a redirect


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def finish(session_url, **outcome):
    """Choose an outcome on the hosted page, and return the URL that it redirects to."""
    opener = urllib.request.build_opener(NoRedirect)
    with pytest.raises(urllib.error.HTTPError) as caught:
        opener.open(session_url.partition("?")[0] + "/finish", urllib.parse.urlencode(outcome).encode())
    assert caught.value.code == 303
    return caught.value.headers["Location"]


def test_a_state_returns_with_the_redirect(client):
    url = f"{CALLBACK}?order=1042#top"
    keys = deepidv.StateKeys(KEY)
    session = client.create_session(**APPLICANT, redirect_url=deepidv.redirect_url_with_state(url, keys.make(CONTEXT)))
    redirect = finish(session.url, outcome="success")
    assert deepidv.parse_redirect(redirect).matches(session.id)
    keys.verify(redirect, CONTEXT)
    with pytest.raises(deepidv.ForeignState):
        keys.verify(redirect, b"cookie=43")


READINGS = {
    "redirect-join": ("merge", "question-mark"),
    "redirect-names": ("reference", "guide"),
    "redirect-order": ("id-first", "status-first"),
    "redirect-repeats": ("no", "yes"),
}


@pytest.mark.parametrize("values", list(itertools.product(*READINGS.values())), ids="-".join)
def test_a_state_returns_in_every_form_of_redirect(start_emulator, values):
    """Whatever the service chooses where its documentation is open, no genuine redirect counts as forged."""
    url = start_emulator("--rate", "0")
    body = json.dumps(dict(zip(READINGS, values))).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(url + "/emulator/open", body, headers, method="PATCH")
    assert urllib.request.urlopen(request).status == 200
    keys = deepidv.StateKeys(KEY)
    with deepidv.Client("dk_emulator", base_url=url, rate_limit=0) as client:
        for outcome in ({"outcome": "success"}, {"outcome": "failed", "reason": "face_mismatch"}):
            for own in ("", "?next=/x?status=1", "?next=/x?reason=1&b="):
                back = deepidv.redirect_url_with_state(CALLBACK + own, keys.make(CONTEXT))
                session = client.create_session(**APPLICANT, redirect_url=back)
                redirect = finish(session.url, **outcome)
                keys.verify(redirect, CONTEXT)
                assert client.confirm_redirect(redirect, session.id).verdict is not Verdict.FORGED
                claim = deepidv.parse_redirect(redirect)
                assert session.id in (claim.session_id, claim.other_session_id)
                assert claim.status in ("success", "failed", "SUBMITTED", "FAILED")
                if own:
                    assert dict(deepidv.redirect_parameters(redirect))["next"] == own[6:].partition("&")[0]
                for other in ("sess_other", ""):
                    with contextlib.suppress(deepidv.InvalidRequest):
                        assert client.confirm_redirect(redirect, other).verdict is Verdict.FORGED
