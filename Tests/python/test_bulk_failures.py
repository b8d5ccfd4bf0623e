"""deepidv bulk when its output, its journal or the machine fails: no row is sent twice, and no result is lost."""

import contextlib
import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys

import pytest
from deepidv import _private_file
from deepidv._bulk import records
from deepidv._bulk.journal import Journal, JournalError
from deepidv._bulk.output import Output
from peer import answer
from test_bulk import bulk, executions, results, start, states, wait_for_executions, write_rows
from test_command import environment

PACED = ("--rate", 0, "--in-flight", 5)


@pytest.fixture
def output(tmp_path):
    return tmp_path / "out.jsonl"


@pytest.fixture
def rows(tmp_path):
    return write_rows(tmp_path / "rows.csv", 60)


def by_shell(*arguments, url, redirections):
    """Run the command by a shell, with these redirections."""
    return subprocess.run(
        ["sh", "-c", f'"$0" -m deepidv bulk "$@" {redirections}', sys.executable, *map(str, arguments)],
        env=environment(url),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_full_output_at_the_start(start_emulator, tmp_path, rows):
    """Nothing is known yet, so nothing is written before the first result."""
    url = start_emulator("--rate", "0")
    journal = tmp_path / "journal"
    arguments = (rows, "-o", "-", "--journal", journal, *PACED)
    full = by_shell(*arguments, url=url, redirections=">/dev/full")
    assert full.returncode == 5, full.stderr
    assert "Stopped: the output could not be written (No space left on device)." in full.stderr
    assert "Run the same command again to resume." in full.stderr
    made = executions(url)["total"]
    assert 0 < made <= 10
    # The results of that run are known: now nothing is sent at all.
    again = by_shell(*arguments, url=url, redirections=">/dev/full")
    assert (again.returncode, again.stderr) == (2, "deepidv bulk: standard output: No space left on device\n")
    assert executions(url)["total"] == made
    done = by_shell(*arguments, url=url, redirections=f">{tmp_path}/out")
    assert done.returncode == 0, done.stderr
    found = results(tmp_path / "out")
    assert len(found) == 60
    assert all(line["session_url"] for line in found.values())
    assert set(executions(url)["executions"].values()) == {1}


def test_a_reader_that_leaves(start_emulator, tmp_path, rows):
    url = start_emulator("--rate", "0")
    arguments = (rows, "-o", "-", "--journal", tmp_path / "journal", *PACED)
    left = by_shell(*arguments, url=url, redirections='| head -1; exec "$0" -c "" ')
    assert executions(url)["total"] < 60, left.stderr
    assert "Stopped: the output could not be written (Broken pipe)." in left.stderr
    done = by_shell(*arguments, url=url, redirections=f">{tmp_path}/out")
    assert done.returncode == 0, done.stderr
    assert len(results(tmp_path / "out")) == 60
    assert set(executions(url)["executions"].values()) == {1}


def test_without_an_output_nothing_is_sent(start_emulator, tmp_path, rows):
    url = start_emulator("--rate", "0")
    closed = by_shell(rows, "-o", "-", "--journal", tmp_path / "j", url=url, redirections=">&-")
    assert closed.returncode == 2
    assert closed.stderr == "deepidv: standard output is closed; nothing was sent\n"
    assert executions(url)["total"] == 0
    assert not (tmp_path / "j").exists()


def limit_files():
    # Python ignores SIGXFSZ, so a write fails with EFBIG.
    resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))


def test_a_full_journal(start_emulator, tmp_path):
    """The file of results is a pipe, and has no limit."""
    url = start_emulator("--rate", "0")
    rows = write_rows(tmp_path / "rows.csv", 300)
    journal = tmp_path / "journal"
    arguments = (rows, "-o", "-", "--journal", journal, *PACED)
    process = start(*arguments, url=url, preexec_fn=limit_files)
    stdout, stderr = process.communicate(timeout=120)
    assert process.returncode == 5, stderr
    assert "Stopped: the journal could not be written" in stderr
    assert "Traceback" not in stderr
    made = executions(url)
    assert 0 < made["total"] < 300
    # Each session is in the output.
    printed = {line["external_id"] for line in map(json.loads, stdout.splitlines())}
    assert printed == set(made["executions"])
    status, stderr = bulk(rows, "-o", tmp_path / "out", "--journal", journal, "--settle", 0, "--rate", 0, url=url)
    assert status == 0, stderr
    truth = executions(url)
    assert (truth["total"], set(truth["executions"].values())) == (300, {1})


