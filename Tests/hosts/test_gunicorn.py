"""gunicorn with threads: every request gets a response, including the one with an unknown outcome."""

import concurrent.futures
import http.client
import socket

import pytest

ROUNDS = 3


def get(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


@pytest.fixture
def port(start):
    """Start gunicorn with one worker of eight threads. It inherits a socket, so no other process can take the port."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listening:
        descriptor = listening.fileno()
        start(
            *(
                "gunicorn",
                "--no-control-socket",
                "--bind",
                f"fd://{descriptor}",
                "--workers",
                "1",
                "--worker-class",
                "gthread",
            ),
            *("--threads", "8", "wsgi:app"),
            inherit=[descriptor],
        )
        yield listening.getsockname()[1]


def test_eight_requests_in_flight(port, service, reference):
    """Several rounds: leaked connections would add up."""
    _, worker = get(port, "/")
    with concurrent.futures.ThreadPoolExecutor(8) as browsers:
        for number in range(ROUNDS):
            service.lose_the_answer(searches=1000)
            names = [f"{reference}-{number}-{browser}" for browser in range(8)]
            answers = dict(zip(names, browsers.map(lambda name: get(port, f"/create/{name}"), names)))
            service.heal()
            failed = [name for name, (status, _) in answers.items() if status != 200]
            assert [answers[name][0] for name in failed] == [500], answers
            assert [service.executions(name) for name in names] == [1] * 8
            assert "Zarnowicz" not in answers[failed[0]][1]
    # The worker has not been restarted.
    assert get(port, "/") == (200, worker)
