"""The command line when its output fails, or when its input is not what it should be: what a script reads is true."""

import contextlib
import http.client
import json
import os
import signal
import subprocess
import sys

import deepidv
import pytest
from deepidv import _exit_status, _terminal
from peer import NO_SESSIONS, answer, hang_up, say_nothing
from test_command import APPLICANT, environment, run
from webhooks import SECRET, event

RECORD = {"session_record": {"id": "sess_abc", "status": "VERIFIED"}}


def start(*arguments, url, stdin=APPLICANT, redirections="", **options):
    """Run a command by a shell, with these redirections."""
    line = f'exec "$0" -m deepidv "$@" {redirections}'
    process = subprocess.Popen(
        ["sh", "-c", line, sys.executable, *map(str, arguments)],
        env=environment(url),
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **options,
    )
    # It may have ended without reading.
    with contextlib.suppress(BrokenPipeError), process.stdin as file:
        file.write(json.dumps(stdin).encode())
    process.stdin = None
    return process


def ended(process):
    _, stderr = process.communicate(timeout=60)
    return process.returncode, stderr.decode()


def without_reader():
    reading, writing = os.pipe()
    os.close(reading)
    return writing


def create(url, *arguments, **options):
    return ended(start("create", "--json", "-", "--timeout", 2, *arguments, url=url, **options))


def test_a_session_whose_output_is_full(start_peer):
    peer = start_peer()
    status, stderr = create(peer.url, "--external-id", "mine", redirections=">/dev/full")
    assert status == _exit_status.NOT_PRINTED
    assert len(peer.posts) == 1
    assert "the output could not be written: No space left on device. Do not send the request again" in stderr
    known = json.loads(stderr.splitlines()[-1])
    assert (known["outcome"], known["id"], known["external_id"]) == ("created", "sess_1", "mine")
    assert "verify.deepidv.com" not in stderr
    # The token finds the session.
    record = {"id": "sess_1", "external_id": "mine", "created_at": "2099-01-01T00:00:00Z"}
    peer.acts[:] = [answer(body={"sessions": [record], "next_token": None})]
    found = run("reconcile", known["reconcile_token"], url=peer.url)
    assert json.loads(found.stdout)["id"] == "sess_1"


def test_an_unknown_outcome_whose_output_is_full(start_peer):
    peer = start_peer(hang_up, *[answer(body=NO_SESSIONS)] * 100)
    status, stderr = create(peer.url, "--external-id", "mine", redirections=">/dev/full")
    assert status == _exit_status.NOT_PRINTED
    known = json.loads(stderr.splitlines()[-1])
    assert (known["outcome"], known["reconcile_token"].split(".")[-1]) == ("unknown", "mine")


def test_several_sessions_whose_output_is_full(start_peer):
    record = {"id": "sess_2", "external_id": "mine", "created_at": "2099-01-01T00:00:00Z"}
    page = {"sessions": [record, {**record, "id": "sess_3"}], "next_token": None}
    peer = start_peer(hang_up, *[answer(body=page)] * 9)
    status, stderr = create(peer.url, "--external-id", "mine", redirections=">/dev/full")
    assert status == _exit_status.NOT_PRINTED
    assert json.loads(stderr.splitlines()[-1])["session_ids"] == ["sess_2", "sess_3"]


@pytest.mark.parametrize("command", [("create", "--json", "-"), ("reconcile", "1.1700000000.mine")])
def test_without_an_output_nothing_is_sent(start_peer, command):
    """Closed, and a pipe whose reader has gone."""
    peer = start_peer()
    closed = start(*command, url=peer.url, redirections=">&-")
    assert ended(closed) == (2, "deepidv: standard output is closed; nothing was sent\n")
    writing = without_reader()
    unread = start(*command, url=peer.url, stdout=writing)
    os.close(writing)
    assert ended(unread) == (2, "deepidv: nobody reads standard output; nothing was sent\n")
    assert peer.requests == []


def test_a_reader_that_leaves_meanwhile(start_peer):
    reading, writing = os.pipe()

    def leave(connection):
        os.close(reading)
        return answer()(connection)

    process = start("create", "--json", "-", url=start_peer(leave).url, stdout=writing)
    os.close(writing)
    status, stderr = ended(process)
    assert status == _exit_status.NOT_PRINTED
    assert json.loads(stderr.splitlines()[-1])["id"] == "sess_1"


