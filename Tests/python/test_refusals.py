"""What is refused before anything is sent, and how that names the field."""

import os

import certificate
import deepidv
import pytest

REQUIRED = ["first_name", "last_name", "email", "phone"]
TEXTS = [*REQUIRED, "external_id", "workflow_id", "redirect_url"]


@pytest.fixture
def refused(start_peer, applicant):
    """Try a create, and give its refusal. The peer must hear nothing of it."""

    def refuse(fields=None, **changes):
        peer = start_peer()
        with deepidv.Client("key", base_url=peer.url) as client:
            with pytest.raises(deepidv.InvalidRequest) as caught:
                if fields is None:
                    client.create_session(**{**applicant, **changes})
                else:
                    client.create_session_from(fields)
        assert peer.end() == []
        assert peer.connections == 0
        error = caught.value
        assert isinstance(error, ValueError)
        assert (error.http_status, error.attempts, error.raw) == (0, 0, None)
        return error

    return refuse


@pytest.mark.parametrize("field", REQUIRED)
@pytest.mark.parametrize("value", ["", b"", None])
def test_required_fields(refused, field, value):
    error = refused(**{field: value})
    assert (error.name, error.field) == ("DEEPIDV_E_REQUIRED", field)
    assert field in str(error)


@pytest.mark.parametrize("field", REQUIRED)
def test_required_fields_of_a_mapping(refused, applicant, field):
    del applicant[field]
    assert refused(applicant).field == field


@pytest.mark.parametrize(
    ("field", "value", "name"),
    [
        ("email", "ada", "DEEPIDV_E_EMAIL"),
        ("email", "@example.com", "DEEPIDV_E_EMAIL"),
        ("email", "ada@", "DEEPIDV_E_EMAIL"),
        ("email", "ada@example..com", "DEEPIDV_E_EMAIL"),
        ("email", "ada @example.com", "DEEPIDV_E_EMAIL"),
        ("email", "a" * 243 + "@example.com", "DEEPIDV_E_TOO_LONG"),
        ("phone", "15192223333", "DEEPIDV_E_PHONE"),
        ("phone", "+", "DEEPIDV_E_PHONE"),
        ("phone", "+0123", "DEEPIDV_E_PHONE"),
        ("phone", "+1519222333x", "DEEPIDV_E_PHONE"),
        ("phone", "+1 519 222 3333", "DEEPIDV_E_PHONE"),
        ("phone", "+1234567890123456", "DEEPIDV_E_PHONE"),
        ("phone", "+١٢٣", "DEEPIDV_E_PHONE"),
        ("redirect_url", "http://yourapp.com/", "DEEPIDV_E_SCHEME"),
        ("redirect_url", "http://localhost/", "DEEPIDV_E_SCHEME"),
        ("redirect_url", "javascript://yourapp.com/", "DEEPIDV_E_SCHEME"),
        ("redirect_url", "https://user@yourapp.com/", "DEEPIDV_E_USERINFO"),
        ("redirect_url", "https://user:word@yourapp.com/", "DEEPIDV_E_USERINFO"),
        ("redirect_url", "https:///callback", "DEEPIDV_E_URL"),
        ("redirect_url", "https://", "DEEPIDV_E_URL"),
        ("redirect_url", "https:yourapp.com", "DEEPIDV_E_URL"),
        ("redirect_url", "https://256.0.0.1/", "DEEPIDV_E_URL"),
        ("redirect_url", "https://b\u00fccher.example/", "DEEPIDV_E_URL"),
        ("redirect_url", "https://%C2%AD/", "DEEPIDV_E_URL"),
        ("redirect_url", "https://yourapp.com/?session_id=a", "DEEPIDV_E_REPEATED"),
        ("redirect_url", "https://yourapp.com/?a=b&st%61tus", "DEEPIDV_E_REPEATED"),
        ("redirect_url", "https://yourapp.com/?reason=#a", "DEEPIDV_E_REPEATED"),
        ("redirect_url", "yourapp.com/callback", "DEEPIDV_E_URL"),
        ("redirect_url", "https://yourapp.com\\@evil.example/", "DEEPIDV_E_URL"),
        ("redirect_url", "https://yourapp.com/\r\nX: y", "DEEPIDV_E_CONTROL"),
        ("redirect_url", "https://yourapp.com/a b", "DEEPIDV_E_CONTROL"),
        ("redirect_url", "https://yourapp.com/" + "a" * 8192, "DEEPIDV_E_TOO_LONG"),
        ("expires_in_hours", 0, "DEEPIDV_E_RANGE"),
        ("expires_in_hours", 8761, "DEEPIDV_E_RANGE"),
        ("expires_in_hours", -1, "DEEPIDV_E_RANGE"),
        # These would be 1 if they were cut off at 32 or 64 bits.
        ("expires_in_hours", 2**32 + 1, "DEEPIDV_E_RANGE"),
        ("expires_in_hours", 2**64 + 1, "DEEPIDV_E_RANGE"),
    ],
)
def test_values(refused, applicant, field, value, name):
    error = refused(**{field: value})
    assert (error.name, error.cause, error.field) == (name, name, field)
    if field == "expires_in_hours" or isinstance(value, str):
        error = refused({**applicant, field: value})
        assert (error.name, error.field) == (name, field)


