"""Runs creates under Sentry with its defaults, and prints the events: three lost responses and one rejected request.

The events contain source lines and local variables of this file, so the applicants are in other files, as they
would be in a database.
"""

import itertools
import json
import logging
import os
import pathlib
import sys
import threading

import deepidv
import sentry_sdk

EVENTS = []
NUMBERS = itertools.count()


class Collect(sentry_sdk.Transport):
    """Collects events instead of sending them."""

    def capture_envelope(self, envelope):
        EVENTS.extend(item.payload.json for item in envelope.items if item.type == "event")


def applicant():
    return json.loads(pathlib.Path(os.environ["APPLICANTS"], str(next(NUMBERS))).read_text())


def create():
    return client.create_session(**applicant())


def log_it():
    try:
        create()
    except deepidv.Error:
        logging.getLogger("app").exception("not created")


def end_a_thread():
    thread = threading.Thread(target=create)
    thread.start()
    thread.join()


def end_the_program():
    try:
        create()
    except deepidv.Error:
        # As the interpreter does.
        sys.excepthook(*sys.exc_info())


sentry_sdk.init("https://public@sentry.example/1", transport=Collect)
client = deepidv.Client.from_env(timeout=0.5)
for way in (log_it, end_a_thread, end_the_program, log_it):
    way()
print(json.dumps(EVENTS))