def test_a_journal_and_an_output_that_are_full(start_emulator, tmp_path):
    """Then standard error has the ids of the last ones."""
    url = start_emulator("--rate", "0")
    rows = write_rows(tmp_path / "rows.csv", 300)
    journal = tmp_path / "journal"
    process = subprocess.Popen(
        [
            *("sh", "-c", 'exec "$0" -m deepidv bulk "$@" >/dev/full', sys.executable),
            *(str(rows), "-o", "-", "--journal", str(journal), "--rate", "0", "--in-flight", "200"),
        ],
        env=environment(url),
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=limit_files,
    )
    _, stderr = process.communicate(timeout=120)
    assert process.returncode == 5, stderr
    shown = [json.loads(line) for line in stderr.splitlines() if line.startswith("{")]
    with contextlib.closing(sqlite3.connect(journal)) as database:
        saved = {row[0] for row in database.execute("SELECT external_id FROM rows WHERE state = 'created'")}
    assert {line["external_id"] for line in shown} == set(executions(url)["executions"]) - saved
    assert not any("session_url" in line for line in shown)


def test_results_that_only_the_output_has(start_emulator, rows, output):
    """A run that could not write its journal any more has written them. Their URLs are not lost."""
    url = start_emulator("--rate", "0")
    assert bulk(rows, "-o", output, "--rate", 0, url=url)[0] == 0
    found = results(output)
    with contextlib.closing(sqlite3.connect(f"{output}.journal")) as database, database:
        database.execute("UPDATE rows SET state = 'sending', answer = NULL WHERE line > 10")
    with open(output, "a", encoding="utf-8") as file:
        # Another line for a row, a broken one, one that is no object.
        file.write('{"line": 12, "outcome": "created", "external_id": "other", "session_id": "x"}\n{"line": [\n[1]\n')
    status, stderr = bulk(rows, "-o", output, "--settle", 0, "--rate", 0, url=url)
    assert status == 0, stderr
    assert results(output) == found
    assert executions(url)["total"] == 60


def test_only_whole_lines_are_written(tmp_path, monkeypatch):
    written = Output(str(tmp_path / "out"), [{"line": 1}])
    write = os.write

    def cut(descriptor, content):
        if len(content) < 20:
            raise OSError(28, "No space left on device")
        return write(descriptor, content[:20])

    monkeypatch.setattr(os, "write", cut)
    with pytest.raises(OSError, match="No space left") as raised:
        written.write([{"line": 2}, {"line": 3}])
    assert raised.value.filename == str(tmp_path / "out")
    written.close()
    assert (tmp_path / "out").read_text() == '{"line": 1}\n{"line": 2}\n'


# Broken journals