@pytest.mark.parametrize("field", TEXTS)
@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("a\0b", "DEEPIDV_E_NUL"),
        (b"a\xffb", "DEEPIDV_E_UTF8"),
        (b"\xed\xa0\x80", "DEEPIDV_E_UTF8"),
        ("a\ud800b", "DEEPIDV_E_UTF8"),
        ("a\udcffb", "DEEPIDV_E_UTF8"),
        ("a" * 10_000_000, "DEEPIDV_E_TOO_LONG"),
    ],
)
def test_texts(refused, field, value, name):
    error = refused(**{field: value})
    assert (error.name, error.field) == (name, field)


@pytest.mark.parametrize("field", ["external_id", "workflow_id", "redirect_url"])
def test_an_optional_text_may_be_absent_but_not_empty(refused, field):
    assert refused(**{field: ""}).name == "DEEPIDV_E_REQUIRED"


@pytest.mark.parametrize("field", TEXTS)
@pytest.mark.parametrize("value", [5, 1.5, True, ["Ada"], bytearray(b"Ada"), object()])
def test_what_is_no_text(client, applicant, field, value):
    with pytest.raises(TypeError, match=f"^{field} must be str, not {type(value).__name__}$"):
        client.create_session(**{**applicant, field: value})


@pytest.mark.parametrize("field", ["send_email_invite", "send_phone_invite"])
@pytest.mark.parametrize("value", ["no", 0, 1, "false"])
def test_what_is_neither_yes_nor_no(client, applicant, field, value):
    with pytest.raises(TypeError, match=f"^{field} must be bool"):
        client.create_session(**applicant, **{field: value})


@pytest.mark.parametrize("value", ["24", 24.0, True])
def test_what_is_no_whole_number(client, applicant, value):
    with pytest.raises(TypeError, match="^expires_in_hours must be int"):
        client.create_session(**applicant, expires_in_hours=value)


def test_unknown_keywords_and_missing_ones(client, applicant):
    with pytest.raises(TypeError, match="frist_name"):
        client.create_session(**applicant, frist_name="Ada")
    del applicant["phone"]
    with pytest.raises(TypeError, match="phone"):
        client.create_session(**applicant)


def test_unknown_members(refused, applicant):
    error = refused({**applicant, "frist_näme": "Ada"})
    assert (error.name, error.field) == ("DEEPIDV_E_FIELD", "frist_näme")
    assert "frist" not in str(error)


