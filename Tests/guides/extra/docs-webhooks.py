# ruff: noqa: F821
# What the guide defines and does not call.
from starlette.testclient import TestClient

SECRET = os.environ["DEEPIDV_WEBHOOK_SECRET"]
record = b'{"id": "sess_abc", "status": "VERIFIED", "updated_at": "2026-01-01T12:03:21.512Z"}'
body = b'{"type": "session.status.verified", "data": ' + record + b"}"
assert received(body, SECRET) == 204
assert received(body, SECRET) == 204
assert received(body, "whsec_guess") == 401
assert received(body[:-1], SECRET) == 400
assert applied == {"sess_abc": '["session.status.verified","sess_abc","2026-01-01T12:03:21.512Z"]'}
with app.test_client() as client:
    for signature, status in ((SECRET, 204), ("whsec_guess", 401)):
        headers = {"deepidv-signature": signature}
        assert client.post("/webhooks/deepidv", data=body, headers=headers).status_code == status
for signature, status in ((SECRET, 204), ("whsec_old", 204), ("whsec_guess", 401)):
    headers = {"deepidv-signature": signature}
    assert TestClient(api).post("/webhooks/deepidv", content=body, headers=headers).status_code == status
