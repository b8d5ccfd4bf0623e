"""Compares which redirect URLs the library, the emulator and ada (a browser's URL parser) accept."""

import ctypes
import json
import os
import random
import re
import urllib.error
import urllib.request

import ada_url
import pytest
from conftest import APPLICANT
from deepidv import _abi
from deepidv._library import instant
from test_bulk import bulk

COUNT = int(os.environ.get("DEEPIDV_TEST_ORACLE", "50000"))

# For each rule, URLs that it refuses and similar ones that it accepts.
URLS = [
    "https://yourapp.com/cb", "HTTPS://YourApp.com:8443?a=b#c", "https://yourapp.com./", "https://a_b.example:/",
    "https://a.example/{id}?{x}", "https://a.example/\u00e9?\u00e9#\u00e9", "https://a.example/\U0001f600",
    "https://a.example/<\"`^|>", "https://a.example/%", "https://a.example/%zz", "https://a.example/#b#c",
    "https://a.example/\x85\u202e", "https://127.0.0.1/", "https://127.1/", "https://0x7f.1/", "https://0x/",
    "https://017700000001/", "https://4294967295/", "https://1.2.3.4./", "https://0x.example/", "https://a.0x7g/",
    "https://[::1]:8443/", "https://[::ffff:1.2.3.4]/", "https://xn--bcher-kva.example/", "https://XN--N3H/",
    "https://a--b.example/", "https://a.example/?next=/x?status=1", "https://-a-.example/",
    "https://b\u00fccher.example/", "https://\u00ad/", "https://%C2%AD/", "https://a%2eexample/", "https://%zz/",
    "https://{id}.example/", "https://a|b/", "https://a^b/", "https://<a>/", "https://a..example/", "https://./",
    "https://.a.example/", "https://-/", "https://256.0.0.1/", "https://a.1/", "https://a.0x/", "https://08/",
    "https://1.2.3.4.5/", "https://1.2.3.256/", "https://0x100000000/", "https://4294967296/", "https://1..2/",
    "https://99999999999999999999999/", "https://xn--/", "https://xn--abc-/", "https://xn--99999999/",
    "https://xn--zz--\u00e9/", "https://[::1/", "https://[]/", "https://[::1%25eth0]/", "https://[1.2.3.4]/",
    "https://[::1]x/", "https://[0:1.23.23]/", "https://[1:2:3:4:5:6:7:8:9]/", "https://a:0/", "https://a:65536/",
    "https://a:+1/", "https://a:1:2/", "https://a:b/", "https://a@b/", "https://@b/", "https://a:b@c/",
    "http://a.example/", "httpss://a.example/", "https:/a.example/", "https:a.example", "https://", "https:///a",
    "//a.example/", "a.example", "https://a.example\\b", "https://a.example/\\", "https://a.example/ ",
    "https://a.example/\t", "https://a.example/\r\nX: y", "https://a.example/\x7f", " https://a.example/",
]  # fmt: skip


@pytest.fixture
def accepts():
    """Return a function that returns whether the library accepts a redirect URL."""
    request = ctypes.POINTER(_abi.deepidv_session_request)()
    assert instant.deepidv_session_request_new(ctypes.byref(request)) == _abi.DEEPIDV_OK

    def accepts(url):
        raw = url.encode()
        status = instant.deepidv_session_request_set_redirect_url(request, raw, len(raw))
        assert status in REFUSALS
        return status == _abi.DEEPIDV_OK

    yield accepts
    instant.deepidv_session_request_free(request)


REFUSALS = (
    _abi.DEEPIDV_OK,
    _abi.DEEPIDV_E_CONTROL,
    _abi.DEEPIDV_E_URL,
    _abi.DEEPIDV_E_SCHEME,
    _abi.DEEPIDV_E_USERINFO,
    _abi.DEEPIDV_E_REPEATED,
)


def host_of(url):
    """Return the host of a URL in a browser; None if browsers refuse the URL."""
    try:
        return ada_url.URL(url).hostname
    except ValueError:
        return None


