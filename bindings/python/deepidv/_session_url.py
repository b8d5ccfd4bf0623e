"""What the address that an applicant is sent to holds."""

import ctypes
import urllib.parse
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
    """The parts of a session URL, decoded. What it does not have is None."""

    session_id: Optional[str] = None
    """None if the URL does not have the documented shape, and then so is the rest."""
    org_id: Optional[str] = None
    redirect_url: Optional[str] = None


@clears_locals
def parse_session_url(url: Text) -> SessionURL:
    """Take a session URL of the documented shape apart: ``https://HOST/session/ID?oid=…&redirect_url=…``.

    Shapes may change, and one that is not known is no error: so hand the URL on untouched, and ask
    ``Session.id`` for the id of a session that you created. The host is not judged.

    :raises RepeatedParameter: if one of the two parameters occurs twice, with different values.
    """
    if not isinstance(url, (str, bytes)):
        raise TypeError(f"url must be str or bytes, not {type(url).__name__}")
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
        # In a path + is itself.
        None if session_id is None else urllib.parse.unquote(session_id, errors="surrogateescape"),
        None if org_id is None else decoded(org_id),
        None if redirect_url is None else decoded(redirect_url),
    )
