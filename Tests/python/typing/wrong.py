"""Wrong uses. Type checkers report each line that is marked, and no other."""

from __future__ import annotations

import deepidv


def create(client: deepidv.Client) -> str:
    client.create_session(first_name=5, last_name="B", email="a@b.example", phone="+1")  # wrong: an int
    client.create_session(first_name="A", last_name="B", email="a@b.example")  # wrong: no phone
    client.create_session("A", "B", "a@b.example", "+1")  # wrong: positional
    client.find_or_create_session(first_name="A", last_name="B", email="a", phone="+1")  # wrong: no id
    session = client.create_session(first_name="A", last_name="B", email="a@b.example", phone="+1")
    session.id = "other"  # wrong: frozen
    print(session.url.upper())  # wrong: it may be None
    print(session.uri)  # wrong: a misspelling
    client.update_status(session, "VERIFIED")  # wrong: the session, not its id
    client.list_page(page_size="10")  # wrong: a str
    for record in client.list_sessions():
        print(record.raw)  # wrong: a record of a list has none
    return session.url  # wrong: it may be None


def options() -> None:
    deepidv.Client()
    deepidv.Client("key", timeout="5")  # wrong: a str
    deepidv.Client("key", timeuot=5)  # wrong: a misspelling
    deepidv.Client("key", "https://example.com")  # wrong: positional
    deepidv.Client.from_env(timeout="5")  # wrong: a str
    deepidv.AsyncClient.from_env(timeuot=5)  # wrong: a misspelling
    print(deepidv.AsyncCleint)  # wrong: a misspelling


def redirects(url: str) -> bool:
    redirect = deepidv.parse_redirect(5)  # wrong: an int
    redirect.matches(None)  # wrong: None
    deepidv.StateKeys("a password")  # wrong: keys are bytes
    deepidv.redirect_url_with_state(url)  # wrong: no state
    return redirect.status  # wrong: not a bool


def webhook(body: str) -> deepidv.Verdict:
    deepidv.Webhook.open(body, "signature", "whsec_one")  # wrong: a decoded body
    opened = deepidv.Webhook.open(b"", None, ["whsec_one"])
    opened.supersedes(5)  # wrong: an int
    return opened.type  # wrong: another enum


async def asynchronous(client: deepidv.AsyncClient) -> str:
    session = client.retrieve_session("sess_abc")
    with client:  # wrong: needs async with
        return session.id  # wrong: not awaited


def errors() -> None:
    raise deepidv.OutcomeUnknown("text", reconcile_token=5)  # wrong: an int


def dictionaries(error: deepidv.DeepIDVError) -> deepidv.OutcomeUnknown:
    return deepidv.error_from_dict(error.to_dict())  # wrong: any class
