"""The C interface as event loops use it: submissions, and a queue of completions."""

import select
from ctypes import POINTER, byref, c_uint64

from deepidv import _abi
from deepidv._abi import DEEPIDV_OK


def new(lib, kind, *arguments):
    handle = POINTER(getattr(_abi, kind))()
    assert getattr(lib, f"{kind}_new")(*arguments, byref(handle)) == DEEPIDV_OK
    assert handle
    return handle


class Queue:
    """A client whose completions are read from its queue."""

    def __init__(self, lib, client):
        self.lib = lib
        self.client = client
        self.descriptor = lib.deepidv_client_fd(client)
        assert self.descriptor >= 0

    def submit(self, request, tag):
        op = c_uint64()
        return self.lib.deepidv_session_create_submit(self.client, request, tag, byref(op)), op.value

    def next(self):
        event, result = _abi.deepidv_event(), POINTER(_abi.deepidv_result)()
        status = self.lib.deepidv_client_next(self.client, byref(event), byref(result))
        if status != DEEPIDV_OK:
            assert not result
            return status, None, None
        assert event.status == self.lib.deepidv_result_status(result)
        assert event.kind == _abi.DEEPIDV_EVENT_SESSION_CREATE
        assert not any(event.reserved)
        cause = self.lib.deepidv_result_cause(result)
        self.lib.deepidv_result_free(result)
        return DEEPIDV_OK, event, cause

    def take(self, count):
        """Wait for this many completions, and return them."""
        completions = []
        for _ in range(count):
            assert self.lib.deepidv_client_wait(self.client, 10_000) == DEEPIDV_OK
            assert self.is_readable()
            status, event, cause = self.next()
            assert status == DEEPIDV_OK
            completions.append((event, cause))
        return completions

    def is_readable(self, timeout_ms=0):
        poll = select.poll()
        poll.register(self.descriptor, select.POLLIN)
        return poll.poll(timeout_ms) == [(self.descriptor, select.POLLIN)]
