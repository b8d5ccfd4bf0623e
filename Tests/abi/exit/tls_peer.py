"""A TLS server that answers every create, a little late. Prints its port; ends when its input does.

tls_peer.py CERTIFICATE KEY
"""

import socketserver
import ssl
import sys
import threading
import time

BODY = b'{"id":"sess_peer","session_url":"https://verify.example.com/session/sess_peer","links":[]}'
ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(BODY)
) + BODY

context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1], sys.argv[2])


class Connection(socketserver.BaseRequestHandler):
    def handle(self):
        try:
            with context.wrap_socket(self.request, server_side=True) as stream:
                received = b""
                while piece := stream.recv(65536):
                    received += piece
                    if received.endswith(b"}"):  # a create's last byte
                        received = b""
                        time.sleep(0.002)
                        stream.sendall(ANSWER)
        except OSError:
            pass  # the client is gone, which is what it is here for


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 128


server = Server(("127.0.0.1", 0), Connection)
print(server.server_address[1], flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
