"""A certificate for this machine, made anew by openssl for the tests that need TLS."""

import functools
import pathlib
import ssl
import subprocess
import tempfile
import threading

# Lives as long as the interpreter.
_folder = tempfile.TemporaryDirectory(prefix="deepidv-certificate-")
_lock = threading.Lock()

FILE = pathlib.Path(_folder.name) / "certificate.pem"
"""What a client has to trust, once there is a context."""


def server_context():
    """Give what a server of 127.0.0.1 and localhost needs."""
    with _lock:
        return _make()


@functools.cache
def _make():
    key = FILE.with_name("key.pem")
    subprocess.run(
        [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=deepidv test",
            "-addext",
            "subjectAltName=DNS:localhost,IP:127.0.0.1",
            "-keyout",
            key,
            "-out",
            FILE,
        ],
        check=True,
        capture_output=True,
        timeout=20,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(FILE, key)
    return context
