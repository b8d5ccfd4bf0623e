"""`deepidv fleet`: workers share a table in a real PostgreSQL, or in SQLite, and each row is executed once."""

import contextlib
import itertools
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys

import pytest
from canaries import EMULATOR_OPTIONS
from conftest import until
from emulator_process import Emulator
from fleet import Fleet, Redis, applicants, kill_one_each_second, resume, stop
from postgresql import PostgreSQL

# Short enough for a test, in this order: an operation, its submission, what may still be on its way.
QUICK = ("--timeout", 3, "--margin", 2, "--settle", 1, "--quiet")
numbers = itertools.count()


@pytest.fixture(scope="module")
def postgresql():
    server = PostgreSQL()
    yield server
    server.close()


both = pytest.mark.parametrize("url", ["postgresql", "sqlite"], indirect=True)


@pytest.fixture
def url(request, tmp_path):
    """Return the URL of an empty database."""
    if getattr(request, "param", None) == "sqlite":
        return f"sqlite:///{tmp_path}/work.db"
    server = request.getfixturevalue("postgresql")
    database = f"work{next(numbers)}"
    server.create(database)
    return server.url(database)


@pytest.fixture
def fleet(url, environment, tmp_path):
    environment.pop("DEEPIDV_TIMEOUT_MS")
    fleet = Fleet(url, environment, tmp_path)
    yield fleet
    fleet.close()


@pytest.fixture
def rows(reference):
    """Return a function that makes rows whose external ids no other test uses."""
    return lambda count: applicants(range(count), reference)


def finish(fleet, *options, status=0):
    worker = fleet.start(*QUICK, *options)
    assert worker.wait(90) == status, fleet.logs


@both
def test_a_csv_file(fleet, service, reference, tmp_path):
    file = tmp_path / "rows.csv"
    head = "first_name,last_name,email,phone,external_id\n"
    line = "Secret,Lovelace,secret@example.com,{},{}\n"
    good = [line.format("+15192223333", f"{reference}-{number}") for number in range(3)]
    bad = [line.format("15192223333", f"{reference}-bad"), good[1], line.format("+15192223333", "")]
    file.write_text(head + "".join(good + bad))

    told = fleet.run("add", file, check=[1])
    assert "3 rows added, 0 already in the list, 3 invalid" in told
    assert "line 5, column 4: phone: it has no +" in told
    assert "line 6, column 5: external_id: line 3 has the same one" in told
    missing = "external_id: it is missing; every worker finds the session by it"
    assert f"line 7, column 5: {missing}" in told or f"line 7: {missing}" in told
    finish(fleet)
    assert "0 rows added, 3 already in the list, 3 invalid" in fleet.run("add", file, check=[1])
    assert fleet.states() == {"created": 3}
    state, request, due, session, found, session_url = fleet.row(
        f"{reference}-1", "state", "request", "due", "session_id", "found", "session_url"
    )
    assert (state, request, due, bool(found)) == ("created", None, None, False)
    assert session in session_url
    assert [service.executions(f"{reference}-{number}") for number in range(3)] == [1, 1, 1]


@both
def test_a_table(fleet, service):
    first, second = (random.randrange(2**31) for _ in range(2))
    fleet.change(
        "CREATE TABLE people (number INTEGER, first_name TEXT, last_name TEXT, email TEXT, phone TEXT, born DATE)"
    )
    fleet.change(
        f"INSERT INTO people VALUES ({first}, 'Ada', 'Lovelace', 'ada@example.com', '+15192223333', '1815-12-10')"
    )
    fleet.change(f"INSERT INTO people VALUES ({second}, 'Secret', 'X', 'none', '+15192223333', NULL)")
    fleet.change("INSERT INTO people VALUES (NULL, 'Secret', 'X', 'x@example.com', '+15192223333', NULL)")
    told = fleet.run("add", fleet.url, "--table", "people", "--external-id", "number", check=[1])
    assert "1 rows added, 0 already in the list, 2 invalid" in told
    assert "Secret" not in told
    finish(fleet, status=1)
    assert service.executions(str(first)) == 1
    assert fleet.row(str(second), "state", "field", "request") == ("invalid", "email", None)
    # The corrected row replaces the invalid one.
    fleet.change(f"UPDATE people SET email = 'x@example.com' WHERE number = {second}")
    assert "1 rows added, 1 already in the list" in fleet.run(
        "add", fleet.url, "--table", "people", "--external-id", "number", check=[1]
    )
    finish(fleet)
    assert fleet.states() == {"created": 2}


