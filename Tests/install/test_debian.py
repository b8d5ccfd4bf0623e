"""Tests of the Debian packages, unpacked into a folder; `make test-deb` installs them into a Debian system."""

import pytest
from conftest import HERE, ROOT, clean_environment, listing, run

PACKAGES = ROOT / ".build-deb-library"


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    """Unpack all packages into one folder, and return it with the list of files per package."""
    root = tmp_path_factory.mktemp("unpacked")
    files = {}
    for path in PACKAGES.glob("*.deb"):
        alone = tmp_path_factory.mktemp("alone")
        run("dpkg-deb", "-x", path, alone)
        run("dpkg-deb", "-x", path, root)
        files[path.name.split("_")[0]] = listing(alone)
    return root, files


def test_no_file_is_in_two_packages(unpacked):
    _, files = unpacked
    assert sorted(files) == ["libdeepidv-dev", "libdeepidv0", "python3-deepidv"]
    names = [name for package in files.values() for name in package]
    assert len(names) == len(set(names))
    assert [name for name in files["libdeepidv0"] if "/lib/" in name and ".so.0" not in name] == []
    assert [name for name in files["python3-deepidv"] if "__pycache__" in name or ".so" in name] == []


def test_programs_from_the_packages(unpacked, tmp_path, creates):
    root, _ = unpacked
    lib = next((root / "usr" / "lib").glob("*/libdeepidv.so")).parent
    run("gcc", HERE / "program.c", f"-I{root}/usr/include", f"-L{lib}", "-ldeepidv", "-o", tmp_path / "program")
    creates(tmp_path / "program", LD_LIBRARY_PATH=str(lib))


def test_python_from_the_packages(unpacked, emulator):
    root, _ = unpacked
    packages = root / "usr" / "lib" / "python3" / "dist-packages"
    lib = next((root / "usr" / "lib").glob("*/libdeepidv.so")).parent
    environment = clean_environment(PYTHONPATH=str(packages), LD_LIBRARY_PATH=str(lib))
    script = """if True:
        import deepidv, sys
        with deepidv.Client("dk_emulator", base_url=sys.argv[1]) as client:
            print(client.create_session(first_name="Ada", last_name="Lovelace", email="ada@example.com",
                                        phone="+15192223333").url)
    """
    output = run("/usr/bin/python3", "-B", "-c", script, emulator, env=environment).stdout
    assert output.startswith(f"{emulator}/session/sess_")


def test_symbols_have_versions():
    deb = next(PACKAGES.glob("libdeepidv0_*.deb"))
    symbols = run("sh", "-c", 'dpkg-deb --ctrl-tarfile "$0" | tar -xO ./symbols', deb).stdout
    assert "deepidv_session_create@DEEPIDV_0.1 0.1.0\n" in symbols
