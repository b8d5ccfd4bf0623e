"""A WSGI application that handles no exception: /create/REFERENCE, and / with the worker's process id."""

import os
import threading

from onboarding import applicant, client

# All requests of a round are in flight before the first create is sent.
IN_FLIGHT = threading.Barrier(8)


def app(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/":
        body = str(os.getpid())
    else:
        IN_FLIGHT.wait(20)
        body = client().create_session(**applicant(path.rpartition("/")[2])).id
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body.encode()]