def test_without_any_output(start_peer):
    """Only the exit status is left."""
    peer = start_peer()
    for redirections, status in ((">/dev/full 2>/dev/full", 11), (">/dev/full 2>&-", 11), (">&- 2>&-", 2)):
        assert create(peer.url, redirections=redirections) == (status, "")
    # A full standard error alone does no harm.
    assert create(peer.url, "--phone", "12", redirections="2>/dev/full") == (2, "")
    assert create(peer.url, redirections=">/dev/null 2>/dev/full") == (0, "")


@pytest.mark.parametrize(
    "command",
    [
        ("retrieve", "sess_abc"),
        ("wait", "sess_abc"),
        ("tail", "--all"),
        ("redirect", "?session_id=a&status=success"),
        ("--help",),
        ("create", "--help"),
        ("--version",),
    ],
)
@pytest.mark.parametrize("redirections", [">/dev/full", ">&-"])
def test_other_commands_whose_output_fails(start_peer, command, redirections):
    session = {"id": "sess_abc", "status": "PENDING"}
    peer = start_peer(answer(body={**RECORD, "sessions": [session], "next_token": None}))
    status, stderr = ended(start(*command, url=peer.url, redirections=redirections))
    if redirections == ">&-" and command[-1].startswith("--") and command[-1] != "--all":
        # argparse cannot tell: it prints to standard error.
        assert status == 0
        return
    assert status == _exit_status.NOT_PRINTED
    assert stderr.count("\n") == 1 and stderr.startswith("deepidv: the output could not be written: ")


def test_a_webhook_that_cannot_be_printed(start_peer):
    """The service must deliver it again."""
    process = subprocess.Popen(
        ["sh", "-c", 'exec "$0" -m deepidv listen --port 0 >/dev/full', sys.executable],
        env={**environment("http://127.0.0.1:9"), "DEEPIDV_WEBHOOK_SECRET": SECRET},
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    port = int(process.stderr.readline().rsplit(":", 1)[1])
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("POST", "/", event(), {"deepidv-signature": SECRET})
    assert connection.getresponse().status == 500
    connection.close()
    _, stderr = process.communicate(timeout=30)
    assert process.returncode == _exit_status.NOT_PRINTED
    assert stderr == "deepidv: the output could not be written: No space left on device\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_create_that_is_interrupted_tells_its_outcome(start_peer, number):
    """For example by timeout(1), or because a connection to a terminal ended."""
    peer = start_peer(say_nothing)
    process = subprocess.Popen(
        ["env", "--default-signal=INT", sys.executable, "-m", "deepidv", "create", "--json", "-"],
        env=environment(peer.url),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    process.stdin.write(json.dumps(APPLICANT).encode())
    process.stdin.close()
    process.stdin = None
    peer.wait_for(1)
    process.send_signal(number)
    stdout, stderr = process.communicate(timeout=30)
    assert process.returncode == _exit_status.UNKNOWN, stderr
    assert json.loads(stdout)["reconcile_token"]


def test_a_wait_that_is_terminated(start_peer):
    peer = start_peer(say_nothing)
    process = start("wait", "sess_abc", url=peer.url)
    peer.wait_for(1)
    process.send_signal(signal.SIGTERM)
    assert ended(process) == (143, "")


# Input


def test_search_first(start_emulator):
    url = start_emulator("--rate", "0")
    text = json.dumps(APPLICANT)
    arguments = ("create", "--json", "-", "--search-first", "--external-id", "mine")
    first = json.loads(run(*arguments, url=url, stdin=text).stdout)
    again = json.loads(run(*arguments, url=url, stdin=text).stdout)
    assert (first["created"], again["created"], again["id"]) == (True, False, first["id"])
    without = run("create", "--json", "-", "--search-first", url=url, stdin=text)
    assert without.returncode == _exit_status.USAGE_ERROR
    assert "external_id" in without.stderr


NAMES = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


@pytest.mark.parametrize("locale", [{}, NAMES, {**NAMES, "LC_ALL": "POSIX"}], ids=["usual", "C", "POSIX"])
def test_the_locale_does_not_matter(start_peer, tmp_path, locale):
    """Files, standard input and options are UTF-8, with or without a byte order mark; UTF-16 has one."""
    peer = start_peer()
    text = json.dumps({**APPLICANT, "firstName": "José"}, ensure_ascii=False)
    for content in (text.encode(), b"\xef\xbb\xbf" + text.encode(), text.encode("utf-16")):
        file = tmp_path / "fields.json"
        file.write_bytes(content)
        for name in (file, "-"):
            done = subprocess.run(
                [sys.executable, "-m", "deepidv", "create", "--json", str(name), "--last-name", "Nuñez".encode()],
                env={**environment(peer.url), **locale},
                input=content,
                capture_output=True,
                timeout=60,
                check=False,
            )
            assert done.returncode == 0, done.stderr
    sent = {(request.json["first_name"], request.json["last_name"]) for request in peer.posts}
    assert (len(peer.posts), sent) == (6, {("José", "Nuñez")})


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (b'{"firstName": "A",\n "phone": "+1",\n "phone": "+2"}', "--json, line 3: A JSON member occurs twice"),
        (b'{"firstName": "A",\n\n "lastName": "\xff"}', "--json, line 3: not UTF-8"),
        (b'{"firstName": "A",\n "lastName": }', "--json, line 2: The text is not valid JSON. (DEEPIDV_E_JSON)"),
        (b'{"firstName": ' + b"[" * 10_000, "--json, line 1: The JSON is nested more than 64 levels deep."),
        (b"[" * 100_000, "--json, line 1: The JSON is nested more than 64 levels deep."),
        (b" " * (5 << 20), "--json: larger than 4 MiB"),
        (b"", "--json, line 1: The text is not valid JSON."),
    ],
    ids=["twice", "bytes", "syntax", "objects", "arrays", "large", "empty"],
)
def test_a_document_that_is_not_accepted(document, said):
    done = subprocess.run(
        [sys.executable, "-m", "deepidv", "create", "--json", "-"],
        env=environment("http://127.0.0.1:9"),
        input=document,
        capture_output=True,
        timeout=60,
        check=False,
    )
    stderr = done.stderr.decode()
    assert (done.returncode, stderr.count("\n")) == (_exit_status.USAGE_ERROR, 1)
    assert said in stderr
    if b"phone" in document:
        assert "(DEEPIDV_E_JSON_DUPLICATE, phone)" in stderr


