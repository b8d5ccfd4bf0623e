"""A PostgreSQL server of Debian's package, with a socket, and with a port only in a network of its own."""

import glob
import os
import pathlib
import pwd
import shutil
import subprocess
import tempfile


class PostgreSQL:
    def __init__(self, *options, inside=None, network=None):
        """Start a server; with `inside`, which turns a command into one for another host, on that host."""
        programs = max(map(pathlib.Path, glob.glob("/usr/lib/postgresql/*/bin")), default=None)
        assert programs, "install Debian's postgresql: make deps-test"
        # Not the folder of a test: the path of a socket has at most 107 bytes, and the user is another one.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="pg"))
        self._programs = programs
        self._as_user = []
        if os.geteuid() == 0:
            # It refuses to run as root.
            self._as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
            os.chown(self.folder, pwd.getpwnam("postgres").pw_uid, -1)
        self._inside = inside or (lambda *command: command)
        listen = "*" if network else ""
        self._options = ["-k", self.folder, "-c", f"listen_addresses={listen}", "-c", "max_connections=40", *options]
        data = self.folder / "data"
        initdb = [programs / "initdb", "--auth=trust", "--no-sync", "--username=postgres", "--pgdata", data]
        subprocess.run([*self._as_user, *initdb], check=True, capture_output=True, timeout=60, cwd=self.folder)
        if network:
            with open(data / "pg_hba.conf", "a") as allowed:
                allowed.write(f"host all all {network} scram-sha-256\n")
        self.start()

    @property
    def log(self):
        return (self.folder / "log").read_text()

    def url(self, database="postgres"):
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def start(self):
        command = [self._programs / "postgres", "-D", self.folder / "data", *self._options]
        with open(self.folder / "log", "a") as log:
            self._server = subprocess.Popen(self._inside(*self._as_user, *command), stderr=log, cwd=self.folder)
        ready = [self._programs / "pg_isready", "-q", "-h", self.folder, "-t", "1"]
        for _ in range(300):
            if subprocess.run(ready, check=False, timeout=10).returncode == 0:
                return
            assert self._server.poll() is None, self.log

    def stop(self, kill=False):
        (self._server.kill if kill else self._server.terminate)()
        self._server.wait(20)

    def run(self, statement):
        """Run SQL as the administrator."""
        command = [self._programs / "psql", "-q", "-h", self.folder, "-U", "postgres", "-c", statement]
        subprocess.run(command, check=True, timeout=30)

    def create(self, database):
        self.run(f"CREATE DATABASE {database}")

    def close(self):
        self.stop()
        shutil.rmtree(self.folder)
