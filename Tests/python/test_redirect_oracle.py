"""Compares how redirects are read with Python's own reader, byte for byte.

DEEPIDV_TEST_ORACLE is how many random queries are compared; ``make test-oracle`` compares a million.

Both follow the urlencoded parser of the URL standard, https://url.spec.whatwg.org/#urlencoded-parsing. Where
Python does otherwise, the standard decides:

- ``urlsplit`` drops every tab, CR and LF, and spaces and controls in front, as the basic URL parser does in
  its steps 1 and 3 (section 4.4). The urlencoded parser (section 5.1) takes bytes as they are, and so do
  ``parse_qsl`` and the library, which reads what a server received.
- ``parse_qsl`` replaces what is not UTF-8, as step 3.5 of section 5.1 says. The library hands the bytes
  on and reports them; only its description replaces them. So the oracle decodes Latin-1, in which a character is a
  byte; UTF-8 is checked beside it.
- A second ``?`` joins parameters that are missing otherwise, which is the library's own rule: ``joint`` has it in
  the plainest form.
- ``urlsplit`` refuses some hosts, as host parsing does (section 3.5). The library looks at no host.
"""

import ctypes
import json
import os
import random
import re
import urllib.parse

import deepidv
import pytest
from deepidv import RedirectFact, _abi
from deepidv._library import instant

SHARDS = 4
COUNT = int(os.environ.get("DEEPIDV_TEST_ORACLE", "50000")) // SHARDS

NAMES = [*b"session_id status reason sessionId a Status".split(), b"session id", "ü".encode()]
VALUES = b"success failed abandoned SUBMITTED user_cancelled unknown moon_phase sess_abc &=#+%?/".split()
VALUES += ["é".encode(), "😀".encode(), b"\xff", b"\xe2\x82", b"\xed\xa0\x80", b"\x80"]
VALUES += [b"x y", b"\0", b"", b"z" * 70]
# Many of them mean something else beside another one.
PIECES = b"% %% %4 %41 %zz %C3 %A9 %00 %26 %3d + = == && ? / : ; @ a \xc3 \xa9 \xff \0 \\ ://".split(b" ")
PIECES += [b" ", b"\t", b"\n", b"n" * 65]
STARTS = [
    b"https://yourapp.com/verify-callback?",
    b"/callback?",
    b"https://h.example?",
    b"x.y+z://h/?",
    b"?",
]

PARSE_STATUSES = (_abi.DEEPIDV_OK, _abi.DEEPIDV_E_REPEATED)
DECODE_STATUSES = (_abi.DEEPIDV_OK, _abi.DEEPIDV_E_NUL, _abi.DEEPIDV_E_UTF8)


def encoded(random_, text):
    """Percent-encode the bytes that must be, and some others at random."""
    return b"".join(
        bytes([byte])
        if ((chr(byte).isalnum() and byte < 0x80) or byte == 0x5F) and random_.random() < 0.9
        else b"+"
        if byte == 0x20 and random_.random() < 0.5
        else b"%%%02x" % byte
        if random_.random() < 0.5
        else b"%%%02X" % byte
        for byte in text
    )


def make_pool(random_):
    """Return the pieces of random queries; frequent kinds occur often."""
    names = [encoded(random_, random_.choice(NAMES)) for _ in range(60)]
    values = [encoded(random_, random_.choice(VALUES)) for _ in range(120)]
    pairs = [random_.choice(names) + b"=" + random_.choice(values) + b"&" for _ in range(300)]
    pairs += [encoded(random_, name) + b"=" + encoded(random_, value) + b"&" for name in NAMES[:4] for value in VALUES]
    pairs += [b"?" + random_.choice(pairs) for _ in range(60)]
    return pairs + names + values + PIECES * 3 + [b"&", b"="] * 20


