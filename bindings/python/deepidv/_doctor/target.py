"""What the options say: the service's URL, the proxy and the certificates.

The library does not return its options. It has accepted them, so what is read here is well-formed.
"""

from __future__ import annotations

import os
from typing import Any, Final, NamedTuple, Optional
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import proxy_bypass_environment  # type: ignore[attr-defined]

DEFAULT_URL: Final = "https://api.deepidv.com"
_PORTS: Final = {"http": 80, "https": 443, "socks5h": 1080}


class Proxy(NamedTuple):
    """A proxy. Its credentials are never printed."""

    scheme: str
    host: str
    port: int
    credentials: Optional[str]


class Target(NamedTuple):
    """Where requests go."""

    host: str
    port: int
    is_secure: bool
    path: str
    proxy: Optional[Proxy]
    ca_file: Optional[str]
    ca_folder: Optional[str]

    @property
    def url(self) -> str:
        """The URL of the service."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http{'s' if self.is_secure else ''}://{host}:{self.port}{self.path}"


def uses_environment() -> bool:
    """Return whether the common variables, such as HTTPS_PROXY, are options too."""
    return os.environ.get("DEEPIDV_USE_ENVIRONMENT") == "1"


def target(options: dict[str, Any]) -> Target:
    """Read the options of the command line and of the environment."""
    url = urlsplit(options.get("base_url") or os.environ.get("DEEPIDV_BASE_URL") or DEFAULT_URL)
    is_secure = url.scheme.lower() == "https"
    host = url.hostname or ""
    file = os.environ.get("DEEPIDV_CA_FILE")
    folder = None
    if not file and uses_environment():
        file, folder = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
    return Target(
        host=host,
        port=_port(url),
        is_secure=is_secure,
        path=url.path.rstrip("/"),
        proxy=_proxy(host) if is_secure else None,
        ca_file=file or None,
        ca_folder=folder or None,
    )


def common_proxy() -> Optional[str]:
    """Return the variable that names a proxy for all programs, if one is set."""
    return next((name for name in ("https_proxy", "HTTPS_PROXY") if os.environ.get(name)), None)


def _proxy(host: str) -> Optional[Proxy]:
    text = os.environ.get("DEEPIDV_PROXY")
    name = common_proxy()
    if text is None and name and uses_environment() and not proxy_bypass_environment(host):
        text = os.environ[name]
    if not text:
        return None
    url = urlsplit(text if "://" in text else f"http://{text}")
    login = None if url.username is None else f"{unquote(url.username)}:{unquote(url.password or '')}"
    return Proxy(url.scheme.lower(), url.hostname or "", _port(url), login)


def _port(url: SplitResult) -> int:
    return url.port or _PORTS.get(url.scheme.lower(), 443)
