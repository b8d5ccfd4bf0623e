"""Settings of gunicorn, which loads this file automatically."""

worker_class = "gthread"
workers = 2
threads = 4
# Do not wait long for connections that browsers keep open without a request.
graceful_timeout = 2
control_socket_disable = True
