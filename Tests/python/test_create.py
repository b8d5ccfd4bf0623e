"""Sessions that are created: what is sent, and what is read."""

import json
import re
import urllib.parse

import deepidv
import pytest
from peer import CREATED, answer, send


def test_the_required_fields_are_enough(client, applicant):
    session = client.create_session(**applicant)
    assert session.id
    assert f"/session/{session.id}" in session.url
    assert re.fullmatch("didv_[0-9a-f]{32}", session.external_id)
    assert (session.expires_at, session.links, session.reconciled) == (None, (), False)
    assert (session.http_status, session.attempts) == (200, 1)
    assert 0 < session.elapsed < 10
    assert json.loads(session.raw)["id"] == session.id


def test_every_field(client, applicant):
    session = client.create_session(
        **applicant,
        external_id="user-42 ü",
        send_email_invite=False,
        send_phone_invite=False,
        workflow_id="wf_abc123",
        redirect_url="https://yourapp.com/cb?a=b",
        expires_in_hours=24,
    )
    assert session.external_id == "user-42 ü"
    assert session.expires_at.startswith("20")
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(session.url).query)
    assert query["redirect_url"] == ["https://yourapp.com/cb?a=b"]


def test_what_goes_over_the_wire(start_peer):
    peer = start_peer()
    with deepidv.Client("secret-key", base_url=peer.url, user_agent="shop/1.0") as client:
        client.create_session(
            first_name='A"\\\n\u0001ß😀',
            last_name=b"L\xc3\xb6",
            email="ada@example.com",
            phone="+15192223333",
            external_id="x",
            send_email_invite=True,
            send_phone_invite=False,
            workflow_id="wf",
            redirect_url="https://yourapp.com/",
            expires_in_hours=8760,
        )
    [request] = peer.end()
    assert request.first_line == b"POST /v1/sessions HTTP/1.1"
    assert request.header("x-api-key") == "secret-key"
    assert request.header("content-type") == "application/json"
    assert request.header("expect") is None
    assert request.header("user-agent").startswith("shop/1.0 libdeepidv/")
    assert request.json == {
        "first_name": 'A"\\\n\u0001ß😀',
        "last_name": "Lö",
        "email": "ada@example.com",
        "phone": "+15192223333",
        "external_id": "x",
        "send_email_invite": True,
        "send_phone_invite": False,
        "workflow_id": "wf",
        "redirect_url": "https://yourapp.com/",
        "expires_in_hours": 8760,
    }


def test_what_is_not_given_is_not_sent(start_peer, applicant):
    peer = start_peer()
    with deepidv.Client("key", base_url=peer.url, make_external_id=False) as client:
        session = client.create_session(**applicant)
    [request] = peer.end()
    assert request.json == applicant
    assert session.external_id is None


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"firstName": "camel"}, "camel"),
        ({"first_name": "snake"}, "snake"),
        ({"first_name": "snake", "firstName": "camel"}, "camel"),
        ({"firstName": "camel", "first_name": "snake"}, "camel"),
        ({"firstName": None, "first_name": "snake"}, "snake"),
    ],
)
def test_a_mapping_may_spell_names_either_way(start_peer, fields, name):
    peer = start_peer()
    rest = {
        "lastName": "L",
        "email": "a@b.example",
        "phone": "+1",
        "sendEmailInvite": False,
        "expiresInHours": 1,
    }
    with deepidv.Client("key", base_url=peer.url, make_external_id=False) as client:
        client.create_session_from({**fields, **rest})
    [request] = peer.end()
    assert request.json == {
        "first_name": name,
        "last_name": "L",
        "email": "a@b.example",
        "phone": "+1",
        "send_email_invite": False,
        "expires_in_hours": 1,
    }


def test_a_mapping_against_the_emulator(client, applicant):
    session = client.create_session_from({**applicant, "externalId": "ref", "redirectUrl": "https://yourapp.com/"})
    assert session.external_id == "ref"


