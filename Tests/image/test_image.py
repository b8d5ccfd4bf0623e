"""The image: what is in it, and what is not."""

import os
import pathlib
import re
import stat
import tarfile

import pytest
from conftest import ARCHIVE, PROGRAM, ROOT, build
from containers import USER, run

# What may be executed: the program, and the libraries, which the loader needs no permission for.
EXECUTABLE = re.compile(r"usr/bin/deepidv-emulator|usr/lib(64)?/(.*/)?(ld-linux-.*|lib.*)\.so(\.\d+)*")


def files(unpacked):
    root = unpacked / "rootfs"
    return {str(path.relative_to(root)): path for path in root.rglob("*")}


def test_size():
    assert ARCHIVE.stat().st_size < 60_000_000


def test_configuration(config):
    inside = config["config"]
    assert (config["os"], config["architecture"]) == ("linux", "amd64")
    assert inside["User"] == f"{USER}:{USER}"
    assert inside["ExposedPorts"] == {"8080/tcp": {}}
    assert inside["Volumes"] == {"/state": {}}
    assert inside["Entrypoint"] == ["/usr/bin/deepidv-emulator", "--host", "0.0.0.0"]
    assert inside["Healthcheck"]["Test"] == ["CMD", "/usr/bin/deepidv-emulator", "--check", "http://127.0.0.1:8080"]


def test_labels(config):
    labels = {name.removeprefix("org.opencontainers.image."): text for name, text in config["config"]["Labels"].items()}
    assert sorted(labels) == ["created", "description", "licenses", "revision", "title", "version"]
    assert labels["version"] == run(PROGRAM, "--version").stdout.strip()
    assert labels["created"] == config["created"]
    assert labels["licenses"] == "Apache-2.0"
    assert labels["revision"].removesuffix("-dirty") == run("git", "-C", ROOT, "rev-parse", "HEAD").stdout.strip()


def test_names(config):
    """An engine finds the name in one of these places, depending on its version."""
    name = f"localhost/deepidv-emulator:{config['config']['Labels']['org.opencontainers.image.version']}"
    with tarfile.open(ARCHIVE) as archive:
        index = archive.extractfile("index.json").read().decode()
        saved = archive.extractfile("manifest.json").read().decode()
    assert f'"io.containerd.image.name":"{name}"' in index
    assert f'"RepoTags":["{name}"]' in saved
    for file in ("examples/onboarding/compose.yaml", "Emulator/deploy/README.md"):
        assert set(re.findall(r"localhost/deepidv-emulator\S*", (ROOT / file).read_text())) == {name}, file


def test_both_formats_are_the_same_image(tmp_path, config):
    """`docker load` before version 25 reads manifest.json, everything else index.json."""
    for source in ("docker-archive", "oci-archive"):
        run("skopeo", "--insecure-policy", "copy", f"{source}:{ARCHIVE}", f"dir:{tmp_path}/{source}")
        inspected = run("skopeo", "inspect", "--config", f"dir:{tmp_path}/{source}").stdout
        assert config["rootfs"]["diff_ids"][0] in inspected


def test_only_the_program_and_its_libraries_are_executable(unpacked):
    executable = [
        name for name, path in files(unpacked).items()
        if not path.is_symlink() and path.is_file() and path.stat().st_mode & 0o111
    ]  # fmt: skip
    assert [name for name in executable if not EXECUTABLE.fullmatch(name)] == []
    assert "usr/bin/deepidv-emulator" in executable


def test_modes_and_owners(unpacked):
    if os.geteuid() != 0:
        pytest.skip("only root sees the owners")
    for name, path in files(unpacked).items():
        status = path.lstat()
        assert (status.st_uid, status.st_gid) == ((USER, USER) if name == "state" else (0, 0)), name
        assert not status.st_mode & (stat.S_ISUID | stat.S_ISGID), name
        if not path.is_symlink():
            assert name == "tmp" or not status.st_mode & 0o022, name


def test_every_library_has_its_licence_and_is_known_to_scanners(unpacked):
    inside = files(unpacked)
    known = {name.rpartition("/")[2] for name in inside if name.startswith("var/lib/dpkg/status.d/")}
    assert {"libc6", "libcurl4", "libsqlite3-0", "libssl3", "ca-certificates"} <= known
    for package in known:
        assert inside[f"usr/share/doc/{package}/copyright"].stat().st_size > 0
        control = inside[f"var/lib/dpkg/status.d/{package}"].read_text()
        assert re.match(f"Package: {re.escape(package)}\n(.+\n)*Version: ", control)
    assert "usr/share/doc/deepidv-emulator/copyright" in inside


def test_no_authorities_of_this_machine(unpacked):
    inside = (unpacked / "rootfs" / "etc" / "ssl" / "certs" / "ca-certificates.crt").read_text()
    package = "".join(
        path.read_text() for path in sorted(pathlib.Path("/usr/share/ca-certificates/mozilla").glob("*.crt"))
    )
    assert inside == package
    assert inside.count("BEGIN CERTIFICATE") > 100


def test_the_same_input_gives_the_same_bytes(tmp_path):
    (tmp_path / "main.c").write_text('#include <stdio.h>\nint main(void) { puts("1.2.3"); return 0; }\n')
    run("cc", "-o", tmp_path / "main", tmp_path / "main.c")
    for name, umask in (("one.tar", 0o077), ("two.tar", 0o022)):
        build(tmp_path / "main", tmp_path / name, 1_700_000_000, umask=umask)
        os.utime(tmp_path / "main", (1, 1))
    assert (tmp_path / "one.tar").read_bytes() == (tmp_path / "two.tar").read_bytes()
    with tarfile.open(tmp_path / "one.tar") as archive:
        assert {member.mtime for member in archive} == {1_700_000_000}
        layer = max(archive, key=lambda member: member.size)
        with tarfile.open(fileobj=archive.extractfile(layer)) as inner:
            assert {member.mtime for member in inner} == {1_700_000_000}
            assert "usr/bin/deepidv-emulator" in inner.getnames()


def test_a_program_with_a_library_of_no_package(tmp_path):
    (tmp_path / "mine.c").write_text("int mine(void) { return 0; }\n")
    (tmp_path / "main.c").write_text("int mine(void);\nint main(void) { return mine(); }\n")
    run("cc", "-shared", "-fPIC", "-o", tmp_path / "libmine.so", tmp_path / "mine.c")
    run("cc", "-o", tmp_path / "main", tmp_path / "main.c", f"-L{tmp_path}", f"-Wl,-rpath,{tmp_path}", "-lmine")
    done = build(tmp_path / "main", tmp_path / "image.tar", 0, check=False)
    assert done.returncode == 1
    assert done.stdout == f"image: {tmp_path}/libmine.so belongs to no Debian package\n"
    assert not (tmp_path / "image.tar").exists()
