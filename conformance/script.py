"""The steps of script.json: what is sent to a driver, and what it must print."""

import json
import pathlib
import re

PATH = pathlib.Path(__file__).with_name("script.json")

# What differs from run to run. The first group stays.
MASKS = [
    (r'("elapsed_us":)\d+', r"\g<1>0"),
    (r'("reconcile_token":)"[^"]+"', r'\g<1>"TOKEN"'),
    # The rest of settle_ms, which is 120 seconds.
    (r'("retry_after_ms":)1[01]\d{4}(?=,)', r"\g<1>120000"),
    (r"()\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z", r"\g<1>TIME"),
]


class Script:
    """The steps, with the values that one run has seen."""

    def __init__(self):
        self._text = json.loads(PATH.read_text())
        self.steps = self._text["steps"]
        self.applicant = self._text["forms"]["applicant"]

    def expected(self, step):
        """Return the line that a step must print.

        An object has only the members that differ from those of its form.
        """
        expected = step["expect"]
        if isinstance(expected, str):
            return expected
        whole = dict(self._text["forms"][step["form"]])
        unknown = expected.keys() - whole.keys()
        if unknown:
            raise ValueError(f"{step['name']}: the form {step['form']} has no {unknown}")
        return compact(whole | expected)

    def difference(self, step, line):
        """Return what a step expects, so that it prints this line."""
        form = self._text["forms"].get(step.get("form"))
        if form is None or not line.startswith("{"):
            return line
        return {key: value for key, value in json.loads(line).items() if form.get(key, line) != value}

    def record(self):
        """Write the steps back, with what C printed."""
        steps = ["{\n" + indented([member(step, key) for key in step], 6) + "\n    }" for step in self.steps]
        forms = [member(self._text["forms"], name) for name in self._text["forms"]]
        text = f'{{\n  "forms": {{\n{indented(forms, 4)}\n  }},\n  "steps": [\n{indented(steps, 4)}\n  ]\n}}\n'
        PATH.write_text(text)


def indented(items, width):
    """Put each item on a line."""
    return ",\n".join(" " * width + item for item in items)


def member(table, key):
    """Print one member of an object."""
    return f"{json.dumps(key)}: {json.dumps(table[key], ensure_ascii=False)}"


def compact(value):
    """Print JSON as the library does."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class Seen:
    """What one driver has printed: the values for later commands, and the numbers of its sessions."""

    def __init__(self, url, applicant):
        self._url = url
        self._applicant = applicant
        self._values = {}
        self._sessions = {}

    def command(self, step):
        """Return the line to send.

        <name> stands for a value that an earlier step has saved, and an object for a request with its members.
        """
        fields = [field if isinstance(field, str) else compact(self._applicant | field) for field in step["send"]]
        return re.sub(r"<([a-z]+)>", lambda match: self._values[match[1]], "\t".join(fields))

    def save(self, step, line):
        """Keep the values that later steps need."""
        for name, member in step.get("save", {}).items():
            found = re.search(f'"{member}":"([^"]+)"', line)
            self._values[name] = found[1] if found else "unknown"

    def masked(self, line):
        """Return a line with everything replaced that differs from run to run."""
        line = line.replace(self._url, "http://emulator")
        line = re.sub(r"sess_[a-z0-9]{20}", lambda match: self._number(match[0]), line)
        for pattern, replacement in MASKS:
            line = re.sub(pattern, replacement, line)
        return line

    def _number(self, session):
        return self._sessions.setdefault(session, f"sess_{len(self._sessions) + 1}")
