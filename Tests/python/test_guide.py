"""What docs/decisions.md shows, pasted: Python, C and the shell."""

import os
import pathlib
import re
import subprocess
import sys

import deepidv
from conftest import COMPILER, ROOT, RUNNER
from test_command import environment

GUIDE = (ROOT / "docs" / "decisions.md").read_text("utf-8")
LIBRARY = pathlib.Path(deepidv._loading.find()).resolve().parent


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", GUIDE, re.M | re.S)


def run(*command, url, **variables):
    return subprocess.run(
        command, env=environment(url, **variables), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def test_python(emulator):
    shown = run(sys.executable, "-W", "error::DeprecationWarning", "-c", "\n".join(blocks("python")), url=emulator)
    assert shown.returncode == 0, shown.stderr
    lines = shown.stdout.splitlines()
    assert lines[:3] == ["decided: VERIFIED", "ended: VERIFIED", "['VERIFIED']"]
    assert lines[3].startswith("VERIFIED verification True")


def test_c(emulator, client, applicant, tmp_path):
    source = tmp_path / "guide.c"
    source.write_text("\n".join(blocks("c")))
    command = [*COMPILER, "-std=c89", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-I", ROOT / "include"]
    link = ["-L", LIBRARY, f"-Wl,-rpath,{LIBRARY}", "-l:libdeepidv.so.0"]
    subprocess.run([*command, "-o", tmp_path / "guide", source, *link], check=True, timeout=60)
    session = client.create_session(**applicant)
    shown = run(*RUNNER, tmp_path / "guide", session.id, url=emulator)
    assert shown.returncode == 0, shown.stderr
    created = client.retrieve_session(session.id).record["created_at"]
    assert shown.stdout.splitlines() == [
        "decided: VERIFIED",
        "ended: DEEPIDV_VERDICT_VERIFIED",
        f"created: {created}",
        "nothing is known of a selfie",
    ]


def test_the_shell(emulator, client, applicant):
    session = client.create_session(**applicant)
    client.update_status(session.id, "REJECTED")
    path = f"{pathlib.Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    shown = run("sh", "-c", "\n".join(blocks("sh")), url=emulator, SESSION_ID=session.id, PATH=path)
    assert shown.stdout.splitlines()[-1] == "rejected", shown.stderr