def created(start_peer, applicant, body):
    peer = start_peer(answer(body=body))
    # What the answer says is read as it is, with nothing to compare it to.
    with deepidv.Client("key", base_url=peer.url, make_external_id=False) as client:
        session = client.create_session(**applicant)
    assert len(peer.end()) == 1
    return session


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"id": "sess_abc"}, {"id": "sess_abc", "url": None}),
        ({**CREATED, "externalId": ""}, {"external_id": ""}),
        ({**CREATED, "external_id": "e"}, {"external_id": "e"}),
        ({**CREATED, "expires_at": "2026-01-01T00:00:00Z"}, {"expires_at": "2026-01-01T00:00:00Z"}),
        (
            {
                **CREATED,
                "links": [{"rel": "self", "href": "https://a/"}, {"url": "https://b/", "type": "t"}],
            },
            {"links": (deepidv.Link("https://a/", "self"), deepidv.Link("https://b/", "t"))},
        ),
        (
            {**CREATED, "links": [{"href": "https://a/"}, 5, {}]},
            {"links": (deepidv.Link("https://a/", None),)},
        ),
        (
            {
                "id": "ü😀/",
                "session_url": "https://a/\u0000",
                "externalId": "\u0000",
                "expires_at": "\u0000\u0000ü",
                "links": [{"href": "https://a/\u0000b"}, {"href": "https://a/c", "rel": "\u0000"}],
            },
            {
                "id": "ü😀/",
                "url": None,
                "external_id": None,
                "expires_at": None,
                "links": (deepidv.Link("https://a/c", None),),
                "facts": deepidv.ResultFact.SESSION_URL_REFUSED | deepidv.ResultFact.MORE_LINKS,
            },
        ),
        ({**CREATED, "externalId": "\u0001\n"}, {"external_id": "\u0001\n", "facts": deepidv.ResultFact(0)}),
        # The first that can be one.
        ({"id": "a\u0000", "idv_id": "a\nb", "session_id": "c"}, {"id": "c"}),
        ({"id": "a" * 1024}, {"id": "a" * 1024}),
        ({"id": "a" * 1025, "idv_id": "b"}, {"id": "b"}),
        ({**CREATED, "new": {"deep": [1, {"id": "other"}]}}, {"id": "sess_1"}),
    ],
)
def test_readings_of_an_answer(start_peer, applicant, body, expected):
    session = created(start_peer, applicant, body)
    assert {name: getattr(session, name) for name in expected} == expected


def test_the_raw_answer_is_kept_byte_for_byte(start_peer, applicant):
    body = b'\xef\xbb\xbf {"id" : "a\\u0062", "x": [1e5]}\r\n'
    session = created(start_peer, applicant, body.decode("utf-8"))
    assert (session.id, session.raw) == ("ab", body)


def test_a_refusal_with_a_nul_is_kept_byte_for_byte(failing):
    error, _ = failing(answer(400, body="no\0, never\0"))
    assert error.raw == b"no\0, never\0"


def test_an_answer_of_64_levels_is_read(start_peer, applicant):
    body = '{"id": "deep", "x": %s}' % ("[" * 63 + "]" * 63)
    assert created(start_peer, applicant, body).id == "deep"


def test_an_answer_in_chunks_and_after_a_100(start_peer, applicant):
    pieces = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    pieces += b'5\r\n{"id"\r\n6\r\n: "c"}\r\n0\r\n\r\n'
    peer = start_peer(send(pieces))
    with deepidv.Client("key", base_url=peer.url) as client:
        assert client.create_session(**applicant).id == "c"


def test_a_base_url_keeps_its_path(start_peer, applicant):
    peer = start_peer()
    with deepidv.Client("key", base_url=peer.url + "/proxy/") as client:
        client.create_session(**applicant)
    assert peer.end()[0].first_line == b"POST /proxy/v1/sessions HTTP/1.1"


def test_a_connection_is_used_again(start_peer, applicant):
    peer = start_peer()
    with deepidv.Client("key", base_url=peer.url) as client:
        for _ in range(5):
            client.create_session(**applicant)
    assert len(peer.end()) == 5
    assert peer.connections == 1


def test_repr_shows_neither_the_way_in_nor_the_answer(client, applicant):
    session = client.create_session(**applicant)
    assert session.id in repr(session)
    assert session.url not in repr(session)
    assert "session_url" not in repr(session)


def test_a_session_is_frozen_and_compares_by_value(start_peer, applicant):
    session = created(start_peer, applicant, CREATED)
    with pytest.raises(AttributeError):
        session.id = "other"
    assert session == session.__class__(**session.__dict__)
