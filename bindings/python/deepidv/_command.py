"""The command line: ``deepidv``, or ``python -m deepidv``."""

from __future__ import annotations

import os
from typing import Any, Optional

from ._clear_locals import clears_locals
from ._commands import session_fields
from ._config import NO_LOGS
from ._errors import (
    CreatedThoughCancelled,
    DuplicateSessions,
    Error,
    InvalidOption,
    InvalidRequest,
    OutcomeUnknown,
    RepeatedParameter,
    ServiceError,
    TryAgain,
)
from ._exit_status import (
    DUPLICATE,
    FAILED,
    INTERRUPTED,
    MISMATCH,
    NOT_PRINTED,
    REFUSED,
    TRY_AGAIN,
    UNKNOWN,
    USAGE_ERROR,
)
from ._input import InputError
from ._parser import parser
from ._signals import Stopped, stops_on_signals
from ._terminal import NoOutput, OutputError, ResultNotPrinted, print_result, say


@clears_locals
def main(arguments: Optional[list[str]] = None) -> int:
    """Run a command and return its exit status. No exception leaves it, except argparse's SystemExit."""
    try:
        with stops_on_signals(is_last=arguments is None):
            return _run(arguments)
    except NoOutput as error:
        say(f"deepidv: {error}; nothing was sent")
        return USAGE_ERROR
    except ResultNotPrinted:
        return NOT_PRINTED
    except OutputError as error:
        say(f"deepidv: the output could not be written: {error}")
        return NOT_PRINTED
    except InputError as error:
        say(f"deepidv: {error}")
        return USAGE_ERROR
    except OSError as error:
        say(f"deepidv: {_sentence(error)}")
        return USAGE_ERROR
    except KeyboardInterrupt as stopped:
        return _interrupted(stopped)
    except Exception as error:
        # Not its text, which may contain data.
        say(f"deepidv: internal error, please report it: {_place(error)}")
        return FAILED


def _run(arguments: Optional[list[str]]) -> int:
    parsed = parser().parse_args(arguments)
    _show_logs()
    try:
        status: int = parsed.run(parsed)
        return status
    except Error as error:
        return _failed(error)


def _show_logs() -> None:
    if os.environ.get("DEEPIDV_LOG_LEVEL", "0") not in NO_LOGS:
        # Not in most runs, since the import takes time.
        import logging

        logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s")
        logging.getLogger("deepidv").setLevel(logging.DEBUG)


def _interrupted(stopped: KeyboardInterrupt) -> int:
    # A signal may arrive before the outcome of a create was reported.
    error: Optional[BaseException] = stopped
    while error is not None:
        if isinstance(error, OutcomeUnknown):
            try:
                return _failed(error)
            except OutputError:
                return NOT_PRINTED
        error = error.__context__
    return 128 + stopped.number if isinstance(stopped, Stopped) else INTERRUPTED


def _failed(error: Error) -> int:
    say(f"deepidv: {error}")
    if isinstance(error, InvalidOption) and error.field == "api_key":
        say("deepidv: set DEEPIDV_API_KEY or use --api-key-file")
    if isinstance(error, OutcomeUnknown):
        known = _known(error)
        session = session_fields(error.session) if isinstance(error, CreatedThoughCancelled) else {}
        print_result({**known, **session}, {**known, "id": session["id"]} if session else known)
        return DUPLICATE if isinstance(error, DuplicateSessions) else UNKNOWN
    if isinstance(error, RepeatedParameter):
        return MISMATCH
    if isinstance(error, (InvalidRequest, InvalidOption)):
        return USAGE_ERROR
    if isinstance(error, TryAgain):
        return TRY_AGAIN
    return REFUSED if isinstance(error, ServiceError) else FAILED


def _known(error: OutcomeUnknown) -> dict[str, Any]:
    known: dict[str, Any] = {"outcome": error.outcome, "external_id": error.external_id}
    if isinstance(error, DuplicateSessions):
        known["session_ids"] = error.session_ids
    else:
        known["reconcile_token"] = error.reconcile_token
    return known


def _sentence(error: OSError) -> str:
    words = error.strerror or str(error) or type(error).__name__
    return words if error.filename is None else f"{error.filename}: {words}"


def _place(error: BaseException) -> str:
    traceback = error.__traceback__
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    where = "" if traceback is None else f" ({traceback.tb_frame.f_code.co_name}:{traceback.tb_lineno})"
    return f"{type(error).__name__}{where}"
