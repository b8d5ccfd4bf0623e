"""A user's program that uses every public name. Type checkers accept it, in their strict modes."""

from __future__ import annotations

import asyncio
import datetime
import os
from collections.abc import Iterator
from typing import Any, Optional, Union

import deepidv
from deepidv import webhooks

Text = Union[str, bytes]


def settings(client: deepidv.Client) -> deepidv.Client:
    with deepidv.Client(
        b"key",
        base_url="http://emulator:8080",
        allow_http_hosts=["emulator"],
        timeout=5,
        connect_timeout=0.5,
        ca_file=os.devnull,
        proxy=None,
        user_agent="mine/1",
        max_in_flight=10,
        rate_limit=0,
        rate_burst=1,
        connection_reuse=False,
        make_external_id=True,
        repeat_guard=True,
        settle=60.0,
        log_level="info",
        use_environment=False,
    ) as other:
        other.close()
    return deepidv.Client.from_env(timeout=3.5, allow_http_hosts="emulator")


def counters(client: Union[deepidv.Client, deepidv.AsyncClient]) -> float:
    stats: deepidv.Stats = client.stats()
    return stats.elapsed + stats.submitted + sum(count for bound, count in stats.latency if bound < 1.0)


def create(client: deepidv.Client) -> Optional[str]:
    session: deepidv.Session = client.create_session(
        first_name="Ada",
        last_name=b"Lovelace",
        email="ada@example.com",
        phone="+15192223333",
        external_id="order-1",
        send_email_invite=False,
        send_phone_invite=None,
        workflow_id="wf",
        redirect_url="https://example.com/cb",
        expires_in_hours=24,
        search_first=True,
        traceparent="00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    )
    request_id: Optional[str] = session.request_id
    links: list[tuple[str, Optional[str]]] = [(link.url, link.rel) for link in session.links]
    first: deepidv.Link = session.links[0]
    raw: bytes = session.raw
    seconds: float = session.elapsed + session.attempts + session.http_status + len(links) + len(raw)
    flags: tuple[bool, bool, bool] = (session.created, session.reconciled, first.url == session.id)
    if session.facts & deepidv.ResultFact.SESSION_URL_REFUSED or deepidv.ResultFact.MORE_LINKS in session.facts:
        return session.expires_at
    record: dict[str, Any] = session.to_dict()
    outcome: deepidv.Outcome = session.outcome
    print(seconds, flags, request_id, record, outcome.value, outcome is deepidv.Outcome.CREATED)
    found: deepidv.Session = client.find_or_create_session(
        first_name="A", last_name="B", email="a@b.example", phone="+1", external_id=session.external_id or ""
    )
    again: deepidv.Session = client.create_session_from({"firstName": "Ada"}, search_first=False)
    return found.url or again.url


def read(client: deepidv.Client, session_id: str) -> Iterator[str]:
    record: deepidv.RetrievedSession = client.retrieve_session(session_id)
    if record.status is deepidv.SessionStatus.VERIFIED or record.progress == deepidv.SessionProgress.COMPLETED:
        yield record.id
    moments: list[Optional[datetime.datetime]] = [
        record.created_at,
        record.expires_at,
        record.updated_at,
        record.submitted_at,
    ]
    texts: list[Optional[str]] = [
        record.external_id,
        record.type,
        record.organization_id,
        record.user_id,
        record.sender_user_id,
        record.workflow_id,
        record.redirect_url,
    ]
    uploaded: bool = record.uploads["id_front"]
    print(moments, texts, uploaded, record.location, record.raw[:1], record.record["id"], record.reconciled)
    print(record.workflow_steps, record.meta_data, record.analysis_data)
    page: deepidv.SessionPage = client.list_page(page_size=10, next_token=None, external_id="order-1")
    one: deepidv.SessionRecord
    for one in (*page.sessions, *client.list_sessions(external_id="order-1", page_size=50)):
        yield one.id + (page.next_token or "")
    decided: deepidv.RetrievedSession = client.update_status(session_id, deepidv.SessionStatus.REJECTED)
    waited: deepidv.RetrievedSession = client.wait_for_decision(session_id, timeout=1)
    yield client.update_status(session_id, "VERIFIED").id + decided.id + waited.id


def returned(client: deepidv.Client, url: Text, expected: str) -> deepidv.Verdict:
    redirect: deepidv.Redirect = deepidv.parse_redirect(url)
    if not redirect.matches(expected) or redirect.facts & deepidv.RedirectFact.NO_SESSION_ID:
        print(redirect.session_id, redirect.fragment, redirect.other_session_id)
    if redirect.status is deepidv.RedirectStatus.SUCCESS or redirect.reason is deepidv.RedirectReason.UNKNOWN:
        print(dict(deepidv.redirect_parameters(url)).get("mine", "").upper())
    parts: deepidv.SessionURL = deepidv.parse_session_url(url)
    print(parts.session_id, parts.org_id, parts.redirect_url)
    keys = deepidv.StateKeys(b"k" * 32, bytearray(16))
    address: str = deepidv.redirect_url_with_state("https://example.com/cb", keys.make("cookie", lifetime=60))
    try:
        keys.verify(address, "cookie")
    except (deepidv.MalformedState, deepidv.ForgedState, deepidv.ForeignState, deepidv.ExpiredState):
        raise
    except (deepidv.StateError, deepidv.RepeatedParameter) as error:
        print(error.name)
    confirmation: deepidv.Confirmation = client.confirm_redirect(url, expected)
    session: Optional[deepidv.RetrievedSession] = confirmation.session
    return confirmation.verdict if session else deepidv.Verdict.FORGED


def errors(client: deepidv.Client) -> float:
    """Every class, the most specific ones first."""
    try:
        create(client)
    except deepidv.CreatedThoughCancelled as error:
        print(error.session.id)
    except deepidv.DuplicateSessions as error:
        print(", ".join(error.session_ids))
    except deepidv.DecisionUnknown as error:
        print(error.session.id if error.session else None)
    except deepidv.OutcomeUnknown as error:
        return error.retry_after + len(client.reconcile(error.reconcile_token or "").id)
    except deepidv.NoDecision as error:
        print(error.session)
    except (deepidv.RateLimited, deepidv.NotSent, deepidv.NotProcessed, deepidv.NoAnswer, deepidv.BusyError) as error:
        return error.retry_after
    except deepidv.TryAgain as error:
        print(error.cause)
    except (deepidv.BadRequest, deepidv.Unauthorized, deepidv.InsufficientBalance, deepidv.Forbidden) as error:
        print(error.api_message, error.api_code, error.hints)
    except (deepidv.NotFound, deepidv.Refused, deepidv.Redirected) as error:
        print(error.http_status)
    except deepidv.ServiceError as error:
        print(error.raw)
    except (deepidv.InvalidOption, deepidv.InvalidRequest) as error:
        print(error.field)
    except (deepidv.ClosedError, deepidv.ForkedError, deepidv.UnusableLibcurl) as error:
        print(error.status)
    except deepidv.DeepIDVError as error:
        again: deepidv.Error = deepidv.error_from_dict(error.to_dict())
        print(again.outcome is deepidv.Outcome.INVALID, again.external_id, again.attempts, again.elapsed)
    return 0.0


def event(body: bytes, signature: Optional[str]) -> int:
    secrets = deepidv.WebhookSecrets("whsec_one", b"whsec_two")
    try:
        webhook: deepidv.Webhook = deepidv.Webhook.open(body, signature, secrets)
    except (deepidv.ForgedWebhook, deepidv.MalformedWebhook, deepidv.WebhookTooLarge) as error:
        return error.response_status
    except deepidv.WebhookError:
        return 400
    if webhook.type is deepidv.WebhookType.SESSION_VERIFIED and webhook.verdict is deepidv.Verdict.VERIFIED:
        print(webhook.session.id, webhook.key, webhook.supersedes(None), deepidv.Webhook.SIZE_LIMIT)
    print(webhook.supersedes(webhook), webhook.supersedes(webhook.key), webhooks.SIGNATURE)
    return 200


async def asynchronous() -> None:
    async with deepidv.AsyncClient("key", timeout=5) as client:
        session: deepidv.Session = await client.create_session(
            first_name="A", last_name="B", email="a@b.example", phone="+1"
        )
        made: deepidv.Session = await client.create_session_from({"first_name": "A"})
        found: deepidv.Session = await client.find_or_create_session(
            first_name="A", last_name="B", email="a@b.example", phone="+1", external_id=made.id
        )
        record: deepidv.RetrievedSession = await client.retrieve_session(session.id)
        page: deepidv.SessionPage = await client.list_page()
        async for one in client.list_sessions(page_size=5):
            print(one.id, page.attempts)
        confirmation: deepidv.Confirmation = await client.confirm_redirect("?session_id=a", found.id)
        await client.update_status(record.id, "VERIFIED")
        await client.wait_for_decision(record.id)
        print(confirmation.verdict.value, await client.reconcile("token"))
    await deepidv.AsyncClient.from_env(api_key="key").aclose()


if __name__ == "__main__":
    print(deepidv.__version__.split("."))
    asyncio.run(asynchronous())
