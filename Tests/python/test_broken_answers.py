"""Broken responses and connections. Each create is sent once, and each cause has its own status.

What a complete but wrong body means is tested in Tests/DeepIDVCoreTests/ExchangeEvaluationTests.swift.
"""

import socket
import time

import deepidv
import pytest
from peer import answer, hang_up, pour, reset, say_nothing, send

LENGTH_500 = b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"

UNKNOWN = {
    "no content": (send(b"HTTP/1.1 204 No Content\r\n\r\n", keep=True), "ANSWER_EMPTY", 204),
    "html": (answer(200, "<html></html>"), "ANSWER_JSON", 200),
    "5 MB": (answer(200, b" " * 5_000_000), "ANSWER_TOO_LARGE", 200),
    "endless": (
        pour(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
        "ANSWER_TOO_LARGE",
        200,
    ),
    "a gigabyte announced": (
        pour(b"HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n"),
        "ANSWER_TOO_LARGE",
        200,
    ),
    "cut": (send(LENGTH_500 + b'{"id": "x"'), "ANSWER_CUT", 200),
    "cut at once": (send(LENGTH_500), "ANSWER_CUT", 200),
    "cut in a chunk": (
        send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n50\r\n{"),
        "ANSWER_CUT",
        200,
    ),
    "not HTTP": (send(b"SSH-2.0-OpenSSH_9.2\r\n\r\n"), "ANSWER_HTTP", 0),
    "an unknown HTTP": (send(b"HTTP/7.3 200 OK\r\n\r\n{}"), "ANSWER_HTTP", 0),
    "no answer": (hang_up, "CONNECTION_LOST", 0),
    "reset": (reset, "CONNECTION_LOST", 0),
    "only a 100": (send(b"HTTP/1.1 100 Continue\r\n\r\n"), "CONNECTION_LOST", 0),
}


@pytest.mark.parametrize("case", UNKNOWN)
def test_an_unknown_outcome(failing, case):
    act, cause, http_status = UNKNOWN[case]
    error, requests = failing(act)
    assert type(error) is deepidv.OutcomeUnknown
    assert (error.cause, error.http_status) == (f"DEEPIDV_E_{cause}", http_status)
    assert error.attempts == 1
    assert f"DEEPIDV_E_{cause}" in str(error)
    assert len(requests) == 1


@pytest.mark.parametrize(
    "head",
    [b"HTTP/1.1 200 OK\r\nContent-Le", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 2"],
)
def test_half_of_the_headers(failing, head):
    error, requests = failing(send(head))
    assert type(error) is deepidv.OutcomeUnknown
    assert error.cause in (
        "DEEPIDV_E_CONNECTION_LOST",
        "DEEPIDV_E_ANSWER_CUT",
        "DEEPIDV_E_ANSWER_EMPTY",
        "DEEPIDV_E_ANSWER_HTTP",
    )
    assert len(requests) == 1


def test_endless_headers(failing):
    error, requests = failing(pour(b"HTTP/1.1 200 OK\r\nX: "))
    assert type(error) is deepidv.OutcomeUnknown
    assert error.cause == "DEEPIDV_E_ANSWER_TOO_LARGE"
    assert len(requests) == 1


@pytest.mark.parametrize("first", [b"", LENGTH_500, b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"])
def test_silence(failing, first):
    act = send(first, keep=True) if first else say_nothing
    start = time.monotonic()
    error, requests = failing(act, options={"timeout": 0.3})
    assert type(error) is deepidv.OutcomeUnknown
    assert error.cause == "DEEPIDV_E_TIMEOUT"
    assert 0.25 < time.monotonic() - start < 5
    assert 0.25 < error.elapsed < 5
    assert len(requests) == 1


def test_a_refused_connection(applicant):
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{reserved.getsockname()[1]}"
        with deepidv.Client("key", base_url=url) as client:
            with pytest.raises(deepidv.NotSent) as caught:
                client.create_session(**applicant)
    assert (caught.value.cause, caught.value.attempts) == ("DEEPIDV_E_CONNECT", 0)
    assert isinstance(caught.value, deepidv.TryAgain)


def test_a_host_that_does_not_exist(applicant):
    with deepidv.Client("key", base_url="https://deepidv.invalid", connect_timeout=2) as client:
        with pytest.raises(deepidv.NotSent) as caught:
            client.create_session(**applicant)
    # A timeout if the resolver does not answer.
    assert caught.value.cause in ("DEEPIDV_E_RESOLVE", "DEEPIDV_E_TIMEOUT")
    assert caught.value.attempts == 0


def test_tls_with_a_server_without_tls(start_peer, applicant):
    peer = start_peer(*[send(b"HTTP/1.1 400 Bad Request\r\n\r\n")] * 4, deaf=True)
    with deepidv.Client("key", base_url=peer.url.replace("http:", "https:")) as client:
        with pytest.raises(deepidv.NotSent) as caught:
            client.create_session(**applicant)
    assert (caught.value.cause, caught.value.attempts) == ("DEEPIDV_E_TLS", 0)
    assert peer.connections == 4


def test_a_proxy_that_is_not_there(start_peer, applicant):
    peer = start_peer()
    base_url = peer.url.replace("http:", "https:")
    with deepidv.Client("key", base_url=base_url, proxy="http://127.0.0.1:1") as client:
        with pytest.raises(deepidv.NotSent) as caught:
            client.create_session(**applicant)
    assert (caught.value.cause, caught.value.attempts) == ("DEEPIDV_E_PROXY", 0)
    assert peer.end() == []


def test_half_a_request_was_not_executed(start_peer, applicant):
    def wait_and_reset(connection):
        time.sleep(0.3)
        return reset(connection)

    # A body that does not fit into the socket buffers.
    text = "\u0001" * 65_536
    applicant.update(first_name=text, last_name=text, external_id=text, workflow_id=text)
    peer = start_peer(*[wait_and_reset] * 4, deaf=True, receive_buffer=2048)
    with deepidv.Client("key", base_url=peer.url, timeout=5) as client:
        with pytest.raises((deepidv.NotProcessed, deepidv.OutcomeUnknown)) as caught:
            client.create_session(**applicant)
    # Which of the two depends on the kernel's buffers. Only NotProcessed is sent again.
    assert peer.connections == caught.value.attempts
    assert peer.connections == 4 or type(caught.value) is deepidv.OutcomeUnknown
    assert caught.value.cause == "DEEPIDV_E_CONNECTION_LOST"
