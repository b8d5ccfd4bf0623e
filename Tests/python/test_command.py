"""The command line: its output and its exit status."""

import json
import os
import signal
import subprocess
import sys
import urllib.request

import deepidv
import pytest
from canaries import KEY
from deepidv import _command, _exit_status
from peer import NO_SESSIONS, answer, hang_up

APPLICANT = {
    "firstName": "Secret",
    "lastName": "Name",
    "email": "secret@example.com",
    "phone": "+15192223333",
}


def environment(url, **variables):
    kept = {key: value for key, value in os.environ.items() if not key.startswith("DEEPIDV_")}
    return {
        **kept,
        "PYTHONPATH": os.pathsep.join(sys.path),
        "DEEPIDV_LIBRARY": deepidv._loading.find(),
        "DEEPIDV_API_KEY": KEY,
        "DEEPIDV_BASE_URL": url,
        **variables,
    }


def run(*arguments, url="http://127.0.0.1:9", stdin="", **variables):
    return subprocess.run(
        [sys.executable, "-m", "deepidv", *map(str, arguments)],
        env=environment(url, **variables),
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def create(url, *arguments, **variables):
    return run("create", "--json", "-", *arguments, url=url, stdin=json.dumps(APPLICANT), **variables)


def test_create_and_retrieve(emulator):
    created = create(emulator, "--external-id", "from the shell", "--send-email-invite", "no")
    assert created.returncode == _exit_status.OK, created.stderr
    printed = json.loads(created.stdout)
    assert printed["url"].startswith(emulator)
    found = json.loads(run("retrieve", printed["id"], url=emulator).stdout)
    assert (found["id"], found["status"], found["external_id"]) == (printed["id"], "PENDING", "from the shell")
    record = json.loads(run("retrieve", "--record", printed["id"], url=emulator).stdout)
    assert record["id"] == printed["id"]


def test_fields_as_options(emulator):
    arguments = [
        "--first-name",
        "A",
        "--last-name",
        "B",
        "--email",
        "a@b.example",
        "--phone",
        "+15192223333",
    ]
    created = run("create", *arguments, "--expires-in-hours", 48, url=emulator)
    assert created.returncode == _exit_status.OK, created.stderr


def test_the_key_is_never_an_argument(emulator, tmp_path):
    none = create(emulator, DEEPIDV_API_KEY="")
    assert none.returncode == _exit_status.USAGE_ERROR
    assert "set DEEPIDV_API_KEY or use --api-key-file" in none.stderr
    key = tmp_path / "key"
    key.write_text(f"{KEY}\n")
    assert create(emulator, "--api-key-file", key, DEEPIDV_API_KEY="").returncode == _exit_status.OK
    assert create(emulator, "--api-key", "dk_emulator", DEEPIDV_API_KEY="").returncode == _exit_status.USAGE_ERROR
    assert create(emulator, "--api-key-file", tmp_path / "none").returncode == _exit_status.USAGE_ERROR


@pytest.mark.parametrize(
    ("act", "status"),
    [
        (answer(400, {"error": "Secret"}), _exit_status.REFUSED),
        (answer(401, {"error": "Secret"}), _exit_status.REFUSED),
        (answer(429, {"message": "Secret"}, headers=["Retry-After: 60"]), _exit_status.TRY_AGAIN),
        (hang_up, _exit_status.UNKNOWN),
    ],
)
def test_exit_statuses(start_peer, act, status):
    peer = start_peer(act, *[answer(body=NO_SESSIONS)] * 100)
    created = create(peer.url, "--timeout", "1", "--external-id", "order-7")
    assert created.returncode == status, created.stderr
    assert len(peer.posts) == 1
    assert "Secret" not in created.stderr + created.stdout
    assert "Traceback" not in created.stderr
    if status == _exit_status.UNKNOWN:
        printed = json.loads(created.stdout)
        assert (printed["outcome"], printed["external_id"]) == ("unknown", "order-7")
        record = {"id": "sess_2", "external_id": "order-7", "created_at": "2099-01-01T00:00:00Z"}
        sessions = [record]
        peer.acts[:] = [answer(body={"sessions": sessions, "next_token": None})]
        found = run("reconcile", printed["reconcile_token"], url=peer.url)
        assert json.loads(found.stdout)["id"] == "sess_2"
        peer.acts[:] = [answer(body={"sessions": [record, {**record, "id": "sess_3"}], "next_token": None})]
        several = run("reconcile", printed["reconcile_token"], url=peer.url)
        assert several.returncode == _exit_status.DUPLICATE
        assert json.loads(several.stdout)["session_ids"] == ["sess_2", "sess_3"]


def test_a_create_that_was_interrupted_shows_its_session(monkeypatch, capsys):
    session = deepidv.Session("sess_1", "https://verify.example/x", "mine", None, (), b"", 200, 1, 0.1)

    def interrupted(self, fields, **options):
        raise deepidv.CreatedThoughCancelled(session=session, external_id="mine")

    monkeypatch.setattr(deepidv.Client, "create_session_from", interrupted)
    monkeypatch.setenv("DEEPIDV_API_KEY", "dk_emulator")
    assert _command.main(["create", "--phone", "+15192223333"]) == 3
    printed = json.loads(capsys.readouterr().out)
    assert (printed["outcome"], printed["id"], printed["url"]) == ("created", "sess_1", "https://verify.example/x")
    assert printed["external_id"] == "mine"


def test_nothing_was_sent():
    assert create("http://127.0.0.1:9", "--timeout", "0.3").returncode == _exit_status.TRY_AGAIN
    # The options of the command line override the JSON, in both spellings.
    assert create("http://127.0.0.1:9", "--phone", "12").returncode == _exit_status.USAGE_ERROR
    assert create("http://127.0.0.1:9", "--first-name", "").returncode == _exit_status.USAGE_ERROR
    for text in ("", "[]", "{}", '{"firstName": 5}', '{"Secret": "x"}', '{"firstName": "Secret"}'):
        refused = run("create", "--json", "-", stdin=text)
        assert refused.returncode == _exit_status.USAGE_ERROR, text
        assert "Secret" not in refused.stderr
    assert run("retrieve", "").returncode == _exit_status.USAGE_ERROR
    assert run("reconcile", "no token").returncode == _exit_status.USAGE_ERROR
    assert run().returncode == _exit_status.USAGE_ERROR


def test_a_redirect():
    url = "https://yourapp.com/cb?session_id=sess_abc&status=failed&reason=face_mismatch"
    shown = run("redirect", url)
    assert (shown.returncode, json.loads(shown.stdout)) == (
        _exit_status.OK,
        {"session_id": "sess_abc", "status": "failed", "reason": "face_mismatch"},
    )
    assert run("redirect", url, "--expect", "sess_abc").returncode == _exit_status.OK
    assert run("redirect", "-", "--expect", "sess_abc", stdin=url + "\n").returncode == _exit_status.OK
    assert run("redirect", url, "--expect", "sess_other").returncode == _exit_status.MISMATCH
    assert run("redirect", url + "&status=success").returncode == _exit_status.MISMATCH


def test_tail(start_emulator):
    """Changes of a session are printed."""
    url = start_emulator("--rate", "0")
    session = json.loads(create(url).stdout)
    process = subprocess.Popen(
        [sys.executable, "-m", "deepidv", "tail", "--all", "--interval", "0.1", "--until-done"],
        env=environment(url, DEEPIDV_RATE_LIMIT="0"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    first = json.loads(process.stdout.readline())
    assert (first["id"], first["status"]) == (session["id"], "PENDING")
    finish = f"{url}/session/{session['id']}/finish"
    urllib.request.urlopen(finish, b"outcome=success", timeout=10).close()
    changed = json.loads(process.stdout.readline())
    assert (changed["id"], changed["was"], changed["status"]) == (session["id"], "PENDING", "SUBMITTED")
    rest, _ = process.communicate(timeout=20)
    assert (process.returncode, rest) == (0, "")


def test_tail_does_not_wait_for_sessions_that_newer_ones_have_displaced(start_peer):
    older = {"id": "sess_1", "status": "PENDING", "session_progress": "PENDING"}
    newer = {"id": "sess_2", "status": "SUBMITTED", "session_progress": "COMPLETED"}
    peer = start_peer(*[answer(body={"sessions": [session], "next_token": None}) for session in (older, newer, newer)])
    ended = run("tail", "--newest", "1", "--interval", "0.1", "--until-done", url=peer.url)
    assert ended.returncode == 0
    assert json.loads(ended.stdout)["id"] == "sess_2"


def test_tail_ends_with_ctrl_c(emulator):
    process = subprocess.Popen(
        # A shell makes its background processes ignore SIGINT.
        ["env", "--default-signal=INT", sys.executable, "-m", "deepidv", "tail", "--all", "--interval", "60"],
        env=environment(emulator, DEEPIDV_RATE_LIMIT="0"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    create(emulator)
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, printed = process.communicate(timeout=20)
    assert (process.returncode, printed) == (_exit_status.INTERRUPTED, "")


@pytest.mark.parametrize("command", ["", "create", "redirect", "retrieve", "tail", "doctor", "bulk", "fleet"])
def test_help_fits_a_terminal(command):
    shown = run(*command.split(), "--help", COLUMNS="100")
    assert shown.returncode == 0
    assert max(map(len, shown.stdout.splitlines())) <= 100
    assert "usage: deepidv" in shown.stdout
