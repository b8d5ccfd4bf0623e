"""Parses a session URL."""

import ctypes
from dataclasses import dataclass
from typing import Optional

from . import _abi
from ._clear_locals import clears_locals
from ._errors import refusal
from ._library import instant
from ._redirect import decoded, encoded
from ._text import Text


@dataclass(frozen=True)
class SessionURL:
    """The parts of a session URL, decoded. Absent parts are None."""

    session_id: Optional[str] = None
    """None if the URL does not have the documented form; the other parts are None too."""
    org_id: Optional[str] = None
    redirect_url: Optional[str] = None


@clears_locals
def parse_session_url(url: Text) -> SessionURL:
    """Parse a session URL of the documented form: ``https://HOST/session/ID?oid=…&redirect_url=…``.

    The form may change, and an unknown form is not an error: pass the URL on unchanged, and use
    ``Session.id`` for the id of a session that you created. The host is not checked.

    :raises RepeatedParameter: if one of the two parameters is repeated with a different value.
    """
    if not isinstance(url, (str, bytes)):
        raise TypeError(f"url must be str or bytes, not {type(url).__name__}")
    # Slow to import, and only needed here.
    from urllib.parse import unquote

    raw = encoded(url)
    parts = _abi.deepidv_session_url()
    status = instant.deepidv_session_url_parse(raw, len(raw), ctypes.byref(parts))
    if status:
        raise refusal(status)

    def piece(bit: int, span: _abi.deepidv_span) -> Optional[bytes]:
        return raw[span.offset : span.offset + span.length] if parts.present & bit else None

    session_id = piece(_abi.DEEPIDV_SESSION_URL_HAS_SESSION_ID, parts.session_id)
    org_id = piece(_abi.DEEPIDV_SESSION_URL_HAS_ORG_ID, parts.org_id)
    redirect_url = piece(_abi.DEEPIDV_SESSION_URL_HAS_REDIRECT_URL, parts.redirect_url)
    return SessionURL(
        # In a path, + is a literal plus.
        None if session_id is None else unquote(session_id, errors="surrogateescape"),
        None if org_id is None else decoded(org_id),
        None if redirect_url is None else decoded(redirect_url),
    )
