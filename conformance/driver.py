"""Runs one driver through the script."""

import os
import select
import subprocess
import tempfile
import time
from collections import Counter

from hosts import OUT, ROOT
from script import Script, Seen
from service import Service

# For each line, and for the end of the driver. A step takes seconds at most.
PATIENCE_S = 60


class Driver:
    """A driver's process: one line in, one line out."""

    def __init__(self, host, url):
        environment = {key: value for key, value in os.environ.items() if not key.startswith("DEEPIDV_")}
        environment |= {
            "DEEPIDV_BASE_URL": url,
            "DEEPIDV_API_KEY": "dk_emulator",
            "DEEPIDV_RATE_LIMIT": "0",
            "DEEPIDV_TIMEOUT_MS": "3000",
            "DEEPIDV_ABI": str(ROOT / "abi" / "deepidv.abi.json"),
            "DEEPIDV_CDEF": str(ROOT / "include" / "deepidv.cdef"),
            "DEEPIDV_CHECKED_LIBRARY": str(ROOT / ".build-lib" / "libdeepidv.so.0"),
            "LD_LIBRARY_PATH": str(OUT / "checked"),
        }
        self._log = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            host.command(), cwd=host.folder, env=environment | host.environment(),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log, start_new_session=True,
        )  # fmt: skip
        self._rest = b""

    def ask(self, command):
        """Send a command, and return the line that the driver prints."""
        self._process.stdin.write(command.encode() + b"\n")
        self._process.stdin.flush()
        deadline = time.monotonic() + PATIENCE_S
        while b"\n" not in self._rest:
            ready, _, _ = select.select([self._process.stdout], [], [], max(0, deadline - time.monotonic()))
            if not ready:
                raise RuntimeError(f"no line in {PATIENCE_S} seconds")
            chunk = os.read(self._process.stdout.fileno(), 65536)
            if not chunk:
                raise RuntimeError(f"the driver ended with status {self._process.wait(PATIENCE_S)}")
            self._rest += chunk
        line, _, self._rest = self._rest.partition(b"\n")
        return line.decode(errors="backslashreplace")

    def end(self):
        """End its input, and return what was wrong with its end; None if nothing."""
        try:
            rest, _ = self._process.communicate(timeout=PATIENCE_S)
        except subprocess.TimeoutExpired:
            return "the driver did not end"
        if self._process.returncode != 0:
            return f"the driver ended with status {self._process.returncode}"
        rest = (self._rest + rest).decode(errors="backslashreplace")
        return f"more lines than commands: {rest}" if rest else None

    def kill(self):
        """Stop it if it still runs, and return what it wrote to standard error."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._log.seek(0)
        return self._log.read().decode(errors="backslashreplace")


class Report:
    """How a host did."""

    def __init__(self, host):
        self.host = host
        self.version = "?"
        self.steps = self.passed = 0
        self.problems = []
        self.seconds = 0.0

    @property
    def ok(self):
        return not self.problems and self.passed == self.steps > 0


def run_host(host, record=None):
    """Build a driver and run every step; return a report. With a script, record what the driver prints in it."""
    report = Report(host)
    script = record or Script()
    missing = host.missing()
    if missing:
        report.problems.append(f"not installed: {', '.join(missing)}")
        return report
    try:
        host.build()
        report.version = host.version()
    except (RuntimeError, OSError, subprocess.TimeoutExpired) as error:
        report.problems.append(str(error))
        return report
    service = Service()
    started = time.monotonic()
    driver = Driver(host, service.url)
    try:
        run_steps(driver, service, script, report, record)
        report.problems += filter(None, [driver.end()])
    except (RuntimeError, OSError) as error:
        report.problems.append(str(error))
    finally:
        report.seconds = time.monotonic() - started
        log = driver.kill()
        if log:
            report.problems.append(f"standard error:\n{log}")
        service.end()
    return report


def run_steps(driver, service, script, report, record):
    """Run all steps, and compare the lines."""
    seen = Seen(service.url, script.applicant)
    report.steps = len(script.steps)
    for step in script.steps:
        service.arm(step.get("faults", []))
        before = service.executed()
        try:
            raw = driver.ask(seen.command(step))
        except RuntimeError as error:
            raise RuntimeError(f"{step['name']}: {error}") from None
        line = seen.masked(raw)
        if record:
            step["expect"] = script.difference(step, line)
        problem = None
        if line != expected(step, script, report.host):
            problem = f"\n  expected {expected(step, script, report.host)}\n  printed  {line}"
        elif "executed" in step and service.executed() - before != Counter(once=step["executed"]):
            problem = f"executed {dict(service.executed() - before)} creates, not {step['executed']} once"
        if problem:
            report.problems.append(f"{step['name']}: {problem}")
        report.passed += not problem
        seen.save(step, raw)


def expected(step, script, host):
    """Return the line that a host must print."""
    cannot = step["send"][0] == "fork" and not host.has_fork
    return "unsupported" if cannot else script.expected(step)
