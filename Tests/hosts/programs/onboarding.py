"""What the programs share: a client in each process, and an applicant as a database would return it."""

import functools
import os

import deepidv


@functools.cache
def client_of(process):
    return deepidv.Client.from_env(rate_limit=0)


def client():
    """Return the client of this process: one from before a fork raises ForkedError."""
    return client_of(os.getpid())


def applicant(reference):
    return {
        "first_name": "Ada",
        "last_name": "Lovelace",
        "email": "ada@example.com",
        "phone": "+15192223333",
        "external_id": reference,
    }