@both
def test_a_table_of_the_same_database(fleet, tmp_path):
    """Rows are read while others are added, and the database that is read is not changed."""
    words = ", ".join(f"('Ada', 'L', 'ada@example.com', '+15192223333', 'row-{number}')" for number in range(1200))
    columns = "(first_name TEXT, last_name TEXT, email TEXT, phone TEXT, external_id TEXT)"
    other = tmp_path / "other.db"
    with contextlib.closing(sqlite3.connect(other)) as database:
        database.execute(f"CREATE TABLE people {columns}")
        database.execute(f"INSERT INTO people VALUES {words}")
        database.commit()
    before = other.read_bytes()
    assert "1200 rows added" in fleet.run("add", f"sqlite:///{other}", "--table", "people").replace(",", "")
    assert other.read_bytes() == before
    fleet.change(f"CREATE TABLE people {columns}")
    fleet.change(f"INSERT INTO people VALUES {words}")
    assert "1200 already in the list" in fleet.run("add", fleet.url, "--table", "people").replace(",", "")
    missing = f"sqlite:///{tmp_path}/missing.db"
    assert "unable to open" in fleet.run("add", missing, "--table", "people", check=[2])
    assert not (tmp_path / "missing.db").exists()


def test_a_queue(fleet, redis, rows, service):
    """A consumer stores a message in the work list, and then acknowledges it. It was delivered twice."""
    messages = rows(3)
    redis.rpush("queue", *[json.dumps(each) for each in messages + messages[:2]])
    worker = fleet.start(*QUICK, "--follow")
    while redis.llen("queue"):
        fleet.work.add([json.loads(redis.lindex("queue", 0))])
        redis.lpop("queue")
    until(lambda: fleet.states() == {"created": 3})
    assert worker.poll() is None
    fleet.work.add(rows(4))
    until(lambda: fleet.states() == {"created": 4})
    worker.terminate()
    assert worker.wait(30) == 130
    assert {service.executions(each["external_id"]) for each in messages} == {1}


def test_a_lost_response_is_searched_for(fleet, rows, service):
    fleet.work.add(rows(1))
    service.lose_the_answer(searches=3)
    finish(fleet)
    reference = rows(1)[0]["external_id"]
    assert service.executions(reference) == 1
    state, found, session_url, error = fleet.row(reference, "state", "found", "session_url", "error")
    assert (state, bool(found), session_url, error) == ("created", True, None, None)


def test_a_request_that_is_executed_late(fleet, rows, service):
    """A worker is killed, and its request arrives seconds later. Nobody else sends the row until then."""
    # One that is ready to take it as soon as it may.
    other = fleet.start(*QUICK, "--follow")
    until(lambda: fleet.query("SELECT 1 FROM deepidv_facts WHERE name = 'key'"))
    stop(other)
    fleet.work.add(rows(1))
    service.answer_late(3000, executed_first=False)
    reference = rows(1)[0]["external_id"]
    worker = fleet.start(*QUICK)
    until(lambda: not service.has_faults())
    worker.kill()
    worker.wait()
    resume(other)
    until(lambda: fleet.states() == {"created": 1})
    assert service.executions(reference) == 1
    state, unsettled, found = fleet.row(reference, "state", "unsettled", "found")
    assert (state, unsettled, bool(found)) == ("created", 1, True)


@both
def test_a_killed_worker(fleet, rows, service):
    """The service has executed the request, but nobody has seen the response."""
    fleet.work.add(rows(1))
    service.answer_late(60_000, executed_first=True)
    reference = rows(1)[0]["external_id"]
    worker = fleet.start(*QUICK)
    until(lambda: service.executions(reference))
    worker.kill()
    worker.wait()
    finish(fleet)
    assert service.executions(reference) == 1
    assert fleet.row(reference, "state", "session_url") == ("created", None)


@both
def test_a_worker_that_was_stopped_comes_back(fleet, rows, service):
    """Another worker has found the session meanwhile. Only the first one knows its URL."""
    fleet.work.add(rows(1))
    service.answer_late(1000, executed_first=True)
    reference = rows(1)[0]["external_id"]
    worker = fleet.start(*QUICK, "--timeout", 30, "--margin", 1)
    until(lambda: service.executions(reference))
    stop(worker)
    # Instead of waiting for the end of its lease.
    fleet.change("UPDATE deepidv_rows SET due = 0")
    finish(fleet)
    assert fleet.row(reference, "state", "session_url") == ("created", None)
    resume(worker)
    assert worker.wait(60) == 0
    assert service.executions(reference) == 1
    assert fleet.row(reference, "state") == ("created",)
    assert fleet.row(reference, "session_url")[0]


def test_a_worker_is_stopped_while_rows_wait_for_their_turn(fleet, rows, service):
    """Another worker sends them after the lease. The first one comes back later, and sends none of them."""
    fleet.work.add(rows(12))
    worker = fleet.start(*QUICK, "--rate", 1, "--in-flight", 12, DEEPIDV_RATE_BURST="1")
    until(lambda: fleet.states()["created"])
    stop(worker)
    waiting = fleet.states()["sending"]
    assert waiting
    finish(fleet)
    assert fleet.states() == {"created": 12}
    resume(worker)
    assert worker.wait(60) == 0
    assert {service.executions(each["external_id"]) for each in rows(12)} == {1}
    assert fleet.states() == {"created": 12}