def broken_journals():
    def cut(path):
        os.truncate(path, os.path.getsize(path) // 2)

    def overwrite(path):
        with open(path, "r+b") as file:
            file.seek(4096)
            file.write(b"\xff" * 8192)

    def text(path):
        path.write_text("line,state\n" * 1000)

    def sql(statement):
        def change(path):
            with contextlib.closing(sqlite3.connect(path)) as database, database:
                database.execute(statement)

        return change

    return {
        "cut": cut,
        "overwritten": overwrite,
        "a text": text,
        "another database": sql("DROP TABLE facts"),
        "without rows": sql("DROP TABLE rows"),
        "another version": sql("UPDATE facts SET value = '9' WHERE name = 'version'"),
        "no salt": sql("DELETE FROM facts WHERE name = 'salt'"),
        "a salt that is no number": sql("UPDATE facts SET value = 'xyz' WHERE name = 'salt'"),
        "answers that are no JSON": sql("UPDATE rows SET answer = '{'"),
        "answers that are no objects": sql("UPDATE rows SET answer = '[]'"),
        "digests that are numbers": sql("UPDATE rows SET digest = 5, state = 'unknown'"),
        "external ids that are bytes": sql("UPDATE rows SET external_id = CAST(line AS BLOB), state = 'unknown'"),
        "times that are texts": sql("UPDATE rows SET since = 'x', state = 'unknown'"),
    }


@pytest.mark.parametrize("damage", broken_journals())
def test_a_broken_journal(start_emulator, tmp_path, output, damage):
    url = start_emulator("--rate", "0")
    rows = write_rows(tmp_path / "rows.csv", 60)
    assert bulk(rows, "-o", output, "--rate", 0, url=url)[0] == 0
    journal = tmp_path / "out.jsonl.journal"
    broken_journals()[damage](journal)
    before = journal.read_bytes()
    status, stderr = bulk(rows, "-o", output, "--rate", 0, url=url)
    assert (status, stderr.count("\n")) == (2, 1), stderr
    assert f"{journal}" in stderr or "line 2 has changed" in stderr
    assert executions(url)["total"] == 60
    if damage in ("a text", "another database", "another version"):
        assert journal.read_bytes() == before, "a file that is not a journal was changed"


def test_the_errors_of_a_journal(tmp_path):
    journal = Journal(str(tmp_path / "j"))
    journal.database.close()
    for call in (journal.counts, lambda: list(journal.entries("x")), lambda: list(journal.answers())):
        with pytest.raises(JournalError):
            call()
    journal.discard()


def test_a_journal_is_locked_until_it_is_deleted(tmp_path, monkeypatch):
    path = str(tmp_path / "j")
    journal = Journal(path)
    unlink, refused = os.unlink, []

    def open_and_unlink(file):
        try:
            Journal(path)
        except JournalError as error:
            refused.append(str(error))
        unlink(file)

    monkeypatch.setattr(os, "unlink", open_and_unlink)
    journal.discard()
    assert refused == [f"{path} is in use by another run"]
    assert os.listdir(tmp_path) == []


def test_a_journal_that_is_deleted_before_it_is_locked(tmp_path, monkeypatch):
    path, opened = str(tmp_path / "j"), Journal._open

    def delete_and_open(self):
        opened(self)
        os.unlink(path)

    monkeypatch.setattr(Journal, "_open", delete_and_open)
    with pytest.raises(JournalError, match="in use by another run"):
        Journal(path)


def test_results_without_their_journal(start_emulator, rows, output):
    """The text says that another output sends all rows again; with --search-first none is."""
    url = start_emulator("--rate", "0")
    assert bulk(rows, "-o", output, "--rate", 0, url=url)[0] == 0
    os.unlink(f"{output}.journal")
    status, stderr = bulk(rows, "-o", output, "--rate", 0, url=url)
    assert status == 2
    for words in ("so it is unknown which rows were sent", "sends all rows again", "--search-first"):
        assert words in stderr
    assert not os.path.exists(f"{output}.journal")
    other = output.with_name("other.jsonl")
    status, stderr = bulk(rows, "-o", other, "--rate", 0, "--search-first", url=url)
    assert status == 1
    found = results(other)
    # Every second row has an external id.
    assert {line["outcome"] for number, line in found.items() if number % 2} == {"created"}
    assert found[3]["session_id"] == results(output)[3]["session_id"]
    assert (found[2]["outcome"], found[2]["error"], found[2]["field"]) == (
        "invalid",
        "DEEPIDV_E_REQUIRED",
        "external_id",
    )
    assert executions(url)["total"] == 60
    # The journal remembers the option.
    status, stderr = bulk(rows, "-o", other, "--rate", 0, url=url)
    assert status == 1, stderr
    assert executions(url)["total"] == 60


def test_search_first_creates_what_is_missing(start_emulator, tmp_path, output):
    url = start_emulator("--rate", "0")
    rows = tmp_path / "rows.jsonl"
    lines = [{"first_name": "A", "last_name": "B", "email": "a@b.example", "phone": "+15192223333"}] * 2
    rows.write_text("".join(json.dumps({**line, "external_id": f"own-{n}"}) + "\n" for n, line in enumerate(lines)))
    assert bulk(rows, "-o", output, "--search-first", url=url)[0] == 0
    assert [line["reconciled"] for line in results(output).values()] == [False, False]


def test_a_changed_line_says_what_another_output_does(start_emulator, rows, output):
    url = start_emulator("--rate", "0")
    bulk(rows, "-o", output, "--rate", 0, url=url)
    text = rows.read_text("utf-8")
    rows.write_text(text.replace("+15192220007", "12"), "utf-8")
    status, stderr = bulk(rows, "-o", output, url=url)
    assert status == 2
    assert "line 9 was sent, but is now invalid: restore it" in stderr
    assert "Another output would send all rows again" in stderr


def test_a_refused_row_that_is_corrected(start_peer, tmp_path, output):
    """It was not executed, so it may change."""
    rows = write_rows(tmp_path / "rows.csv", 2)
    peer = start_peer(answer(400, {"error": "Secret"}), answer(400, {"error": "Secret"}))
    assert bulk(rows, "-o", output, url=peer.url)[0] == 1
    assert results(output)[2]["message"] == "The service refused the request as invalid (400)."
    rows.write_text(rows.read_text().replace("Secret0", "Corrected"))
    assert bulk(rows, "-o", output, url=peer.url)[0] == 1
    assert {line: found["outcome"] for line, found in results(output).items()} == {2: "created", 3: "refused"}
    assert len(peer.posts) == 3


def test_an_input_that_changes_during_the_run(start_emulator, tmp_path, output):
    url = start_emulator("--rate", "0")
    rows = write_rows(tmp_path / "rows.csv", 3000)
    process = start(rows, "-o", output, "--rate", 50, "--burst", 1, "--in-flight", 5, url=url)
    wait_for_executions(process, url, 5)
    with open(rows, "r+b") as file:
        file.write(b"#" * rows.stat().st_size)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode in (2, 5), stderr
    assert "Traceback" not in stderr
    assert len(results(output)) == executions(url)["total"] < 3000


def test_hang_up_finishes_rows_in_flight(start_emulator, tmp_path, output):
    url = start_emulator("--rate", "0")
    rows = write_rows(tmp_path / "rows.csv", 300)
    process = start(rows, "-o", output, "--rate", 40, "--burst", 1, "--in-flight", 10, url=url)
    wait_for_executions(process, url, 5)
    process.send_signal(signal.SIGHUP)
    _, stderr = process.communicate(timeout=30)
    assert process.returncode == 130, stderr
    assert len(results(output)) == executions(url)["total"] < 300
    assert states(output).get("sending", 0) == 0


def test_an_output_that_fails_after_an_interruption(start_peer, tmp_path):
    """Both are said."""
    rows = write_rows(tmp_path / "rows.csv", 2)
    reading, writing = os.pipe()
    started = []

    def interrupt(connection):
        os.close(reading)
        started[0].send_signal(signal.SIGTERM)
        return answer()(connection)

    peer = start_peer(interrupt)
    peer_waits = start(rows, "-o", "-", "--journal", tmp_path / "j", "--in-flight", 1, url=peer.url, output=writing)
    started.append(peer_waits)
    os.close(writing)
    _, stderr = peer_waits.communicate(timeout=60)
    assert peer_waits.returncode == 130, stderr
    assert "Stopped: interrupted." in stderr
    assert "Stopped: the output could not be written (Broken pipe)." in stderr


# Files


def test_files_that_are_the_same(start_emulator, tmp_path, rows):
    url = start_emulator("--rate", "0")
    (tmp_path / "link").symlink_to(rows)
    for arguments, said in (
        (("-o", tmp_path / "x", "--journal", tmp_path / "x"), "must be different files"),
        (("-o", tmp_path / "x", "--journal", f"{tmp_path}/../{tmp_path.name}/x"), "must be different files"),
        (("-o", tmp_path / "x", "--journal", tmp_path / "x.new"), "must be different files"),
        (("-o", tmp_path / "x-wal", "--journal", tmp_path / "x"), "must be different files"),
        (("-o", rows), "the output must not be the input"),
        (("-o", tmp_path / "link"), "the output must not be the input"),
        (("-o", tmp_path / "x", "--journal", rows), "the journal must not be the input"),
    ):
        before = rows.read_bytes()
        status, stderr = bulk(rows, *arguments, url=url)
        assert (status, said in stderr) == (2, True), stderr
        assert rows.read_bytes() == before
    assert executions(url)["total"] == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link", "rows.csv"]


@pytest.mark.parametrize("which", ["output", "journal", "new output"])
def test_files_that_are_not_ours_alone(start_emulator, tmp_path, rows, which):
    url = start_emulator("--rate", "0")
    output, journal = tmp_path / "out", tmp_path / "journal"
    target = {"output": output, "journal": journal, "new output": tmp_path / "out.new"}[which]

    def refused(words):
        status, stderr = bulk(rows, "-o", output, "--journal", journal, "--rate", 0, url=url)
        assert (status, words in stderr) == (2, True), stderr
        assert stderr.count("\n") == 1
        if target.is_dir():
            target.rmdir()
        else:
            target.unlink()

    target.touch(0o600)
    target.chmod(0o640)
    refused("may be read or written by others (mode 0640): chmod 600 it first")
    target.symlink_to(tmp_path / "elsewhere")
    refused("is a symbolic link")
    assert not (tmp_path / "elsewhere").exists()
    (tmp_path / "first").touch(0o600)
    os.link(tmp_path / "first", target)
    refused("has 2 names (hard links)")
    target.mkdir()
    refused("is not a regular file")
    os.mkfifo(target, 0o600)
    refused("is not a regular file")
    if os.geteuid() == 0:
        target.touch(0o600)
        os.chown(target, 65534, 65534)
        refused("belongs to another user (uid 65534)")
    assert executions(url)["total"] == 0
    # What an earlier run left is replaced.
    (tmp_path / "out.new").touch(0o600)
    assert bulk(rows, "-o", output, "--journal", journal, "--rate", 0, url=url)[0] == 0
    assert {path.stat().st_mode & 0o7777 for path in (output, journal)} == {0o600}


def test_a_device_is_never_replaced(tmp_path, rows):
    status, stderr = bulk(rows, "-o", "/dev/null", "--journal", tmp_path / "j", url="http://127.0.0.1:9")
    assert (status, "/dev/null is not a regular file" in stderr) == (2, True)
    assert os.path.exists("/dev/null") and not os.path.isfile("/dev/null")


def test_a_new_file_is_never_an_existing_one(tmp_path):
    (tmp_path / "there").touch()
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for name in ("there", "link"):
        with pytest.raises(FileExistsError):
            _private_file.create(str(tmp_path / name))


def test_adopting_needs_the_same_row(tmp_path):
    """A result of another row, or of another journal, is not taken."""
    journal = Journal(str(tmp_path / "j"))
    journal.database.execute("INSERT INTO rows VALUES (2, x'00', 'mine', 'sending', 1, NULL)")
    found = tmp_path / "out"
    found.touch(0o600)
    lines = [
        {"line": 2, "outcome": "created", "external_id": "other", "session_id": "sess_1"},
        {"line": 3, "outcome": "created", "external_id": "mine", "session_id": "sess_1"},
        {"line": 2, "outcome": "refused", "external_id": "mine", "session_id": "sess_1"},
        {"line": 2, "outcome": "created", "external_id": "mine"},
        {"line": [2], "outcome": "created", "external_id": "mine", "session_id": "sess_1"},
    ]
    found.write_text("".join(json.dumps(line) + "\n" for line in lines))
    records.adopt(journal, str(found))
    assert journal.counts() == {"sending": 1}
    with open(found, "a") as file:
        file.write(json.dumps({**lines[0], "external_id": "mine"}) + "\n")
    records.adopt(journal, str(found))
    assert journal.counts() == {"created": 1}
    journal.close()
