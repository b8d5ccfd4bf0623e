"""deepidv.contrib.opentelemetry with the SDK, which keeps the spans in memory."""

import asyncio
import threading

import deepidv
import pytest
from conftest import APPLICANT
from deepidv.contrib.opentelemetry import TracedAsyncClient, TracedClient
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from peer import NO_SESSIONS, answer, hang_up, say_nothing

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
RECORD = {"session_record": {"id": "sess_1", "status": "VERIFIED"}}
ID = "X-Request-Id: req-42"
ECHO = {"message": " ".join(APPLICANT.values()), "hints": ["Lovelace"], "code": "ada@example.com"}


@pytest.fixture
def spans(monkeypatch):
    """Return a function that returns the spans that have ended."""
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    for kind in (TracedClient, TracedAsyncClient):
        monkeypatch.setattr(kind, "tracer", provider.get_tracer("deepidv"))
    yield exporter.get_finished_spans
    provider.shutdown()


def blocking(peer, call, **options):
    with TracedClient("key", base_url=peer.url, rate_limit=0, timeout=2, **options) as client:
        return call(client)


def in_a_loop(peer, call, **options):
    async def run():
        async with TracedAsyncClient("key", base_url=peer.url, rate_limit=0, timeout=2, **options) as client:
            return await call(client)

    return asyncio.run(run())


def header(span):
    context = span.context
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{int(context.trace_flags):02x}"


both = pytest.mark.parametrize("way", [blocking, in_a_loop])


@both
def test_a_create(spans, start_peer, way):
    peer = start_peer(answer(429, {}), answer(headers=[ID]))
    session = way(peer, lambda client: client.create_session(**APPLICANT))
    (span,) = spans()
    assert session.id == "sess_1"
    assert (span.name, span.kind) == ("deepidv.create_session", trace.SpanKind.CLIENT)
    assert dict(span.attributes) == {
        "http.response.status_code": 200,
        "deepidv.attempts": 2,
        "deepidv.outcome": "created",
        "deepidv.request_id": "req-42",
    }
    assert span.status.status_code is trace.StatusCode.UNSET
    assert [request.header("traceparent") for request in peer.end()] == [header(span)] * 2


@both
@pytest.mark.parametrize(
    ("name", "response", "call"),
    [
        ("retrieve_session", RECORD, lambda client: client.retrieve_session("sess_1")),
        ("list_page", NO_SESSIONS, lambda client: client.list_page()),
        ("confirm_redirect", RECORD, lambda client: client.confirm_redirect("?session_id=sess_1", "sess_1")),
    ],
)
def test_what_reads(spans, start_peer, way, name, response, call):
    peer = start_peer(answer(200, response, headers=[ID]))
    way(peer, call)
    (span,) = spans()
    assert span.name == f"deepidv.{name}"
    assert dict(span.attributes) == {
        "http.response.status_code": 200,
        "deepidv.attempts": 1,
        "deepidv.request_id": "req-42",
    }
    assert peer.end()[0].header("traceparent") is None


def test_a_redirect_that_is_forged_sends_nothing(spans, start_peer):
    blocking(start_peer(), lambda client: client.confirm_redirect("?session_id=other", "sess_1"))
    assert [(span.name, dict(span.attributes)) for span in spans()] == [("deepidv.confirm_redirect", {})]


def test_each_page_of_a_list_is_a_span(spans, start_peer):
    first = {"sessions": [{"id": "a"}], "next_token": "t"}
    peer = start_peer(answer(200, first), answer(200, NO_SESSIONS))
    blocking(peer, lambda client: list(client.list_sessions()))
    assert [span.name for span in spans()] == ["deepidv.list_page"] * 2


@both
@pytest.mark.parametrize(
    ("act", "attributes"),
    [
        (
            answer(400, ECHO, headers=[ID]),
            {
                "error.type": "BadRequest",
                "deepidv.cause": "DEEPIDV_E_BAD_REQUEST",
                "deepidv.outcome": "refused",
                "deepidv.request_id": "req-42",
                "deepidv.attempts": 1,
                "http.response.status_code": 400,
            },
        ),
        (
            hang_up,
            {
                "error.type": "OutcomeUnknown",
                "deepidv.cause": "DEEPIDV_E_CONNECTION_LOST",
                "deepidv.outcome": "unknown",
                "deepidv.attempts": 1,
            },
        ),
    ],
)
def test_a_failure(spans, start_peer, way, act, attributes):
    peer = start_peer(act)
    with pytest.raises(deepidv.Error):
        way(peer, lambda client: client.create_session(**APPLICANT), make_external_id=False)
    (span,) = spans()
    assert dict(span.attributes) == attributes
    assert (span.status.status_code, span.status.description) == (trace.StatusCode.ERROR, None)
    assert span.events == ()
    for secret in [*APPLICANT.values(), "'key'", "refused the"]:
        assert secret not in span.to_json()


