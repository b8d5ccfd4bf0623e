"""Creating a session: the request that is sent, and the session that is returned.

Each reading of a response is tested in Tests/DeepIDVCoreTests/AnswerTests.swift.
"""

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


def test_the_request_on_the_wire(start_peer):
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


def test_absent_fields_are_not_sent(start_peer, applicant):
    peer = start_peer()
    with deepidv.Client("key", base_url=peer.url, make_external_id=False) as client:
        session = client.create_session(**applicant)
    [request] = peer.end()
    assert request.json == applicant
    assert session.external_id is None


def test_a_mapping_in_either_spelling(start_peer, applicant):
    peer = start_peer()
    with deepidv.Client("key", base_url=peer.url, make_external_id=False) as client:
        client.create_session_from(
            {**applicant, "firstName": "camelCase wins", "workflowId": None, "expiresInHours": 1}
        )
    [request] = peer.end()
    assert request.json == {**applicant, "first_name": "camelCase wins", "expires_in_hours": 1}


def test_a_mapping_against_the_emulator(client, applicant):
    session = client.create_session_from({**applicant, "externalId": "ref", "redirectUrl": "https://yourapp.com/"})
    assert session.external_id == "ref"


def created(start_peer, applicant, body):
    peer = start_peer(answer(body=body))
    # Without an external id there is nothing to compare the response with.
    with deepidv.Client("key", base_url=peer.url, make_external_id=False) as client:
        session = client.create_session(**applicant)
    assert len(peer.end()) == 1
    return session


def test_every_member_of_a_session(start_peer, applicant):
    links = [{"rel": "self", "href": "https://a/"}, {"url": "https://b/", "type": "t"}, {"href": "https://c/"}]
    body = {**CREATED, "id": "ü😀/", "externalId": "\u0001\n", "expires_at": "2026-01-01T00:00:00Z", "links": links}
    session = created(start_peer, applicant, body)
    assert (session.id, session.external_id) == ("ü😀/", "\u0001\n")
    assert (session.url, session.expires_at) == (CREATED["session_url"], "2026-01-01T00:00:00Z")
    expected = [("https://a/", "self"), ("https://b/", "t"), ("https://c/", None)]
    assert session.links == tuple(deepidv.Link(*link) for link in expected)
    assert session.facts == deepidv.ResultFact(0)


def test_a_session_with_an_id_and_nothing_else(start_peer, applicant):
    session = created(start_peer, applicant, {"id": "s", "session_url": None, "expires_at": "\0"})
    assert (session.url, session.external_id, session.expires_at, session.links) == (None, None, None, ())


def test_the_raw_response_is_kept_byte_for_byte(start_peer, applicant):
    body = b'\xef\xbb\xbf {"id" : "a\\u0062", "x": [1e5]}\r\n'
    session = created(start_peer, applicant, body.decode("utf-8"))
    assert (session.id, session.raw) == ("ab", body)


def test_a_response_in_chunks_and_after_a_100(start_peer, applicant):
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


def test_repr_omits_the_url_and_the_response(client, applicant):
    session = client.create_session(**applicant)
    assert session.id in repr(session)
    assert session.url not in repr(session)
    assert "session_url" not in repr(session)


def test_a_session_is_frozen_and_compares_by_value(start_peer, applicant):
    session = created(start_peer, applicant, CREATED)
    with pytest.raises(AttributeError):
        session.id = "other"
    assert session == session.__class__(**session.__dict__)