def test_a_row_that_was_taken_too_long_ago_is_not_sent(fleet, rows, service):
    """The worker was stopped between the database's commit and the submission."""
    fleet.work.add(rows(1))
    reference = rows(1)[0]["external_id"]
    program = (
        "import sys, time, deepidv._fleet.work_list as module\n"
        "from deepidv._command import main\n"
        "step = module.WorkList.step\n"
        "def late(self, results, count, **options):\n"
        "    taken = step(self, results, count, **options)\n"
        "    if taken: time.sleep(1.5); print('late', file=sys.stderr, flush=True)\n"
        "    return taken\n"
        "module.WorkList.step = late\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    worker = subprocess.Popen(
        [sys.executable, "-c", program, "fleet", "work", *map(str, QUICK), "--margin", "1"],
        env=fleet.environment,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert [worker.stderr.readline() for _ in range(2)] == ["late\n"] * 2
        assert service.executions(reference) == 0
        assert fleet.row(reference, "attempt") >= (2,)
    finally:
        worker.terminate()
        worker.communicate(timeout=30)
    finish(fleet)
    assert fleet.row(reference, "state", "unsettled") == ("created", 0)


def test_nothing_personal_in_logs_errors_and_redis(fleet, rows, service, tmp_path, request):
    redis = Redis(tmp_path)
    try:
        fleet.work.add(rows(5))
        service.refuse(400, {"message": "Secret0 secret0@example.com is wrong", "hints": ["Secret0"]})
        finish(fleet, "--in-flight", 1, "--redis", redis.url, status=1)
        assert fleet.states() == {"created": 4, "refused": 1}
        assert "ecret" not in str(fleet.query("SELECT * FROM deepidv_rows"))
        content = redis.content()
        assert list(content) == ["deepidv:rate:deepidv"]
        assert "ecret" not in str(content)
        assert "ecret" not in fleet.logs
    finally:
        redis.stop()
    # A refused row can be corrected, and added again.
    refused = fleet.query("SELECT external_id, error, http_status FROM deepidv_rows WHERE state = 'refused'")
    assert [row[1:] for row in refused] == [("DEEPIDV_E_BAD_REQUEST", 400)]
    assert fleet.work.add([each for each in rows(5) if each["external_id"] == refused[0][0]]).added == 1
    finish(fleet)
    assert fleet.states() == {"created": 5}


def test_the_daily_quota(fleet, rows, tmp_path):
    """When it is used up, a worker waits, however long; here until it is started without one."""
    redis = Redis(tmp_path)
    try:
        fleet.work.add(rows(8))
        worker = fleet.start(*QUICK[:-1], "--redis", redis.url, "--daily", 5)
        until(lambda: fleet.states() == {"created": 5, "ready": 3})
        until(lambda: "the daily quota is used up" in fleet.logs)
        assert worker.poll() is None
        worker.terminate()
        assert worker.wait(30) == 130
        finish(fleet, "--redis", redis.url, "--daily", 0)
        assert fleet.states() == {"created": 8}
    finally:
        redis.stop()


@both
def test_interrupted_and_continued(fleet, rows, service):
    fleet.work.add(rows(60))
    worker = fleet.start(*QUICK, "--in-flight", 2)
    until(lambda: fleet.states()["created"])
    worker.send_signal(signal.SIGINT)
    assert worker.wait(30) == 130
    assert set(fleet.states()) == {"created", "ready"}
    assert "Run the same command again to resume." in fleet.logs
    finish(fleet, "--limit", 5, status=5)
    finish(fleet)
    assert fleet.states() == {"created": 60}
    assert {service.executions(each["external_id"]) for each in rows(60)} == {1}


def test_another_key_or_service(fleet, rows, service):
    fleet.work.add(rows(1))
    service.refuse(401, {"message": "no"})
    finish(fleet, status=5)
    assert fleet.states() == {"ready": 1}
    other = {**fleet.environment, "DEEPIDV_API_KEY": "dk_other"}
    assert "belongs to another API key" in fleet.run("work", env=other, check=[2])
    other = {**fleet.environment, "DEEPIDV_BASE_URL": "http://127.0.0.1:1"}
    assert f"belongs to {service.url}" in fleet.run("work", env=other, check=[2])
    finish(fleet)


def test_a_row_without_an_outcome_is_given_up(fleet, rows, service):
    fleet.work.add(rows(2))
    fleet.change("UPDATE deepidv_rows SET unsettled = 20")
    finish(fleet, status=3)
    assert fleet.states() == {"unknown": 2}
    status = json.loads(fleet.run("status", "--json"))
    assert status == {"total": 2, "open": 0, "workers": 0, "rows": {"unknown": 2}}
    # As in docs/fleet.md.
    fleet.change("UPDATE deepidv_rows SET due = 0, unsettled = 1 WHERE state = 'unknown' AND due IS NULL")
    finish(fleet)
    assert fleet.states() == {"created": 2}


def test_rows_that_somebody_else_has_written(fleet, rows, service, reference):
    fleet.work.add(rows(4))
    for number, request in enumerate(["[]", "no JSON", '{"first_name": "Ada"}']):
        words = "UPDATE deepidv_rows SET request = :request WHERE external_id = :external_id"
        fleet.change(words, request=request, external_id=f"{reference}-{number}")
    finish(fleet, status=1)
    assert fleet.states() == {"invalid": 3, "created": 1}


def test_the_database_is_killed_and_comes_back(fleet, rows, service, postgresql):
    fleet.work.add(rows(60))
    workers = [fleet.start(*QUICK, "--timeout", 10, "--in-flight", 4) for _ in range(2)]
    until(lambda: fleet.query("SELECT count(DISTINCT worker) FROM deepidv_rows WHERE state = 'created'") == [(2,)])
    postgresql.stop(kill=True)
    postgresql.start()
    assert [worker.wait(90) for worker in workers] == [0, 0]
    assert fleet.states() == {"created": 60}
    # The results of that time were kept.
    assert fleet.query("SELECT count(*) FROM deepidv_rows WHERE session_url IS NULL") == [(0,)]
    assert {service.executions(each["external_id"]) for each in rows(60)} == {1}
    assert "ecret" not in fleet.logs


def test_a_database_that_cannot_be_used(fleet, tmp_path):
    def told(url, **options):
        environment = {**fleet.environment, "DEEPIDV_DATABASE": url}
        return fleet.run("status", env=environment, check=[2], **options)

    assert "SQLAlchemy's" in told("no url")
    assert "not mysql" in told("mysql://host/name")
    assert "the name of a file" in told("sqlite://")
    nowhere = told(f"postgresql://user:hunter2@/name?host={tmp_path}")
    assert "Connection refused" in nowhere or "No such file" in nowhere
    assert "hunter2" not in nowhere
    (tmp_path / "open.db").touch(mode=0o644)
    assert "chmod 600" in told(f"sqlite:///{tmp_path}/open.db")
    missing = (
        "import sys; sys.modules['sqlalchemy'] = None; from deepidv._command import main\n"
        "sys.exit(main(['fleet', 'status']))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", missing], env=fleet.environment, capture_output=True, text=True, timeout=60
    )
    assert (ran.returncode, ran.stderr) == (2, "deepidv fleet: sqlalchemy is missing; the extra 'fleet' installs it\n")


