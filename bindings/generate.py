#!/usr/bin/env python3
"""Generates constants, classes, options and declarations of the packages from abi/deepidv.abi.json.

``generate.py`` writes the files, ``generate.py --check`` fails if one is out of date. Each language has a
module in ``templates`` with a table ``FILES``: path below ``bindings`` and function that returns the text.
"""

import argparse
import importlib
import pathlib
import sys

from templates.interface import Interface

BINDINGS = pathlib.Path(__file__).resolve().parent
LANGUAGES = ["csharp", "go", "java", "node", "ruby", "rust"]


def files(interface):
    """Yield the path and the text of each generated file."""
    for language in LANGUAGES:
        template = importlib.import_module(f"templates.{language}")
        for path, render in template.FILES.items():
            yield BINDINGS / language / path, render(interface)


def main():
    """Write or check the files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="fail if a file is out of date")
    check = parser.parse_args().check
    interface = Interface.load(BINDINGS.parent / "abi" / "deepidv.abi.json")
    outdated = []
    for path, text in files(interface):
        current = path.read_text() if path.exists() else None
        if current == text:
            continue
        outdated.append(path.relative_to(BINDINGS.parent))
        if not check:
            path.write_text(text)
    if check and outdated:
        names = ", ".join(map(str, outdated))
        sys.exit(f"Out of date: {names}. Run bindings/generate.py.")
    for path in outdated:
        print(path)


if __name__ == "__main__":
    main()
