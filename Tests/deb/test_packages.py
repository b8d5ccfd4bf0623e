"""Tests of the Debian packages, alone and installed in a Debian without Swift."""

from conftest import PACKAGES, ROOT, run

PROGRAM = ROOT / "Tests" / "install" / "program.c"
SCRIPT = """
import deepidv, os
with deepidv.Client("dk_emulator", base_url=os.environ["DEEPIDV_BASE_URL"]) as client:
    session = client.create_session(
        first_name="Ada", last_name="Lovelace", email="ada@example.com", phone="+15192223333")
print(session.url)
print(deepidv.__file__)
"""


def test_lintian_has_no_errors(packages):
    output = run("lintian", "--allow-root", "--fail-on", "error", *PACKAGES.glob("*.changes")).stdout
    assert "E: " not in output


def test_dependencies(packages):
    def depends(name):
        return run("dpkg-deb", "--field", packages[name], "Depends").stdout

    assert "libcurl4 (>=" in depends("libdeepidv0")
    assert "libdeepidv0 (= " in depends("libdeepidv-dev")
    assert "libdeepidv0 (>= 0." in depends("python3-deepidv")
    assert "libcurl4" in depends("deepidv-emulator")
    assert not [name for name in packages if "swift" in depends(name).lower()]


def test_a_c_program(debian, emulator):
    debian.write("tmp/program.c", PROGRAM.read_text())
    debian.run("sh", "-c", "cc -Werror /tmp/program.c $(pkg-config --cflags --libs deepidv) -o /tmp/program")
    output = debian.run("/tmp/program", DEEPIDV_API_KEY="dk_emulator", DEEPIDV_BASE_URL=emulator).stdout
    assert output.startswith(f"{emulator}/session/sess_")


def test_pkg_config_flags_have_no_relative_paths(debian):
    output = debian.run("pkg-config", "--cflags", "--libs", "deepidv").stdout.split()
    assert "-ldeepidv" in output
    assert [word for word in output if ".." in word] == []


def test_a_python_program(debian, emulator):
    output = debian.run("python3", "-c", SCRIPT, DEEPIDV_BASE_URL=emulator).stdout.splitlines()
    assert output[0].startswith(f"{emulator}/session/sess_")
    assert output[1] == "/usr/lib/python3/dist-packages/deepidv/__init__.py"


def test_removal_leaves_nothing(debian, emulator, packages):
    debian.run("apt-get", "purge", "-y", "-qq", *packages)
    folders = [debian.root / "usr", debian.root / "etc"]
    left = [path for folder in folders for path in folder.rglob("*deepidv*")]
    assert left == []
