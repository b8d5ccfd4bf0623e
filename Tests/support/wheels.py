"""Libraries from wheels on PyPI that contain them."""

import hashlib
import pathlib
import subprocess
import sys
import tempfile
import zipfile


def unpack(project, release, sha256, *, python, platforms, place):
    """Put the libraries of a wheel into a folder; exit if the wheel is not the one that was tested."""
    wanted = [word for platform in platforms for word in ("--platform", f"{platform}_x86_64")]
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run(
            [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
             "--only-binary=:all:", *wanted, "--python-version", python, "--dest", scratch,
             f"{project}=={release}"],
            check=True, timeout=300,
        )  # fmt: skip
        [wheel] = pathlib.Path(scratch).glob("*.whl")
        if hashlib.sha256(wheel.read_bytes()).hexdigest() != sha256:
            raise SystemExit(f"{wheel.name} is not the file that was tested")
        place.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(wheel) as archive:
            for member in archive.namelist():
                name = pathlib.PurePosixPath(member)
                if len(name.parts) == 2 and name.parent.suffix == ".libs":
                    (place / name.name).write_bytes(archive.read(member))
