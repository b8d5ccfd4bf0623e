"""A signal at any moment of a command: what its exit status says about the create is true."""

import dis
import json
import os
import signal
import subprocess
import sys

import pytest
from deepidv import _command, _exit_status, _operation
from peer import NO_SESSIONS, answer, hang_up
from test_command import APPLICANT, environment

PACKAGE = os.path.dirname(_command.__file__)
SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
INTERRUPTED = {128 + number for number in SIGNALS}


class Signaller:
    """Sends a signal after the n-th call in the package's functions, once a response was taken.

    Python looks for signals there. Between the raise of an exception and its handler, for example, it does not.
    """

    def __init__(self, number):
        self.number = number
        self.count = 0
        self.has_begun = False
        self.called = None

    def enter(self, frame, event, _):
        code = frame.f_code
        self.has_begun = self.has_begun or code is _operation.BlockingCompletion.read.__code__
        if not self.has_begun or not code.co_filename.startswith(PACKAGE):
            return None if self.has_begun else self.enter
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        return self.step

    def step(self, frame, event, _):
        if event == "opcode":
            name = dis.opname[frame.f_code.co_code[frame.f_lasti]]
            has_returned, self.called = self.called is frame, frame if name.startswith("CALL") else None
            self.count += has_returned and name != "PUSH_EXC_INFO"
            if self.count == self.number:
                sys.settrace(None)
                signal.raise_signal(SIGNALS[self.number % 3])
        return self.step


@pytest.fixture
def signalled(monkeypatch, capsys, tmp_path):
    """Return a function that runs a create with a signal, and returns what it did; the status None is its end."""
    document = tmp_path / "applicant.json"
    document.write_text(json.dumps(APPLICANT))
    monkeypatch.setenv("DEEPIDV_RATE_LIMIT", "0")
    monkeypatch.setenv("DEEPIDV_API_KEY", "key")

    def create(url, number, timeout):
        signaller = Signaller(number)
        line = ["create", "--json", str(document), "--base-url", url, "--timeout", str(timeout)]
        # With the arguments of the process, as the last thing that the process does.
        monkeypatch.setattr(sys, "argv", ["deepidv", *line, "--external-id", f"mine-{number}"])
        handlers = {each: signal.getsignal(each) for each in SIGNALS}
        sys.settrace(signaller.enter)
        try:
            status = _command.main()
        finally:
            sys.settrace(None)
            for each, handler in handlers.items():
                signal.signal(each, handler)
        printed, said = capsys.readouterr()
        return status if signaller.count >= number else None, printed, said

    return create


def test_no_moment_hides_a_session(start_peer, signalled):
    peer = start_peer()
    number, status = 0, 0
    statuses = set()
    while status is not None:
        number += 1
        status, printed, said = signalled(peer.url, number, timeout=10)
        assert len(peer.posts) == number
        assert f"mine-{number}" in printed + said
        assert status not in INTERRUPTED, number
        statuses.add(status)
    assert number > 50
    assert statuses == {_exit_status.OK, _exit_status.NOT_PRINTED, None}


def test_no_moment_hides_an_unknown_outcome(start_peer, signalled):
    peer = start_peer(*[hang_up, answer(body=NO_SESSIONS)] * 3000)
    number, status = 0, 0
    while status is not None:
        number += 1
        # Each search goes on until the timeout, but a busy machine must have sent the create long before.
        status, printed, said = signalled(peer.url, number, timeout=0.1)
        assert f".mine-{number}" in printed + said
        assert status in (_exit_status.UNKNOWN, _exit_status.NOT_PRINTED, None)
    assert number > 50


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_after_the_session_was_printed(start_peer, number):
    """For example by a supervisor that ends a group of processes, while Python still ends."""
    process = subprocess.Popen(
        ["env", "--default-signal=INT", sys.executable, "-m", "deepidv", "create", "--json", "-"],
        env=environment(start_peer().url),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    process.stdin.write(json.dumps(APPLICANT).encode())
    process.stdin.close()
    process.stdin = None
    printed = json.loads(process.stdout.readline())
    process.send_signal(number)
    _, stderr = process.communicate(timeout=30)
    if process.returncode == _exit_status.OK:
        assert stderr == b""
    else:
        # It came before the command noticed that the line was written.
        assert process.returncode == _exit_status.NOT_PRINTED
        assert json.loads(stderr.splitlines()[-1])["id"] == printed["id"]
