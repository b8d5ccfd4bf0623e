"""Runs the example application under gunicorn, like `make onboarding`."""

import os
import pathlib
import socket
import sqlite3
import subprocess
import sys

import deepidv

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import certificates

ROOT = pathlib.Path(__file__).resolve().parents[2]
SECRET = "whsec_onboarding"


class Application:
    """The application on a free port, with an empty database."""

    def __init__(self, folder: pathlib.Path, emulator_url: str, **environment: str):
        certificates.create_self_signed(folder, "app", f"subjectAltName={certificates.LOCALHOST}")
        self.log = open(folder / "log", "w+")
        self._database = folder / "onboarding.db"
        # It inherits a socket, so no other process can take the port.
        with socket.create_server(("127.0.0.1", 0), backlog=64) as listening:
            descriptor = listening.fileno()
            self.url = f"https://localhost:{listening.getsockname()[1]}"
            self._process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "--bind", f"fd://{descriptor}", "--keyfile", folder / "app.key",
                 "--certfile", folder / "app.pem", "onboarding:create_app()"],
                cwd=ROOT / "examples" / "onboarding",
                env={
                    **os.environ,
                    "PYTHONPATH": str(ROOT / "bindings" / "python"),
                    "PYTHONDONTWRITEBYTECODE": "1",
                    "DEEPIDV_LIBRARY": deepidv._loading.find(),
                    "DEEPIDV_API_KEY": "dk_emulator",
                    "DEEPIDV_BASE_URL": emulator_url,
                    "SECRET_KEY": "made up",
                    "WEBHOOK_SECRETS": f"{SECRET},whsec_older",
                    "PUBLIC_URL": self.url,
                    "DATABASE": str(self._database),
                    "POLL_SECONDS": "3600",
                    **environment,
                },
                stdin=subprocess.DEVNULL,
                stdout=self.log,
                stderr=self.log,
                pass_fds=[descriptor],
            )  # fmt: skip

    def users(self):
        """Return all rows of the database."""
        database = sqlite3.connect(self._database)
        database.row_factory = sqlite3.Row
        try:
            return [dict(row) for row in database.execute("SELECT * FROM user ORDER BY rowid")]
        finally:
            database.close()

    def close(self):
        self._process.terminate()
        self._process.wait(20)
        self.log.seek(0)
        print(self.log.read())
        self.log.close()
