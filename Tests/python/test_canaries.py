"""scripts/check-canaries finds a canary in a log, however it is encoded."""

import subprocess
import sys
import urllib.parse

import pytest
from canaries import APPLICANT, KEY
from conftest import ROOT


def check(*logs):
    return subprocess.run(
        [sys.executable, ROOT / "scripts" / "check-canaries", *logs], capture_output=True, text=True, timeout=30,
        check=False,
    )  # fmt: skip


def test_a_clean_log(tmp_path):
    log = tmp_path / "log"
    log.write_text("The API key is missing or invalid (401).\n")
    assert check(log).returncode == 0


@pytest.mark.parametrize("name", ["key", *APPLICANT])
@pytest.mark.parametrize("encode", [str, urllib.parse.quote, str.upper, repr], ids=lambda one: one.__name__)
def test_a_log_with_a_canary(tmp_path, name, encode):
    value = {"key": KEY, **APPLICANT}[name]
    log = tmp_path / "log"
    log.write_bytes(b"\xff nothing here\n" + f"error: {encode(value)} is wrong".encode())
    checked = check(log)
    assert checked.returncode == 1
    assert f"{log}:2: contains canary" in checked.stderr
    # The check does not repeat it.
    assert value.lower() not in checked.stderr.lower()
