"""Schemathesis compares the API with its OpenAPI description: only documented responses, and no 500.

For a longer run, set EMULATOR_EXAMPLES=400 (per call), and EMULATOR_SEED for other examples.
"""

import os
import subprocess
import sys

import yaml
from emulator_process import REPOSITORY

EXAMPLES = os.environ.get("EMULATOR_EXAMPLES", "30")
SEED = os.environ.get("EMULATOR_SEED", "1")

CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "positive_data_acceptance",
    "missing_required_header",
    "unsupported_method",
    "ignored_auth",
]


def description(token):
    """Returns the description with a valid next_token, which no pattern can express."""
    document = yaml.safe_load((REPOSITORY / "Emulator/openapi.yaml").read_text())
    parameters = document["paths"]["/v1/sessions"]["get"]["parameters"]
    (parameter,) = [p for p in parameters if p["name"] == "next_token"]
    parameter["schema"]["enum"] = [token]
    return yaml.safe_dump(document)


def test_every_response_is_described(start, tmp_path):
    running = start("--rate", "0", "--account", "org_b:dk_b")
    for _ in range(2):
        running.session()
    (tmp_path / "openapi.yaml").write_text(description(running.list(limit=1).json["next_token"]))
    result = subprocess.run(
        [
            sys.executable,
            "-m",
            "schemathesis.cli",
            "run",
            "openapi.yaml",
            "--url",
            running.url,
            "--header",
            "x-api-key: dk_emulator",
            "--seed",
            SEED,
            "--max-examples",
            EXAMPLES,
            "--checks",
            ",".join(CHECKS),
            "--no-color",
            "--warnings",
            "off",
        ],
        capture_output=True,
        text=True,
        timeout=3000,
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    calls = running.inspect("requests?limit=1000")
    print(f"{calls['total']} calls")
    assert calls["total"] > 10 * int(EXAMPLES)
    # The last requests, which are all that the log has of a longer run, have different results.
    statuses = {request["status"] for request in calls["requests"]}
    assert {200, 400, 404} <= statuses
    assert running.inspect("executions")["total"] > 10
