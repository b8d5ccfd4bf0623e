"""What the tests share: an installation in a prefix that was moved, made from a tree that is gone."""

import os
import pathlib
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = pathlib.Path(__file__).resolve().parent
LIBRARY = pathlib.Path(os.environ.get("DEEPIDV_LIB_DIR", ROOT / ".build-lib"))
DOCS = ROOT / ".build-docs"
EMULATOR = os.environ.get("DEEPIDV_EMULATOR", ROOT / ".build-emulator" / "release" / "deepidv-emulator")

# A system without Swift.
PLAIN_PATH = "/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"


def clean_environment(**more):
    """Give an environment in which nothing leads back to the checkout."""
    ours = ("DEEPIDV_", "PKG_CONFIG", "CMAKE_", "LD_", "LIBRARY", "CPATH", "MAKE", "MFLAGS")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    where = ("PREFIX", "DESTDIR", "BINDIR", "INCLUDEDIR", "LIBDIR", "DATADIR", "MANDIR", "DOCDIR")
    return {name: value for name, value in kept.items() if name not in where} | more


def run(*command, check=True, **options):
    """Run a command, and show all that it said if it fails."""
    options = {"env": clean_environment(), "timeout": 120} | options
    done = subprocess.run(
        [str(word) for word in command], check=False, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, **options,
    )  # fmt: skip
    assert not check or done.returncode == 0, f"{command} ended with {done.returncode}:\n{done.stdout}"
    return done


def make(tree, *arguments, check=True):
    """Run make as somebody who has no Swift."""
    return run("make", "-s", "-C", tree, *arguments, check=check, env=clean_environment(PATH=PLAIN_PATH))


def copy_of_tree(folder, built=True):
    """Copy what git has, and what `make build` built if it is to be there."""
    listed = run("git", "-C", ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard").stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    if built:
        shutil.copytree(LIBRARY, folder / ".build-lib", symlinks=True)
        shutil.copytree(DOCS, folder / ".build-docs")
    return folder


def listing(folder):
    """Name every file and link below a folder."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir() or path.is_symlink())


@pytest.fixture(scope="session")
def tree(tmp_path_factory):
    """Give a built tree of one's own."""
    return copy_of_tree(tmp_path_factory.mktemp("tree"))


@pytest.fixture(scope="session")
def first_prefix(tmp_path_factory):
    """Give the prefix that was installed to, which is not there any more."""
    return tmp_path_factory.mktemp("first place") / "pre fix"


@pytest.fixture(scope="session")
def prefix(tmp_path_factory, first_prefix):
    """Give an installation that was moved; the tree it came from is gone."""
    source = copy_of_tree(tmp_path_factory.mktemp("gone"))
    make(source, "install", f"PREFIX={first_prefix}")
    shutil.rmtree(source)
    moved = tmp_path_factory.mktemp("second place") / "moved"
    first_prefix.rename(moved)
    return moved


@pytest.fixture(scope="session")
def emulator():
    """Give the URL of an emulator."""
    process = subprocess.Popen(
        [EMULATOR, "--port", "0", "--rate", "0", "--exit-with-parent"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    line = process.stdout.readline()
    assert "listening on http" in line
    yield line.split()[-1]
    process.communicate(timeout=10)
    assert process.returncode == 0


@pytest.fixture
def creates(emulator):
    """Give a check that a program creates a session."""

    def check(*command, **more):
        environment = clean_environment(DEEPIDV_API_KEY="dk_emulator", DEEPIDV_BASE_URL=emulator, **more)
        done = run(*command, env=environment, timeout=30)
        assert done.stdout.startswith(f"{emulator}/session/sess_"), done.stdout

    return check


@pytest.fixture
def pkg_config(prefix):
    """Give a way to ask pkg-config about the installation, as a list of arguments."""

    def ask(*arguments, where=prefix / "lib"):
        environment = clean_environment(PKG_CONFIG_PATH=str(where / "pkgconfig"))
        # What it prints is for a shell to split.
        script = 'eval "set -- $(pkg-config "$@" | tr "\\n" " ")"; for word; do printf "%s\\n" "$word"; done'
        return run("sh", "-c", script, "sh", *arguments, env=environment).stdout.splitlines()

    return ask
