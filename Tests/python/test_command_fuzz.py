"""Random command lines and inputs: whatever is wrong, a command ends with a sentence and a documented exit status."""

import contextlib
import io
import json
import os
import random
import signal
import socket
import sys

import pytest
from deepidv import _command
from deepidv._parser import parser
from test_command import APPLICANT

ROUNDS = int(os.environ.get("DEEPIDV_FUZZ_ROUNDS", "400"))
STATUSES = {*range(12), 130}
TEXTS = (
    "",
    "-",
    "--",
    "x",
    "0",
    "-1",
    "1e400",
    "nan",
    "9" * 400,
    "\x1b[31m",
    "é",
    "\udcff",
    "\u202e",
    "x" * 70_000,
    "/dev/null",
    "/dev/full",
    "/proc/self/mem",
    "/proc/self/environ",
    "/nonexistent/x",
    "http://[",
    "https://\udcff",
    "http://127.0.0.1:99999",
    "1.1700000000.x",
    "?session_id=a&status=success&status=failed",
    "{}",
    "%s%n",
)
DOCUMENTS = (
    b"",
    b"\xff\xfe",
    b"\0",
    b"[" * 100_000,
    b'{"a":' * 100_000,
    json.dumps(APPLICANT).encode(),
    json.dumps(APPLICANT).encode("utf-16"),
    json.dumps({**APPLICANT, "phone": 5}).encode(),
    b'{"firstName": "\\ud800"}',
    b'{"firstName": 1e999, "expires_in_hours": 1' + b"0" * 5000 + b"}",
    b"first_name,last_name,email,phone\nA,B,a@b.example,+15192223333\n",
    b'first_name,last_name,email,phone\n"A,B,a@b.example\n' * 50,
    b"first_name;\n" + b";" * 3000,
    b"\xef\xbb\xbf" * 3,
)


def options():
    """Return the options of each command, as argparse knows them."""
    found = {}
    for action in parser()._actions:
        for name, command in (action.choices or {}).items() if action.nargs == "A..." else ():
            found[name] = command._actions
    return found


def command_line(chance, files):
    commands = options()
    name = chance.choice([*commands, "nonsense"])
    line = [name]
    for action in commands.get(name, ()):
        if action.dest == "help" or (action.option_strings and chance.random() < 0.7):
            continue
        if action.option_strings:
            line.append(chance.choice(action.option_strings))
        if action.nargs != 0:
            usual = action.choices or ([*files, "-"] if action.metavar in ("FILE", "INPUT") else ["5", "a"])
            line.append(chance.choice(list(usual)) if chance.random() < 0.6 else chance.choice(TEXTS))
    if chance.random() < 0.2:
        line.insert(chance.randrange(len(line) + 1), chance.choice(TEXTS))
    return line


@pytest.fixture
def nowhere(monkeypatch, tmp_path):
    """An address that refuses connections, files, and a short timeout."""
    reserved = socket.socket()
    reserved.bind(("127.0.0.1", 0))
    monkeypatch.setenv("DEEPIDV_BASE_URL", f"http://127.0.0.1:{reserved.getsockname()[1]}")
    monkeypatch.setenv("DEEPIDV_API_KEY", "dk_emulator")
    monkeypatch.setenv("DEEPIDV_TIMEOUT_MS", "50")
    monkeypatch.setenv("DEEPIDV_WEBHOOK_SECRET", "whsec_test")
    monkeypatch.chdir(tmp_path)
    yield
    reserved.close()


class Enough(BaseException):
    """A command that waits, such as ``listen``, has waited long enough."""


def run(line, document, capfd):
    """Run a command in this process, and return its exit status and what it said."""

    def stop(number, frame):
        raise Enough

    status = None
    before = signal.signal(signal.SIGALRM, stop)
    reading, kept = os.memfd_create("stdin"), os.dup(0)
    os.write(reading, document)
    os.lseek(reading, 0, os.SEEK_SET)
    os.dup2(reading, 0)
    signal.setitimer(signal.ITIMER_REAL, 0.4)
    try:
        with contextlib.suppress(Enough):
            status = _command.main(line)
    except SystemExit as ended:
        status = ended.code
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        os.dup2(kept, 0)
        os.close(kept)
        os.close(reading)
    return status, capfd.readouterr().err


@pytest.mark.parametrize("seed", range(4))
def test_any_command_line(nowhere, tmp_path, capfd, monkeypatch, seed):
    # pytest's own has no descriptor.
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    chance = random.Random(seed)
    files = []
    for number, document in enumerate(DOCUMENTS):
        for ending in ("csv", "jsonl"):
            files.append(f"{number}.{ending}")
            (tmp_path / files[-1]).write_bytes(document)
    for _ in range(ROUNDS // 4):
        line = command_line(chance, files)
        status, stderr = run(line, chance.choice(DOCUMENTS), capfd)
        assert status is None or status in STATUSES, (line, status)
        assert "Traceback" not in stderr and "internal error" not in stderr, (line, stderr)
        assert not {"\x1b", "\u202e", "\0"} & set(stderr), (line, stderr)
        if status == 2:
            assert stderr, line
        for name in tmp_path.iterdir():
            if name.name not in files:
                name.unlink()