@pytest.mark.parametrize(
    ("member", "value", "field"),
    [
        ("firstName", 5, "first_name"),
        ("email", ["a@b.example"], "email"),
        ("sendEmailInvite", "no", "send_email_invite"),
        ("sendPhoneInvite", 0, "send_phone_invite"),
        ("expiresInHours", "24", "expires_in_hours"),
        ("expiresInHours", 1.5, "expires_in_hours"),
    ],
)
def test_members_of_another_type(refused, applicant, member, value, field):
    error = refused({**applicant, member: value})
    assert (error.name, error.field) == ("DEEPIDV_E_TYPE", field)


def test_members_that_are_no_text(refused, applicant):
    assert refused({**applicant, "first_name": "a\0"}).name == "DEEPIDV_E_NUL"
    assert refused({**applicant, "first_name": "a\ud800"}).name in ("DEEPIDV_E_UTF8", "DEEPIDV_E_JSON")
    assert refused({**applicant, "first_name": float("nan")}).name == "DEEPIDV_E_JSON"
    assert refused({**applicant, "first_name": "a" * 10_000_000}).name == "DEEPIDV_E_TOO_LONG"


def test_what_is_no_mapping(client):
    for fields in ("{}", b"{}", [], None):
        with pytest.raises(TypeError, match="^fields must be a mapping"):
            client.create_session_from(fields)


@pytest.mark.parametrize(
    ("option", "value", "name"),
    [
        ("base_url", "http://api.deepidv.com", "DEEPIDV_E_SCHEME"),
        ("base_url", "http://127.0.0.1.example/", "DEEPIDV_E_SCHEME"),
        ("base_url", "http://localhost.example/", "DEEPIDV_E_SCHEME"),
        ("base_url", "ftp://127.0.0.1/", "DEEPIDV_E_SCHEME"),
        ("base_url", "https://user:word@api.deepidv.com", "DEEPIDV_E_USERINFO"),
        ("base_url", "http://127.0.0.1@evil.example/", "DEEPIDV_E_USERINFO"),
        ("base_url", "https://api.deepidv.com?x=y", "DEEPIDV_E_URL"),
        ("base_url", "https://api.deepidv.com#x", "DEEPIDV_E_URL"),
        ("base_url", "api.deepidv.com", "DEEPIDV_E_URL"),
        ("base_url", "https://a.example/\r\nX: y", "DEEPIDV_E_CONTROL"),
        ("base_url", "https://a.example/" + "a" * 2048, "DEEPIDV_E_TOO_LONG"),
        ("base_url", "https://a.example/\ud800", "DEEPIDV_E_UTF8"),
        ("api_key", "key\r\nX-Evil: yes", "DEEPIDV_E_CONTROL"),
        ("api_key", "a key", "DEEPIDV_E_CONTROL"),
        ("api_key", "kéy", "DEEPIDV_E_CONTROL"),
        ("api_key", "", "DEEPIDV_E_REQUIRED"),
        ("api_key", None, "DEEPIDV_E_REQUIRED"),
        ("api_key", "k" * 513, "DEEPIDV_E_TOO_LONG"),
        ("api_key", "k\0", "DEEPIDV_E_NUL"),
        ("timeout", 0, "DEEPIDV_E_RANGE"),
        ("timeout", -1, "DEEPIDV_E_RANGE"),
        ("timeout", 86_400.001, "DEEPIDV_E_RANGE"),
        ("timeout", 1e300, "DEEPIDV_E_RANGE"),
        ("timeout", float("inf"), "DEEPIDV_E_RANGE"),
        ("timeout", float("nan"), "DEEPIDV_E_RANGE"),
        ("connect_timeout", 0.0, "DEEPIDV_E_RANGE"),
        ("max_in_flight", 0, "DEEPIDV_E_RANGE"),
        ("max_in_flight", -1, "DEEPIDV_E_RANGE"),
        ("max_in_flight", 1_000_001, "DEEPIDV_E_RANGE"),
        ("max_in_flight", 2**32 + 1, "DEEPIDV_E_RANGE"),
        ("rate_limit", -1, "DEEPIDV_E_RANGE"),
        ("rate_limit", 10_001, "DEEPIDV_E_RANGE"),
        ("rate_limit", 2**32, "DEEPIDV_E_RANGE"),
        ("rate_burst", 0, "DEEPIDV_E_RANGE"),
        ("rate_burst", 10_001, "DEEPIDV_E_RANGE"),
        ("ca_file", "", "DEEPIDV_E_REQUIRED"),
        ("ca_file", "/nowhere.pem", "DEEPIDV_E_CA_FILE"),
        ("proxy", "http://user:wo/rd@proxy.example", "DEEPIDV_E_URL"),
        ("proxy", "socks4://proxy.example", "DEEPIDV_E_PROXY_SCHEME"),
        ("base_url", "http://emulator:8080", "DEEPIDV_E_SCHEME"),
        ("allow_http_hosts", "*", "DEEPIDV_E_CONTROL"),
        ("allow_http_hosts", ["emulator", "*.local"], "DEEPIDV_E_CONTROL"),
        ("allow_http_hosts", ["emulator:8080"], "DEEPIDV_E_CONTROL"),
        ("user_agent", "shop\r\nX: y", "DEEPIDV_E_CONTROL"),
        ("user_agent", "a" * 257, "DEEPIDV_E_TOO_LONG"),
    ],
)
def test_options(option, value, name):
    with pytest.raises(deepidv.InvalidOption) as caught:
        deepidv.Client(**{"api_key": "secret", option: value})
    assert (caught.value.name, caught.value.field) == (name, option)
    assert isinstance(caught.value, ValueError)
    if value:
        assert str(value) not in str(caught.value)


