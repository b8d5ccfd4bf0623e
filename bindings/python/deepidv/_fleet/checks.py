"""Checks rows before they are added, and turns them into columns."""

from __future__ import annotations

import json
from typing import Any, Final, Optional

from .._bulk.rows import NAMES, Problem, Row
from .._errors import InvalidRequest
from .._outcome import Outcome
from .._request import Request
from .table import READY

NO_EXTERNAL_ID: Final = "it is missing; every worker finds the session by it"


def problem_of(row: Row) -> Optional[Problem]:
    """Return why a row cannot be sent. It needs an external id by which every worker can search."""
    if not row.external_id:
        return Problem("DEEPIDV_E_REQUIRED", NO_EXTERNAL_ID, "external_id")
    try:
        with Request.of_mapping(row.fields, True) as request:
            request.validate()
    except InvalidRequest as refused:
        return Problem.of_status(refused.status, refused.field)
    except TypeError:
        # Not its text, which may contain the value.
        return Problem("DEEPIDV_E_TYPE", "a value is neither text, number, boolean nor None")
    return None


def can_be_stored(external_id: str) -> bool:
    """Return whether an external id that is perhaps invalid can be stored."""
    # PostgreSQL stores no NUL, and no driver lone surrogates.
    return "\0" not in external_id and external_id.isprintable()


def ready_row(row: Row) -> dict[str, Any]:
    """Return the columns of a row that is to be sent."""
    fields = {name: value for name, value in row.fields.items() if NAMES.get(name) != "external_id"}
    request = json.dumps(fields, sort_keys=True)
    return {"state": READY, "request": request, "error": None, "message": None, "field": None}


def invalid_row(problem: Problem) -> dict[str, Any]:
    """Return the columns of an invalid row."""
    what = {"error": problem.code, "message": problem.text, "field": problem.field}
    return {"state": Outcome.INVALID.value, "request": None, **what}
