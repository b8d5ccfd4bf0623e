"""deepidv.contrib.prometheus with prometheus_client, and the dashboard that shows its metrics."""

import json
import os
import re

import deepidv
import prometheus_client
import promql_parser
import pytest
from conftest import ROOT
from deepidv.contrib.prometheus import StatsCollector
from grafana_foundation_sdk.cog import encoder, plugins
from grafana_foundation_sdk.models import dashboard
from peer import answer, hang_up
from prometheus_client.parser import text_string_to_metric_families

DASHBOARD = json.loads((ROOT / "docs" / "grafana-dashboard.json").read_text("utf-8"))


@pytest.fixture
def registry():
    return prometheus_client.CollectorRegistry(auto_describe=True)


def samples(registry):
    """Return the values by name and labels, as a server would scrape them."""
    text = prometheus_client.generate_latest(registry).decode()
    families = list(text_string_to_metric_families(text))
    assert all(family.documentation for family in families)
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value for family in families for sample in family.samples
    }


def test_what_is_scraped(registry, start_peer, applicant):
    peer = start_peer(answer(), answer(429, {}), answer(400, {"message": "no"}), hang_up)
    options = {"base_url": peer.url, "rate_limit": 0, "make_external_id": False}
    with deepidv.Client("key", **options) as web, deepidv.Client("key", **options) as idle:
        registry.register(StatsCollector(web=web, idle=idle))
        web.create_session(**applicant)
        with pytest.raises(deepidv.BadRequest):
            web.create_session(**applicant)
        with pytest.raises(deepidv.OutcomeUnknown):
            web.create_session(**applicant)
        stats = web.stats()
        found = samples(registry)
    label = ("client", "web")
    outcomes = {name[2][1]: value for name, value in found.items() if name[0].endswith("ended_total") and label in name}
    assert outcomes == {"succeeded": 1, "refused": 1, "outcome_unknown": 1, "failed": 0, "not_executed": 0}
    assert found["deepidv_operations_in_flight", label] == 0
    assert found["deepidv_operations_submitted_total", label] == 3
    assert found["deepidv_requests_total", label] == len(peer.end()) == 4
    assert found["deepidv_throttled_total", label] == found["deepidv_retries_total", label] == 1
    assert found["deepidv_sent_bytes_total", label] == stats.bytes_sent > 0
    assert found["deepidv_operation_duration_seconds_count", label] == 3
    assert found["deepidv_operation_duration_seconds_sum", label] == stats.elapsed > 0
    buckets = [(name, value) for name, value in found.items() if name[0].endswith("_bucket") and label in name]
    assert [value for _, value in buckets] == sorted(value for _, value in buckets)
    bounds = [dict(name[1:])["le"] for name, _ in buckets]
    assert (bounds[0], bounds[-2], bounds[-1]) == ("0.001024", "134.217728", "+Inf")
    assert buckets[-1][1] == 3
    assert found["deepidv_requests_total", ("client", "idle")] == 0


def test_every_counter_of_the_statistics_is_exported(registry, client):
    registry.register(StatsCollector(web=client))
    exported = {sample[0] for sample in samples(registry)}
    ignored = {"deepidv_operation_duration_seconds_bucket", "deepidv_operation_duration_seconds_sum"}
    # Five outcomes are one metric, and the histogram is elapsed and latency.
    assert len(exported - ignored) == len(vars(client.stats())) - 5 + 1 - 1


def test_the_sum_of_all_buckets_is_the_count(registry):
    class Slow:
        def stats(self):
            latency = (*((2 ** (index + 1) / 1e6, 1) for index in range(31)), (float("inf"), 1))
            values = dict.fromkeys(deepidv.Stats.__dataclass_fields__, 0)
            return deepidv.Stats(**{**values, "latency": latency, "elapsed": 5.0})

    registry.register(StatsCollector(slow=Slow()))
    found = samples(registry)
    bucket = "deepidv_operation_duration_seconds_bucket"
    assert found[bucket, ("client", "slow"), ("le", "0.001024")] == 10
    assert found[bucket, ("client", "slow"), ("le", "134.217728")] == 27
    assert found[bucket, ("client", "slow"), ("le", "+Inf")] == 32
    assert found["deepidv_operation_duration_seconds_count", ("client", "slow")] == 32


