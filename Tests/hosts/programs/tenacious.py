"""A create with tenacity's defaults, limited to four attempts."""

import json
import sys

import tenacity
from common import applicant, client

attempts = []


@tenacity.retry(stop=tenacity.stop_after_attempt(4))
def create(reference):
    attempts.append(reference)
    if reference == "RuntimeError":
        raise RuntimeError
    return client().create_session(**applicant(reference))


try:
    session = create(sys.argv[1])
    print(json.dumps([len(attempts), session.id, session.reconciled]))
except tenacity.RetryError as error:
    last = error.last_attempt.exception()
    token = getattr(last, "reconcile_token", None)
    print(json.dumps([len(attempts), type(last).__name__, token]))
