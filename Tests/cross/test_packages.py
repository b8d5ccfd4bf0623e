"""The Debian packages and the wheel of another architecture, unpacked and used."""

import re
import zipfile

import pytest
from conftest import ARCH, BUILD, CC, MACHINE, ROOT, RUNNER, run

SCRIPT = """
import deepidv, os, platform
with deepidv.Client("dk_emulator", base_url=os.environ["DEEPIDV_BASE_URL"]) as client:
    session = client.create_session(
        first_name="Ada", last_name="Lovelace", email="ada@example.com", phone="+15192223333")
print(platform.machine(), deepidv._loading.find(), session.url)
"""


@pytest.fixture(scope="module")
def packages():
    """Return the packages by name."""
    return {path.name.split("_")[0]: path for path in (BUILD / "deb").glob("*.deb")}


@pytest.fixture(scope="module")
def unpacked(packages, tmp_path_factory):
    root = tmp_path_factory.mktemp("unpacked")
    for path in packages.values():
        run("dpkg-deb", "-x", path, root)
    return root


def test_fields(packages):
    assert sorted(packages) == ["libdeepidv-dev", "libdeepidv0"]
    for path in packages.values():
        assert run("dpkg-deb", "--field", path, "Architecture") == f"{ARCH}\n"
    needed = run("dpkg-deb", "--field", packages["libdeepidv0"], "Depends")
    assert re.search(r"libc6 \(>= 2\.34\), libcurl4(t64)? \(>= [\d.]+\), libssl3(t64)? \(>= 3\.0\.0\)", needed)
    symbols = run("sh", "-c", 'dpkg-deb --ctrl-tarfile "$0" | tar -xO ./symbols', packages["libdeepidv0"])
    assert "deepidv_session_create@DEEPIDV_0.1 0.1.0\n" in symbols


@pytest.mark.parametrize("kind", ["shared", "static"])
def test_a_program(unpacked, emulator, tmp_path, kind):
    folder = next((unpacked / "usr" / "lib").glob("*/libdeepidv.so")).parent
    assert folder.name == f"{MACHINE}-linux-gnu"
    library = ["-L", folder, "-ldeepidv"]
    if kind == "static":
        library = [folder / "libdeepidv.a", "-lcurl", "-lssl", "-lcrypto"]
    source = ROOT / "Tests" / "install" / "program.c"
    run(CC, "-Werror", source, "-I", unpacked / "usr" / "include", *library, "-o", tmp_path / "program")
    # The loader's variable must not reach qemu itself.
    output = run(
        RUNNER, "-E", f"LD_LIBRARY_PATH={folder}", tmp_path / "program",
        DEEPIDV_API_KEY="dk_emulator", DEEPIDV_BASE_URL=emulator,
    )  # fmt: skip
    assert output.startswith(f"{emulator}/session/sess_")


def test_the_wheel(emulator, tmp_path):
    [wheel] = (BUILD / "wheel").glob("*.whl")
    assert re.fullmatch(rf"deepidv-[\d.]+-py3-none-manylinux_2_34_{MACHINE}\.whl", wheel.name)
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    output = run(BUILD / "python", "-c", SCRIPT, DEEPIDV_BASE_URL=emulator, PYTHONPATH=str(tmp_path)).split()
    assert output[:2] == [MACHINE, str(tmp_path / "deepidv" / "libdeepidv.so.0")]
    assert output[2].startswith(f"{emulator}/session/sess_")
