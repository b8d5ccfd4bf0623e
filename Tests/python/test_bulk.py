"""deepidv bulk: after any interruption, no row is executed twice and none is lost."""

import contextlib
import csv
import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request

import deepidv
import pytest
from canaries import KEY
from deepidv._bulk.journal import Entry
from peer import NO_SESSIONS, Peer, answer, hang_up
from relay import Relay

ENVIRONMENT = {key: value for key, value in os.environ.items() if not key.startswith("DEEPIDV_")}


def start(*arguments, url, key=KEY, env=None, output=subprocess.PIPE, **options):
    return subprocess.Popen(
        [sys.executable, "-m", "deepidv", "bulk", *map(str, arguments)],
        env={
            **ENVIRONMENT,
            "PYTHONPATH": os.pathsep.join(sys.path),
            "DEEPIDV_LIBRARY": deepidv._loading.find(),
            "DEEPIDV_API_KEY": key,
            "DEEPIDV_BASE_URL": url,
            **(env or {}),
        },
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def bulk(*arguments, **options):
    """Run the command to its end, and return its exit status and what it printed to stderr."""
    process = start(*arguments, **options)
    _, stderr = process.communicate(timeout=120)
    return process.returncode, stderr


def write_rows(path, count, **columns):
    """Write a file of rows, half of which have an external id."""
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["first_name", "lastName", "email", "phone", "external_id", *columns])
        for number in range(count):
            reference = f"own-{path.name}-{number}" if number % 2 else ""
            applicant = [f"Secret{number}", "Name", f"secret{number}@example.com", f"+1519222{number:04d}"]
            writer.writerow([*applicant, reference, *columns.values()])
    return path


def results(path):
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    by_line = {line["line"]: line for line in lines}
    assert len(by_line) == len(lines), "a row has two results"
    return by_line


def executions(url):
    with urllib.request.urlopen(f"{url}/emulator/executions", timeout=10) as answered:
        return json.load(answered)


def wait_for(process, count, total):
    deadline = time.monotonic() + 60
    while count() < total and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)


def wait_for_executions(process, url, total):
    wait_for(process, lambda: executions(url)["total"], total)


def wait_for_requests(process, url, total):
    def count():
        with urllib.request.urlopen(f"{url}/emulator/requests", timeout=10) as answered:
            return json.load(answered)["total"]

    wait_for(process, count, total)


@pytest.fixture
def rows(tmp_path):
    return write_rows(tmp_path / "rows.csv", 40)


@pytest.fixture
def output(tmp_path):
    return tmp_path / "out.jsonl"


def test_a_file(start_emulator, rows, output):
    url = start_emulator("--rate", "0")
    assert bulk(rows, "-o", output, "--rate", 0, url=url)[0] == 0
    found = results(output)
    assert sorted(found) == list(range(2, 42))
    assert {line["outcome"] for line in found.values()} == {"created"}
    assert found[3]["external_id"] == "own-rows.csv-1"
    assert found[3]["session_url"].startswith(url)
    # A second run has nothing to do, and writes the same.
    assert bulk(rows, "-o", output, "--rate", 0, url=url)[0] == 0
    assert results(output) == found
    assert executions(url)["total"] == 40
    # Rows that are added are sent; those before them are not.
    with open(rows, "a", encoding="utf-8") as file:
        file.write("More,Name,more@example.com,+15192229999,\n")
    assert bulk(rows, "-o", output, "--rate", 0, url=url)[0] == 0
    assert executions(url)["total"] == 41
    assert {line: results(output)[line] for line in found} == found


@pytest.mark.parametrize("seed", range(int(os.environ.get("DEEPIDV_KILL_SEEDS", "2"))))
def test_killed_at_random_moments(start_emulator, tmp_path, output, seed):
    """Kill several runs with SIGKILL, then let one finish."""
    url = start_emulator("--rate", "0")
    relay = Relay(int(url.rpartition(":")[2]), seed)
    rows = write_rows(tmp_path / "rows.csv", 300)
    chance = random.Random(seed)
    arguments = (rows, "-o", output, "--rate", 150, "--burst", 20, "--in-flight", 60, "--settle", 1)
    interrupted = 0
    try:
        for _ in range(8):
            process = start(*arguments, url=relay.url)
            # Sometimes before anything is sent, mostly in the middle.
            more = chance.randrange(0, 50)
            wait_for_executions(process, url, executions(url)["total"] + more)
            time.sleep(chance.random() * 0.1)
            process.kill()
            process.communicate(timeout=10)
            interrupted += states(output).get("sending", 0)
        status, stderr = bulk(*arguments, url=relay.url)
        assert status == 0, stderr
    finally:
        relay.end()
    truth = executions(url)
    found = results(output)
    assert interrupted > 0, "no run was killed while a row may have been on its way"
    assert set(truth["executions"].values()) == {1}, "a row was executed twice"
    assert truth["total"] == 300
    assert {line["outcome"] for line in found.values()} == {"created"}
    assert {line["external_id"] for line in found.values()} == set(truth["executions"])


