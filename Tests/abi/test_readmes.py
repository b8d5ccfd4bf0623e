"""The compiler commands of the READMEs, run in a folder with only the header, the examples and the library."""

import os
import pathlib
import re
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
LIBRARY = pathlib.Path(os.environ.get("DEEPIDV_LIB_DIR", ROOT / ".build-lib"))
README = (ROOT / "README.md").read_text()


def test_commands(tmp_path):
    shutil.copytree(ROOT / "include", tmp_path / "include")
    shutil.copytree(ROOT / "examples-c", tmp_path / "examples-c")
    (tmp_path / ".build-lib").mkdir()
    for file in LIBRARY.glob("libdeepidv.so*"):
        shutil.copy2(file, tmp_path / ".build-lib", follow_symlinks=False)
    (tmp_path / "hello.c").write_text(re.search(r"^```c\n(.*?)^```$", README, re.DOTALL | re.MULTILINE).group(1))

    texts = README + (ROOT / "examples-c" / "README.md").read_text()
    # What asks pkg-config is for an installed library, and tried in Tests/install.
    commands = [line for line in re.findall(r"^    (cc .*)$", texts, re.MULTILINE) if "pkg-config" not in line]
    assert len(commands) == 7
    for command in commands:
        done = run("sh", "-c", command, folder=tmp_path)
        assert (done.returncode, done.stdout) == (0, ""), command

    # Nobody listens there: that the program says so is enough.
    done = run(
        "./hello", folder=tmp_path, DEEPIDV_TIMEOUT_MS="500", DEEPIDV_API_KEY="dk_emulator",
        DEEPIDV_BASE_URL="http://127.0.0.1:1",
    )  # fmt: skip
    assert done.stdout == "The request was not sent. It is safe to retry.\n"
    done = run("./parse_redirect", "?session_id=a&status=success", folder=tmp_path)
    assert "status      success" in done.stdout.splitlines()


def test_guide(tmp_path):
    """Each piece of C code in the README and in docs/repeating.md compiles by itself."""
    guide = (ROOT / "docs" / "repeating.md").read_text()
    codes = re.findall(r"^```c\n(.*?)^```$", README + guide, re.DOTALL | re.MULTILINE)
    assert len(codes) == 3
    for code in codes:
        (tmp_path / "guide.c").write_text(code)
        done = run("cc", "-std=c11", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", "-I", ROOT / "include", "guide.c",
                   folder=tmp_path)  # fmt: skip
        assert (done.returncode, done.stdout) == (0, "")


def run(*command, folder, **variables):
    return subprocess.run(
        command, cwd=folder, env={**os.environ, **variables}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, check=False, timeout=60,
    )  # fmt: skip
