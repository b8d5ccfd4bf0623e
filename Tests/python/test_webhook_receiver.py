"""The example that stores webhooks, with SQLite and with PostgreSQL."""

import concurrent.futures
import importlib.util
import random

import deepidv
import pytest
from conftest import ROOT
from postgresql import PostgreSQL
from webhooks import SECRET, event

EXAMPLE = ROOT / "bindings" / "python" / "examples" / "webhook_receiver.py"

STORY = [
    ("session.created", "PENDING", "2026-01-01T00:00:00.000Z"),
    ("session.status.submitted", "SUBMITTED", "2026-01-01T00:00:01.000Z"),
    ("session.status.verified", "VERIFIED", "2026-01-01T00:00:01.001Z"),
    ("session.status.rejected", "REJECTED", "2026-01-02T00:00:00.000Z"),
]


@pytest.fixture(scope="module")
def postgresql():
    """Start a server, and give the URL of its database."""
    server = PostgreSQL("-c", "fsync=off")
    yield server.url()
    server.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def receiver(request, tmp_path, monkeypatch):
    """Load the example with a database."""
    url = f"sqlite:///{tmp_path}/a.db" if request.param == "sqlite" else request.getfixturevalue(request.param)
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("DEEPIDV_WEBHOOK_SECRET", f"whsec_new,{SECRET}")
    spec = importlib.util.spec_from_file_location("webhook_receiver", EXAMPLE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    module.engine.dispose()


def test_stored_once_in_any_order(receiver):
    """Twelve sessions, each event three times, shuffled, by eight threads at once."""
    sessions = [f"sess_{number}" for number in range(12)]
    bodies = [
        event(type, id=session, status=status, updated_at=time)
        for session in sessions
        for type, status, time in STORY
        for _ in range(3)
    ]
    random.shuffle(bodies)

    def send(body):
        with receiver.app.test_client() as client:
            return client.post("/webhooks/deepidv", data=body, headers={"deepidv-signature": SECRET}).status_code

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        assert set(pool.map(send, bodies)) == {204}
    last = deepidv.Webhook.open(event(STORY[-1][0], id="sess_0", updated_at=STORY[-1][2]), SECRET, SECRET)
    with receiver.Database() as database:
        rows = database.query(receiver.Verification).all()
        assert {row.session_id for row in rows} == set(sessions) and len(rows) == 12
        assert {(row.status, row.external_id) for row in rows} == {("REJECTED", "order-1")}
        assert {row.key.replace(row.session_id, "sess_0") for row in rows} == {last.key}
        assert all(1 <= row.events <= len(STORY) for row in rows)
    # Once more, and nothing changes.
    applied = sum(row.events for row in rows)
    assert {send(body) for body in bodies[:50]} == {204}
    with receiver.Database() as database:
        assert sum(row.events for row in database.query(receiver.Verification)) == applied


def test_what_is_refused_is_not_stored(receiver):
    with receiver.Database() as database:
        before = database.query(receiver.Verification).count()
    with receiver.app.test_client() as client:
        for body, secret, status in ((event(id="x"), "whsec_guess", 401), (b"x", SECRET, 400)):
            answered = client.post("/webhooks/deepidv", data=body, headers={"deepidv-signature": secret})
            assert answered.status_code == status
        new = client.post("/webhooks/deepidv", data=event(id="y"), headers={"deepidv-signature": "whsec_new"})
        assert new.status_code == 204
    with receiver.Database() as database:
        assert database.query(receiver.Verification).count() == before + 1
