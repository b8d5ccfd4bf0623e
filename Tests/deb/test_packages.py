"""The Debian packages, in themselves and in a Debian that has no Swift."""

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
    said = run("lintian", "--allow-root", "--fail-on", "error", *PACKAGES.glob("*.changes")).stdout
    assert "E: " not in said


def test_what_the_packages_depend_on(packages):
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
    said = debian.run("/tmp/program", DEEPIDV_API_KEY="dk_emulator", DEEPIDV_BASE_URL=emulator).stdout
    assert said.startswith(f"{emulator}/session/sess_")


def test_the_flags_are_the_systems(debian):
    said = debian.run("pkg-config", "--cflags", "--libs", "deepidv").stdout.split()
    assert "-ldeepidv" in said
    assert [word for word in said if ".." in word] == []


def test_a_python_program(debian, emulator):
    said = debian.run("python3", "-c", SCRIPT, DEEPIDV_BASE_URL=emulator).stdout.splitlines()
    assert said[0].startswith(f"{emulator}/session/sess_")
    assert said[1] == "/usr/lib/python3/dist-packages/deepidv/__init__.py"


def test_removal_leaves_nothing(debian, emulator, packages):
    debian.run("apt-get", "purge", "-y", "-qq", *packages)
    places = [debian.root / "usr", debian.root / "etc"]
    left = [path for place in places for path in place.rglob("*deepidv*")]
    assert left == []
