"""Fault injection."""

import http.client
import json
import time

import pytest


@pytest.fixture
def faulty(start):
    return start("--rate", "0")


def executions(running, external_id):
    return running.inspect(f"executions?external_id={external_id}")["executions"]


def test_status(faulty):
    faulty.command("faults", kind="status", status=503, count=2)
    responses = [faulty.create(external_id="a") for _ in range(3)]
    assert [a.status for a in responses] == [503, 503, 200]
    assert responses[0].json == {"error": "Service Unavailable"}
    assert executions(faulty, "a") == 1
    assert faulty.inspect("faults")["faults"] == []


def test_status_after_executing(faulty):
    faulty.command(
        "faults",
        kind="status",
        status=502,
        execute=True,
        content_type="text/html",
        body="<h1>Bad Gateway</h1>",
        headers={"Retry-After": "7"},
    )
    response = faulty.create(external_id="a")
    assert (response.status, response.text) == (502, "<h1>Bad Gateway</h1>")
    assert response.headers["Retry-After"] == "7"
    assert response.headers["Content-Type"] == "text/html"
    assert executions(faulty, "a") == 1


@pytest.mark.parametrize("execute, executed", [(True, 1), (False, 0), (None, 1)])
@pytest.mark.parametrize("kind", ["close", "reset"])
def test_no_response(faulty, kind, execute, executed):
    options = {} if execute is None else {"execute": execute}
    faulty.command("faults", kind=kind, **options)
    expected = http.client.RemoteDisconnected if kind == "close" else ConnectionResetError
    with pytest.raises(expected):
        faulty.create(external_id="a")
    assert executions(faulty, "a") == executed
    assert faulty.create(external_id="a").status == 200


def test_reset_is_not_an_orderly_close(faulty):
    faulty.command("faults", kind="reset")
    with pytest.raises(ConnectionResetError) as raised:
        faulty.create()
    assert not isinstance(raised.value, http.client.RemoteDisconnected)


def test_cut(faulty):
    faulty.command("faults", kind="cut")
    with pytest.raises(http.client.IncompleteRead) as raised:
        faulty.create(external_id="a")
    assert 0 < len(raised.value.partial) <= raised.value.expected + 1
    assert executions(faulty, "a") == 1
    assert faulty.control("POST", "faults", kind="cut", execute=False).status == 400


def test_garbage(faulty):
    faulty.command("faults", kind="garbage")
    with pytest.raises(http.client.BadStatusLine):
        faulty.create(external_id="a")
    assert executions(faulty, "a") == 1


def test_wait(faulty):
    faulty.command("faults", kind="wait", milliseconds=400, execute=True)
    connection = faulty.connect()
    body = json.dumps(
        {
            "first_name": "a",
            "last_name": "b",
            "email": "a@b.example",
            "phone": "+15192223333",
            "external_id": "a",
        }
    )
    headers = {"Content-Type": "application/json", "x-api-key": "dk_emulator"}
    started = time.monotonic()
    connection.request("POST", "/v1/sessions", body, headers)
    while executions(faulty, "a") == 0:
        time.sleep(0.01)
    assert connection.getresponse().status == 200
    assert time.monotonic() - started >= 0.4
    connection.close()


def test_which_calls(faulty):
    faulty.command("faults", kind="status", status=500, method="GET", path="/v1/sessions/", count=9)
    session = faulty.session()
    assert faulty.list().status == 200
    assert faulty.retrieve(session).status == 500
    assert faulty.show(session).status == 200
    assert faulty.inspect("faults")["faults"] == [
        {"kind": "status 500", "count": 8, "execute": False, "method": "GET", "path": "/v1/sessions/"}
    ]
    assert faulty.control("DELETE", "faults").status == 200
    assert faulty.retrieve(session).status == 200


def test_first_armed_first_served(faulty):
    faulty.command("faults", kind="status", status=500)
    faulty.command("faults", kind="status", status=429)
    assert [faulty.create().status for _ in range(3)] == [500, 429, 200]


def test_they_are_logged(faulty):
    faulty.command("faults", kind="close")
    with pytest.raises(http.client.RemoteDisconnected):
        faulty.create()
    # The log is written when the response is ready, which this caller cannot observe.
    for _ in range(200):
        requests = faulty.inspect("requests")["requests"]
        if requests:
            break
        time.sleep(0.02)
    assert requests[0]["fault"] == "close" and "status" not in requests[0]


@pytest.mark.parametrize(
    "fault",
    [
        {},
        {"kind": "explode"},
        {"kind": "status"},
        {"kind": "status", "status": 99},
        {"kind": "status", "status": 600},
        {"kind": "status", "status": "503"},
        {"kind": "status", "status": 500, "headers": {"a\r\nb": "c"}},
        {"kind": "status", "status": 500, "headers": {"a": "b\r\nc: d"}},
        {"kind": "status", "status": 500, "content_type": "a\nb"},
        {"kind": "wait"},
        {"kind": "wait", "milliseconds": 60_001},
        {"kind": "close", "count": 0},
        {"kind": "close", "count": -1},
        {"kind": "close", "path": "/"},
        {"kind": "close", "path": "/emulator/faults"},
        {"kind": "close", "path": ""},
    ],
)
def test_invalid_fault(emulator, fault):
    assert emulator.control("POST", "faults", **fault).status == 400
    assert emulator.inspect("faults")["faults"] == []


def test_limit(faulty):
    for _ in range(1000):
        faulty.command("faults", kind="close", method="NEVER")
    assert faulty.control("POST", "faults", kind="close").status == 400


def test_the_right_connection(faulty):
    """Only the connection of the call is reset, not other open ones."""
    others = [faulty.connect() for _ in range(50)]
    for other in others:
        other.request("GET", "/emulator.css")
        other.getresponse().read()
    faulty.command("faults", kind="reset", method="POST")
    with pytest.raises(ConnectionResetError):
        faulty.create()
    for other in others:
        other.request("GET", "/emulator.css")
        assert other.getresponse().read()
        other.close()