def states(output):
    journal = f"{output}.journal"
    if not os.path.exists(journal):
        return {}
    with contextlib.closing(sqlite3.connect(journal)) as database:
        try:
            return dict(database.execute("SELECT state, count(*) FROM rows GROUP BY state"))
        except sqlite3.OperationalError:
            return {}


def test_a_row_is_committed_before_it_is_sent(start_peer, rows, output):
    """The journal has the external id of every request that arrives."""
    seen = []

    def look(connection):
        seen.append(states(output))
        return answer()(connection)

    peer = start_peer(look)
    process = start(rows, "-o", output, "--rate", 25, "--in-flight", 5, url=peer.url)
    peer.wait_for(1)
    process.kill()
    process.communicate(timeout=10)
    with contextlib.closing(sqlite3.connect(f"{output}.journal")) as database:
        written = {row[0] for row in database.execute("SELECT external_id FROM rows")}
    sent = {request.json["external_id"] for request in peer.posts}
    assert sent
    assert sent <= written


def test_an_interrupted_row_is_not_sent_before_settle(start_emulator, tmp_path, output):
    url = start_emulator("--rate", "0")
    rows = write_rows(tmp_path / "rows.csv", 1)
    assert bulk(rows, "-o", output, url=url)[0] == 0
    reference = results(output)[2]["external_id"]
    # As if the run had been killed between the commit and the request.
    with contextlib.closing(sqlite3.connect(f"{output}.journal")) as database, database:
        database.execute("UPDATE rows SET state = 'sending', answer = NULL, external_id = 'never-sent'")
    process = start(rows, "-o", output, "--settle", 3600, url=url)
    # The create of the first run, and the search of this one.
    wait_for_requests(process, url, 2)
    time.sleep(0.5)
    assert process.poll() is None
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=20)
    assert process.returncode == 130, stderr
    assert results(output)[2]["outcome"] == "unknown", stderr
    assert executions(url)["executions"] == {reference: 1}
    assert bulk(rows, "-o", output, "--settle", 0, url=url)[0] == 0
    assert executions(url)["executions"] == {reference: 1, "never-sent": 1}


def test_a_lost_response_is_found_by_the_next_run(start_peer, tmp_path, output):
    rows = write_rows(tmp_path / "rows.csv", 1)
    peer = start_peer(hang_up, *[answer(body=NO_SESSIONS)] * 200)
    status, stderr = bulk(rows, "-o", output, "--timeout", 2, url=peer.url)
    assert status == 3, stderr
    unknown = results(output)[2]
    assert unknown["outcome"] == "unknown"
    assert unknown["reconcile_token"].endswith(unknown["external_id"])
    record = {
        "id": "sess_found",
        "external_id": unknown["external_id"],
        "status": "PENDING",
        "created_at": "2099-01-01T00:00:00Z",
    }
    peer.acts[:] = [answer(body={"sessions": [record], "next_token": None})] * 5
    assert bulk(rows, "-o", output, url=peer.url)[0] == 0
    found = results(output)[2]
    assert (found["outcome"], found["session_id"], found["reconciled"]) == ("created", "sess_found", True)
    assert len(peer.posts) == 1


def test_the_token_of_a_row():
    assert Entry(2, b"", "order ü", since=1_700_000_005.9).token == "1.1700000000.order ü"
    assert Entry(2, b"", "x").token == "1.0.x"
    # Too long to be searched for.
    assert Entry(2, b"", "x" * 1025, since=1.0).token is None


