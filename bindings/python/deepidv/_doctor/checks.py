"""All checks, in the order in which a request passes them."""

from __future__ import annotations

import argparse
import os
import socket
import warnings
from collections.abc import Iterator
from functools import partial
from typing import Any, Optional

from .._client import Client
from .._errors import DeepIDVError, InvalidOption, UnusableLibcurl
from .._service import service_options
from . import network, service, tls
from .check import FAILED, OK, WARNING, Check
from .readings import readings
from .service import Answer
from .target import Target, target
from .versions import versions


def checks(arguments: argparse.Namespace) -> Iterator[Check]:
    """Make all checks. Each has a bound on its time."""
    yield from versions()
    options = service_options(arguments)
    key = options.get("api_key") or os.environ.get("DEEPIDV_API_KEY", "")
    try:
        # Its warning is a check of its own.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            client = Client.from_env(
                **options, timeout=arguments.timeout, connect_timeout=arguments.timeout
            )
    except DeepIDVError as error:
        yield Check("options", FAILED, str(error), _option_advice(error))
        return
    with client:
        found = target(options)
        yield _options(found, key)
        yield from _network(client, found, arguments.timeout)


def _options(found: Target, key: str) -> Check:
    text = f"{found.url}; the key's fingerprint is {service.fingerprint(key)}"
    facts: dict[str, Any] = {"url": found.url, "key_fingerprint": service.fingerprint(key)}
    facts["ca_file"] = bool(found.ca_file or found.ca_folder)
    return Check("options", OK, text + ("; with a CA file" if facts["ca_file"] else ""), facts=facts)


def _option_advice(error: DeepIDVError) -> str:
    if isinstance(error, UnusableLibcurl):
        return "See libcurl."
    if isinstance(error, InvalidOption) and error.field == "api_key":
        return "Set DEEPIDV_API_KEY, or use --api-key-file."
    return "Correct the option, which is a DEEPIDV_ variable or an argument."


def _network(client: Client, found: Target, timeout: float) -> Iterator[Check]:
    yield network.proxy(found)
    lookup = network.lookup(found, timeout)
    yield lookup.check
    connection = network.connect(found, lookup.addresses, timeout) if lookup.addresses else None
    address: Optional[tuple[Any, ...]] = None
    if connection is not None:
        address = connection.address
        yield connection.check
    tunnel = network.tunnel(found, address, timeout) if address is not None else None
    if tunnel is not None:
        yield tunnel
        if tunnel.state != OK:
            address = None
    # Before the handshake is judged: the library has the last word on certificates.
    answer = service.ask(client)
    stream: Optional[socket.socket] = None
    if address is not None:
        opened = tls.handshake(found, partial(network.open_stream, found, address, timeout), timeout)
        yield _weighed(opened.check, answer)
        stream = opened.stream
    bare = None if stream is None else service.ask_without_key(found, stream, timeout)
    yield service.clock(bare)
    yield answer.check
    yield service.rate(bare, answer)
    of_400 = service.invalid_query(client) if answer.page is not None else None
    yield readings(bare, answer, of_400)


def _weighed(check: Check, answer: Answer) -> Check:
    """Return the check of the handshake; a warning if the library trusts what Python does not."""
    if check.state != FAILED or answer.check.facts.get("http_status") == 0:
        return check
    advice = "The library verified the connection. Python has other CA certificates, or it failed just now."
    return check._replace(state=WARNING, advice=advice)
