"""Sends one request: `ask.py METHOD URL HEADERS`, with the body on standard input. Prints status and body."""

import json
import sys
import urllib.error
import urllib.request

method, url, headers = sys.argv[1:]
body = sys.stdin.buffer.read()
request = urllib.request.Request(url, body or None, json.loads(headers), method=method)
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
try:
    response = opener.open(request, timeout=20)
except urllib.error.HTTPError as error:
    response = error
with response:
    print(json.dumps([response.status, response.read().decode()]))
