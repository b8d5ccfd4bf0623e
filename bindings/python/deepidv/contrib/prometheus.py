"""Metrics for Prometheus: the statistics of clients. Needs ``prometheus_client``."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator
from typing import Final, Union

from prometheus_client.core import CounterMetricFamily as Counter
from prometheus_client.core import GaugeMetricFamily as Gauge
from prometheus_client.core import HistogramMetricFamily as Histogram
from prometheus_client.core import Metric

from .. import AsyncClient, Client, ForkedError, Stats

_OUTCOMES: Final = ("succeeded", "not_executed", "outcome_unknown", "refused", "failed")
_COUNTERS: Final = {
    "submitted": ("operations_submitted", "Operations that were accepted."),
    "cancelled": ("operations_cancelled", "Operations that were cancelled, whatever their outcome."),
    "timed_out": ("operations_timed_out", "Operations whose time ran out, whatever their outcome."),
    "requests": ("requests", "Requests that were sent, with retries and searches."),
    "retries": ("retries", "Requests that were sent again."),
    "searches": ("searches", "Requests that searched for a lost session or decision."),
    "throttled": ("throttled", "Responses with status 429."),
    "connections_opened": ("connections_opened", "Connections that were made."),
    "connections_reused": ("connections_reused", "Requests on a connection that had carried one before."),
    "connections_stale": ("connections_stale", "Kept connections that turned out to be closed."),
    "bytes_sent": ("sent_bytes", "Bytes of HTTP requests, before encryption."),
    "bytes_received": ("received_bytes", "Bytes of HTTP responses, after decryption."),
    "logs_lost": ("logs_lost", "Log records that were dropped because nobody took them."),
}
# The buckets from 2^10 to 2^27 microseconds: 1 ms to 134 s. The others are added to their neighbours.
_BUCKETS: Final = slice(9, 27)


class StatsCollector:
    """Exports ``stats()`` of clients; the names of the arguments become the label ``client``.

    ``REGISTRY.register(StatsCollector(web=client))``. A client from before a fork is left out in the child.
    """

    def __init__(self, **clients: Union[Client, AsyncClient]) -> None:
        self._clients = clients

    def collect(self) -> Iterator[Metric]:
        """Read the statistics of all clients."""
        found: dict[str, Stats] = {}
        for name, client in self._clients.items():
            with contextlib.suppress(ForkedError):
                found[name] = client.stats()
        flying = Gauge("deepidv_operations_in_flight", "Operations that have not ended.", labels=["client"])
        ended = Counter("deepidv_operations_ended", "Operations that ended.", labels=["client", "outcome"])
        durations = Histogram("deepidv_operation_duration_seconds", "Durations.", labels=["client"])
        for name, stats in found.items():
            flying.add_metric([name], stats.in_flight)
            for outcome in _OUTCOMES:
                ended.add_metric([name, outcome], getattr(stats, outcome))
            durations.add_metric([name], _buckets(stats), stats.elapsed)
        yield from (flying, ended, durations)
        for member, (metric, text) in _COUNTERS.items():
            counter = Counter(f"deepidv_{metric}", text, labels=["client"])
            for name, stats in found.items():
                counter.add_metric([name], getattr(stats, member))
            yield counter


def _buckets(stats: Stats) -> list[tuple[str, float]]:
    totals = list(itertools.accumulate(count for _, count in stats.latency))
    bounds = [str(bound) for bound, _ in stats.latency]
    return [*zip(bounds[_BUCKETS], totals[_BUCKETS]), ("+Inf", totals[-1])]