class Reader:
    """Reads redirects with the library."""

    def __init__(self):
        self.text = ctypes.create_string_buffer(16384)
        self.length = ctypes.c_size_t()
        self.redirect = _abi.deepidv_redirect()

    def decoded(self, url, span):
        status = instant.deepidv_span_decode(
            url, len(url), ctypes.byref(span), self.text, len(self.text), ctypes.byref(self.length)
        )
        assert status in DECODE_STATUSES
        decoded = self.text[: self.length.value]
        assert (status == _abi.DEEPIDV_E_UTF8) == (not is_utf8(decoded))
        assert status == _abi.DEEPIDV_OK or status == _abi.DEEPIDV_E_UTF8 or b"\0" in decoded
        return decoded

    def parameters(self, url):
        param = _abi.deepidv_param()
        found = []
        while instant.deepidv_redirect_next_param(url, len(url), ctypes.byref(param)) == _abi.DEEPIDV_OK:
            found.append((self.decoded(url, param.name), self.decoded(url, param.value)))
        return found

    def result(self, url):
        """Return the first value of the four parameters, whether two values differ, and the facts."""
        redirect = self.redirect
        status = instant.deepidv_redirect_parse(url, len(url), ctypes.byref(redirect))
        assert status in PARSE_STATUSES
        spans = (
            (_abi.DEEPIDV_HAS_SESSION_ID, redirect.session_id),
            (_abi.DEEPIDV_HAS_STATUS, redirect.status_text),
            (_abi.DEEPIDV_HAS_REASON, redirect.reason_text),
            (_abi.DEEPIDV_HAS_OTHER_SESSION_ID, redirect.other_session_id),
        )
        found = [self.decoded(url, span) if redirect.present & bit else None for bit, span in spans]
        words = (_abi.REDIRECT_STATUS_WORDS.get(redirect.status), _abi.REASON_WORDS.get(redirect.reason))
        for word, text in zip(words, found[1:3]):
            known = _abi.REDIRECT_STATUS_WORDS if text is found[1] else _abi.REASON_WORDS
            assert (word or "").encode() == (text if text and text.decode("latin-1") in known.values() else b"")
        return (*found, status != _abi.DEEPIDV_OK, redirect.facts)

    def description(self, url):
        """Return the parameters and the texts of the description, or None if the redirect is ambiguous."""
        status = instant.deepidv_redirect_describe(url, len(url), self.text, len(self.text), ctypes.byref(self.length))
        assert status in PARSE_STATUSES
        if status != _abi.DEEPIDV_OK:
            return None
        found = json.loads(self.text[: self.length.value])
        texts = [found[name] for name in ("session_id", "status_text", "reason_text", "other_session_id")]
        return [(param["name"], param["value"]) for param in found["params"]], texts, found["facts"]


def is_utf8(text):
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def repaired(text):
    """Replace what is not UTF-8, as step 3.5 says."""
    return None if text is None else text.decode("utf-8", "replace")


def oracle(query):
    pairs = urllib.parse.parse_qsl(query.decode("latin-1"), keep_blank_values=True, encoding="latin-1")
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in pairs]


def joint(query):
    """Find the second ? that joins, or None: the last one before a parameter that is missing otherwise."""
    present = dict(reversed(oracle(query)))
    missing = {b"session_id", b"status", b"reason"} - set(present)
    if not {b"session_id", b"sessionId"} & set(present):
        missing.add(b"sessionId")
    if present.get(b"status") in (b"success", b"SUBMITTED"):
        missing.discard(b"reason")
    found = None
    for match in re.finditer(rb"\?(?=([^=&]*)=)", query):
        if urllib.parse.unquote_to_bytes(match[1].replace(b"+", b" ")) in missing:
            found = match.start()
    return found


def split(query):
    """Return the parameters of a query, and whether a second ? joins."""
    at = joint(query)
    if at is None:
        return oracle(query), False
    return oracle(query[:at]) + oracle(query[at + 1 :]), True


