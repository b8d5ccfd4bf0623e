"""The wheel and the sdist: what is in them, and what installing from source says where Swift is missing.

`make test-sdist` builds the library from the sdist and from a clone, which takes minutes.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile

import pytest
from conftest import ROOT

BUILDS = os.environ.get("DEEPIDV_TEST_SDIST") == "build"
WHEELS = sorted((ROOT / ".build-wheel").glob("deepidv-*.whl"))
SENTENCE = (
    r"libdeepidv is not built, and to build it, this is missing: the Swift toolchain \([^)]*\); "
    r"to use a library that the system has, set DEEPIDV_LIBRARY to an empty text\."
)


def run(*command, directory=ROOT, **variables):
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("DEEPIDV", "PYTHON"))}
    return subprocess.run(
        [str(word) for word in command], cwd=directory, env={**environment, **variables},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=1200, check=False,
    )  # fmt: skip


def module(*command, **more):
    ran = run(sys.executable, "-m", *command, **more)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def wheel():
    if not WHEELS:
        pytest.fail("there is no wheel: make wheel")
    return WHEELS[-1]


@pytest.fixture(scope="module")
def sdist(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sdist")
    module("build", "--quiet", "--sdist", "--no-isolation", "--outdir", folder, "bindings/python")
    (found,) = folder.glob("deepidv-*.tar.gz")
    return found


@pytest.fixture(scope="module")
def unpacked(sdist, tmp_path_factory):
    folder = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(sdist) as archive:
        archive.extractall(folder)
    (found,) = folder.iterdir()
    return found


@pytest.fixture
def clone(tmp_path):
    """Return the address of a clone of this checkout, with the changes that are not committed."""
    if not (ROOT / ".git").exists():
        pytest.skip("this is not a checkout")
    folder = tmp_path / "clone"
    identity = ("-c", "user.name=test", "-c", "user.email=test@example.com")
    assert run("git", "clone", "--quiet", "--no-hardlinks", ROOT, folder).returncode == 0
    for path in run("git", "ls-files", "-mo", "--exclude-standard").stdout.splitlines():
        if (ROOT / path).exists():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / path, folder / path)
    run("git", "add", "-A", directory=folder)
    run("git", *identity, "commit", "--quiet", "--allow-empty", "-m", "changes", directory=folder)
    return f"git+file://{folder}#subdirectory=bindings/python"


@pytest.fixture
def without_swift(tmp_path):
    """Return a PATH with all that a build needs, but Swift."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for program in ("git", "make", "pkg-config", "strip"):
        (folder / program).symlink_to(shutil.which(program))
    assert shutil.which("swift", path=folder) is None
    return str(folder)


def install(source, target, **variables):
    # The build needs hatchling, which the tests' own environment has.
    return run(
        sys.executable, "-m", "pip", "install", "--quiet", "--no-build-isolation", "--no-index", "--no-deps",
        "--disable-pip-version-check", "--target", target, source, **variables,
    )  # fmt: skip


def flat(ran):
    """Return what a command printed, without pip's indentation."""
    return re.sub(r"\s+", " ", ran.stdout + ran.stderr)


def test_twine_accepts_both(wheel, sdist):
    shown = module("twine", "--no-color", "check", "--strict", wheel, sdist)
    assert shown.count("PASSED") == 2


def test_the_contents_of_the_wheel(wheel):
    assert module("check_wheel_contents", wheel).endswith(": OK\n")


def test_auditwheel_agrees_with_the_tag(wheel):
    shown = re.sub(r"\s+", " ", module("auditwheel", "show", wheel))
    (tag,) = re.findall(r"-(manylinux_\w+)\.whl", wheel.name)
    assert f'This constrains the platform tag to "{tag}"' in shown


def test_the_sdist_has_the_sources_and_no_build(unpacked):
    names = [str(path.relative_to(unpacked)) for path in unpacked.rglob("*") if path.is_file()]
    assert {"pyproject.toml", "hatch_build.py", "README.md", "LICENSE", "PKG-INFO"} <= set(names)
    tracked = run("git", "ls-files", "Sources", "include").stdout.splitlines()
    if tracked:
        assert {f"libdeepidv/{name}" for name in tracked} <= set(names)
    assert [name for name in names if re.search(r"\.(so|a|o|pyc)\b|\.build", name)] == []


def test_swift_finds_all_that_it_needs_in_the_sdist(unpacked):
    package = unpacked / "libdeepidv"
    shown = run("swift", "package", "--package-path", package, "--scratch-path", unpacked / "scratch", "describe")
    shutil.rmtree(unpacked / "scratch", ignore_errors=True)
    assert shown.returncode == 0, shown.stderr
    assert "Name: DeepIDVCore" in shown.stdout
    for script in ("ld", "archive", "swift-tools"):
        assert os.access(package / "scripts" / script, os.X_OK)


def test_an_sdist_without_swift(sdist, without_swift, tmp_path):
    ran = install(sdist, tmp_path / "target", PATH=without_swift)
    assert ran.returncode != 0
    assert len(re.findall(SENTENCE, flat(ran))) == 1, flat(ran)
    assert "Traceback" not in ran.stderr


def test_a_clone_without_swift(clone, without_swift, tmp_path):
    ran = install(clone, tmp_path / "target", PATH=without_swift)
    assert ran.returncode != 0
    assert len(re.findall(SENTENCE, flat(ran))) == 1, flat(ran)


def test_all_that_is_missing_is_listed(sdist, tmp_path):
    ran = install(sdist, tmp_path / "target", PATH=str(tmp_path))
    (missing,) = re.findall(r"this is missing: (.*?);", flat(ran))
    assert [missing.find(word) >= 0 for word in ("Swift", "make", "binutils", "pkg-config")] == [True] * 4, missing


def test_an_sdist_for_a_library_of_the_system(sdist, without_swift, tmp_path):
    target = tmp_path / "target"
    ran = install(sdist, target, PATH=without_swift, DEEPIDV_LIBRARY="")
    assert ran.returncode == 0, ran.stderr
    assert list(target.rglob("*.so*")) == []


def test_an_sdist_with_a_library(sdist, without_swift, tmp_path, library_path):
    target = tmp_path / "target"
    ran = install(sdist, target, PATH=without_swift, DEEPIDV_LIBRARY=os.path.realpath(library_path))
    assert ran.returncode == 0, ran.stderr
    check_installed(target, tmp_path)


def check_installed(target, directory):
    program = "import deepidv, deepidv._loading as l; deepidv.Client('key').close(); print(l.waiting._name)"
    shown = run(sys.executable, "-c", program, directory=directory, PYTHONPATH=str(target))
    assert pathlib.Path(shown.stdout.strip()) == target / "deepidv" / "libdeepidv.so.0", shown.stderr


@pytest.mark.skipif(not BUILDS, reason="make test-sdist")
@pytest.mark.parametrize("source", ["sdist", "clone"])
def test_the_library_is_built_from_source(source, request, tmp_path):
    target = tmp_path / "target"
    ran = install(request.getfixturevalue(source), target)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    check_installed(target, tmp_path)
