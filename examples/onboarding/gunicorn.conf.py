"""Settings of gunicorn, which reads this file by itself."""

worker_class = "gthread"
workers = 2
threads = 4
# Browsers keep connections open without a request: an exit need not wait for them.
graceful_timeout = 2
control_socket_disable = True
