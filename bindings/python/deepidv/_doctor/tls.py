"""The TLS handshake and the certificates, with Python's ssl.

The library verifies with libcurl's certificates, and has the last word. This check knows more details.
"""

from __future__ import annotations

import contextlib
import os
import socket
import ssl
import time
from collections.abc import Mapping
from typing import Any, Callable, Final, NamedTuple, Optional

from .check import FAILED, OK, WARNING, Check, sentence, within
from .target import Target

# Services usually renew a certificate long before.
_SOON_DAYS: Final = 14
# OpenSSL's X509_V_FLAG_PARTIAL_CHAIN and X509_V_FLAG_NO_CHECK_TIME.
_ANY_ANCHOR: Final = 0x80000 | 0x200000
_EXPIRED, _EARLY, _SELF_SIGNED, _NAME, _ADDRESS = 10, 9, 18, 62, 64
_PROBLEMS: Final = {
    _EXPIRED: "the certificate has expired",
    _EARLY: "the certificate is not valid yet",
    _SELF_SIGNED: "the certificate is self-signed",
    19: "the chain ends with an authority that is not trusted",
    20: "the authority of the certificate is not trusted, or the server leaves out its certificate",
    21: "the server sends only its own certificate, whose authority is not trusted",
    _NAME: "the certificate is for another name",
    _ADDRESS: "the certificate is for another name",
}
_UNTRUSTED_ADVICE: Final = (
    "If the issuer is your own gateway, set DEEPIDV_CA_FILE to its CA certificate. "
    "Otherwise do not use this connection, and update the system's CA certificates."
)
_ADVICE: Final = {
    _EXPIRED: "Check the clock of this machine; otherwise the owner of the server must renew it.",
    _EARLY: "Check the clock of this machine.",
    _NAME: "Check the host in the base URL, and whether DNS or a gateway leads elsewhere.",
    _ADDRESS: "Use the name of the host in the base URL, not its address.",
}


class Handshake(NamedTuple):
    """A handshake: the check, and the connection if it is verified."""

    check: Check
    stream: Optional[socket.socket]


def handshake(target: Target, connect: Callable[[], socket.socket], timeout: float) -> Handshake:
    """Connect, verify the certificates and return the connection."""
    if not target.is_secure:
        check = Check("tls", OK, "not used: the base URL is http")
        with contextlib.suppress(OSError):
            return Handshake(check, within(timeout, connect))
        return Handshake(check, None)
    try:
        stream = within(timeout, lambda: _wrap(_context(target), connect, target.host))
    except ssl.SSLCertVerificationError as error:
        details = _details(target, connect, timeout)
        return Handshake(_refused(error, details), None)
    except ssl.SSLError as error:
        text = f"the handshake failed: {error.reason or type(error).__name__}"
        advice = "Check that the port speaks TLS 1.2 or later, and that nothing in between intercepts it."
        return Handshake(Check("tls", FAILED, text, advice), None)
    except Exception as error:
        # Also what a tunnel raises, which has a check of its own.
        advice = "Something between here and the service ends TLS connections, such as a firewall."
        text = f"the handshake did not end: {sentence(error)}"
        return Handshake(Check("tls", FAILED, text, advice), None)
    return Handshake(_accepted(stream), stream)


def _context(target: Target) -> ssl.SSLContext:
    """Trust what the library trusts: the file of its options, or the system's certificates."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if target.ca_file or target.ca_folder:
        context.load_verify_locations(target.ca_file, target.ca_folder)
        return context
    # Without SSL_CERT_FILE and SSL_CERT_DIR, which the library does not read.
    paths = ssl.get_default_verify_paths()
    file = paths.openssl_cafile if os.path.exists(paths.openssl_cafile) else None
    folder = paths.openssl_capath if os.path.isdir(paths.openssl_capath) else None
    if file or folder:
        context.load_verify_locations(file, folder)
    return context


def _wrap(context: ssl.SSLContext, connect: Callable[[], socket.socket], host: str) -> ssl.SSLSocket:
    stream = connect()
    try:
        return context.wrap_socket(stream, server_hostname=host)
    except BaseException:
        stream.close()
        raise


def _accepted(stream: ssl.SSLSocket) -> Check:
    certificate = stream.getpeercert() or {}
    facts = _facts(certificate)
    facts["protocol"] = stream.version()
    facts["chain"] = _chain_length(stream)
    days = _days_left(certificate)
    text = f"{stream.version()}; the certificate is of {facts['issuer']}, until {facts['until']}"
    if days is not None and days < _SOON_DAYS:
        advice = "Its owner should have renewed it. Ask, before it stops working."
        return Check("tls", WARNING, f"{text}, which is in {days} days", advice, facts)
    return Check("tls", OK, text, facts=facts)


def _refused(error: ssl.SSLCertVerificationError, certificate: Mapping[str, Any]) -> Check:
    code = error.verify_code
    text = _PROBLEMS.get(code, f"the certificate is not trusted (OpenSSL's code {code})")
    facts = {"verify_code": code}
    if certificate:
        facts.update(_facts(certificate))
        shown = facts["names"] if code in (_NAME, _ADDRESS) else facts["issuer"]
        about = "it names" if code in (_NAME, _ADDRESS) else "its issuer is"
        text = f"{text}; {about} {shown}; it ends {facts['until']}"
    return Check("tls", FAILED, text, _ADVICE.get(code, _UNTRUSTED_ADVICE), facts)


def _details(target: Target, connect: Callable[[], socket.socket], timeout: float) -> Mapping[str, Any]:
    """Return the certificate that was refused. Python only decodes one that it trusts."""
    try:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        with within(timeout, lambda: _wrap(context, connect, target.host)) as stream:
            encoded = stream.getpeercert(binary_form=True)
        if not encoded:
            return {}
        # Nothing is sent on this connection: it trusts whatever was received.
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_flags |= _ANY_ANCHOR
        context.load_verify_locations(cadata=ssl.DER_cert_to_PEM_cert(encoded))
        with within(timeout, lambda: _wrap(context, connect, target.host)) as stream:
            return stream.getpeercert() or {}
    except Exception:
        return {}


def _facts(certificate: Mapping[str, Any]) -> dict[str, Any]:
    until = certificate.get("notAfter")
    seconds = None if until is None else ssl.cert_time_to_seconds(until)
    names = [value for kind, value in certificate.get("subjectAltName", ())]
    return {
        "issuer": _name(certificate.get("issuer", ())),
        "names": ", ".join(names[:8]) or "nothing",
        "until": "?" if seconds is None else time.strftime("%Y-%m-%d", time.gmtime(seconds)),
    }


def _days_left(certificate: Mapping[str, Any]) -> Optional[int]:
    until = certificate.get("notAfter")
    return None if until is None else int((ssl.cert_time_to_seconds(until) - time.time()) // 86400)


def _name(parts: Any) -> str:
    values = {key: value for part in parts for key, value in part}
    words = [values[key] for key in ("organizationName", "commonName") if key in values]
    return " ".join(dict.fromkeys(words)) or "an issuer without a name"


def _chain_length(stream: ssl.SSLSocket) -> Optional[int]:
    """Return the number of certificates up to the trusted one, where Python can say it (3.13)."""
    verified = getattr(stream, "get_verified_chain", None)
    with contextlib.suppress(ssl.SSLError):
        return len(verified()) if verified else None
    return None
