"""``deepidv.Webhook``: what it verifies, reads and puts in order."""

import copy
import gc
import itertools
import json
import pickle
import random
import traceback
from datetime import datetime

import deepidv
import pytest
from webhooks import MALFORMED, RECORD, SECRET, event


def test_what_an_event_says():
    body = event()
    webhook = deepidv.Webhook.open(body, SECRET, SECRET)
    assert webhook.type is deepidv.WebhookType.SESSION_VERIFIED
    assert webhook.verdict is deepidv.Verdict.VERIFIED
    assert json.loads(webhook.key) == ["session.status.verified", "sess_abc", RECORD["updated_at"]]
    session = webhook.session
    assert isinstance(session, deepidv.RetrievedSession)
    assert (session.id, session.external_id, session.raw) == ("sess_abc", "order-1", body)
    assert session.status is deepidv.SessionStatus.VERIFIED
    assert session.progress is deepidv.SessionProgress.COMPLETED
    expected = tuple(
        datetime.fromisoformat(RECORD[name].replace("Z", "+00:00")) for name in ("created_at", "expires_at")
    )
    assert (session.created_at, session.expires_at) == expected
    assert session.record == RECORD
    assert webhook == deepidv.Webhook.open(bytearray(body), SECRET.encode(), [SECRET])
    assert pickle.loads(pickle.dumps(webhook)) == webhook
    # What may be logged has no personal data.
    assert "order-1" not in repr(webhook)


@pytest.mark.parametrize("type", ["session.status.voided", "Session.Created", "SESSION.STATUS.VERIFIED", "é"])
def test_unknown_types_are_kept(type):
    webhook = deepidv.Webhook.open(event(type), SECRET, SECRET)
    assert webhook.type == type
    assert not isinstance(webhook.type, deepidv.WebhookType)


def test_every_known_type():
    for known in deepidv.WebhookType:
        assert deepidv.Webhook.open(event(known.value), SECRET, SECRET).type is known


@pytest.mark.parametrize("signature", [None, "", "whsec_min", "whsec_mine ", "é", "\ud800", b"\xff", "a" * (1 << 20)])
def test_forged(signature):
    with pytest.raises(deepidv.ForgedWebhook) as caught:
        deepidv.Webhook.open(event(), signature, ["whsec_other", SECRET])
    assert caught.value.response_status == 401
    # Nothing is read of what is not verified.
    for body in (*MALFORMED.values(), b" " * (5 << 20)):
        with pytest.raises(deepidv.ForgedWebhook):
            deepidv.Webhook.open(body, signature, SECRET)


def test_rotation():
    old, both, new = (deepidv.WebhookSecrets(*s) for s in (["a1"], ["b2", "a1"], ["b2"]))
    for signature, secrets in (("a1", old), ("a1", both), ("b2", both), ("b2", new)):
        assert deepidv.Webhook.open(event(), signature, secrets)
    for signature, secrets in (("b2", old), ("a1", new), ("b2a1", both), ("c3", both)):
        with pytest.raises(deepidv.ForgedWebhook):
            deepidv.Webhook.open(event(), signature, secrets)


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed(name):
    with pytest.raises(deepidv.MalformedWebhook) as caught:
        deepidv.Webhook.open(MALFORMED[name], SECRET, SECRET)
    assert caught.value.response_status == 400
    assert isinstance(caught.value, (deepidv.WebhookError, ValueError))


def test_too_large():
    with pytest.raises(deepidv.WebhookTooLarge) as caught:
        deepidv.Webhook.open(event() + b" " * (4 << 20), SECRET, SECRET)
    assert caught.value.response_status == 413
    padded = event().ljust(deepidv.Webhook.SIZE_LIMIT)
    assert deepidv.Webhook.open(padded, SECRET, SECRET)


@pytest.mark.parametrize("secrets", [(), ("",), (SECRET, ""), (SECRET + "\n",), ("a" * 1025,), ("a",) * 17])
def test_secrets_that_are_none(secrets):
    with pytest.raises(deepidv.InvalidRequest) as caught:
        deepidv.WebhookSecrets(*secrets)
    assert caught.value.field == "secrets"
    assert SECRET not in str(caught.value)


def test_wrong_types():
    secrets = deepidv.WebhookSecrets(SECRET)
    for body, signature, known in (("{}", SECRET, secrets), (b"{}", 5, secrets), (b"{}", SECRET, [5])):
        with pytest.raises(TypeError) as caught:
            deepidv.Webhook.open(body, signature, known)
        assert SECRET not in str(caught.value)
    for make in (copy.copy, pickle.dumps):
        with pytest.raises(TypeError):
            make(secrets)


def test_no_secret_in_a_traceback():
    for body, signature in ((event(), "guess"), (b"x", SECRET)):
        with pytest.raises(deepidv.WebhookError) as caught:
            deepidv.Webhook.open(body, signature, [SECRET])
        shown = "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())
        ours = shown[shown.rindex("_clear_locals.py") :]
        assert SECRET not in ours and "order-1" not in ours


def test_by_way_of_json():
    error = deepidv.error_from_dict(deepidv.ForgedWebhook().to_dict())
    assert type(error) is deepidv.ForgedWebhook and error.name == "DEEPIDV_E_WEBHOOK_SIGNATURE"


def test_any_order_ends_alike():
    """Whichever way deliveries come, and however often, the state is the last event's."""
    opened = [
        deepidv.Webhook.open(event(type, status=status, updated_at=time), SECRET, SECRET)
        for type, status, time in [
            ("session.created", "PENDING", "2026-01-01T00:00:00.000Z"),
            ("session.status.submitted", "SUBMITTED", "2026-01-01T00:00:01.250Z"),
            # In the same millisecond.
            ("session.status.verified", "VERIFIED", "2026-01-01T00:00:01.250Z"),
            ("session.status.rejected", "REJECTED", "2026-01-01T02:00:01.5+02:00"),
        ]
    ]
    for count in range(1, 5):
        for order in itertools.permutations(opened[:count]):
            key = status = None
            for webhook in (*order, *random.sample(order, count)):
                if webhook.supersedes(key):
                    key, status = webhook.key, webhook.session.status
            assert status == opened[count - 1].session.status
    assert opened[2].supersedes(opened[1]) and not opened[1].supersedes(opened[2])
    assert not opened[0].supersedes("no key")
    other = deepidv.Webhook.open(event(id="sess_def"), SECRET, SECRET)
    assert not other.supersedes(opened[0])


def test_nothing_is_lost():
    secrets = deepidv.WebhookSecrets(SECRET)
    body = event(x="a" * 100_000)

    def resident():
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1])

    for _ in range(200):
        deepidv.Webhook.open(body, SECRET, secrets)
    gc.collect()
    before = resident()
    for _ in range(2000):
        deepidv.Webhook.open(body, SECRET, secrets)
        with pytest.raises(deepidv.MalformedWebhook):
            deepidv.Webhook.open(body[:-1], SECRET, secrets)
    gc.collect()
    assert resident() - before < 4000
