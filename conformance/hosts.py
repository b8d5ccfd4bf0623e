"""The hosts: one folder each in hosts/ or in bindings/, with a host.toml."""

import os
import pathlib
import re
import shutil
import subprocess
import sys

import tomllib

ROOT = pathlib.Path(__file__).resolve().parents[1]
OUT = ROOT / ".build-conformance"


class Host:
    """A language with its driver."""

    def __init__(self, path):
        self.folder = path.parent
        # That of the package's folder in bindings/, which may also be the name of a folder in hosts/.
        self.name = f"{path.parents[1].name}-package" if self.folder.name == "conformance" else self.folder.name
        self._table = tomllib.loads(path.read_text())
        self.title = self._table["title"]
        self.short = self._table.get("short", False)
        self.has_fork = self._table.get("fork", True)

    def lines(self):
        """Count the lines of the driver that are neither blank nor comments."""
        text = (self.folder / self._table["driver"]).read_text()
        text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
        comment = tuple(self._table.get("comment", "#").split())
        return sum(1 for line in text.splitlines() if line.strip() and not line.strip().startswith(comment))

    def missing(self):
        """Return the programs that are not installed."""
        commands = [*self._table.get("build", []), self._table["run"], self._table["version"]]
        names = {command[0] for command in commands if not command[0].startswith("{")}
        return sorted(name for name in names if not shutil.which(name))

    def version(self):
        """Return the version of the host, as it prints it."""
        text = self._run(self._table["version"])
        match = re.search(r"\d+(\.\d+)+", text)
        return match[0] if match else text.strip()

    def build(self):
        """Compile the driver and its binding."""
        (OUT / self.name).mkdir(parents=True, exist_ok=True)
        for command in self._table.get("build", []):
            self._run(command, self._variables("build_environment"))

    def command(self):
        """Return the command that starts the driver."""
        return [self._fill(word) for word in self._table["run"]]

    def environment(self):
        """Return the environment variables that the driver needs."""
        return self._variables("environment")

    def _variables(self, table):
        return {key: self._fill(value) for key, value in self._table.get(table, {}).items()}

    def _fill(self, word):
        places = {
            "out": OUT / self.name,
            "root": ROOT,
            "include": ROOT / "include",
            "lib": ROOT / ".build-lib",
            "python": sys.executable,
        }
        return re.sub(r"\{(\w+)\}", lambda match: str(places[match[1]]), word)

    def _run(self, command, variables=None):
        words = [self._fill(word) for word in command]
        done = subprocess.run(
            words, cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=900,
            stdin=subprocess.DEVNULL, text=True, check=False, env=os.environ | (variables or {}),
        )  # fmt: skip
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(words)}: status {done.returncode}\n{done.stdout}")
        return done.stdout


def build_checked_library():
    """Build a library that checks how the real one is used, and return its folder."""
    folder = OUT / "checked"
    folder.mkdir(parents=True, exist_ok=True)
    source, library = folder / "checked.c", folder / "libdeepidv.so.0"
    here = pathlib.Path(__file__).parent
    commands = [
        [sys.executable, here / "binding.py", "checked", source],
        ["gcc", "-O1", "-fPIC", "-shared", "-Wl,-soname,libdeepidv.so.0", f"-Wl,--version-script={ROOT}/deepidv.map",
         f"-I{ROOT}/include", source, "-o", library, "-pthread", "-ldl"],
    ]  # fmt: skip
    for command in commands:
        subprocess.run(command, check=True)
    return folder


def all_hosts():
    """Return every host; C first."""
    found = [*ROOT.glob("conformance/hosts/*/host.toml"), *ROOT.glob("bindings/*/conformance/host.toml")]
    hosts = [Host(path) for path in found]
    return sorted(hosts, key=lambda host: (host.title != "C", host.title.lower()))
