"""Runs nginx in front of the emulator, as a typical gateway with TLS."""

import socket
import subprocess
import time

CONFIGURATION = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  {settings}
  server {{
    listen 127.0.0.1:{port} ssl;
    ssl_certificate {certificates}/{certificate}.pem;
    ssl_certificate_key {certificates}/{certificate}.key;
    location / {{ proxy_pass {upstream}; }}
  }}
}}
"""


class Nginx:
    """An nginx process."""

    def __init__(self, folder, certificates, upstream, certificate="good", settings=""):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"https://localhost:{port}"
        self.address = f"https://127.0.0.1:{port}"
        configuration = folder / "nginx.conf"
        configuration.write_text(
            CONFIGURATION.format(
                folder=folder,
                certificates=certificates,
                certificate=certificate,
                port=port,
                upstream=upstream,
                settings=settings,
            )
        )
        # The timeout stops it if the tests are killed.
        self._process = subprocess.Popen(
            ["timeout", "300", "/usr/sbin/nginx", "-p", folder, "-c", configuration, "-e", folder / "error.log"],
            stdin=subprocess.DEVNULL,
        )
        for _ in range(500):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                assert self._process.poll() is None, (folder / "error.log").read_text()
                time.sleep(0.01)

    def end(self):
        self._process.terminate()
        self._process.wait(timeout=10)
