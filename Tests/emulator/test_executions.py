"""The counts of executed creates."""


def test_counts(start):
    running = start("--rate", "0", "--tokens", "5")

    def count(external_id):
        response = running.get("/emulator/executions", key=None, external_id=external_id)
        assert response.status == 200
        assert response.json["external_id"] == external_id
        return response.json["executions"]

    assert running.get("/emulator/executions", key=None).json == {"total": 0, "executions": {}}
    running.session(external_id="twice")
    running.session(external_id="twice")
    running.session(external_id="é &+%")
    running.session()
    # A refused create was not executed.
    assert running.create(external_id="refused", phone="1").status == 400
    assert running.create("wrong", external_id="refused").status == 401
    assert running.create(external_id="last").status == 200
    assert running.create(external_id="refused").status == 402
    assert [count(i) for i in ("twice", "é &+%", "last", "refused", "never")] == [2, 1, 1, 0, 0]
    assert running.get("/emulator/executions", key=None).json == {
        "total": 5,
        "executions": {"twice": 2, "é &+%": 1, "last": 1},
    }


def test_reading_does_not_count_toward_the_rate_limit(start):
    running = start("--rate", "0.01", "--burst", "1")
    for _ in range(5):
        assert running.get("/emulator/executions", key=None).status == 200
    assert running.create().status == 200


def test_bad_encoding(emulator):
    assert emulator.get("/emulator/executions?external_id=%ff").status == 400
