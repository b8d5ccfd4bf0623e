"""Writes to standard output and standard error: failures are errors, and nothing controls a terminal."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
import select
import sys
from typing import Any, Final, NoReturn

from ._signals import ignore_signals

# Control characters but tabs and line ends, and the characters that change the direction of text.
_UNSAFE: Final = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


class OutputError(Exception):
    """Standard output could not be written. The text says why."""


class NoOutput(OutputError):
    """Standard output is closed or has no reader. Nothing was sent."""


def printable(text: str) -> str:
    """Escape the characters that could control a terminal."""
    return _UNSAFE.sub(lambda found: found.group().encode("unicode_escape").decode("ascii"), text)


def json_line(output: Any) -> str:
    """Return one line of JSON, in ASCII and without control characters."""
    return json.dumps(output).replace("\x7f", "\\u007f") + "\n"


def say(text: str) -> None:
    """Print lines to standard error. If that fails, there is nobody left to tell."""
    # With `file=None`, print() would write to standard output.
    if sys.stderr is None:
        return
    try:
        print(printable(text), file=sys.stderr, flush=True)
    except (OSError, ValueError):
        _discard(2)


def print_text(text: str) -> None:
    """Print to standard output."""
    try:
        if sys.stdout is None:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        sys.stdout.write(text)
        sys.stdout.flush()
    except (OSError, ValueError) as error:
        _discard(1)
        raise OutputError(reason(error)) from None


def print_json(output: Any) -> None:
    """Print one line of JSON to standard output."""
    print_text(json_line(output))


def print_result(output: Any, known: dict[str, Any]) -> None:
    """Print the result of a create. If that fails, print what must not be lost to standard error."""
    try:
        print_json(output)
        ignore_signals()
    except BaseException as error:
        # Also Ctrl-C: the session would be lost.
        tell_result(known, str(error) if isinstance(error, OutputError) else type(error).__name__)


def tell_result(known: dict[str, Any], why: str) -> NoReturn:
    """Print what must not be lost to standard error, because the result could not be printed."""
    say(f"deepidv: the output could not be written: {why}. Do not send the request again:")
    say(json_line(known).rstrip())
    ignore_signals()
    raise ResultNotPrinted(why) from None


class ResultNotPrinted(OutputError):
    """The result was printed to standard error instead."""


def require_output() -> None:
    """Raise NoOutput if standard output is closed, or a pipe that nobody reads. Call it before sending."""
    if sys.stdout is None:
        raise NoOutput("standard output is closed")
    poller = select.poll()
    try:
        poller.register(sys.stdout.fileno(), 0)
    except (OSError, ValueError):
        # Not a file, as in tests.
        return
    for _, events in poller.poll(0):
        if events & (select.POLLERR | select.POLLNVAL):
            raise NoOutput("nobody reads standard output")


def reason(error: BaseException) -> str:
    """Return the words of an error of the system, without the name of a file."""
    return (error.strerror if isinstance(error, OSError) else None) or type(error).__name__


def _discard(descriptor: int) -> None:
    """Send what is still buffered to nowhere, or Python complains and changes the exit status at exit."""
    with contextlib.suppress(OSError):
        nowhere = os.open(os.devnull, os.O_WRONLY | os.O_CLOEXEC)
        try:
            os.dup2(nowhere, descriptor, inheritable=False)
        finally:
            os.close(nowhere)
