"""Type checks and format of the package's sources, and signatures that belong together."""

import inspect
import pathlib
import subprocess
import sys

import deepidv
import pytest
from deepidv import _client_base, _config, _request

BINDING = pathlib.Path(deepidv.__file__).parents[1]
TESTS = pathlib.Path(__file__).parent


def check(*command, directory):
    return subprocess.run([sys.executable, "-m", *command], cwd=directory, capture_output=True, text=True, check=False)


def test_types(tmp_path):
    checked = check("mypy", "--cache-dir", str(tmp_path), directory=BINDING)
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("command", [("check",), ("format", "--check", "--diff")])
def test_format(command):
    config = str(BINDING / "pyproject.toml")
    checked = check("ruff", *command, "--no-cache", "--config", config, ".", directory=BINDING)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_from_env_has_the_options_of_the_constructor():
    for kind in (deepidv.Client, deepidv.AsyncClient):
        names = [name for name in inspect.signature(kind).parameters if name != "self"]
        assert names == list(_client_base.Options.__annotations__) and set(names) == _config._KNOWN


def test_create_session_has_the_fields_of_a_request():
    for kind in (deepidv.Client, deepidv.AsyncClient):
        names = list(inspect.signature(kind.create_session).parameters)
        # Between them, all fields in their order: what is left out here would never be sent.
        assert (names[0], *names[-2:]) == ("self", "search_first", "traceparent")
        assert names[1:-2] == list(_request.FIELDS)
