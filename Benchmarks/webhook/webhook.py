"""Measures how long a webhook takes to be verified and read, in C and in Python.

webhook.py PROGRAM ROUNDS
"""

import hmac
import json
import statistics
import subprocess
import sys
import tempfile
import time

import deepidv

SECRET = "whsec_0123456789abcdef0123456789abcdef"
COUNT = 20_000
SIZE = 2048

RECORD = {
    "id": "sess_w1nparvv7qs4pgnz5v6j",
    "organization_id": "org_0123456789",
    "user_id": "user_0123456789",
    "sender_user_id": "user_9876543210",
    "external_id": "order-1042",
    "status": "VERIFIED",
    "type": "session",
    "session_progress": "COMPLETED",
    "workflow_id": "wf_abc123",
    "redirect_url": "https://yourapp.com/verify-callback",
    "created_at": "2026-01-01T12:00:00.000Z",
    "updated_at": "2026-01-01T12:03:21.512Z",
    "submitted_at": "2026-01-01T12:02:59.001Z",
    "expires_at": "2026-01-31T12:00:00.000Z",
    "location": {"city": "Toronto", "country": "Canada"},
    "uploads": {"selfie": True, "document_front": True, "document_back": False},
    "meta_data": {
        "browserName": "Firefox",
        "timezoneOffset": -300,
        "userAgent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
        "ipAddress": "203.0.113.195",
    },
    "analysis_data": [],
}


def body():
    """An event of about 2 KB: a record with every member of the contract, and an analysis."""
    while True:
        text = json.dumps({"type": "session.status.verified", "data": RECORD}, separators=(",", ":")).encode()
        if len(text) >= SIZE:
            return text
        number = len(RECORD["analysis_data"])
        RECORD["analysis_data"].append(
            {
                "check": f"check_{number}",
                "passed": True,
                "confidence": 0.97,
                "description": "The portrait matches the photo on the document.",
            }
        )


def per_call(call):
    start = time.thread_time()
    for _ in range(COUNT // 10):
        call()
    return (time.thread_time() - start) / (COUNT // 10) * 1e9


def main():
    program, rounds = sys.argv[1], int(sys.argv[2])
    event = body()
    secrets = deepidv.WebhookSecrets(SECRET)

    def by_hand():
        if hmac.compare_digest(SECRET, SECRET):
            return json.loads(event)

    assert deepidv.Webhook.open(event, SECRET, secrets).session.record == by_hand()["data"]
    with tempfile.NamedTemporaryFile() as file:
        file.write(event)
        file.flush()

        def in_c():
            command = [program, file.name, SECRET, str(COUNT)]
            shown = subprocess.run(command, check=True, capture_output=True, text=True)
            return [float(word) for word in shown.stdout.split()]

        # In turns, so that whatever else the machine does happens to all.
        taken = [
            (*in_c(), per_call(by_hand), per_call(lambda: deepidv.Webhook.open(event, SECRET, secrets)))
            for _ in range(rounds)
        ]
    c, mallocs, hand, ours = (statistics.median(column) for column in zip(*taken))
    print(f"an event of {len(event)} bytes; medians of {rounds} rounds; Python {sys.version.split()[0]}")
    print(f"{'':44} {'us':>8} {'x':>8} {'mallocs':>8}")
    rows = [
        ("C: deepidv_webhook_open, _session, _free", c, f"{mallocs:.1f}"),
        ("Python: hmac.compare_digest, json.loads", hand, "-"),
        ("Python: deepidv.Webhook.open", ours, "-"),
    ]
    for name, nanoseconds, count in rows:
        print(f"{name:44} {nanoseconds / 1000:8.2f} {nanoseconds / c:8.1f} {count:>8}")


if __name__ == "__main__":
    main()
