"""Fixtures: an installation whose prefix was moved, and whose source tree was deleted."""

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
    """Return an environment without variables that refer to the checkout."""
    ours = ("DEEPIDV_", "PKG_CONFIG", "CMAKE_", "LD_", "LIBRARY", "CPATH", "MAKE", "MFLAGS")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    folders = ("PREFIX", "DESTDIR", "BINDIR", "INCLUDEDIR", "LIBDIR", "DATADIR", "MANDIR", "DOCDIR")
    return {name: value for name, value in kept.items() if name not in folders} | more


def run(*command, check=True, **options):
    """Run a command, and show its output if it fails."""
    options = {"env": clean_environment(), "timeout": 120} | options
    done = subprocess.run(
        [str(word) for word in command], check=False, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, **options,
    )  # fmt: skip
    assert not check or done.returncode == 0, f"{command} failed with status {done.returncode}:\n{done.stdout}"
    return done


def make(tree, *arguments, check=True):
    """Run make without Swift on the PATH."""
    return run("make", "-s", "-C", tree, *arguments, check=check, env=clean_environment(PATH=PLAIN_PATH))


def copy_of_tree(folder, built=True):
    """Copy the files in git, and the output of `make build` if `built`."""
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
    """Return the names of all files and links below a folder."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir() or path.is_symlink())


@pytest.fixture(scope="session")
def tree(tmp_path_factory):
    """Return a built copy of the tree."""
    return copy_of_tree(tmp_path_factory.mktemp("tree"))


@pytest.fixture(scope="session")
def first_prefix(tmp_path_factory):
    """Return the prefix at installation, which no longer exists after the move."""
    return tmp_path_factory.mktemp("first place") / "pre fix"


@pytest.fixture(scope="session")
def prefix(tmp_path_factory, first_prefix):
    """Install, delete the source tree, move the prefix, and return it."""
    source = copy_of_tree(tmp_path_factory.mktemp("gone"))
    make(source, "install", f"PREFIX={first_prefix}")
    shutil.rmtree(source)
    moved = tmp_path_factory.mktemp("second place") / "moved"
    first_prefix.rename(moved)
    return moved


@pytest.fixture(scope="session")
def emulator():
    """Run an emulator and return its URL."""
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
    """Return a function that checks that a program creates a session."""

    def check(*command, **more):
        environment = clean_environment(DEEPIDV_API_KEY="dk_emulator", DEEPIDV_BASE_URL=emulator, **more)
        done = run(*command, env=environment, timeout=30)
        assert done.stdout.startswith(f"{emulator}/session/sess_"), done.stdout

    return check


@pytest.fixture
def pkg_config(prefix):
    """Return a function that runs pkg-config on the installation and returns its output as a list of arguments."""

    def ask(*arguments, where=prefix / "lib"):
        environment = clean_environment(PKG_CONFIG_PATH=str(where / "pkgconfig"))
        # The output is quoted for a shell.
        script = 'eval "set -- $(pkg-config "$@" | tr "\\n" " ")"; for word; do printf "%s\\n" "$word"; done'
        return run("sh", "-c", script, "sh", *arguments, env=environment).stdout.splitlines()

    return ask
