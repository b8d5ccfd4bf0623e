"""Parses the service's dates."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import Final, Optional

# fromisoformat() of Python 3.9 accepts neither a Z nor every fraction.
_ISO_8601: Final = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?"
    r"(?:[Zz]|([+-])(\d{2}):?(\d{2}))?",
    re.ASCII,
)


def moment(text: Optional[str]) -> Optional[datetime]:
    """Parse a date and time in ISO 8601. Without a zone it is UTC; other text becomes None.

    Digits beyond microseconds are cut off.
    """
    found = _ISO_8601.fullmatch(text) if text is not None else None
    if found is None:
        return None
    year, month, day, hour, minute, second, fraction, sign, hours, minutes = found.groups()
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    try:
        return datetime(
            int(year), int(month), int(day), int(hour), int(minute), int(second),
            int((fraction or "")[:6].ljust(6, "0")),
            timezone(-offset if sign == "-" else offset) if offset else timezone.utc,
        )  # fmt: skip
    except ValueError:
        return None
