"""One self-signed certificate for all tests that need TLS."""

import functools
import pathlib
import tempfile
import threading

import certificates

# Exists as long as the interpreter.
_folder = tempfile.TemporaryDirectory(prefix="deepidv-certificate-")
_lock = threading.Lock()

FILE = pathlib.Path(_folder.name) / "certificate.pem"
"""The certificate that a client must trust, once there is a context."""


def server_context():
    """Return a TLS context for a server of 127.0.0.1 and localhost."""
    with _lock:
        return _create()


@functools.cache
def _create():
    certificates.create_self_signed(FILE.parent, FILE.stem, f"subjectAltName={certificates.LOCALHOST}")
    return certificates.server_context(FILE.parent, FILE.stem)