def test_an_empty_base_url():
    with pytest.raises(deepidv.InvalidOption) as caught:
        deepidv.Client("secret", base_url="")
    assert caught.value.field == "base_url"


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("api_key", 5),
        ("base_url", 5),
        ("timeout", "60"),
        ("timeout", True),
        ("max_in_flight", 1.0),
        ("rate_limit", 25.0),
        ("rate_burst", "35"),
        ("connection_reuse", 1),
        ("make_external_id", "no"),
        ("use_environment", 1),
        ("allow_http_hosts", 5),
        ("allow_http_hosts", [5]),
    ],
)
def test_options_of_another_type(option, value):
    with pytest.raises(TypeError, match=option):
        deepidv.Client(**{"api_key": "secret", option: value})


def test_options_that_are_taken():
    certificate.server_context()
    deepidv.Client(
        b"key",
        base_url="http://emulator:8080/path",
        allow_http_hosts=["localhost", "emulator"],
        use_environment=False,
        timeout=0.0001,
        connect_timeout=86_400,
        ca_file=certificate.FILE,
        proxy="",
        user_agent="",
        max_in_flight=1_000_000,
        rate_limit=0,
        rate_burst=1,
        connection_reuse=True,
        make_external_id=False,
    )


def test_the_environment(monkeypatch, start_peer, applicant):
    for name in list(os.environ):
        if name.startswith("DEEPIDV_"):
            monkeypatch.delenv(name)
    with pytest.raises(deepidv.InvalidOption) as caught:
        deepidv.Client.from_env()
    assert caught.value.field == "api_key"

    peer = start_peer()
    monkeypatch.setenv("DEEPIDV_API_KEY", "from-env")
    monkeypatch.setenv("DEEPIDV_BASE_URL", peer.url)
    with deepidv.Client.from_env() as client:
        client.create_session(**applicant)
    assert peer.end()[0].header("x-api-key") == "from-env"

    monkeypatch.setenv("DEEPIDV_TIMEOUT_MS", "soon")
    with pytest.raises(deepidv.InvalidOption) as caught:
        deepidv.Client.from_env()
    assert (caught.value.name, caught.value.field) == ("DEEPIDV_E_RANGE", "timeout_ms")


def test_the_environment_is_not_read_unasked(monkeypatch):
    monkeypatch.setenv("DEEPIDV_API_KEY", "from-env")
    with pytest.raises(deepidv.InvalidOption):
        deepidv.Client()
