"""Clients whose operations are spans of OpenTelemetry. Needs ``opentelemetry-api``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from opentelemetry.trace import Span, SpanKind, Status, StatusCode, Tracer, get_tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from .. import AsyncClient, Client, Confirmation, Error, __version__
from .._completions import Pending
from .._operation import BlockingCompletion, Completion

_PROPAGATOR: Final = TraceContextTextMapPropagator()


class TracedClient(Client):
    """A ``Client`` whose operations are spans. Set ``tracer`` to use another one than the global."""

    tracer: Tracer = get_tracer("deepidv", __version__)

    def _run(self, completion: BlockingCompletion[Any]) -> None:
        with _span(self.tracer, completion):
            super()._run(completion)


class TracedAsyncClient(AsyncClient):
    """An ``AsyncClient`` whose operations are spans. See ``TracedClient``."""

    tracer: Tracer = TracedClient.tracer

    async def _run(self, pending: Pending) -> None:
        with _span(self.tracer, pending):
            await super()._run(pending)


@contextmanager
def _span(tracer: Tracer, completion: Completion[Any]) -> Iterator[None]:
    call = completion.call
    name = "deepidv" if call is None else f"deepidv.{call.operation.method}"
    # Not recorded, since messages of exceptions may contain anything.
    with tracer.start_as_current_span(
        name, kind=SpanKind.CLIENT, record_exception=False, set_status_on_exception=False
    ) as span:
        try:
            if call is not None and call.request is not None and not call.request.has_trace:
                carrier: dict[str, str] = {}
                _PROPAGATOR.inject(carrier)
                call.request.set_traceparent(carrier.get("traceparent", ""))
            yield
        except BaseException as raised:
            _describe(span, raised)
            raise
        _describe(span, completion.answer if completion.error is None else completion.error)


def _describe(span: Span, ended: Any) -> None:
    """Set the attributes: numbers, names, and the service's id of the request."""
    about = ended.session if isinstance(ended, Confirmation) else ended
    found = {
        "http.response.status_code": getattr(about, "http_status", 0) or None,
        "deepidv.attempts": getattr(about, "attempts", None),
        "deepidv.outcome": getattr(getattr(about, "outcome", None), "value", None),
        "deepidv.request_id": getattr(about, "request_id", None),
    }
    if isinstance(ended, BaseException):
        span.set_status(Status(StatusCode.ERROR))
        found["error.type"] = type(ended).__qualname__
        found["deepidv.cause"] = ended.cause if isinstance(ended, Error) else None
    span.set_attributes({name: value for name, value in found.items() if value is not None})
