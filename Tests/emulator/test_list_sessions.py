"""List Sessions: filters, order and paging."""

import pytest


def ids(response):
    assert response.status == 200, response.text
    assert set(response.json) == {"sessions", "next_token"}
    return [record["id"] for record in response.json["sessions"]]


def test_newest_first(start):
    running = start("--rate", "0")
    assert running.list().json == {"sessions": [], "next_token": None}
    made = [running.session() for _ in range(5)]
    assert ids(running.list()) == made[::-1]


def test_records_are_those_of_retrieve(emulator):
    session = emulator.session(external_id="same", expires_in_hours=1)
    (record,) = emulator.list(external_id="same").json["sessions"]
    assert record == emulator.retrieve(session).json["session_record"]


def test_pages(start):
    running = start("--rate", "0")
    made = [running.session() for _ in range(120)]
    for limit, sizes in ((None, [50, 50, 20]), (60, [60, 60]), (7, [7] * 17 + [1]), (500, [120])):
        seen, pages, query = [], [], {} if limit is None else {"limit": limit}
        while True:
            response = running.list(**query)
            pages.append(ids(response))
            seen += pages[-1]
            if response.json["next_token"] is None:
                break
            query["next_token"] = response.json["next_token"]
        assert seen == made[::-1]
        assert [len(page) for page in pages] == sizes


@pytest.mark.parametrize(
    "external_id",
    ["user-1", "a b", "a+b", "a%2Bb", "50%", "a&b=c", "Zoë 山田 👩‍👩‍👧", "e\u0301", "?#/", "'\"\\"],
)
def test_external_id(emulator, external_id):
    emulator.session(external_id=external_id + "x")
    made = [emulator.session(external_id=external_id) for _ in range(2)]
    assert ids(emulator.list(external_id=external_id)) == made[::-1]
    assert all(r["external_id"] == external_id for r in emulator.list(external_id=external_id).json["sessions"])


def test_external_ids_are_compared_byte_for_byte(emulator):
    composed = emulator.session(external_id="caf\u00e9")
    decomposed = emulator.session(external_id="cafe\u0301")
    assert ids(emulator.list(external_id="caf\u00e9")) == [composed]
    assert ids(emulator.list(external_id="cafe\u0301")) == [decomposed]


def test_one_mode_applies(start):
    running = start("--rate", "0", "--api-key", "one", "--api-key", "two")

    def create(key, **fields):
        return running.create(key, **fields).json["id"]

    plain = create("one", external_id="a")
    flow = create("one", external_id="b", workflow_id="wf_abc123")
    theirs = create("two", external_id="a", workflow_id="wf_abc123")

    def listed(key="one", **query):
        return ids(running.list(key, **query))

    assert listed() == [flow, plain]
    assert listed("two") == [theirs]
    assert listed(by_organization="true") == [theirs, flow, plain]
    assert listed(by_organization="true", workflow_id="wf_abc123") == [theirs, flow]
    assert listed(workflow_id="wf_abc123", external_id="a") == [theirs, plain]
    assert listed(workflow_id="wf_nowhere") == []


def test_dates(emulator):
    session = emulator.session(external_id="dated")
    created = emulator.retrieve(session).json["session_record"]["created_at"]

    def listed(**query):
        return ids(emulator.list(external_id="dated", **query))

    assert listed(start_date=created) == listed(end_date=created) == [session]
    assert listed(start_date=created[:10], end_date=created[:10]) == [session]
    assert listed(end_date="2001-01-01") == listed(start_date="2999-01-01T00:00:00Z") == []


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "0"},
        {"limit": "501"},
        {"limit": "-1"},
        {"limit": "ten"},
        {"limit": ""},
        {"next_token": "nonsense"},
        {"start_date": "yesterday"},
        {"end_date": "2025-02-30"},
        {"by_organization": "perhaps"},
    ],
)
def test_bad_parameters(emulator, query):
    response = emulator.list(**query)
    assert response.status == 400
    (name,) = query
    assert response.json["message"] == "Invalid request query"
    (hint,) = response.json["hints"]
    assert hint.startswith(f"{name}: must be ")


def test_bad_encoding(emulator):
    for query in ("%", "external_id=%4", "external_id=%ff"):
        assert emulator.get(f"/v1/sessions?{query}").status == 400


def test_key_is_checked_first(emulator):
    for key in (None, "", "wrong"):
        response = emulator.list(key, limit="0")
        assert response.status == 401
        assert response.json == {"error": "Missing or invalid API key"}


def test_head(emulator):
    response = emulator.request("HEAD", "/v1/sessions?external_id=nobody", headers={"x-api-key": "dk_emulator"})
    assert response.status == 200
    assert response.body == b""