def test_an_operation_that_is_refused_before_it_is_sent(spans, start_peer):
    client = TracedClient("key", base_url=start_peer().url)
    client.close()
    with pytest.raises(deepidv.ClosedError):
        client.create_session(**APPLICANT)
    (span,) = spans()
    assert span.attributes["error.type"] == "ClosedError"
    # Rejected arguments are no operation.
    with pytest.raises(deepidv.InvalidRequest):
        client.create_session(**{**APPLICANT, "phone": "5"})
    assert len(spans()) == 1


def test_a_task_that_is_cancelled(spans, start_peer):
    async def run(client):
        task = asyncio.create_task(client.create_session(**APPLICANT))
        await asyncio.to_thread(peer.wait_for, 1)
        task.cancel()
        with pytest.raises(deepidv.OutcomeUnknown):
            await task

    peer = start_peer(say_nothing)
    in_a_loop(peer, run)
    (span,) = spans()
    assert dict(span.attributes) == {"error.type": "CancelledError"}


def test_operations_at_once_have_the_span_of_their_task_as_parent(spans, start_peer):
    async def run(client):
        async def one(number):
            with TracedAsyncClient.tracer.start_as_current_span(f"job {number}"):
                await client.create_session(**APPLICANT, external_id=f"mine-{number}")

        await asyncio.gather(*map(one, range(20)))

    peer = start_peer()
    in_a_loop(peer, run)
    found = spans()
    jobs = {span.context.span_id: span.name for span in found if span.name.startswith("job")}
    creates = {header(span): jobs[span.parent.span_id] for span in found if not span.name.startswith("job")}
    assert len(creates) == 20
    sent = {request.header("traceparent"): f"job {request.json['external_id'][5:]}" for request in peer.end()}
    assert sent == creates


def test_threads(spans, start_peer):
    def run(client):
        threads = [threading.Thread(target=client.create_session, kwargs=APPLICANT) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    blocking(start_peer(), run, repeat_guard=False)
    assert len({span.context.span_id for span in spans()}) == 8


@both
def test_a_trace_of_the_caller_s_own_is_kept(spans, start_peer, way):
    peer = start_peer()
    way(peer, lambda client: client.create_session_from(APPLICANT, traceparent=TRACE))
    assert [request.header("traceparent") for request in peer.end()] == [TRACE]
    assert len(spans()) == 1


def test_without_an_sdk_nothing_is_sent(start_peer):
    peer = start_peer()
    assert blocking(peer, lambda client: client.create_session(**APPLICANT)).id == "sess_1"
    assert peer.end()[0].header("traceparent") is None


def test_no_frame_has_personal_data(spans, start_peer):
    from test_frames import check

    try:
        blocking(start_peer(answer(400, ECHO)), lambda client: client.create_session(**APPLICANT))
    except deepidv.BadRequest as error:
        check(error)
    else:
        raise AssertionError


def test_log_records_belong_to_the_span(spans, start_peer, caplog):
    seen = []
    caplog.handler.addFilter(lambda record: seen.append(trace.get_current_span().get_span_context().span_id) or True)
    caplog.set_level("INFO", "deepidv")
    blocking(start_peer(), lambda client: client.create_session(**APPLICANT), log_level="info")
    assert seen == [span.context.span_id for span in spans()]


def test_no_instruction_loses_a_session(spans, start_peer, applicant):
    """Nor do the instructions of the spans themselves: see test_interrupted."""
    from test_interrupted import Creates, Interrupter

    peer = start_peer()
    with TracedClient("key", base_url=peer.url, rate_limit=0) as client:
        creates = Creates(client, applicant)
        number = 1
        while creates.one(Interrupter(number)):
            number += 1
    creates.check(peer.end())
    assert number > 300
    assert creates.ends >= {"created", "not executed", "created though"}
