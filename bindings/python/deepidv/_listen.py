"""``deepidv listen``: receives webhooks, prints them, and forwards them to a local application."""

from __future__ import annotations

import argparse
import contextlib
import http.client
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, Optional
from urllib.parse import SplitResult, urlsplit

from . import _tail
from ._errors import InvalidRequest, WebhookError, WebhookTooLarge
from ._exit_status import OK, USAGE_ERROR
from ._input import read_text
from ._option_types import utf8_text, whole
from ._terminal import OutputError, print_json, say
from ._webhook import Webhook, WebhookSecrets

DESCRIPTION: Final = """\
Receive webhooks: verify each, print it as one JSON object, and forward it.

The signing secrets come from DEEPIDV_WEBHOOK_SECRET, or from the lines of a file. With --forward, each
verified webhook is sent to URL with the same body and headers, and the response of the application there
is returned, or 502 if there is none. Without --forward, the response is 204. What is not a webhook, or
has a wrong secret, gets 400, 401 or 413 and is not forwarded. With the emulator:

  deepidv-emulator --webhook http://127.0.0.1:9000 --webhook-secret whsec_test
  DEEPIDV_WEBHOOK_SECRET=whsec_test deepidv listen --port 9000 --forward http://127.0.0.1:5000/webhooks

Stop with Ctrl-C. This is for development: it speaks plain HTTP.
"""

# Headers of one connection; http.client sets its own.
_OF_THE_CONNECTION: Final = (
    *("connection", "content-length", "expect", "host", "keep-alive", "proxy-connection", "te"),
    *("trailer", "transfer-encoding", "upgrade"),
)
# The service gives up then.
_TIMEOUT: Final = 10.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "--port",
        metavar="N",
        type=whole(0, 65535),
        default=9000,
        help="the port; 0 picks a free one (9000)",
    )
    parser.add_argument(
        "--host",
        metavar="ADDRESS",
        type=utf8_text,
        default="127.0.0.1",
        help="the address to listen on (127.0.0.1)",
    )
    parser.add_argument("--forward", metavar="URL", type=_url, help="the application, http or https")
    parser.add_argument(
        "--secret-file",
        metavar="FILE",
        help="a file with one signing secret per line (DEEPIDV_WEBHOOK_SECRET)",
    )


def _url(text: str) -> SplitResult:
    try:
        url = urlsplit(utf8_text(text))
        # `port` raises ValueError if it is not a number.
        if url.scheme in ("http", "https") and url.hostname and url.port != 0 and url.geturl().isascii():
            return url
    except ValueError:
        pass
    raise argparse.ArgumentTypeError("it is not an http or https URL with a host")


def run(arguments: argparse.Namespace) -> int:
    """Receive webhooks until stopped."""
    if arguments.secret_file is not None:
        texts = read_text(arguments.secret_file, "--secret-file").split()
    else:
        texts = os.environ.get("DEEPIDV_WEBHOOK_SECRET", "").split()
    try:
        secrets = WebhookSecrets(*texts)
    except InvalidRequest as error:
        say(f"deepidv: {error}")
        say("deepidv: set DEEPIDV_WEBHOOK_SECRET or use --secret-file")
        return USAGE_ERROR
    try:
        server = _Server((arguments.host, arguments.port), secrets, arguments.forward)
    except (OSError, ValueError) as error:
        # A name that IDNA cannot encode is a ValueError.
        why = error.strerror if isinstance(error, OSError) else "not a host name"
        say(f"deepidv: cannot listen on {arguments.host}, port {arguments.port}: {why}")
        return USAGE_ERROR
    with server:
        say(f"deepidv: listening on http://{arguments.host}:{server.server_port}")
        server.serve_forever()
    if server.broken is not None:
        raise server.broken
    return OK


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(
        self, address: tuple[str, int], secrets: WebhookSecrets, forward: Optional[SplitResult]
    ) -> None:
        super().__init__(address, _Handler)
        self.secrets, self.forward = secrets, forward
        self.broken: Optional[OutputError] = None

    def handle_error(self, request: Any, client_address: Any) -> None:
        say(f"deepidv: {type(sys.exc_info()[1]).__name__} on a connection")


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = 30
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        try:
            webhook, body = self._receive()
        except WebhookError as error:
            say(f"deepidv: refused: {error}")
            # What is left of the body is not the next request.
            self.close_connection = True
            return self._respond(error.response_status, f"{error.text}\n".encode())
        status, answered = self._forward(body) if self.server.forward else (204, b"")
        output = {"type": webhook.type, **_tail.status_fields(webhook.session), "response": status}
        if not self._print(output) and self.server.forward is None:
            # Nobody has it, so the service should deliver it again.
            status = 500
        try:
            return self._respond(status, answered)
        finally:
            if self.server.broken is not None:
                threading.Thread(target=self.server.shutdown).start()

    def _receive(self) -> tuple[Webhook, bytes]:
        length = self.headers.get("Content-Length", "")
        size = int(length[:20]) if length.isascii() and length.isdigit() else 0
        if size > Webhook.SIZE_LIMIT:
            raise WebhookTooLarge
        body = self.rfile.read(size)
        return Webhook.open(body, self.headers.get("deepidv-signature"), self.server.secrets), body

    def _forward(self, body: bytes) -> tuple[int, bytes]:
        url = self.server.forward
        assert url is not None
        kind = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
        target = (url.path or "/") + (f"?{url.query}" if url.query else "")
        connection = kind(url.hostname or "", url.port, timeout=_TIMEOUT)
        headers = {
            name: value for name, value in self.headers.items() if name.lower() not in _OF_THE_CONNECTION
        }
        with contextlib.closing(connection):
            try:
                connection.request("POST", target, body, headers)
                response = connection.getresponse()
                return response.status, response.read(65536)
            except (OSError, http.client.HTTPException) as error:
                say(f"deepidv: the application did not respond: {type(error).__name__}")
                return 502, b""

    def _print(self, output: dict[str, Any]) -> bool:
        try:
            print_json(output)
        except OutputError as error:
            # Nothing can be printed any more.
            self.server.broken = error
            return False
        return True

    def _respond(self, status: int, body: bytes) -> None:
        self.send_response(status)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if status not in (204, 304):
            self.wfile.write(body)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Print nothing: a request line is not checked."""