def test_invalid_rows_are_reported_without_their_data(start_emulator, tmp_path, output):
    url = start_emulator("--rate", "0")
    rows = tmp_path / "rows.jsonl"
    good = {"first_name": "A", "last_name": "B", "email": "a@b.example", "phone": "+15192223333"}
    lines = [
        {**good, "externalId": "once"},
        {**good, "phone": "Secret1"},
        {**good, "email": "Secret2"},
        {"first_name": "Secret3"},
        {**good, "Secret4": "x"},
        ["Secret5"],
        {**good, "external_id": "once"},
        {**good, "first_name": 5},
    ]
    text = "\n".join(json.dumps(line) for line in lines) + "\n\nSecret6\n"
    rows.write_text(text, "utf-8")
    status, stderr = bulk(rows, "-o", output, url=url)
    assert status == 1
    found = results(output)
    assert {line: (row.get("error"), row.get("field")) for line, row in found.items()} == {
        1: (None, None),
        2: ("DEEPIDV_E_PHONE", "phone"),
        3: ("DEEPIDV_E_EMAIL", "email"),
        4: ("DEEPIDV_E_REQUIRED", "last_name"),
        5: ("DEEPIDV_E_FIELD", None),
        6: ("DEEPIDV_E_JSON_OBJECT", None),
        7: ("duplicate", "external_id"),
        8: ("DEEPIDV_E_TYPE", "first_name"),
        10: ("DEEPIDV_E_JSON", None),
    }
    # Words for people, then the code.
    assert "line 2: phone: The phone number is not E.164: + and 1 to 15 digits" in stderr
    assert "(DEEPIDV_E_PHONE)" in stderr
    assert "line 7: external_id: line 1 has the same one (duplicate)" in stderr
    assert "Secret" not in stderr + output.read_text("utf-8")
    assert bulk(rows, "--check", url=url)[0] == 1
    # A corrected row is sent.
    lines[1]["phone"] = "+15192224444"
    rows.write_text("\n".join(json.dumps(line) for line in lines) + "\n\nSecret6\n", "utf-8")
    bulk(rows, "-o", output, url=url)
    assert results(output)[2]["outcome"] == "created"
    assert executions(url)["total"] == 2


def test_journal_and_stderr_have_no_personal_data(start_emulator, rows, output):
    url = start_emulator("--rate", "0")
    _, stderr = bulk(rows, "-o", output, url=url)
    journal = b"".join(path.read_bytes() for path in output.parent.glob("out.jsonl.journal*"))
    for piece in (b"Secret", b"secret", b"+1519222", KEY.encode()):
        assert piece not in journal + stderr.encode()
    assert {path.stat().st_mode & 0o777 for path in output.parent.glob("out.jsonl*")} == {0o600}


def test_csv_of_a_spreadsheet(start_emulator, tmp_path, output):
    url = start_emulator("--rate", "0")
    rows = tmp_path / "rows.csv"
    rows.write_bytes(
        "\ufefffirstName;last_name;email;phone;send_email_invite;expires_in_hours\r\n"
        '"Ada\nof two lines";"L;o";ada@example.com;+15192223333;no;48\r\n'
        "Bob;Lo;bob@example.com;+15192223334;perhaps;\r\n"
        "Eve;Lo;eve@example.com;+15192223335;YES;\r\n".encode()
    )
    assert bulk(rows, "-o", output, url=url)[0] == 1
    found = results(output)
    assert found[2]["outcome"] == "created"
    assert (found[4]["error"], found[4]["field"]) == ("DEEPIDV_E_TYPE", "send_email_invite")
    assert found[5]["outcome"] == "created"
    rows.write_text("Secret,Name,s@example.com,+15192223333\n", "utf-8")
    status, stderr = bulk(rows, "-o", output, url=url)
    assert status == 2
    assert "column 1 of the header is not a field" in stderr
    assert "Secret" not in stderr


def test_an_account_that_runs_out_of_tokens(start_emulator, rows, output):
    url = start_emulator("--rate", "0", "--tokens", "15")
    status, stderr = bulk(rows, "-o", output, "--in-flight", 5, url=url)
    assert status == 5
    assert "The token balance is too low (402)." in stderr
    assert "to be sent" in stderr
    found = results(output)
    assert len(found) == 15
    # Rows that were not executed have no result, and are sent by the next run.
    status, _ = bulk(rows, "-o", output, "--in-flight", 5, url=url)
    assert status == 5
    assert results(output) == found


def test_an_invalid_key(start_emulator, rows, output):
    url = start_emulator("--rate", "0")
    status, stderr = bulk(rows, "-o", output, url=url, key="nobody")
    assert status == 5
    assert "The API key is missing or invalid (401)." in stderr
    assert output.read_text() == ""


def test_a_limit_of_rows(start_emulator, rows, output):
    url = start_emulator("--rate", "0")
    for done in (15, 30):
        assert bulk(rows, "-o", output, "--limit", 15, url=url)[0] == 5
        assert len(results(output)) == done
    assert bulk(rows, "-o", output, "--limit", 15, url=url)[0] == 0
    assert executions(url)["total"] == 40


def test_the_rate_from_the_environment(start_emulator, rows, output):
    """At one request per second the rows would take more than half a minute."""
    url = start_emulator("--rate", "0")
    paced = {"DEEPIDV_RATE_LIMIT": "1", "DEEPIDV_RATE_BURST": "1"}
    process = start(rows, "-o", output, url=url, env=paced)
    wait_for_executions(process, url, 2)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode == 130
    assert bulk(rows, "-o", output, "--rate", 0, url=url, env=paced)[0] == 0