def created(emulator, url):
    """Return whether the emulator accepts a redirect URL, without the library."""
    headers = {"Content-Type": "application/json", "x-api-key": "dk_emulator"}
    body = json.dumps({**APPLICANT, "redirect_url": url}).encode()
    try:
        urllib.request.urlopen(urllib.request.Request(emulator + "/v1/sessions", body, headers)).close()
    except urllib.error.HTTPError as error:
        assert error.code == 400
        return False
    return True


def test_library_and_emulator_have_one_rule(accepts, emulator):
    verdicts = {url: accepts(url) for url in URLS}
    assert {url: created(emulator, url) for url in URLS} == verdicts
    assert sum(verdicts.values()) > 20
    for url, is_accepted in verdicts.items():
        assert not is_accepted or host_of(url), url


PIECES = [
    *"0 1 9 08 255 256 65535 65536 0x 0X7f 0xg 4294967296 a b.c example.com xn-- XN--n3h xn--bcher-kva _ -".split(),
    *". .. : :: [ ] [::1] [1:2 /64] % %41 %C2%AD @ / ? # \\ | ^ < > { } \" ` ! $ & ' ( ) * + , ; = ~".split(),
    *"\u00ad \u00e9 \ufffd \u3002 \uff0e \uff11 \U0001f600 \x7f https:// status= ?session_id= :443 :0 kva".split(),
    " ",
]


def test_whatever_is_accepted_browsers_open(accepts, emulator):
    random_ = random.Random(20261)
    accepted = 0
    for number in range(COUNT):
        url = "https://" + "".join(random_.choices(PIECES, k=random_.randrange(1, 6)))
        url += random_.choice(["", "/", "/cb?a=b", ":8443/", "#c"])
        is_accepted = accepts(url)
        if is_accepted:
            accepted += 1
            host = url[8:].partition("/")[0].partition("?")[0].partition("#")[0]
            opened = host_of(url)
            assert opened, url
            # The library and the browser read the same host, in another spelling perhaps.
            name = host.rpartition("]")[0] + "]" if host[0] == "[" else host.partition(":")[0]
            if opened != name.lower():
                assert name[0] == "[" or opened.replace(".", "").isdigit(), url
        if number % 20 == 0:
            ours = is_accepted or any(f"{word}=" in url for word in ("status", "session_id"))
            assert created(emulator, url) <= ours, url
            assert is_accepted <= created(emulator, url), url
    assert accepted > COUNT // 20


def test_addresses_are_read_as_browsers_read_them(accepts):
    """Addresses of browsers are accepted, and nothing else that looks like an address."""
    random_ = random.Random(20262)
    numbers = "0 1 00 08 010 255 256 0x 0xff 0x100 65535 65536 16777215 16777216 4294967295 4294967296".split()
    groups = ["", "0", "1", "ffff", "12345", "g", "1.2.3.4", "01.2.3.4", "1.2.3"]
    seen = {True: 0, False: 0}
    for _ in range(COUNT // 2):
        name = ".".join(random_.choices(numbers, k=random_.randrange(1, 6))) + random_.choice(["", "."])
        address = "[" + ":".join(random_.choices(groups, k=random_.randrange(1, 10))) + "]"
        for url in (f"https://{name}/", f"https://{address}/"):
            is_accepted = accepts(url)
            assert is_accepted == (host_of(url) is not None), url
            seen[is_accepted] += 1
    assert min(seen.values()) > COUNT // 100


def test_what_bulk_checks_is_what_a_create_accepts(emulator, tmp_path):
    reserved = ["https://a.example/?session_id=1", "https://a.example/?x&stat%75s"]
    urls = [*URLS, *reserved]
    rows = tmp_path / "rows.jsonl"
    refused = set()
    # It names no more than some lines.
    for start in range(0, len(urls), 10):
        lines = [json.dumps({**APPLICANT, "redirectUrl": url}) for url in urls[start : start + 10]]
        rows.write_text("\n".join(lines) + "\n", "utf-8")
        status, stderr = bulk(rows, "--check", url=emulator)
        found = {int(line) for line in re.findall(r"line (\d+): redirect_url: .*DEEPIDV_E_", stderr)}
        assert (status == 0) == (not found), stderr
        refused |= {urls[start + line - 1] for line in found}
    assert set(reserved) <= refused
    for url in URLS:
        assert created(emulator, url) == (url not in refused), url
