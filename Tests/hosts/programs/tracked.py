"""Creates under Sentry with its defaults: prints the events of three lost answers and of one refusal.

This file's lines and its locals are in the events, so the applicants are in files, as others are in a database.
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
    """In place of the network."""

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
        # What the interpreter calls.
        sys.excepthook(*sys.exc_info())


sentry_sdk.init("https://public@sentry.example/1", transport=Collect)
client = deepidv.Client.from_env(timeout=0.5)
for way in (log_it, end_a_thread, end_the_program, log_it):
    way()
print(json.dumps(EVENTS))
