"""A WSGI application that handles no exceptions. / returns the worker's process id, /create/REFERENCE creates."""

import os
import threading

from common import applicant, client

# No create is sent before all eight requests of a round are in flight.
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
