"""Runs the emulator, and reads its records, with which reports are compared."""

import http.client
import json
import os
import pathlib
import subprocess
import sys
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from canaries import EMULATOR_OPTIONS

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("DEEPIDV_EMULATOR", ROOT / ".build-emulator" / "release" / "deepidv-emulator")


class Emulator:
    """An emulator without a rate limit. It exits with this process at the latest."""

    def __init__(self):
        self._process = subprocess.Popen(
            [PROGRAM, "--port", "0", "--exit-with-parent", "--rate", "0", *EMULATOR_OPTIONS],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        line = self._process.stdout.readline()
        assert "listening on http" in line
        self.url = line.split()[-1]

    def end(self):
        self._process.communicate(timeout=10)
        assert self._process.returncode == 0

    def executions(self):
        """Return how often each create was executed, by external id."""
        return self._get("/emulator/executions")["executions"]

    def session_ids(self, external_id):
        """Return the ids of the sessions of one create."""
        query = urllib.parse.urlencode({"external_id": external_id}, quote_via=urllib.parse.quote)
        ids = [record["id"] for record in self._get(f"/v1/sessions?{query}")["sessions"]]
        assert len(ids) == self._get(f"/emulator/executions?{query}")["executions"]
        return ids

    def decisions(self, session_id):
        """How often a session was decided, and its status."""
        target = f"/v1/sessions/{session_id}"
        log = self._get("/emulator/requests?limit=1000")["requests"]
        executed = [
            one
            for one in log
            if (one["method"], one["target"], one["status"]) == ("PATCH", f"{target}/update-status", 200)
        ]
        return len(executed), self._get(target)["session_record"]["status"]

    def all_session_ids(self):
        """Return the ids of all sessions, by external id."""
        ids, query = {}, {"by_organization": "true", "limit": 500}
        while True:
            page = self._get(f"/v1/sessions?{urllib.parse.urlencode(query)}")
            for record in page["sessions"]:
                ids.setdefault(record.get("external_id"), []).append(record["id"])
            query["next_token"] = page["next_token"]
            if query["next_token"] is None:
                return ids

    def _get(self, target):
        address = urllib.parse.urlsplit(self.url)
        connection = http.client.HTTPConnection(address.hostname, address.port, timeout=20)
        try:
            connection.request("GET", target, headers={"x-api-key": "dk_emulator"})
            response = connection.getresponse()
            assert response.status == 200
            return json.loads(response.read())
        finally:
            connection.close()
