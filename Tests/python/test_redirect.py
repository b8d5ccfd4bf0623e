"""What a redirect claims."""

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
        # The documented ones.
        (URL + "session_id=sess_abc&status=success", "sess_abc", RedirectStatus.SUCCESS, None),
        (
            URL + "session_id=sess_abc&status=failed&reason=document_unreadable",
            "sess_abc",
            RedirectStatus.FAILED,
            RedirectReason.DOCUMENT_UNREADABLE,
        ),
        (
            URL + "session_id=sess_abc&status=abandoned&reason=user_cancelled",
            "sess_abc",
            RedirectStatus.ABANDONED,
            RedirectReason.USER_CANCELLED,
        ),
        # Any order, among others, with a query of one's own.
        (URL + "reason=x&a=b&status=failed&&c&session_id=s", "s", RedirectStatus.FAILED, "x"),
        (URL + "mine=1&session_id=s&status=success&", "s", RedirectStatus.SUCCESS, None),
        # Encodings.
        (URL + "%73tatus=success&session%5Fid=s", "s", RedirectStatus.SUCCESS, None),
        (URL + "status=%73uccess&session_id=s%65ss", "sess", RedirectStatus.SUCCESS, None),
        (URL + "session_id=a+b%20c%2Bd&reason=%C3%A9", "a b c+d", None, "é"),
        (URL + "session_id=100%&reason=%zz%4", "100%", None, "%zz%4"),
        (URL + "session_id=%2573", "%73", None, None),
        (URL + "session_id=ünï", "ünï", None, None),
        # Other shapes.
        ("/callback?session_id=s&status=success", "s", RedirectStatus.SUCCESS, None),
        ("?session_id=s&status=success", "s", RedirectStatus.SUCCESS, None),
        ("session_id=s&status=success", "s", RedirectStatus.SUCCESS, None),
        ("session_id=s&status=success#top", "s", RedirectStatus.SUCCESS, None),
        ("status=failed", None, RedirectStatus.FAILED, None),
        (URL + "session_id=a=b", "a=b", None, None),
        # Absent, and empty.
        ("", None, None, None),
        ("https://yourapp.com/", None, None, None),
        (URL, None, None, None),
        (URL + "session_id=&status=&reason=", "", "", ""),
        (URL + "session_id&status", "", "", None),
        # Words that are not the contract's, exactly.
        (URL + "session_id=s&status=Success", "s", "Success", None),
        (URL + "session_id=s&status=success%20", "s", "success ", None),
        (URL + "session_id=s&status=success%00", "s", "success\0", None),
        (URL + "session_id=s&status=successful", "s", "successful", None),
        (URL + "session_id=s&status=failed&reason=moon_phase", "s", RedirectStatus.FAILED, "moon_phase"),
        (URL + "reason=unknown", None, None, RedirectReason.UNKNOWN),
        # The vendor's other form.
        (URL + "status=SUBMITTED&sessionId=abc123", None, RedirectStatus.SUBMITTED, None),
        # What looks like parameters and is none.
        (URL + "next=%26status%3Dsuccess", None, None, None),
        ("next=/x?status=1&status=success", None, RedirectStatus.SUCCESS, None),
        (
            "a=1&next=https://x.example/?status=1&session_id=s&status=failed",
            "s",
            RedirectStatus.FAILED,
            None,
        ),
        (URL + "next=/x?reason=1&status=success&session_id=s", "s", RedirectStatus.SUCCESS, None),
        # A second ? that joins what is missing otherwise.
        (URL + "a=b?session_id=s&status=success", "s", RedirectStatus.SUCCESS, None),
        (URL + "next=/x?status=1?status=success&session_id=s", "s", RedirectStatus.SUCCESS, None),
        (URL + "?session_id=s&status=failed&reason=x", "s", RedirectStatus.FAILED, "x"),
        # One that is said twice.
        (URL + "session_id=s&status=success&session%5fid=%73", "s", RedirectStatus.SUCCESS, None),
        ("https://yourapp.com/#session_id=s&status=success", None, None, None),
        ("https://yourapp.com/status=success", None, None, None),
        ("https://status=success@yourapp.com/", None, None, None),
        (URL + "Status=success&SESSION_ID=s&status[]=success&xstatus=success", None, None, None),
        (URL + "session_id=s;status=success", "s;status=success", None, None),
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
        ("session_id=s&status=failed&reason=x", RedirectFact(0)),
        ("session_id=s&status=abandoned&reason=user_cancelled", RedirectFact(0)),
        ("", NO_ID),
        ("session_id=&status=success", NO_ID),
        ("session_id=s&status=success&reason=x", RedirectFact.SUCCESS_WITH_REASON),
        ("session_id=s&status=failed", RedirectFact.FAILED_WITHOUT_REASON),
        ("session_id=s&status=abandoned", RedirectFact.ABANDONED_OTHERWISE),
        ("session_id=s&status=abandoned&reason=unknown", RedirectFact.ABANDONED_OTHERWISE),
        ("status=failed", NO_ID | RedirectFact.FAILED_WITHOUT_REASON),
        ("status=SUBMITTED&sessionId=s", NO_ID | RedirectFact.OTHER_FORM),
        ("status=SUBMITTED&session_id=s", RedirectFact.OTHER_FORM),
        ("status=success&session_id=s&sessionId=mine", RedirectFact(0)),
        ("status=success&session_id=%FF", RedirectFact.NOT_UTF8),
        ("status=success&session_id=s&session_id=s", RedirectFact.REPEATED_EQUAL),
        ("a=b?status=success&session_id=s", RedirectFact.JOINED_TWICE),
        (
            "a=b?status=success&session_id=s&session_id=s",
            RedirectFact.REPEATED_EQUAL | RedirectFact.JOINED_TWICE,
        ),
        ("status=success&session_id=\udcff", RedirectFact.NOT_UTF8),
        (
            "sessionId=&status=failed&reason=%C3",
            NO_ID | RedirectFact.OTHER_FORM | RedirectFact.NOT_UTF8,
        ),
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


