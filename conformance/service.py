"""The emulator that a driver talks to, and the faults of a step."""

import json
import pathlib
import sys
import urllib.request
from collections import Counter

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Tests" / "faults"))

from emulator import Emulator


class Service(Emulator):
    """An emulator for one driver."""

    def arm(self, faults):
        """Replace the armed faults with others."""
        self._call("DELETE", "/emulator/faults")
        for fault in faults:
            self._call("POST", "/emulator/faults", fault)

    def executed(self):
        """Return how many creates were executed once, and how many more often."""
        times = self.executions().values()
        return Counter("once" if count == 1 else "more often" for count in times)

    def _call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, {"Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(request, timeout=20) as response:
            response.read()
