"""Shared by the programs: one client per process, and an applicant like one from a database."""

import functools
import os

import deepidv


@functools.cache
def client_of(process):
    return deepidv.Client.from_env(rate_limit=0)


def client():
    """Return the client of this process. A client created before a fork raises ForkedError."""
    return client_of(os.getpid())


def applicant(reference):
    # As in Tests/support/canaries.py.
    return {
        "first_name": "Quillabel",
        "last_name": "Zarnowicz",
        "email": "quillabel@canary.example",
        "phone": "+15195550148",
        "external_id": reference,
    }
