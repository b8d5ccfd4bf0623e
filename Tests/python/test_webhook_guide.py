"""The code of docs/webhooks.md, pasted."""

import os
import re
import subprocess
import sys

import deepidv
import pytest
from conftest import COMPILER, ROOT, RUNNER
from webhooks import SECRET, event

GUIDE = (ROOT / "docs" / "webhooks.md").read_text("utf-8")

# What the guide defines and does not call.
CALLS = """
body = BODY
assert received(body, SECRET) == 204
assert received(body, SECRET) == 204
assert received(body, "whsec_guess") == 401
assert received(body[:-1], SECRET) == 400
with app.test_client() as client:
    for signature, status in ((SECRET, 204), ("whsec_guess", 401)):
        headers = {"deepidv-signature": signature}
        assert client.post("/webhooks/deepidv", data=body, headers=headers).status_code == status
from starlette.testclient import TestClient
for signature, status in (("whsec_old", 204), ("whsec_guess", 401)):
    headers = {"deepidv-signature": signature}
    assert TestClient(api).post("/webhooks/deepidv", content=body, headers=headers).status_code == status
"""


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", GUIDE, re.M | re.S)


def environment(**variables):
    library = deepidv._loading.find()
    paths = os.pathsep.join(sys.path)
    secret = {"DEEPIDV_WEBHOOK_SECRET": SECRET}
    return {**os.environ, "PYTHONPATH": paths, "DEEPIDV_LIBRARY": library, **secret, **variables}


def test_python(tmp_path):
    program = "\n".join([*blocks("python"), f"SECRET, BODY = {SECRET!r}, {event()!r}", CALLS])
    shown = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert shown.returncode == 0, shown.stderr
    type = "session.status.verified"
    assert shown.stdout.splitlines() == [
        f"{type} sess_abc VERIFIED VERIFIED",
        f"flask {type} sess_abc",
        f"fastapi {type} sess_abc",
    ]


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    """Compile the guide's C."""
    folder = tmp_path_factory.mktemp("guide")
    (folder / "a.c").write_text(*blocks("c"))
    library = os.path.realpath(deepidv._loading.find())
    command = [*COMPILER, "-std=c99", "-Wall", "-Wextra", "-Werror", "-I", ROOT / "include", "a.c", library, "-o", "a"]
    path = f"-Wl,-rpath,{os.path.dirname(library)}"
    subprocess.run([*command, path], cwd=folder, check=True, timeout=60)
    return folder / "a"


@pytest.mark.parametrize(
    "body, signature, said",
    [
        (event(), SECRET, "session.status.verified sess_abc VERIFIED\n204\n"),
        (event(), "whsec_guess", "401\n"),
        (event()[:-1], SECRET, "400\n"),
        (b" " * ((4 << 20) + 9), SECRET, "413\n"),
        (b'{"type": "session.created", "data": {"id": "sess_abc"}}', SECRET, "session.created sess_abc -\n204\n"),
    ],
    ids=["decided", "wrong secret", "cut", "too large", "created"],
)
def test_c(program, body, signature, said):
    shown = subprocess.run(
        [*RUNNER, program],
        input=body,
        env=environment(HTTP_DEEPIDV_SIGNATURE=signature),
        stdout=subprocess.PIPE,
        timeout=60,
        check=False,
    )
    assert shown.stdout.decode() == said


def test_the_key_of_the_guide():
    (key,) = re.findall(r"^    (\[.*\])$", GUIDE, re.M)
    webhook = deepidv.Webhook.open(event(updated_at="2026-01-01T12:03:21.512Z"), SECRET, SECRET)
    assert webhook.key == key