def test_workers_are_killed(fleet, tmp_path, url):
    """`make test-fleet` does this for a minute, with 2,000 rows."""
    count, kills, rate = map(int, os.environ.get("DEEPIDV_TEST_FLEET", "300,10,30").split(","))
    emulator = Emulator("--rate", str(rate), *EMULATOR_OPTIONS)
    redis = Redis(tmp_path)
    fleet.environment["DEEPIDV_BASE_URL"] = emulator.url
    options = (*QUICK, "--rate", rate, "--in-flight", 8, "--redis", redis.url)
    # A worker may be killed between the execution and the response.
    emulator.command("faults", kind="wait", method="POST", milliseconds=150, execute=True, count=1_000_000)
    try:
        rows = applicants(range(count), "killed")
        fleet.work.add(rows)
        workers = kill_one_each_second(
            fleet, 3, kills, *options, meanwhile=lambda kill: redis.restart() if kill == kills // 2 else None
        )
        assert [worker.wait(180) for worker in workers] == [0, 0, 0]
        executions = emulator.inspect("executions")["executions"]
        assert executions == {row["external_id"]: 1 for row in rows}
        assert fleet.states() == {"created": count}
        assert fleet.query("SELECT count(DISTINCT session_id) FROM deepidv_rows") == [(count,)]
        # The rate was kept: few requests were refused, although Redis was away for a moment.
        calls = emulator.inspect("requests?limit=1")["total"]
        accepted = emulator.inspect("accounts")["accounts"][0]["calls_today"]
        searched = fleet.query("SELECT count(*) FROM deepidv_rows WHERE unsettled > 0")[0][0]
        found = fleet.query("SELECT count(*) FROM deepidv_rows WHERE session_url IS NULL")[0][0]
        print(f"{count} rows, {calls} calls, {calls - accepted} with 429, {searched} searched for, {found} found")
        assert calls - accepted <= calls * 0.05
        assert "ecret" not in fleet.logs and "internal error" not in fleet.logs
    finally:
        redis.stop()
        assert emulator.close() == 0
