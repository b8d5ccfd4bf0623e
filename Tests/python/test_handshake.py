"""A TLS handshake that never ends."""

import contextlib
import json

from deepidv import _exit_status
from test_command import APPLICANT, run

# A record with a HelloRequest, which OpenSSL skips during a handshake.
HELLO_REQUEST = b"\x16\x03\x03\x00\x04" + bytes(4)


def flood(connection):
    with contextlib.suppress(OSError):
        while True:
            connection.sendall(HELLO_REQUEST * 4000)
    return False


def test_messages_that_are_skipped_do_not_hold_the_thread(start_peer):
    """In a process of its own: nothing would end the call."""
    peer = start_peer(doors=[flood])
    url = f"https://{peer.address}"
    ended = run("create", "--json", "-", "--timeout", "2", url=url, stdin=json.dumps(APPLICANT))
    assert ended.returncode == _exit_status.TRY_AGAIN
    assert "DEEPIDV_E_NOT_SENT" in ended.stderr
