"""Redirects as Python objects: their texts, enums, facts and exceptions.

How a redirect is read is tested in Tests/DeepIDVCoreTests/RedirectTests.swift and Tests/abi/test_redirect.c, and
compared with Python's own reader in test_redirect_oracle.py.
"""

import copy
import pickle
import random
import threading

import deepidv
import pytest
from deepidv import Redirect, RedirectFact, RedirectReason, RedirectStatus, parse_redirect

URL = "https://yourapp.com/verify-callback?"
NO_ID = RedirectFact.NO_SESSION_ID


@pytest.mark.parametrize(
    ("url", "session_id", "status", "reason"),
    [
        (
            URL + "session_id=sess_abc&status=failed&reason=document_unreadable",
            "sess_abc",
            RedirectStatus.FAILED,
            RedirectReason.DOCUMENT_UNREADABLE,
        ),
        (URL + "session_id=a+b%20c%2Bd&reason=%C3%A9", "a b c+d", None, "é"),
        (URL + "session_id=ünï&status=success%00", "ünï", "success\0", None),
        ("?session_id=&status=Success&reason=", "", "Success", ""),
        ("session_id&status=failed&reason=moon_phase", "", RedirectStatus.FAILED, "moon_phase"),
        ("", None, None, None),
    ],
)
def test_readings(url, session_id, status, reason):
    for form in (url, url.encode()):
        redirect = parse_redirect(form)
        assert (redirect.session_id, redirect.status, redirect.reason) == (session_id, status, reason)
        assert type(redirect.status) is type(status)
        assert type(redirect.reason) is type(reason)


@pytest.mark.parametrize(
    ("query", "facts"),
    [
        ("session_id=s&status=success", RedirectFact(0)),
        ("session_id=s&status=abandoned", RedirectFact.ABANDONED_OTHERWISE),
        ("status=success&session_id=\udcff", RedirectFact.NOT_UTF8),
        ("a=b?status=success&session_id=s&session_id=s", RedirectFact.REPEATED_EQUAL | RedirectFact.JOINED_TWICE),
        ("sessionId=&status=failed&reason=%C3", NO_ID | RedirectFact.OTHER_FORM | RedirectFact.NOT_UTF8),
    ],
)
def test_facts(query, facts):
    found = parse_redirect(URL + query).facts
    assert found == facts
    assert isinstance(found, RedirectFact)


@pytest.mark.parametrize(
    ("url", "fragment"),
    [
        (URL + "status=success", None),
        (URL + "status=success#", ""),
        (URL + "status=success#a%20+b#c?d", "a%20+b#c?d"),
        ("#f", "f"),
    ],
)
def test_the_fragment(url, fragment):
    assert parse_redirect(url).fragment == fragment


def test_a_parameter_with_two_values():
    with pytest.raises(deepidv.RepeatedParameter) as caught:
        parse_redirect(URL + "status=success&%73tatus=failed")
    assert isinstance(caught.value, ValueError)
    assert caught.value.name == "DEEPIDV_E_REPEATED"
    for word in ("success", "failed", "yourapp"):
        assert word not in str(caught.value)


def test_the_alternative_names():
    redirect = parse_redirect(URL + "status=SUBMITTED&sessionId=abc%31+")
    assert (redirect.session_id, redirect.other_session_id) == (None, "abc1 ")
    assert redirect.status is not RedirectStatus.SUCCESS
    assert not redirect.matches("abc1 ")
    assert parse_redirect("session_id=a").other_session_id is None


@pytest.mark.parametrize("word", ["success", "failed", "abandoned", "SUBMITTED"])
def test_every_status_is_its_word(word):
    status = parse_redirect(f"status={word}").status
    assert status is RedirectStatus(word)
    assert (status, status.value, str(status), f"{status}", f"{status:>10}") == (
        word,
        word,
        word,
        word,
        f"{word:>10}",
    )
    assert {word: 1}[status] == 1


@pytest.mark.parametrize("reason", list(RedirectReason))
def test_every_reason_is_its_word(reason):
    assert parse_redirect(f"reason={reason}").reason is reason
    assert parse_redirect(f"reason={reason.value.upper()}").reason == reason.value.upper()


def test_bytes_that_are_not_utf8_are_kept():
    redirect = parse_redirect(b"session_id=%FFa%00&reason=\xff&status=%ED%A0%80#\xfe")
    assert redirect.session_id.encode("utf-8", "surrogateescape") == b"\xffa\x00"
    assert redirect.reason.encode("utf-8", "surrogateescape") == b"\xff"
    assert redirect.status.encode("utf-8", "surrogateescape") == b"\xed\xa0\x80"
    assert redirect.fragment.encode("utf-8", "surrogateescape") == b"\xfe"
    assert parse_redirect("session_id=\udcffa").session_id == "\udcffa"
    # A browser can send half of a surrogate pair.
    assert parse_redirect("session_id=a\ud800&status=success").status is RedirectStatus.SUCCESS


