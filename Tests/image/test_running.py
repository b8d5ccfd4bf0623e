"""The image as a container."""

import json
import pathlib
import signal

from containers import USER

URL = "http://127.0.0.1:8080"
APPLICANT = {"first_name": "Ada", "last_name": "Lovelace", "email": "ada@example.com", "phone": "+15192223333"}
KEY = {"x-api-key": "dk_emulator", "Content-Type": "application/json"}


def create(host):
    status, text = host.ask(f"{URL}/v1/sessions", "POST", APPLICANT, **KEY)
    assert status == 200, text
    return json.loads(text)


def test_user_and_privileges(start):
    status = pathlib.Path(f"/proc/{start().pid}/status").read_text()
    facts = dict(line.split(":\t", 1) for line in status.splitlines())
    assert facts["Uid"].split() == facts["Gid"].split() == [str(USER)] * 4
    assert int(facts["CapEff"], 16) == int(facts["CapPrm"], 16) == 0
    assert facts["NoNewPrivs"] == "1"


def test_session_and_page(start, network):
    start()
    host = network.hosts[0]
    session = create(host)
    status, page = host.ask(session["session_url"])
    assert status == 200
    assert "Ada" in page


def test_health(start, config):
    container = start()
    check = config["config"]["Healthcheck"]["Test"]
    assert check[0] == "CMD"
    assert container.execute(*check[1:]) == (0, f"{URL} is ready.\n", "")
    status, output, problem = container.execute(*check[1:-1], "http://127.0.0.1:8081")
    assert (status, output) == (1, "")
    assert problem.startswith("deepidv-emulator: http://127.0.0.1:8081 is not ready: ")


def test_state_survives_a_crash(start, network, state):
    host = network.hosts[0]
    first = start("--state", "/state/emulator", state=state)
    session = create(host)["id"]
    assert first.stop(signal.SIGKILL) == 128 + signal.SIGKILL
    start("--state", "/state/emulator", state=state)
    status, text = host.ask(f"{URL}/v1/sessions/{session}", **KEY)
    assert status == 200, text
    assert session in text


def test_termination(start):
    """As the first process of its container, it gets no signals that it does not handle."""
    assert start().stop(signal.SIGTERM) == 0
    assert start().stop(signal.SIGINT) == 0
