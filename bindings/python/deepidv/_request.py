"""Fills the library's request objects."""

from __future__ import annotations

import json
from collections.abc import Mapping
from ctypes import byref, c_size_t
from typing import Any, Final, Optional

from . import _abi
from ._arguments import UINT32_MAX, encoded
from ._errors import DeepIDVError, InvalidRequest, refusal
from ._handle import Handle
from ._library import instant
from ._text import Text, read_constant

_FLAGS: Final = frozenset({"send_email_invite", "send_phone_invite"})
_NUMBERS: Final = frozenset({"expires_in_hours"})

FIELDS: Final = (
    "first_name",
    "last_name",
    "email",
    "phone",
    "external_id",
    "send_email_invite",
    "send_phone_invite",
    "workflow_id",
    "redirect_url",
    "expires_in_hours",
)
_TEXTS: Final = frozenset(FIELDS) - _FLAGS - _NUMBERS
_SETTERS: Final = {field: getattr(instant, f"deepidv_session_request_set_{field}") for field in FIELDS}


def camel(field: str) -> str:
    """Return the camelCase spelling of a field's name."""
    first, *others = field.split("_")
    return first + "".join(word.capitalize() for word in others)


class Request(Handle):
    """A session request, owned by the library."""

    kind = _abi.deepidv_session_request
    fields: dict[str, Any]
    """The fields that were set, in the caller's spelling."""
    has_trace = False
    """Whether the create belongs to a trace."""

    @classmethod
    def of(cls, fields: Mapping[str, object], search_first: bool = False) -> Request:
        """Create a request from the fields among these values, by name; None counts as absent.

        The clients pass the arguments of ``create_session``: the fields, ``self``, ``search_first`` and
        ``traceparent``.
        """
        request = cls()
        request.fields = given = {}
        handle = request.handle
        try:
            first = fields.get("search_first", search_first)
            if first is not False:
                request._set_search_first(first)
            if fields["traceparent"] is not None:
                request.set_traceparent(fields["traceparent"])
            for field in FIELDS:
                value = fields[field]
                # A required field that is None is reported as missing.
                if value is None:
                    continue
                given[field] = value
                # The usual case: the same as below, three times as fast.
                if (
                    type(value) is str
                    and field in _TEXTS
                    and value.isascii()
                    and _SETTERS[field](handle, value.encode("ascii"), len(value)) == _abi.DEEPIDV_OK
                ):
                    continue
                request._set_by_name(field, value)
        except BaseException:
            request.end()
            raise
        return request

    @classmethod
    def of_mapping(
        cls, fields: Mapping[str, Any], search_first: bool = False, traceparent: Optional[Text] = None
    ) -> Request:
        """Create a request from a mapping in either spelling."""
        request = cls()
        try:
            if search_first is not False:
                request._set_search_first(search_first)
            if traceparent is not None:
                request.set_traceparent(traceparent)
            request.set_all(fields)
        except BaseException:
            request.end()
            raise
        return request

    def _set_by_name(self, field: str, value: object) -> None:
        if field in _FLAGS:
            self.set_flag(field, value)
        elif field in _NUMBERS:
            self.set_number(field, value)
        else:
            self.set_text(field, value)

    def set_text(self, field: str, value: object) -> None:
        """Set a text field."""
        text = encoded(field, value)
        self._set(field, text, len(text))

    def set_flag(self, field: str, value: object) -> None:
        """Set a boolean field."""
        # No truthiness: the string "no" is true.
        if not isinstance(value, bool):
            raise TypeError(f"{field} must be bool, not {type(value).__name__}")
        self._set(field, int(value))

    def set_number(self, field: str, value: object) -> None:
        """Set an integer field."""
        if not isinstance(value, int) or isinstance(value, bool):
            raise TypeError(f"{field} must be int, not {type(value).__name__}")
        # ctypes would truncate larger values.
        if not 0 <= value <= UINT32_MAX:
            raise InvalidRequest(_abi.DEEPIDV_E_RANGE, field=field)
        self._set(field, value)

    def _set(self, field: str, *value: Any) -> None:
        status = _SETTERS[field](self.handle, *value)
        if status != _abi.DEEPIDV_OK:
            raise InvalidRequest(status, field=field)

    def _set_search_first(self, value: object) -> None:
        if not isinstance(value, bool):
            raise TypeError(f"search_first must be bool, not {type(value).__name__}")
        instant.deepidv_session_request_set_search_first(self.handle, int(value))

    def set_traceparent(self, value: object) -> None:
        """Set the trace that the create belongs to, which is not a field of the service."""
        text = encoded("traceparent", value)
        status = instant.deepidv_session_request_set_traceparent(self.handle, text, len(text))
        if status != _abi.DEEPIDV_OK:
            raise InvalidRequest(status, field="traceparent")
        self.has_trace = bool(text)

    def set_all(self, fields: Mapping[str, Any]) -> None:
        """Set all fields from a mapping."""
        if not isinstance(fields, Mapping):
            raise TypeError(f"fields must be a mapping, not {type(fields).__name__}")
        self.fields = dict(fields)
        document = _document(self.fields)
        status, field, offset = self.set_document(document)
        if status == _abi.DEEPIDV_OK:
            return
        refused = InvalidRequest(status, field=field, offset=offset)
        if status == _abi.DEEPIDV_E_FIELD:
            # Not in the summary: the name of an unknown member may be personal data.
            refused.field = _member_at(document, offset)
        raise refused

    def set_document(self, document: bytes) -> tuple[int, Optional[str], int]:
        """Set all fields from a JSON object. Return the status, and the field and offset of an error."""
        field = _abi.p_c_char()
        offset = c_size_t()
        status: int = instant.deepidv_session_request_set_json(
            self.handle, document, len(document), byref(field), byref(offset)
        )
        return status, read_constant(field), offset.value

    def validate(self) -> None:
        """Raise InvalidRequest if a required field is missing."""
        status, field = self._missing()
        if status != _abi.DEEPIDV_OK:
            raise InvalidRequest(status, field=field)

    def refusal(self, status: int) -> DeepIDVError:
        """Return the exception for a create that was not submitted."""
        if status in (_abi.DEEPIDV_E_REQUIRED, _abi.DEEPIDV_E_TOO_LONG):
            return InvalidRequest(status, field=self._missing()[1])
        return refusal(status)

    def _missing(self) -> tuple[int, Optional[str]]:
        field = _abi.p_c_char()
        status = instant.deepidv_session_request_validate(self.handle, byref(field))
        return status, read_constant(field)


def _document(fields: Mapping[str, Any]) -> bytes:
    try:
        return json.dumps(fields, allow_nan=False).encode("ascii")
    except ValueError:
        # The exception would contain the value.
        pass
    raise InvalidRequest(_abi.DEEPIDV_E_JSON)


def _member_at(document: bytes, offset: int) -> Optional[str]:
    """Return the name of the member at this offset."""
    start = document.rfind(b'"', 0, offset + 1)
    try:
        name, _ = json.JSONDecoder().raw_decode(document.decode("ascii"), start)
    except ValueError:
        return None
    return name if isinstance(name, str) else None
