"""Events as the service sends them, and what is none."""

import json

SECRET = "whsec_mine"
RECORD = {
    "id": "sess_abc",
    "external_id": "order-1",
    "status": "VERIFIED",
    "session_progress": "COMPLETED",
    "created_at": "2026-01-01T00:00:00.000Z",
    "updated_at": "2026-01-02T00:00:00.000Z",
    "expires_at": "2026-02-01T00:00:00.000Z",
    "location": {"city": "Zürich"},
}


def event(type="session.status.verified", **record):
    """The body of an event whose record has these members besides; None takes one out."""
    data = {name: value for name, value in {**RECORD, **record}.items() if value is not None}
    return json.dumps({"type": type, "data": data}, ensure_ascii=False).encode()


# Bodies with the right secret that are no events.
MALFORMED = {
    "empty": b"",
    "not JSON": b"type=session.created",
    "JSON of another kind": b"[]",
    "cut short": event()[:-20],
    "depth": b'{"type":"t","data":{"id":"s"},"x":' + b"[" * 10_000 + b"]" * 10_000 + b"}",
    "only depth": b"[" * 10_000,
    "duplicate keys": b'{"type":"session.created","data":{"id":"a","id":"b"}}',
    "no id": event(id=None),
    "no record": b'{"type":"session.created","data":null}',
    "not UTF-8": event(external_id="\xe9").decode().encode("latin-1"),
}
