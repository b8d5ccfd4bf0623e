"""The program: its output, options, signals and exit status."""

import os
import re
import signal
import socket
import subprocess
import threading
import time

import pytest
from emulator_process import BINARY


def test_ready_line(emulator):
    assert re.fullmatch(r"deepidv-emulator listening on http://127\.0\.0\.1:\d+\n", emulator.ready_line)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_end_it(start, number):
    running = start()
    idle = running.connect()
    idle.request("GET", "/emulator.css")
    idle.getresponse().read()
    half = socket.create_connection((running.address.hostname, running.address.port))
    half.sendall(b"POST /v1/sessions HTTP/1.1\r\nContent-Length: 100\r\n\r\nhalf")
    time.sleep(0.2)
    running.process.send_signal(number)
    assert running.process.wait(timeout=10) == 0
    # No output except the ready line, and no personal data.
    assert running.process.stdout.read() == b""
    assert running.process.stderr.read() == b""
    idle.close()
    half.close()


def test_signals_end_it_when_busy(start):
    running = start()
    busy = [socket.create_connection((running.address.hostname, running.address.port)) for _ in range(8)]
    for connection in busy:
        connection.sendall(b"GET / HTTP/1.1\r\nx-long: " + b"a" * 1_000_000 + b"\r\n\r\n")
    time.sleep(0.2)
    running.process.terminate()
    assert running.process.wait(timeout=10) == 0
    for connection in busy:
        connection.close()


def test_end_of_standard_input_ends_it(start):
    assert start().close() == 0


def test_standard_input_is_ignored_without_the_option():
    with subprocess.Popen([BINARY, "--port", "0"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline()
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=0.5)
        process.terminate()
        assert process.wait(timeout=10) == 0


@pytest.mark.parametrize(
    "options",
    [
        ["--nonsense"],
        ["positional"],
        ["--port"],
        ["--port", "65536"],
        ["--port", "http"],
        ["--host", "example.com"],
        ["--rate=-1"],
        ["--rate", "nan"],
        ["--burst", "0"],
        ["--tokens=-1"],
        ["--api-key", ""],
        ["--api-key", "two words"],
        ["--org", ""],
        ["--allow-host", ""],
        ["--allow-host", "emulator:8080"],
        ["--allow-host", "two words"],
        ["--allow-host", "*"],
        ["--public-url", "localhost:9000"],
        ["--public-url", "https://example.com/emulator"],
        ["--public-url", "ftp://example.com"],
        ["--public-url", "https://user@example.com"],
        ["--allow-origin", "*"],
        ["--allow-origin", "null"],
        ["--allow-origin", "http://localhost:5173/app"],
    ],
)
def test_bad_options(options):
    result = subprocess.run([BINARY, *options], capture_output=True, timeout=20)
    assert result.returncode == 2
    assert result.stdout == b"" and result.stderr != b""


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_and_version(option):
    result = subprocess.run([BINARY, option], capture_output=True, timeout=20)
    assert result.returncode == 0
    assert result.stdout != b"" and result.stderr == b""


def test_port_in_use(emulator):
    result = subprocess.run([BINARY, "--port", str(emulator.address.port)], capture_output=True, timeout=20)
    assert result.returncode == 1
    assert result.stdout == b""
    assert result.stderr.decode() == (
        f"deepidv-emulator: cannot listen on 127.0.0.1 port {emulator.address.port}: "
        "the port is taken; choose another one with --port, or 0 for any free port\n"
    )


def test_other_addresses_that_cannot_be_used():
    # 192.0.2.0/24 is for documentation: no computer has it.
    result = subprocess.run([BINARY, "--host", "192.0.2.1", "--port", "0"], capture_output=True, timeout=20)
    assert result.returncode == 1
    assert result.stderr == (
        b"deepidv-emulator: cannot listen on 192.0.2.1 port 0: this computer does not have this address\n"
    )


def test_warning_if_other_machines_can_connect(start):
    running = start("--host", "0.0.0.0", "--org", "org 1")
    assert running.url.startswith("http://127.0.0.1:")
    assert "?oid=org%201" in running.create().json["session_url"]
    running.process.terminate()
    assert b"warning: other machines can reach 0.0.0.0" in running.process.stderr.read()


def check(url):
    """Runs `--check URL` with a proxy in the environment, and returns its status, stdout and stderr."""
    proxy = dict.fromkeys(("http_proxy", "HTTP_PROXY", "ALL_PROXY"), "http://127.0.0.1:9")
    result = subprocess.run(
        [BINARY, "--check", url], capture_output=True, text=True, timeout=20, env=os.environ | proxy
    )
    return result.returncode, result.stdout, result.stderr


def test_check(start):
    running = start()
    running.command("faults", kind="close", count=1)
    assert check(running.url) == (0, f"{running.url} is ready.\n", "")
    assert check(running.url + "/")[0] == 0
    assert running.inspect("faults")["faults"] != [], "the check must not use up a fault"
    assert running.inspect("requests")["requests"] == []
    running.close()
    status, output, problem = check(running.url)
    assert (status, output) == (1, "")
    assert re.fullmatch(rf"deepidv-emulator: {running.url} is not ready: Failed to connect to .*\n", problem)


@pytest.mark.parametrize(
    "response,problem",
    [
        (b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n", "it returned status 500"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nelse", "it is not a deepidv-emulator"),
        (b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n", "it returned status 302"),
        (b"", "Empty reply from server"),
        (None, "Operation timed out after"),
    ],
)
def test_check_of_something_else(response, problem):
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        kept = []

        def answer():
            connection, _ = server.accept()
            connection.recv(4096)
            kept.append(connection)
            if response is not None:
                connection.sendall(response)
                connection.shutdown(socket.SHUT_WR)

        thread = threading.Thread(target=answer)
        thread.start()
        status, output, text = check(url)
        thread.join()
        kept[0].close()
    assert (status, output) == (1, "")
    assert text.startswith(f"deepidv-emulator: {url} is not ready: {problem}")
    assert text.count("\n") == 1


@pytest.mark.parametrize(
    "url", ["", "127.0.0.1:8080", "https://127.0.0.1:8080", "http://", "http://a/b", "http://me:pw@a", "http://a:99999"]
)
def test_check_of_an_invalid_url(url):
    status, output, problem = check(url)
    assert (status, output) == (2, "")
    assert "--check must be a URL such as http://127.0.0.1:8080" in problem
    assert "pw" not in problem
