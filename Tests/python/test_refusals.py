"""Arguments and options that are refused before anything is sent, and the exceptions that name them.

The rules themselves are tested in Tests/DeepIDVCoreTests and Tests/abi: here is one value of each kind, and what
Python itself converts or refuses.
"""

import os

import certificate
import deepidv
import pytest

REQUIRED = ["first_name", "last_name", "email", "phone"]
TEXTS = [*REQUIRED, "external_id", "workflow_id", "redirect_url"]


@pytest.fixture
def refused(start_peer, applicant):
    """Return a function that fails to create a session, and returns the exception. Nothing may be sent."""

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
def test_required_fields(refused, applicant, field):
    for value in ("", None):
        error = refused(**{field: value})
        assert (error.name, error.field) == ("DEEPIDV_E_REQUIRED", field)
        assert field in str(error)
    del applicant[field]
    assert refused(applicant).field == field


@pytest.mark.parametrize(
    ("field", "value", "name"),
    [
        ("external_id", "", "DEEPIDV_E_REQUIRED"),
        ("email", "ada", "DEEPIDV_E_EMAIL"),
        ("phone", "15192223333", "DEEPIDV_E_PHONE"),
        ("redirect_url", "http://yourapp.com/", "DEEPIDV_E_SCHEME"),
        ("first_name", "a\0b", "DEEPIDV_E_NUL"),
        ("first_name", b"a\xffb", "DEEPIDV_E_UTF8"),
        ("last_name", "a\ud800b", "DEEPIDV_E_UTF8"),
        ("workflow_id", "a" * 10_000_000, "DEEPIDV_E_TOO_LONG"),
        ("expires_in_hours", 0, "DEEPIDV_E_RANGE"),
        ("expires_in_hours", -1, "DEEPIDV_E_RANGE"),
        # ctypes would truncate these to 1.
        ("expires_in_hours", 2**32 + 1, "DEEPIDV_E_RANGE"),
        ("expires_in_hours", 2**64 + 1, "DEEPIDV_E_RANGE"),
    ],
)
def test_values(refused, field, value, name):
    error = refused(**{field: value})
    assert (error.name, error.cause, error.field) == (name, name, field)


@pytest.mark.parametrize("field", TEXTS)
@pytest.mark.parametrize("value", [5, True, bytearray(b"Ada")])
def test_a_field_that_is_not_a_text(client, applicant, field, value):
    with pytest.raises(TypeError, match=f"^{field} must be str, not {type(value).__name__}$"):
        client.create_session(**{**applicant, field: value})


@pytest.mark.parametrize("field", ["send_email_invite", "send_phone_invite"])
@pytest.mark.parametrize("value", ["no", 0, 1, "false"])
def test_a_field_that_is_not_a_bool(client, applicant, field, value):
    with pytest.raises(TypeError, match=f"^{field} must be bool"):
        client.create_session(**applicant, **{field: value})


@pytest.mark.parametrize("value", ["24", 24.0, True])
def test_a_field_that_is_not_an_int(client, applicant, value):
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


def test_members_that_are_refused(refused, applicant):
    error = refused({**applicant, "firstName": 5})
    assert (error.name, error.field) == ("DEEPIDV_E_TYPE", "first_name")
    assert refused({**applicant, "phone": "12"}).field == "phone"
    assert refused({**applicant, "expiresInHours": 2**64}).name == "DEEPIDV_E_RANGE"
    assert refused({**applicant, "first_name": "a\ud800"}).name in ("DEEPIDV_E_UTF8", "DEEPIDV_E_JSON")
    assert refused({**applicant, "first_name": float("nan")}).name == "DEEPIDV_E_JSON"


def test_fields_that_are_not_a_mapping(client):
    for fields in ("{}", b"{}", [], None):
        with pytest.raises(TypeError, match="^fields must be a mapping"):
            client.create_session_from(fields)


@pytest.mark.parametrize(
    ("option", "value", "name"),
    [
        ("base_url", "http://api.deepidv.com", "DEEPIDV_E_SCHEME"),
        ("base_url", "https://a.example/\ud800", "DEEPIDV_E_UTF8"),
        ("api_key", "key\r\nX-Evil: yes", "DEEPIDV_E_CONTROL"),
        ("api_key", "", "DEEPIDV_E_REQUIRED"),
        ("api_key", None, "DEEPIDV_E_REQUIRED"),
        ("timeout", 0, "DEEPIDV_E_RANGE"),
        ("timeout", -1, "DEEPIDV_E_RANGE"),
        ("timeout", 86_400.001, "DEEPIDV_E_RANGE"),
        ("timeout", 1e300, "DEEPIDV_E_RANGE"),
        ("timeout", float("inf"), "DEEPIDV_E_RANGE"),
        ("timeout", float("nan"), "DEEPIDV_E_RANGE"),
        ("connect_timeout", 0.0, "DEEPIDV_E_RANGE"),
        ("max_in_flight", 0, "DEEPIDV_E_RANGE"),
        ("max_in_flight", 2**32 + 1, "DEEPIDV_E_RANGE"),
        ("rate_limit", -1, "DEEPIDV_E_RANGE"),
        ("rate_limit", 2**32, "DEEPIDV_E_RANGE"),
        ("rate_burst", 0, "DEEPIDV_E_RANGE"),
        ("ca_file", "", "DEEPIDV_E_REQUIRED"),
        ("ca_file", "/nowhere.pem", "DEEPIDV_E_CA_FILE"),
        ("proxy", "http://user:wo/rd@proxy.example", "DEEPIDV_E_URL"),
        ("base_url", "http://emulator:8080", "DEEPIDV_E_SCHEME"),
        ("base_url", "https://" + "a." * 127, "DEEPIDV_E_URL"),
        ("proxy", "socks5h://" + "a." * 127, "DEEPIDV_E_URL"),
        ("allow_http_hosts", "*", "DEEPIDV_E_CONTROL"),
        ("allow_http_hosts", ["emulator:8080"], "DEEPIDV_E_CONTROL"),
        ("user_agent", "shop\r\nX: y", "DEEPIDV_E_CONTROL"),
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


def test_options_that_are_accepted():
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


def test_the_constructor_does_not_read_the_environment(monkeypatch):
    monkeypatch.setenv("DEEPIDV_API_KEY", "from-env")
    with pytest.raises(deepidv.InvalidOption):
        deepidv.Client()
