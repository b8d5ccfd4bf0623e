"""The package in unusual interpreters: ctypes reloaded, subinterpreters, trio, anyio."""

import os
import subprocess
import sys

import deepidv
import pytest
from conftest import ROOT
from peer import say_nothing

START = """
import sys
import deepidv
APPLICANT = dict(first_name="A", last_name="B", email="a@b.example", phone="+15192223333")
keys = deepidv.StateKeys(b"32 random bytes that are secret.")

def use():
    with deepidv.Client("dk_emulator", base_url=sys.argv[1], rate_limit=0) as client:
        session = client.create_session(**APPLICANT)
        client.create_session_from(APPLICANT)
        assert client.retrieve_session(session.id).id == session.id
        assert client.list_page().sessions
        url = deepidv.redirect_url_with_state("https://a.example/", keys.make("me"))
        assert client.confirm_redirect(f"{url}&session_id={session.id}", session.id).session
        keys.verify(url, "me")
        assert deepidv.parse_redirect("?status=%73uccess&session_id=%41").session_id == "A"
        assert deepidv.redirect_parameters("?a=b") == [("a", "b")]
        assert deepidv.parse_session_url(session.url)
    try:
        deepidv.Client("dk_emulator", base_url=sys.argv[1]).create_session_from({"first_name": ""})
    except deepidv.InvalidRequest as error:
        assert error.field == "first_name"
    import asyncio
    async def later():
        async with deepidv.AsyncClient("dk_emulator", base_url=sys.argv[1], rate_limit=0) as client:
            assert (await client.create_session(**APPLICANT)).id
    asyncio.run(later())
    deepidv.Client.from_env(api_key="k")
"""


def run(program, *arguments):
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", START + program, *arguments],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (0, "fine\n"), ran.stderr


@pytest.mark.parametrize("before", ["", "use(); "])
def test_ctypes_is_loaded_again(emulator, before):
    run(f"{before}import ctypes, importlib; importlib.reload(ctypes); use(); print('fine')", emulator)


SUBINTERPRETER = """
try:
    import _xxsubinterpreters as interpreters
except ImportError:
    import _interpreters as interpreters
use()
# Like those of uWSGI, which share the state of extension modules.
try:
    other = interpreters.create(isolated=False)
except TypeError:
    other = interpreters.create("legacy")
interpreters.run_string(other, "import ctypes; ctypes.POINTER(ctypes.c_char)")
use()
interpreters.destroy(other)
use()
print("fine")
"""


def test_another_interpreter_loads_ctypes(emulator):
    run(SUBINTERPRETER, emulator)


def test_trio_raises_an_exception_that_helps():
    trio = pytest.importorskip("trio")

    async def use():
        async with deepidv.AsyncClient("key") as client:
            await client.retrieve_session("sess_1")

    with pytest.raises(RuntimeError, match=r"needs asyncio, but this runs on trio: use Client in a thread"):
        trio.run(use)


def test_no_event_loop_at_all():
    with pytest.raises(RuntimeError, match="needs a running asyncio event loop"):
        deepidv.AsyncClient("key").retrieve_session("sess_1").send(None)


ANYIO = """
import anyio
saved = []

async def save(token):
    await anyio.sleep(0.01)
    saved.append(token)

async def main(shielded):
    async with deepidv.AsyncClient("key", base_url=sys.argv[1], rate_limit=0) as client:
        with anyio.move_on_after(0.2):
            try:
                await client.create_session(**APPLICANT)
            except deepidv.OutcomeUnknown as unknown:
                with anyio.CancelScope(shield=shielded):
                    await save(unknown.reconcile_token)

anyio.run(main, False)
assert saved == []
anyio.run(main, True)
assert len(saved) == 1 and saved[0]
print("fine")
"""


def test_the_shield_of_the_documentation(start_peer):
    """Without a shield, an await in the handler is cancelled too."""
    pytest.importorskip("anyio")
    from peer import say_nothing

    run(ANYIO, start_peer(say_nothing, say_nothing).url)


SHIELD = """
import asyncio, pathlib, re
readme = pathlib.Path(sys.argv[2]).read_text("utf-8")
exec(next(block for block in re.findall("```python\\n(.*?)```", readme, re.S) if "asyncio.shield" in block))
saved = []

async def save(unknown):
    await asyncio.sleep(0.05)
    saved.append(unknown.reconcile_token)

async def main():
    async with deepidv.AsyncClient("key", base_url=sys.argv[1], rate_limit=0) as client:
        task = asyncio.ensure_future(create(client))
        await asyncio.sleep(0.2)
        while not task.done():
            task.cancel()
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)

asyncio.run(main())
assert len(saved) == 1 and saved[0]
print("fine")
"""


def test_the_shield_of_the_readme(start_peer):
    run(SHIELD, start_peer(say_nothing).url, str(ROOT / "bindings" / "python" / "README.md"))