@pytest.mark.parametrize(
    "query",
    [
        "status=success&status=failed",
        "status=failed&status=success",
        "status=success&status=success%00",
        "session_id=a&session_id=a&session_id=b",
        "reason=&reason=x",
        "x=y?session_id=a&status=success&status=failed",
        "status=success&%73tatus=failed",
        "session_id=a&x=y&session%5fid=b",
        "sessionId=a&sessionId=b&status=SUBMITTED",
    ],
)
def test_repeats(query):
    with pytest.raises(deepidv.RepeatedParameter) as caught:
        parse_redirect(URL + query)
    assert isinstance(caught.value, ValueError)
    assert caught.value.name == "DEEPIDV_E_REPEATED"
    for word in ("success", "failed", "yourapp"):
        assert word not in str(caught.value)


def test_the_vendors_other_form():
    redirect = parse_redirect(URL + "status=SUBMITTED&sessionId=abc%31+")
    assert (redirect.session_id, redirect.other_session_id) == (None, "abc1 ")
    assert redirect.status is not RedirectStatus.SUCCESS
    assert not redirect.matches("abc1 ")
    assert parse_redirect("session_id=a").other_session_id is None


def test_other_parameters_may_be_repeated():
    assert parse_redirect(URL + "a=1&a=2&status=success").status is RedirectStatus.SUCCESS


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
    # Half a pair can be typed into a form. It is no reason to fail.
    assert parse_redirect("session_id=a\ud800&status=success").status is RedirectStatus.SUCCESS


def test_a_nul_does_not_end_the_text():
    assert parse_redirect("a=\0&status=success").status is RedirectStatus.SUCCESS


@pytest.mark.parametrize("url", [None, 5, bytearray(b"?status=success"), ["?status=success"]])
def test_what_is_no_text(url):
    with pytest.raises(TypeError, match="url must be str or bytes"):
        parse_redirect(url)


@pytest.mark.parametrize(
    ("query", "expected", "matches"),
    [
        ("session_id=sess_abc", "sess_abc", True),
        ("session_id=sess_abc", b"sess_abc", True),
        ("session_id=sess%5Fabc", "sess_abc", True),
        ("session_id=a%25b%2Bc+d", "a%b+c d", True),
        ("session_id=%2541", "%41", True),
        ("session_id=%2541", "A", False),
        ("session_id=%C3%BC", "ü", True),
        ("session_id=%FF", b"\xff", True),
        ("session_id=%FF", "\udcff", True),
        ("session_id=sess_abc", "sess_ab", False),
        ("session_id=sess_abc", "sess_abcd", False),
        ("session_id=sess_abc", "SESS_ABC", False),
        ("session_id=sess_abc%00", "sess_abc", False),
        ("session_id=sess_abc", "", False),
        ("session_id=", "", False),
        ("session_id=", "sess_abc", False),
        ("status=success", "", False),
        ("status=success", "sess_abc", False),
    ],
)
def test_matches(query, expected, matches):
    redirect = parse_redirect(URL + query)
    assert redirect.matches(expected) is matches
    assert copy.copy(redirect).matches(expected) is matches
    assert Redirect(session_id=redirect.session_id).matches(expected) is matches


def test_matches_wants_a_text():
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


def test_a_long_one():
    url = URL + "x=" + "y" * 1_000_000 + "&session_id=" + "z%7A" * 250_000 + "&status=success"
    redirect = parse_redirect(url)
    assert redirect.session_id == "z" * 500_000
    assert redirect.status is RedirectStatus.SUCCESS


def test_many_threads_never_see_each_other():
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


def test_parameters_of_what_is_no_text():
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
        (SESSION + "a+b%20c?oid=a+b", ("a+b c", "a b", None)),
        (SESSION + "%FF", ("\udcff", None, None)),
        ("http://127.0.0.1:8080/session/s", ("s", None, None)),
        (SESSION + "a/b?oid=org_1", (None, None, None)),
        ("/session/a?oid=org_1", (None, None, None)),
        ("", (None, None, None)),
    ],
)
def test_session_urls(url, parts):
    for form in (url, url.encode()):
        assert deepidv.parse_session_url(form) == deepidv.SessionURL(*parts)


def test_session_urls_that_say_something_twice():
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
