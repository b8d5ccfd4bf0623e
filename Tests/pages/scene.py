"""Fills an emulator with sample data, for screenshots and for tests of the dashboard."""

PEOPLE = [
    ("Ada", "Lovelace", "order-1042", "https://yourapp.com/verify-callback"),
    ("Grace", "Hopper", "order-1043", "https://yourapp.com/verify-callback?lang=en"),
    ("Alan", "Turing", "order-1044", "https://yourapp.com/verify-callback"),
    ("Željko", "Šimić", "order-1045", "https://shop.example/done#identity"),
    ("Zoë", "Müller-Lüdenscheidt", None, None),
]


def create(emulator, first, last, external_id, redirect_url, **more):
    fields = {"external_id": external_id, "redirect_url": redirect_url, **more}
    email = f"{first.lower() if first.isascii() else 'someone'}@people.net"
    return emulator.session(
        first_name=first,
        last_name=last,
        email=email,
        **{name: value for name, value in fields.items() if value is not None},
    )


def fill(emulator, webhook_url):
    """Creates sessions in every state, a webhook, refused calls and a fault; returns the ids of the sessions."""
    emulator.command("clock", frozen=True, now="2026-03-02T09:30:00Z")
    emulator.command("webhooks", url=webhook_url, secret="whsec_tour")

    def later(seconds):
        emulator.command("clock", advance_seconds=seconds)

    ids = []
    for person in PEOPLE:
        ids.append(create(emulator, *person, workflow_id="wf_abc123", expires_in_hours=72))
        later(340)
    ada, grace, alan, zeljko, _ = ids
    for step in ("document", "selfie", "review"):
        emulator.step(ada, step)
        later(45)
    emulator.finish(ada, outcome="success")
    later(3)
    emulator.update(ada, "VERIFIED")
    emulator.finish(grace, outcome="failed", reason="document_unreadable")
    emulator.step(alan, "document")
    emulator.finish(zeljko, outcome="success")
    later(5)
    emulator.create("wrong_key_1234567")
    emulator.create(phone="12")
    emulator.command("faults", kind="status", status=503, method="GET")
    emulator.retrieve(ada)
    emulator.retrieve(ada)
    emulator.list(external_id="order-1042")
    return ids
