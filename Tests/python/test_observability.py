"""What docs/observability.md shows, pasted: Python, C and the shell."""

import json
import os
import pathlib
import re
import subprocess
import sys

import deepidv
from conftest import COMPILER, ROOT, RUNNER
from deepidv import _abi, _log
from test_command import environment
from test_log import ATTRIBUTES
from test_prometheus import samples

GUIDE = (ROOT / "docs" / "observability.md").read_text("utf-8")
LIBRARY = pathlib.Path(deepidv._loading.find()).resolve().parent


def blocks(language):
    return "\n".join(re.findall(rf"^```{language}\n(.*?)^```$", GUIDE, re.M | re.S))


def run(*command, url, **variables):
    return subprocess.run(
        command, env=environment(url, **variables), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def test_python(emulator):
    shown = run(sys.executable, "-W", "error::DeprecationWarning", "-c", blocks("python"), url=emulator)
    assert shown.returncode == 0, shown.stderr
    lines = shown.stdout.splitlines()
    assert re.fullmatch(r"below 0.26 s: \d", lines.pop(1))
    assert lines == [
        "succeeded: 1 in flight: 0 429s: 0",
        "failed: DEEPIDV_E_NOT_FOUND None",
        "found: PENDING",
        """['deepidv_requests_total{client="web"} 4.0']""",
    ]
    logged = shown.stderr.splitlines()
    # The first create ends before the program has set the level of the logger.
    codes = [re.search(r"\| (\w+) (\w+) \d\.\d{3} s$", line).groups() for line in logged]
    assert codes == [("ended", "DEEPIDV_E_NOT_FOUND")] * 2 + [("ended", "DEEPIDV_OK")]
    assert logged[0].startswith("WARNING retrieve_session ")
    sentence = re.search(r"`(retrieve_session \d+.*?)`", GUIDE, re.S)[1].replace("\n", " ")
    assert re.sub(r"\d+: failed after \S+", "", logged[0]).startswith(
        "WARNING " + re.sub(r"\d+: failed after \S+", "", sentence)
    )


def test_c(emulator, tmp_path):
    source = tmp_path / "guide.c"
    source.write_text(blocks("c"))
    command = [*COMPILER, "-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-I", ROOT / "include"]
    link = ["-L", LIBRARY, f"-Wl,-rpath,{LIBRARY}", "-l:libdeepidv.so.0"]
    subprocess.run([*command, "-o", tmp_path / "guide", source, *link], check=True, timeout=60)
    shown = run(*RUNNER, tmp_path / "guide", url=emulator)
    assert shown.returncode == 0, shown.stderr
    first, log, stats, described = shown.stdout.splitlines()
    assert first == "DEEPIDV_OK, request id (none)"
    assert re.fullmatch(r"level 3, code 9, operation \d+, DEEPIDV_OK, HTTP 200, attempt 1, \d+", log)
    assert stats == "succeeded: 1 in flight: 0"
    assert json.loads(described)["requests"] == 1


def test_the_shell(emulator, client, applicant):
    session = client.create_session(**applicant)
    path = f"{pathlib.Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    shown = run("sh", "-c", blocks("sh"), url=emulator, SESSION_ID=session.id, PATH=path)
    assert json.loads(shown.stdout)["id"] == session.id
    assert "DEBUG retrieve_session" in shown.stderr and "succeeded" in shown.stderr


def table(heading):
    """Return the words of code in the first column of the first table after a heading or a sentence."""
    rows = re.findall(r"^\| (.*?) \|", GUIDE[GUIDE.index(heading) :].partition("\n\n| ")[2].partition("\n\n")[0], re.M)
    return [word for row in rows for word in re.findall("`([^`]+)`", row)]


def test_the_tables_are_complete(client):
    import prometheus_client
    from deepidv.contrib.prometheus import StatsCollector

    assert table("read the attributes of the record") == ATTRIBUTES
    assert table("The option `log_level`") == list(_abi.LOG_LEVEL_WORDS.values())
    codes = re.search(r"\| `code` \| what happened: (.*?) \|", GUIDE)[1]
    assert set(re.findall("`([^`]+)`", codes)) == set(_abi.LOG_CODE_WORDS.values())
    assert len(_log._SENTENCES) + 1 == len(_abi.LOG_CODE_WORDS)

    registry = prometheus_client.CollectorRegistry(auto_describe=True)
    registry.register(StatsCollector(web=client))
    exported = {re.sub("_(bucket|sum|count)$", "", sample[0]) for sample in samples(registry)}
    named = []
    for word in table("are the label `client`"):
        # `_cancelled_total` continues the name before it.
        named.append(word if word.startswith("deepidv") else re.sub("_[^_]+_total$", word, named[0 - 1]))
    assert [word for word in named if word not in exported] == []
    assert set(named) == exported