@pytest.mark.parametrize("text", ["many", "-1", "1.5", "10001"])
@pytest.mark.parametrize("from_environment", [False, True])
def test_an_invalid_rate(rows, output, text, from_environment):
    options = {"env": {"DEEPIDV_RATE_LIMIT": text}} if from_environment else {}
    arguments = () if from_environment else (f"--rate={text}",)
    status, stderr = bulk(rows, "-o", output, *arguments, url="http://127.0.0.1:1", **options)
    assert status == 2
    assert f"argument --rate: '{text}' is not a whole number from 0 to 10,000" in stderr


def test_ctrl_c_finishes_rows_in_flight(start_emulator, tmp_path, output):
    url = start_emulator("--rate", "0")
    rows = write_rows(tmp_path / "rows.csv", 300)
    process = start(rows, "-o", output, "--rate", 40, "--burst", 1, "--in-flight", 10, url=url)
    wait_for_executions(process, url, 5)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=30)
    assert process.returncode == 130, stderr
    found = results(output)
    assert {line["outcome"] for line in found.values()} == {"created"}
    assert len(found) == executions(url)["total"] < 300
    assert states(output).get("sending", 0) == 0


def test_a_row_that_was_changed(start_emulator, rows, output):
    url = start_emulator("--rate", "0")
    bulk(rows, "-o", output, url=url)
    text = rows.read_text("utf-8")
    rows.write_text(text.replace("Secret7,", "Changed,"), "utf-8")
    status, stderr = bulk(rows, "-o", output, url=url)
    assert (status, "line 9 has changed since it was sent" in stderr) == (2, True)
    rows.write_text("\n".join(text.splitlines()[:-1]), "utf-8")
    status, stderr = bulk(rows, "-o", output, url=url)
    assert (status, "line 41 was sent, but is no longer in the input" in stderr) == (2, True)
    assert executions(url)["total"] == 40


def test_another_service_or_key(start_emulator, rows, output):
    url = start_emulator("--rate", "0", "--api-key", "second")
    bulk(rows, "-o", output, "--limit", 10, url=url)
    status, stderr = bulk(rows, "-o", output, url=start_emulator())
    assert (status, "journal belongs to http" in stderr) == (2, True)
    status, stderr = bulk(rows, "-o", output, url=url, key="second")
    assert (status, "another API key" in stderr) == (2, True)
    assert bulk(rows, "-o", output, "--other-key", url=url, key="second")[0] == 0
    assert executions(url)["total"] == 40


def test_two_runs_at_once(start_emulator, rows, output):
    url = start_emulator("--rate", "0")
    first = start(rows, "-o", output, "--rate", 10, "--burst", 1, url=url)
    wait_for_executions(first, url, 2)
    status, stderr = bulk(rows, "-o", output, url=url)
    assert (status, "in use by another run" in stderr) == (2, True)
    first.communicate(timeout=60)
    assert first.returncode == 0
    assert set(executions(url)["executions"].values()) == {1}


def test_results_without_their_journal(start_emulator, rows, output):
    url = start_emulator("--rate", "0")
    bulk(rows, "-o", output, url=url)
    os.unlink(f"{output}.journal")
    status, stderr = bulk(rows, "-o", output, url=url)
    assert (status, "does not, so it is unknown which rows were sent" in stderr) == (2, True)
    assert executions(url)["total"] == 40


def test_a_service_that_refuses_every_row(start_emulator, tmp_path, output):
    url = start_emulator("--rate", "0")
    rows = write_rows(tmp_path / "rows.csv", 120, workflow_id="wf_nobody")
    status, stderr = bulk(rows, "-o", output, "--in-flight", 10, url=url)
    assert status == 5
    assert "50 consecutive rows were refused" in stderr
    assert 50 <= len(results(output)) < 70
    status, _ = bulk(rows, "-o", output, "--in-flight", 10, "--retry-refused", "--limit", 1, url=url)
    assert status == 5


def test_a_service_that_is_down_for_a_while(tmp_path, output):
    rows = write_rows(tmp_path / "rows.csv", 20)
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        port = reserved.getsockname()[1]
    process = start(rows, "-o", output, "--timeout", 0.3, url=f"http://127.0.0.1:{port}")
    time.sleep(1.5)
    assert process.poll() is None
    peer = Peer(port=port)
    _, stderr = process.communicate(timeout=60)
    peer.end()
    assert process.returncode == 0, stderr
    references = [request.json["external_id"] for request in peer.posts]
    assert len(references) == len(set(references)) == 20


def test_thousands_in_flight(start_emulator, tmp_path, output):
    url = start_emulator("--rate", "0")
    rows = write_rows(tmp_path / "rows.csv", 3000)
    status, stderr = bulk(rows, "-o", output, "--rate", 0, "--in-flight", 3000, url=url)
    assert status == 0, stderr
    truth = executions(url)
    assert truth["total"] == 3000
    assert set(truth["executions"].values()) == {1}
