"""Type checkers over a user's program, and over wrong uses, which they must report.

pyright is run as basedpyright in pyright's strict mode: that package brings its own Node.
"""

import inspect
import pathlib
import re
import subprocess
import sys

import deepidv
import pytest

PACKAGE = pathlib.Path(deepidv.__file__).parents[1]
PROGRAMS = pathlib.Path(__file__).parent / "typing"
USER = (PROGRAMS / "user.py").read_text("utf-8")
WRONG = (PROGRAMS / "wrong.py").read_text("utf-8").splitlines()
MARKED = {number for number, line in enumerate(WRONG, 1) if "# wrong: " in line}
# ty does not yet check keyword arguments that a TypedDict describes, if the method is a class method.
NOT_REPORTED = {"ty": {number for number, line in enumerate(WRONG, 1) if "from_env(timeuot=" in line}}

CONFIGURATIONS = {
    "mypy": ("mypy.ini", "[mypy]\nstrict = true\nmypy_path = {package}\n"),
    "basedpyright": ("pyrightconfig.json", '{{"extraPaths": ["{package}"], "typeCheckingMode": "strict"}}\n'),
    "ty": ("ty.toml", '[environment]\nextra-paths = ["{package}"]\n'),
    "pyrefly": ("pyrefly.toml", 'preset = "strict"\nsearch-path = ["{package}"]\n'),
}
COMMANDS = {
    "mypy": ["-m", "mypy", "--cache-dir", "cache", "."],
    "basedpyright": ["-m", "basedpyright"],
    "ty": ["-m", "ty", "check", "--output-format", "concise"],
    "pyrefly": ["-m", "pyrefly", "check", "--output-format", "min-text"],
}
FOUND = re.compile(
    r"(user|wrong)\.py:(\d+)(?:[:-][\d-]+)*:? ?.*?\b(?:error|warning|ERROR|WARN)\b|ERROR (user|wrong)\.py:(\d+)"
)


@pytest.mark.parametrize("checker", COMMANDS)
def test_checker(checker, tmp_path):
    for program in PROGRAMS.glob("*.py"):
        (tmp_path / program.name).write_text(program.read_text("utf-8"))
    name, text = CONFIGURATIONS[checker]
    (tmp_path / name).write_text(text.format(package=PACKAGE))
    ran = subprocess.run(
        [sys.executable, *COMMANDS[checker]], cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False
    )
    output = ran.stdout + ran.stderr
    found = {(match[1] or match[3], int(match[2] or match[4])) for match in FOUND.finditer(output)}
    # A checker that finds nothing wrong may have found no package.
    assert ran.returncode == 1, output
    assert {line for name, line in found if name == "wrong"} == MARKED - NOT_REPORTED.get(checker, set()), output
    assert {line for name, line in found if name == "user"} == set(), output


def test_every_public_type_is_known_to_checkers(tmp_path):
    """Nothing of the package's interface is Any by mistake."""
    ran = subprocess.run(
        [sys.executable, "-m", "basedpyright", "--verifytypes", "deepidv", "--ignoreexternal"],
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "PYTHONPATH": str(PACKAGE)},
        cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert "Type completeness score: 100%" in ran.stdout, ran.stdout + ran.stderr


def test_the_program_uses_every_public_name():
    assert [name for name in deepidv.__all__ if f"deepidv.{name}" not in USER] == []
    for kind in (deepidv.Client, deepidv.AsyncClient):
        methods = [name for name, _ in inspect.getmembers(kind, callable) if not name.startswith("_")]
        assert len(methods) > 10
        assert [name for name in methods if f".{name}(" not in USER] == []
    for name in inspect.signature(deepidv.Client.create_session).parameters:
        assert name == "self" or f"{name}=" in USER