def test_a_nul_does_not_end_the_text():
    assert parse_redirect("a=\0&status=success").status is RedirectStatus.SUCCESS


@pytest.mark.parametrize("url", [None, 5, bytearray(b"?status=success"), ["?status=success"]])
def test_a_url_of_another_type(url):
    with pytest.raises(TypeError, match="url must be str or bytes"):
        parse_redirect(url)


@pytest.mark.parametrize(
    ("query", "expected", "matches"),
    [
        ("session_id=a%25b%2Bc+d", "a%b+c d", True),
        ("session_id=%C3%BC", "ü", True),
        ("session_id=%FF", b"\xff", True),
        ("session_id=%FF", "\udcff", True),
        ("session_id=sess_abc", "sess_ab", False),
        ("session_id=sess_abc%00", "sess_abc", False),
        ("status=success", "", False),
    ],
)
def test_matches(query, expected, matches):
    redirect = parse_redirect(URL + query)
    assert redirect.matches(expected) is matches
    assert copy.copy(redirect).matches(expected) is matches
    assert Redirect(session_id=redirect.session_id).matches(expected) is matches


def test_matches_refuses_another_type():
    with pytest.raises(TypeError, match="expected_session_id must be str"):
        parse_redirect("session_id=s").matches(None)


def test_a_redirect_is_a_value():
    redirect = parse_redirect(URL + "session_id=s&status=failed&reason=new")
    with pytest.raises(AttributeError):
        redirect.status = RedirectStatus.SUCCESS
    assert redirect == Redirect("s", RedirectStatus.FAILED, "new")
    assert hash(redirect) == hash(Redirect("s", RedirectStatus.FAILED, "new"))
    assert pickle.loads(pickle.dumps(redirect)) == redirect
    assert copy.deepcopy(redirect) == redirect
    assert "session_id='s'" in repr(redirect)


def test_a_long_redirect():
    url = URL + "x=" + "y" * 1_000_000 + "&session_id=" + "z%7A" * 250_000 + "&status=success"
    redirect = parse_redirect(url)
    assert redirect.session_id == "z" * 500_000
    assert redirect.status is RedirectStatus.SUCCESS


def test_threads_do_not_share_state():
    wrong = []

    def work(number):
        random_ = random.Random(number)
        for _ in range(2000):
            id = f"{number}-{random_.getrandbits(random_.randrange(1, 200)):x}"
            status = random_.choice(["success", "failed", "new"])
            redirect = parse_redirect(f"{URL}session_id={id}&status={status}")
            if (redirect.session_id, redirect.status) != (id, status):
                wrong.append((id, redirect))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@pytest.mark.parametrize(
    ("url", "parameters"),
    [
        (
            URL + "order=1042&session_id=s&a&a=%C3%A9+#x=y",
            [("order", "1042"), ("session_id", "s"), ("a", ""), ("a", "é ")],
        ),
        ("a=1&a=1", [("a", "1"), ("a", "1")]),
        (b"%FF=\xff", [("\udcff", "\udcff")]),
        ("ü=ü", [("ü", "ü")]),
        ("", []),
        ("https://yourapp.com/a=b", []),
    ],
)
def test_every_parameter(url, parameters):
    assert deepidv.redirect_parameters(url) == parameters


def test_parameters_of_another_type():
    with pytest.raises(TypeError, match="url must be str or bytes"):
        deepidv.redirect_parameters(None)


SESSION = "https://verify.deepidv.com/session/"


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        (
            SESSION + "sess_abc?oid=org_1&redirect_url=https%3A%2F%2Fyourapp.com%2Fverify-callback",
            ("sess_abc", "org_1", "https://yourapp.com/verify-callback"),
        ),
        (SESSION + "%FF", ("\udcff", None, None)),
        ("/session/a?oid=org_1", (None, None, None)),
        ("", (None, None, None)),
    ],
)
def test_session_urls(url, parts):
    for form in (url, url.encode()):
        assert deepidv.parse_session_url(form) == deepidv.SessionURL(*parts)


def test_a_session_url_with_two_values():
    with pytest.raises(deepidv.RepeatedParameter):
        deepidv.parse_session_url(SESSION + "s?oid=a&oid=b")
    assert deepidv.parse_session_url(SESSION + "s?oid=a&oid=%61") == deepidv.SessionURL("s", "a")
    with pytest.raises(TypeError, match="url must be str or bytes"):
        deepidv.parse_session_url(None)


def test_the_url_of_a_session(client, applicant):
    back = "https://yourapp.com/verify-callback?order=10%2042"
    session = client.create_session(**applicant, redirect_url=back)
    parts = deepidv.parse_session_url(session.url)
    assert (parts.session_id, parts.redirect_url) == (session.id, back)
    assert parts.org_id
