"""The table of hosts, on the terminal and in documents."""

import re

from hosts import ROOT

COLUMNS = ["host", "version", "steps", "passed", "lines", "seconds"]
WIDTHS = [24, 14, 5, 6, 5, 7]


def row(report):
    """Return the cells of a host."""
    cells = [report.host.title, report.version, report.steps, report.passed, report.host.lines()]
    return [*map(str, cells), f"{report.seconds:.1f}"]


class Table:
    """Prints each host when it is done, in order."""

    def __init__(self):
        self._print(COLUMNS)

    def show(self, report):
        self._print(row(report), "" if report.ok else "  FAILED")

    def _print(self, cells, note=""):
        left = [cell.ljust(width) for cell, width in zip(cells[:2], WIDTHS[:2], strict=True)]
        right = [cell.rjust(width) for cell, width in zip(cells[2:], WIDTHS[2:], strict=True)]
        print("  ".join(left + right) + note, flush=True)


def write_documents(reports):
    """Write the table between the marks in docs/hosts.md, and one line of titles into README.md."""
    # It is called if all have passed all steps, so these columns would be the same.
    (steps,) = {report.steps for report in reports}
    shown = [number for number, column in enumerate(COLUMNS) if column not in ("steps", "passed")]
    lines = [f"All pass all {steps} steps.", "", *markdown([COLUMNS, *map(row, reports)], shown)]
    replace(ROOT / "docs" / "hosts.md", "\n".join(lines))
    titles = [f"{report.host.title} {report.version}" for report in reports]
    replace(ROOT / "README.md", ", ".join(titles))


def markdown(rows, shown):
    """Yield the lines of a table with some of the columns: two of words, and others of numbers."""
    head, *others = [f"| {' | '.join(row[number] for number in shown)} |" for row in rows]
    return [head, "| --- | --- |" + " ---: |" * (len(shown) - 2), *others]


def replace(path, text):
    """Replace what is between the two marks in a document."""
    marked = re.compile(r"(<!-- hosts -->\n).*?(<!-- end -->)", re.DOTALL)
    path.write_text(marked.sub(lambda match: f"{match[1]}\n{text}\n\n{match[2]}", path.read_text()))