@pytest.mark.parametrize(
    "command",
    [("create", "--json", "-"), ("redirect", "-"), ("bulk", "-", "--check", "--format", "csv")],
)
def test_an_input_that_is_closed(command):
    status, stderr = ended(start(*command, url="http://127.0.0.1:9", redirections="<&-"))
    assert (status, stderr.count("\n")) == (_exit_status.USAGE_ERROR, 1)
    assert "standard input: Bad file descriptor" in stderr


@pytest.mark.parametrize("option", ["--first-name", "--external-id", "--base-url", "--workflow-id"])
def test_an_option_that_is_not_utf_8(option):
    done = run("create", option, os.fsdecode(b"\xff"))
    assert done.returncode == _exit_status.USAGE_ERROR
    assert f"argument {option}: the text is not UTF-8" in done.stderr


def test_control_characters_do_not_reach_the_terminal(start_peer, tmp_path):
    escape = "\x1b[31mred\x9b\u202e"
    for command in (
        ("create", escape),
        ("create", "--json", tmp_path / escape),
        ("create", "--timeout", escape),
        ("create", "--base-url", escape, "--phone", "1"),
        ("bulk", tmp_path / f"{escape}.csv"),
        ("bulk", escape),
        ("listen", "--secret-file", tmp_path / escape),
        (escape,),
    ):
        done = run(*command)
        assert done.returncode == _exit_status.USAGE_ERROR
        assert done.stderr and not set("\x1b\x9b\u202e") & set(done.stderr)
    record = {"session_record": {"id": "sess_abc", "status": "PENDING", "meta_data": "\x1b[31m\x7f\x9b"}}
    done = run("retrieve", "--record", "sess_abc", url=start_peer(answer(body=record)).url)
    assert json.loads(done.stdout)["meta_data"] == "\x1b[31m\x7f\x9b"
    assert not set("\x1b\x7f\x9b") & set(done.stdout)
    assert _terminal.printable("a\tb\nc") == "a\tb\nc"


def test_a_session_goes_into_json(client, applicant):
    session = client.create_session(**applicant)
    again = json.loads(json.dumps(session.to_dict()))
    assert (again["outcome"], again["id"], again["url"]) == ("created", session.id, session.url)
    assert again["created"] is True and "raw" not in again
    names = {name for name in deepidv.Session.__dataclass_fields__ if name != "raw"}
    assert set(again) == names | {"outcome"}