def meaning(pairs, joined):
    """Return the meaning of these parameters."""
    first = dict(reversed(pairs))
    values = {name: [value for other, value in pairs if other == name] for name in first}
    found = [first.get(name) for name in (b"session_id", b"status", b"reason", b"sessionId")]
    session_id, status, reason, other = found
    counting = [b"session_id", b"status", b"reason"] + [b"sessionId"] * (session_id is None)
    repeated = any(len(set(values.get(name, ()))) > 1 for name in counting)
    facts = RedirectFact(0)
    if joined:
        facts |= RedirectFact.JOINED_TWICE
    if any(first[name] in values[name][1:] for name in counting if name in first):
        facts |= RedirectFact.REPEATED_EQUAL
    if not session_id:
        facts |= RedirectFact.NO_SESSION_ID
    if status == b"success" and reason:
        facts |= RedirectFact.SUCCESS_WITH_REASON
    if status == b"failed" and not reason:
        facts |= RedirectFact.FAILED_WITHOUT_REASON
    if status == b"abandoned" and reason != b"user_cancelled":
        facts |= RedirectFact.ABANDONED_OTHERWISE
    if status == b"SUBMITTED" or (session_id is None and other is not None):
        facts |= RedirectFact.OTHER_FORM
    if not all(is_utf8(text) for text in (session_id, status, reason) if text):
        facts |= RedirectFact.NOT_UTF8
    return (*found, repeated, facts)


@pytest.mark.parametrize("shard", range(SHARDS))
def test_against_urllib(shard):
    random_ = random.Random(20260131 + shard)
    pool = make_pool(random_)
    reader = Reader()
    seen = RedirectFact(0)
    ambiguous = several = 0
    for _ in range(COUNT):
        query = b"".join(random_.choices(pool, k=random_.randrange(9)))
        start = random_.choice(STARTS)
        fragment = b"#" + random_.choice(pool) if random_.random() < 0.1 else b""
        url = start + query + fragment
        pairs, joined = split(query)
        wanted = meaning(pairs, joined)
        assert reader.parameters(url) == pairs, url
        assert reader.result(url) == wanted, url
        described = ([tuple(map(repaired, pair)) for pair in pairs], list(map(repaired, wanted[:4])), wanted[5])
        assert reader.description(url) == (None if wanted[4] else described), url
        seen |= wanted[5]
        ambiguous += wanted[4]
        several += len(pairs) > 2
    # Every fact must have occurred, and repeats often.
    assert seen == sum(RedirectFact)
    assert ambiguous > COUNT // 20
    assert several > COUNT // 4


def test_whole_urls_against_urlsplit():
    """Compare also where the query is."""
    random_ = random.Random(20260201)
    pool = [piece for piece in make_pool(random_) if not set(piece) & set(b"\t\r\n")] + [b"#", b"?"] * 30
    reader = Reader()
    for _ in range(COUNT // 5):
        rest = b"".join(random_.choices(pool, k=random_.randrange(9)))
        url = random_.choice([b"https://yourapp.com/cb", b"/cb", b"x.y+z://h/", b"https://yourapp.com?"]) + rest
        parts = urllib.parse.urlsplit(url.decode("latin-1"))
        assert reader.parameters(url) == split(parts.query.encode("latin-1"))[0], url


def test_the_binding_reads_the_same():
    random_ = random.Random(20260202)
    pool = make_pool(random_)
    ambiguous = 0
    for _ in range(COUNT // 5):
        url = b"".join((random_.choice(STARTS), *random_.choices(pool, k=random_.randrange(9))))
        pairs, joined = split(url.partition(b"?")[2])
        *wanted, repeated, facts = meaning(pairs, joined)
        for form in (url, url.decode("utf-8", "surrogateescape")):
            listed = [(bytes_of(name), bytes_of(value)) for name, value in deepidv.redirect_parameters(form)]
            assert listed == pairs, url
            if repeated:
                ambiguous += 1
                with pytest.raises(deepidv.RepeatedParameter):
                    deepidv.parse_redirect(form)
                continue
            redirect = deepidv.parse_redirect(form)
            found = (redirect.session_id, redirect.status, redirect.reason, redirect.other_session_id)
            assert [None if text is None else bytes_of(str(text)) for text in found] == wanted, url
            assert redirect.facts == facts, url
    assert ambiguous > COUNT // 100


def bytes_of(text):
    return text.encode("utf-8", "surrogateescape")
