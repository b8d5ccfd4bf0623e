"""The suite notices drivers that are wrong: each here is the driver in C behind a program that changes something."""

import pathlib
import shutil

import driver
import hosts
import pytest
import script

HERE = pathlib.Path(__file__).parent

# Passes commands to the driver in C, and its lines back; what is in the braces is run for each command and line.
BETWEEN = """
import subprocess, sys
c = subprocess.Popen([{program!r}], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
for command in sys.stdin:
    c.stdin.write(command)
    c.stdin.flush()
    line = c.stdout.readline()
    {fault}
    print(line, end="", flush=True)
c.stdin.close()
sys.exit(c.wait())
"""


@pytest.fixture(scope="module", autouse=True)
def program():
    """Build the driver in C."""
    hosts.build_checked_library()
    c = next(host for host in hosts.all_hosts() if host.name == "c")
    c.build()
    return c.command()[0]


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Leave out the steps that wait for a timeout."""

    class Quick(script.Script):
        def __init__(self):
            super().__init__()
            self.steps = [
                step for step in self.steps if "token" not in step.get("save", "") and "<token>" not in step["send"]
            ]

    monkeypatch.setattr(driver, "Script", Quick)


@pytest.fixture
def report(program, tmp_path):
    """Run a host that has a fault."""

    def run(fault):
        (tmp_path / "driver.py").write_text(BETWEEN.format(program=program, fault=fault))
        table = ['title = "Faulty"', 'driver = "driver.py"', 'run = ["{python}", "driver.py"]']
        (tmp_path / "host.toml").write_text("\n".join([*table, 'version = ["{python}", "--version"]']))
        return driver.run_host(hosts.Host(tmp_path / "host.toml"))

    return run


def test_the_driver_in_c_is_right(report):
    assert report("pass").ok


@pytest.mark.parametrize(
    "fault, problem",
    [
        ('line = line.replace("é", "e")', "a redirect with texts outside ASCII"),
        ('line = line.replace(":null", ": null")', "a session: "),
        ('line = line.replace("\\tphone", "")', "a phone number without +"),
        ('line = line.replace("50 sessions", "49 sessions")', "50 creates at once"),
        ('line += "more\\n"', "expected"),
        ('if command.startswith("nul"): print("leaked", file=sys.stderr)', "standard error:\nleaked"),
        ('if command.startswith("fork"): sys.exit(3)', "ended with status 3"),
        ('if command.startswith("order"): c.stdin.close()', "ended with status"),
    ],
)
def test_a_fault_is_noticed(report, fault, problem):
    found = report(fault)
    assert not found.ok
    assert any(problem in one for one in found.problems), found.problems


def test_a_create_that_is_sent_twice_is_noticed(report):
    again = (
        'if command.startswith("many"): c.stdin.write(command.replace("many\\t50", "many\\t1")); '
        "c.stdin.flush(); c.stdout.readline()"
    )
    found = report(again)
    assert [one for one in found.problems if "not 50 once" in one]


def test_a_driver_that_hangs_is_stopped(report, monkeypatch):
    monkeypatch.setattr(driver, "PATIENCE_S", 1)
    found = report('if command.startswith("version"): import time; time.sleep(600)')
    assert found.problems[0] == "the version of the interface: no line in 1 seconds"


def test_a_host_that_is_not_installed_fails(tmp_path):
    (tmp_path / "host.toml").write_text(
        'title = "None"\ndriver = "host.toml"\nrun = ["no-such-program"]\nversion = ["no-such-program"]\n'
    )
    found = driver.run_host(hosts.Host(tmp_path / "host.toml"))
    assert not found.ok
    assert found.problems == ["not installed: no-such-program"]


@pytest.mark.parametrize(
    "wrong, complaint",
    [
        ("deepidv_client_free(client);\n  return 0;", "deepidv_client_free: the object is freed twice\n"),
        ("deepidv_client_fd(client);\n  return 0;", "deepidv_client_fd: the object is freed\n"),
    ],
)
def test_an_object_that_is_used_after_it_was_freed_is_noticed(tmp_path, wrong, complaint):
    folder = tmp_path / "c"
    shutil.copytree(HERE / "hosts" / "c", folder)
    source = (folder / "driver.c").read_text()
    (folder / "driver.c").write_text(source.replace("  return 0;", f"  {wrong}"))
    host = hosts.Host(folder / "host.toml")
    host.name = "faulty"
    assert driver.run_host(host).problems == [f"standard error:\n{complaint}"]
