"""The names of the output and of the journal. No two files of a run may be the same."""

from __future__ import annotations

import argparse
import os

from .. import _private_file
from .._input import InputError
from .output import unfinished
from .source import Source


def file_names(arguments: argparse.Namespace) -> tuple[str, str]:
    """Return the names of the output and the journal."""
    output = arguments.output
    if output is None:
        if arguments.input == "-":
            raise InputError("--output is required with standard input")
        output = f"{arguments.input}.sessions.jsonl"
    journal = arguments.journal
    if journal is None:
        if output == "-":
            raise InputError("--journal is required with standard output")
        journal = f"{output}.journal"
    return output, journal


def check_files(source: Source, output: str, journal: str) -> None:
    """Check that the files are different ones, and that the existing ones are ours alone."""
    # SQLite's own files beside the journal.
    written = {journal: "the journal", f"{journal}-wal": "a file of the journal", f"{journal}-shm": ""}
    if output != "-":
        for name in (output, unfinished(output)):
            if any(_is_same(name, other) for other in written):
                raise InputError("--output and --journal must be different files")
        written[output] = "the output"
        written[unfinished(output)] = "the new output"
    for name, what in written.items():
        if _identity(name) == source.identity:
            raise InputError(f"{what} must not be the input: {name}")
    for name in (journal, *([output] if output != "-" else [])):
        _private_file.exists(name)


def _identity(name: str) -> tuple[int, int]:
    try:
        found = os.stat(name)
    except OSError:
        return (-1, -1)
    return found.st_dev, found.st_ino


def _is_same(name: str, other: str) -> bool:
    return os.path.realpath(name) == os.path.realpath(other) or (
        _identity(name) == _identity(other) != (-1, -1)
    )
