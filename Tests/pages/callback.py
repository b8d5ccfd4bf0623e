"""The integrator's side: a site that receives redirects, and a webhook endpoint."""

import http.server
import queue
import threading


class Site:
    """An HTTP server on a free port. It puts the received requests into `seen`."""

    def __init__(self, context=None):
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                # Ignore requests for a favicon.
                if self.path.startswith("/callback"):
                    site.seen.put(self.path)
                self.answer(b"<!doctype html><title>Your app</title><h1>Welcome back</h1>")

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                site.seen.put((self.headers.get("deepidv-signature"), body))
                self.answer(b"")

            def answer(self, body):
                self.send_response(site.status)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.seen = queue.Queue()
        self.status = 200
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        if context:
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        scheme = "https" if context else "http"
        self.url = f"{scheme}://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
