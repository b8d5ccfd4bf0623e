"""The request log."""


def test_calls_are_logged(start):
    running = start("--rate", "0")
    session = running.session()
    running.list(external_id="a b")
    running.retrieve("sess_nowhere", key=None)
    running.show(session)
    running.inspect("clock")
    log = running.inspect("requests")
    assert log["total"] == 4
    assert [(r["number"], r["method"], r["target"], r["status"]) for r in log["requests"]] == [
        (4, "GET", f"/session/{session}", 200),
        (3, "GET", "/v1/sessions/sess_nowhere", 401),
        (2, "GET", "/v1/sessions?external_id=a%20b", 200),
        (1, "POST", "/v1/sessions", 200),
    ]
    first = log["requests"][-1]
    assert first["key"] == "dk_" + "…" and "key" not in log["requests"][0]
    assert first["microseconds"] > 0 and first["bytes_in"] > 50 and first["bytes_out"] > 50


def test_the_last_ones_are_kept(start):
    running = start("--rate", "0")
    connection = running.connect()
    for number in range(1005):
        connection.request("GET", f"/v1/sessions?limit={number}", headers={"x-api-key": "dk_emulator"})
        connection.getresponse().read()
    connection.close()
    log = running.inspect("requests?limit=1000")
    assert log["total"] == 1005
    assert [r["number"] for r in log["requests"]] == list(range(1005, 5, -1))


def test_reset(start):
    running = start("--rate", "0", "--tokens", "1")
    session = running.session(external_id="a")
    running.command("clock", frozen=True, now="2030-01-01")
    running.command("faults", kind="close", count=5)
    running.command("reset")
    assert running.retrieve(session).status == 404
    assert running.inspect("executions") == {"total": 0, "executions": {}}
    assert running.inspect("faults")["faults"] == []
    assert not running.inspect("clock")["frozen"]
    assert running.create().status == 200
