"""Draws the output of `limiter-simulation machines` as SVG: plot.py <output.txt >plot.svg"""

import math
import sys

WIDTH, HEIGHT, LEFT, TOP, GAP = 240, 170, 46, 44, 64
COLORS = {"alone": "#c2410c", "shared": "#1d4ed8"}
LABELS = {"alone": "without Redis", "shared": "through Redis"}
# Title, column, the ends of its axis, and the marks on it.
PANELS = [
    ("429s, % of all requests", 3, (0, 100), (0, 25, 50, 75, 100)),
    ("Jain's fairness index", 4, (0, 1), (0, 0.25, 0.5, 0.75, 1)),
    ("10,000 rows done after, s", 2, (0, 500), (0, 100, 200, 300, 400, 500)),
]
MACHINES = (1, 10, 100, 1000)
TITLE = "429s, fairness and time for 1 to 1,000 machines"
# For those who cannot see the picture.
DESCRIPTION = (
    "Three diagrams with the number of machines from 1 to 1,000. On 1,000 machines without Redis, {alone[3]:.0f} % of "
    "all requests get a 429, Jain's fairness index is {alone[4]:.2f}, and 10,000 rows are done after {alone[2]:.0f} "
    "seconds. Through Redis, it is {shared[3]:.0f} %, {shared[4]:.2f} and {shared[2]:.0f} seconds."
)


def text(x, y, words, anchor="middle", color="#374151", size=11):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{color}" font-size="{size}">{words}</text>'


def line(x1, y1, x2, y2):
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#e5e7eb"/>'


def panel(rows, number, title, column, ends, marks):
    """Yield the elements of one diagram."""
    left = LEFT + number * (WIDTH + GAP)

    def x(machines):
        return left + WIDTH * math.log10(machines) / 3

    def y(value):
        return TOP + HEIGHT * (1 - (value - ends[0]) / (ends[1] - ends[0]))

    yield text(left + WIDTH / 2, TOP - 10, title, color="#111827", size=13)
    for mark in marks:
        yield line(left, y(mark), left + WIDTH, y(mark))
        yield text(left - 6, y(mark) + 4, f"{mark:g}", "end")
    for machines in MACHINES:
        yield line(x(machines), TOP, x(machines), TOP + HEIGHT)
        yield text(x(machines), TOP + HEIGHT + 16, f"{machines:,}")
    yield text(left + WIDTH / 2, TOP + HEIGHT + 33, "machines")
    for strategy, color in COLORS.items():
        points = [(x(int(row[1])), y(float(row[column]))) for row in rows if row[0] == strategy]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        yield f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="2"/>'
        for at in points:
            yield f'<circle cx="{at[0]:.1f}" cy="{at[1]:.1f}" r="2.5" fill="{color}"/>'


def description(rows):
    """Return the description, with the last row of each strategy."""
    return DESCRIPTION.format(**{row[0]: [row[0], *map(float, row[1:])] for row in rows})


def main():
    rows = [row.split() for row in sys.stdin.read().splitlines()[1:]]
    width = LEFT + 3 * WIDTH + 2 * GAP + 20
    height = TOP + HEIGHT + 72
    print(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" '
        'role="img" aria-labelledby="title description">'
    )
    print(f'<title id="title">{TITLE}</title>')
    print(f'<desc id="description">{description(rows)}</desc>')
    print(f'<rect width="{width}" height="{height}" fill="#ffffff"/>')
    for number, described in enumerate(PANELS):
        print("\n".join(panel(rows, number, *described)))
    for number, (strategy, color) in enumerate(COLORS.items()):
        at = width / 2 - 120 + 140 * number
        print(f'<rect x="{at:.1f}" y="{height - 21}" width="18" height="4" fill="{color}"/>')
        print(text(at + 24, height - 15, LABELS[strategy], "start"))
    print("</svg>")


main()
