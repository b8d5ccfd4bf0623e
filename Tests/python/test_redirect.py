"""What a redirect claims."""

import copy
import pickle
import random
import threading
import urllib.parse

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
        (URL + "status=SUBMITTED&sessionId=abc123", None, "SUBMITTED", None),
        # What looks like parameters and is none.
        (URL + "next=%26status%3Dsuccess", None, None, None),
        ("next=/x?status=success", None, None, None),
        ("a=1&next=https://x.example/?status=success&session_id=s", "s", None, None),
        (URL + "next=https://x.example/?status=success", None, None, None),
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
        "status=success&status=success",
        "session_id=a&session_id=a",
        "reason=&reason",
        "status=success&%73tatus=failed",
        "session_id=a&x=y&session%5fid=b",
    ],
)
def test_repeats(query):
    with pytest.raises(deepidv.RepeatedParameter) as caught:
        parse_redirect(URL + query)
    assert isinstance(caught.value, ValueError)
    assert caught.value.name == "DEEPIDV_E_REPEATED"
    for word in ("success", "failed", "yourapp"):
        assert word not in str(caught.value)


def test_other_parameters_may_be_repeated():
    assert parse_redirect(URL + "a=1&a=2&status=success").status is RedirectStatus.SUCCESS


@pytest.mark.parametrize("word", ["success", "failed", "abandoned"])
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
            id = "%d-%x" % (number, random_.getrandbits(random_.randrange(1, 200)))
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


# Python's own reader is the oracle.

NAMES = ["session_id", "status", "reason", "sessionId", "a", "Status", ""]
VALUES = [
    "success",
    "failed",
    "abandoned",
    "user_cancelled",
    "unknown",
    "sess_abc",
    "",
    "x y",
    "é",
    "😀",
    "&=#+%?/",
]
PIECES = [
    "%",
    "%4",
    "%41",
    "%zz",
    "+",
    " ",
    "=",
    "?",
    "/",
    ":",
    "é",
    "%C3",
    "%A9",
    "\udcff",
    "%00",
    "a",
    ";",
    "@",
]


def encoded(random_, text):
    """Encode what must be, and by chance what need not be."""
    return "".join(
        character
        if (character.isalnum() and character.isascii() or character == "_") and random_.random() < 0.9
        else "+"
        if character == " " and random_.random() < 0.5
        else "".join(f"%{byte:02{random_.choice('xX')}}" for byte in character.encode())
        for character in text
    )


def random_text(random_, likely):
    if random_.random() < 0.7:
        return encoded(random_, random_.choice(likely))
    return "".join(random_.choice(PIECES + likely[:3]) for _ in range(random_.randrange(5)))


def random_query(random_):
    pairs = []
    for _ in range(random_.randrange(6)):
        name = random_text(random_, NAMES).replace("=", "")
        separator = "=" if random_.random() < 0.95 else ""
        pairs.append(name + separator + random_text(random_, VALUES).replace("&", ""))
    return random_.choice(["&", "&", "&", "&&"]).join(pairs)


def expected(query):
    found = {}
    for name, value in urllib.parse.parse_qsl(query, keep_blank_values=True, errors="surrogateescape"):
        # Compared as bytes: the oracle decodes each escape sequence by itself, and raw bytes beside it.
        name, value = (text.encode("utf-8", "surrogateescape") for text in (name, value))
        if name in (b"session_id", b"status", b"reason"):
            if name in found:
                return None
            found[name] = value
    return tuple(found.get(name) for name in (b"session_id", b"status", b"reason"))


def read(url):
    try:
        redirect = parse_redirect(url)
    except deepidv.RepeatedParameter:
        return None
    return tuple(
        None if text is None else str(text).encode("utf-8", "surrogateescape")
        for text in (redirect.session_id, redirect.status, redirect.reason)
    )


def test_against_urllib():
    random_ = random.Random(20260131)
    repeated = 0
    for _ in range(25_000):
        query = random_query(random_)
        wanted = expected(query)
        repeated += wanted is None
        for start in (URL, "/callback?", "https://h.example?", "x.y+z://?"):
            assert read(start + query) == wanted, query
        assert read(URL + query + "#status=success&session_id=x") == wanted, query
    # Both kinds must have been among them.
    assert 1000 < repeated < 24_000