def test_a_second_collector_is_refused(registry, client):
    registry.register(StatsCollector(web=client))
    with pytest.raises(ValueError, match="Duplicated"):
        registry.register(StatsCollector(other=client))


def test_a_child_of_fork_leaves_out_the_client(registry, client):
    registry.register(StatsCollector(web=client))
    child = os.fork()
    if child == 0:
        os._exit(7 if samples(registry) == {} else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7


def test_the_guide_names_every_metric(registry, client):
    registry.register(StatsCollector(web=client))
    exported = {re.sub("_(bucket|sum|count)$", "", sample[0]) for sample in samples(registry)}
    guide = (ROOT / "docs" / "observability.md").read_text("utf-8")
    named = []
    for row in re.findall(r"^\| (`deepidv_.+?) \|", guide, re.M):
        for word in re.findall("`(.+?)`", row):
            # `_cancelled_total` continues the name before it.
            named.append(word if word.startswith("deepidv") else re.sub("_[^_]+_total$", word, named[-1]))
    assert sorted(named) == sorted(exported)


# The dashboard


def differences(expected, actual, path=""):
    """Yield the places where Grafana's models have lost or changed something."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        for name, value in expected.items():
            yield from differences(value, actual.get(name), f"{path}/{name}")
    elif isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        for index, value in enumerate(expected):
            yield from differences(value, actual[index], f"{path}/{index}")
    elif expected != actual:
        yield path


def read_by_grafana(board):
    """Read a dashboard into Grafana's models, which drop what they do not know, and write it again."""
    plugins.register_default_plugins()
    return json.loads(encoder.JSONEncoder().encode(dashboard.Dashboard.from_json(board)))


# Options that the models, which are those of Grafana 10, do not know, and later versions require.
LATER = {"wideLayout", "showPercentChange", "percentChangeColorMode", "tooltip/mode"}


def test_grafana_s_models_know_every_member_of_the_dashboard():
    found = set(differences(DASHBOARD, read_by_grafana(DASHBOARD)))
    assert {path.partition("/options/")[2] for path in found} == LATER


@pytest.mark.parametrize("change", ["member", "panel", "target", "option"])
def test_the_models_notice(change):
    other = json.loads(json.dumps(DASHBOARD))
    panel = other["panels"][0]
    places = {"member": other, "panel": panel, "target": panel["targets"][0], "option": panel["options"]}
    places[change]["surprise"] = 1
    assert any(path.endswith("/surprise") for path in differences(other, read_by_grafana(other)))


def selectors(query):
    """Return the selectors of a query, after replacing the variables as Grafana does."""
    for variable, value in {"$__rate_interval": "1m", "$__range": "6h", "$job": ".*", "$client": ".*"}.items():
        query = query.replace(variable, value)
    found = []

    def visit(node):
        if isinstance(node, promql_parser.MatrixSelector):
            node = node.vector_selector
        if isinstance(node, promql_parser.VectorSelector):
            found.append(node)
        return True

    promql_parser.walk(promql_parser.parse(query), pre_visit=visit)
    return found


def test_every_query_is_about_exported_metrics(registry, client):
    registry.register(StatsCollector(web=client))
    exported = {}
    for name, *labels in samples(registry):
        exported.setdefault(name, set()).update(key for key, _ in labels)
    used = set()
    for panel in DASHBOARD["panels"]:
        assert panel["targets"]
        for target in panel["targets"]:
            found = selectors(target["expr"])
            assert found, target["expr"]
            for selector in found:
                assert selector.name in exported, target["expr"]
                # The server adds the job.
                assert {matcher.name for matcher in selector.matchers.matchers} <= exported[selector.name] | {"job"}
                used.add(selector.name)
    assert used == set(exported), "a metric is on no panel"


def test_the_variables_exist():
    names = {variable["name"] for variable in DASHBOARD["templating"]["list"]}
    assert names == {"datasource", "job", "client"}


def test_the_panels_fill_rows_without_overlap():
    cells = set()
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        own = {(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])}
        assert not cells & own and max(x for x, _ in own) < 24
        cells |= own
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])
