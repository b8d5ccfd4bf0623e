"""Signatures that belong together."""

import inspect

import deepidv
from deepidv import _client_base, _config, _request


def test_from_env_has_the_options_of_the_constructor():
    for kind in (deepidv.Client, deepidv.AsyncClient):
        names = [name for name in inspect.signature(kind).parameters if name != "self"]
        assert names == list(_client_base.Options.__annotations__) and set(names) == _config._KNOWN


def test_create_session_has_the_fields_of_a_request():
    for kind in (deepidv.Client, deepidv.AsyncClient):
        names = list(inspect.signature(kind.create_session).parameters)
        # Between them, all fields in their order: what is left out here would never be sent.
        assert (names[0], *names[-2:]) == ("self", "search_first", "traceparent")
        assert names[1:-2] == list(_request.FIELDS)
