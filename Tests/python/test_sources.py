"""Type checks and format of the package's sources, and the types that its users see."""

import inspect
import pathlib
import subprocess
import sys

import deepidv
import pytest
from deepidv import _client_base, _config, _request

BINDING = pathlib.Path(deepidv.__file__).parents[1]
TESTS = pathlib.Path(__file__).parent

USER = """
from typing import Optional, Union
import deepidv

def create(client: deepidv.Client) -> str:
    session = client.create_session(first_name="A", last_name="B", email="a@b.example", phone="+1")
    reveal_type(session.id)
    reveal_type(session.url)
    redirect = deepidv.parse_redirect("")
    reveal_type(redirect.session_id)
    if redirect.status is deepidv.RedirectStatus.SUCCESS and redirect.matches(session.id):
        return redirect.status
    client.create_session(first_name=5, last_name="B", email="a@b.example", phone="+1")
    return redirect.status

def make() -> None:
    deepidv.Client.from_env(timeout=5, proxy=None)
    deepidv.AsyncClient.from_env(timeuot=5)
    deepidv.Client.from_env(timeout="5")
    deepidv.AsyncCleint
    raise deepidv.OutcomeUnknown("text", reconcile_token="x")
"""


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


def test_the_types_that_users_see(tmp_path):
    (tmp_path / "user.py").write_text(USER)
    (tmp_path / "mypy.ini").write_text(f"[mypy]\nstrict = true\nmypy_path = {BINDING}\n")
    checked = check("mypy", "--cache-dir", str(tmp_path / "cache"), "user.py", directory=tmp_path)
    lines = [line.split(":", 2)[-1].strip() for line in checked.stdout.splitlines() if "defined in" not in line]
    assert lines[:3] == [
        'note: Revealed type is "str"',
        'note: Revealed type is "str | None"',
        'note: Revealed type is "str | None"',
    ]
    assert 'Argument "first_name" to "create_session" of "Client" has incompatible type "int"' in lines[3]
    assert "Incompatible return value type" in lines[4]
    assert 'Unexpected keyword argument "timeuot" for "from_env"' in lines[5]
    assert 'Argument "timeout" to "from_env" of "ClientBase" has incompatible type "str"' in lines[6]
    assert '"AsyncCleint"' in lines[7]
    assert lines[8].startswith("Found 5 errors")


def test_from_env_has_the_options_of_the_constructor():
    for kind in (deepidv.Client, deepidv.AsyncClient):
        names = [name for name in inspect.signature(kind).parameters if name != "self"]
        assert names == list(_client_base.Options.__annotations__) and set(names) == _config._KNOWN


def test_create_session_has_the_fields_of_a_request():
    for kind in (deepidv.Client, deepidv.AsyncClient):
        names = list(inspect.signature(kind.create_session).parameters)
        # Between them, all fields in their order: what is left out here would never be sent.
        assert (names[0], names[-1]) == ("self", "search_first")
        assert names[1:-1] == list(_request.FIELDS)
