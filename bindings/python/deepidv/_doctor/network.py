"""Name lookup, TCP and the tunnel of a proxy, with the standard library."""

from __future__ import annotations

import base64
import contextlib
import http.client
import socket
from collections.abc import Sequence
from typing import Any, Final, NamedTuple, Optional

from .check import FAILED, OK, SKIPPED, WARNING, Check, sentence, within
from .target import Proxy, Target, common_proxy, uses_environment

_SHOWN_ADDRESSES: Final = 4


class Lookup(NamedTuple):
    """A lookup: the check, and the addresses of the service or of the proxy."""

    check: Check
    addresses: Sequence[tuple[Any, ...]]


def lookup(target: Target, timeout: float) -> Lookup:
    """Look up the host that connections go to."""
    host, port = _first_hop(target)
    try:
        found = within(timeout, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
    except socket.gaierror as error:
        text = f"{host} has no address: {error.strerror}"
        advice = "Check the name, the DNS servers (/etc/resolv.conf) and the network of this machine."
        return Lookup(Check("lookup", FAILED, text, advice), ())
    except (TimeoutError, UnicodeError) as error:
        advice = "Check the name, and whether the DNS servers (/etc/resolv.conf) answer."
        return Lookup(Check("lookup", FAILED, f"{host}: {sentence(error)}", advice), ())
    addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
    shown = ", ".join(addresses[:_SHOWN_ADDRESSES])
    text = f"{host} is {shown}" + ("" if len(addresses) <= _SHOWN_ADDRESSES else ", ...")
    return Lookup(Check("lookup", OK, text, facts={"host": host, "addresses": addresses}), found)


class Connection(NamedTuple):
    """A connection attempt: the check, and the address that accepted."""

    check: Check
    address: Optional[tuple[Any, ...]]


def connect(target: Target, addresses: Sequence[tuple[Any, ...]], timeout: float) -> Connection:
    """Connect to the addresses, one after another, until one accepts."""
    host, port = _first_hop(target)
    refused: list[str] = []
    for family, kind, protocol, _, address in addresses[:_SHOWN_ADDRESSES]:
        try:
            with socket.socket(family, kind, protocol) as one:
                one.settimeout(timeout / min(len(addresses), _SHOWN_ADDRESSES))
                one.connect(address)
        except OSError as error:
            refused.append(f"{address[0]}: {sentence(error)}")
            continue
        text = f"{address[0]} accepts connections on port {port}"
        if refused:
            advice = "Every connection tries this address too. Repair its route, or remove it."
            return Connection(
                Check("connect", WARNING, f"{text}, but {'; '.join(refused)}", advice), address
            )
        return Connection(Check("connect", OK, text), address)
    where = "the proxy" if target.proxy else "the service"
    advice = f"Check that {host} is right, and that firewalls let this machine reach {where} there."
    return Connection(Check("connect", FAILED, f"port {port}: {'; '.join(refused)}", advice), None)


def proxy(target: Target) -> Check:
    """Say which proxy is used."""
    used, variable = target.proxy, common_proxy()
    if used is not None:
        login = " with a login" if used.credentials is not None else ""
        return Check("proxy", OK, f"{used.scheme}://{used.host}:{used.port}{login}")
    if variable and target.is_secure and not uses_environment():
        advice = f"Set DEEPIDV_USE_ENVIRONMENT=1 if connections must use it, or unset {variable}."
        return Check("proxy", WARNING, f"none; {variable} is set, but not read", advice)
    return Check("proxy", OK, "none")


def open_stream(target: Target, address: tuple[Any, ...], timeout: float) -> socket.socket:
    """Connect to the service, through an http proxy if there is one.

    :raises TunnelError: if the proxy refuses.
    """
    stream = socket.create_connection(address[:2], timeout)
    try:
        if target.proxy is not None:
            _open_tunnel(stream, target, target.proxy)
    except BaseException:
        stream.close()
        raise
    return stream


class TunnelError(Exception):
    """The proxy refused to connect to the service. The argument is its HTTP status."""


def tunnel(target: Target, address: tuple[Any, ...], timeout: float) -> Optional[Check]:
    """Check that the proxy connects to the service; None if there is no proxy."""
    used = target.proxy
    if used is None:
        return None
    if used.scheme != "http":
        return Check("tunnel", SKIPPED, f"not checked through {used.scheme} proxies; see the request")
    try:
        within(timeout, lambda: open_stream(target, address, timeout).close())
    except TunnelError as error:
        [status] = error.args
        login = " Check the user name and password in the proxy's URL." if status == 407 else ""
        advice = f"Ask for permission to connect to {target.host}:{target.port} through it.{login}"
        return Check("tunnel", FAILED, f"the proxy refuses the connection (HTTP {status})", advice)
    except (OSError, http.client.HTTPException) as error:
        advice = "Check that it is an HTTP proxy, and running."
        return Check("tunnel", FAILED, f"the proxy does not answer: {sentence(error)}", advice)
    return Check("tunnel", OK, f"the proxy connects to {target.host}:{target.port}")


def _open_tunnel(stream: socket.socket, target: Target, used: Proxy) -> None:
    host = f"[{target.host}]" if ":" in target.host else target.host
    lines = [f"CONNECT {host}:{target.port} HTTP/1.1", f"Host: {host}:{target.port}"]
    if used.credentials is not None:
        encoded = base64.b64encode(used.credentials.encode()).decode("ascii")
        lines.append(f"Proxy-Authorization: Basic {encoded}")
    stream.sendall("\r\n".join([*lines, "", ""]).encode("ascii"))
    # Only the header: what follows belongs to the tunnel.
    response = http.client.HTTPResponse(stream, method="CONNECT")
    with contextlib.closing(response):
        response.begin()
        if response.status != 200:
            raise TunnelError(response.status)


def _first_hop(target: Target) -> tuple[str, int]:
    hop = target.proxy or target
    return hop.host, hop.port
