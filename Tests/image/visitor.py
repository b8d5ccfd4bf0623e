"""A visitor of the example application, from the form to the decision: `visitor.py APPLICATION EMULATOR`.

EMULATOR is its address in this network. Its public URL is that of a port mapping, which does not exist here, so
requests to it go to that address, with the public host in `Host`. Prints what it has seen as JSON.
"""

import html
import http.cookiejar
import json
import re
import ssl
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

APPLICATION, EMULATOR = sys.argv[1:]
PERSON = {"first_name": "Ada", "last_name": "Lovelace", "email": "ada@people.net", "phone": "+15192223333"}
KEY = {"x-api-key": "dk_emulator", "Content-Type": "application/json"}


class Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirect."""

    def redirect_request(self, *_):
        return None


COOKIES = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
TRUST = urllib.request.HTTPSHandler(context=ssl._create_unverified_context())
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), TRUST, COOKIES, Stay)


def send(url, data=None, method=None, headers=()):
    """Return the text of a response, or where it redirects to."""
    request = urllib.request.Request(url, data, dict(headers), method=method)
    parts = urllib.parse.urlsplit(url)
    if not url.startswith(APPLICATION):
        request = urllib.request.Request(
            parts._replace(netloc=EMULATOR).geturl(), data, {**dict(headers), "Host": parts.netloc}, method=method
        )
    try:
        with OPENER.open(request, timeout=30) as response:
            return response.read().decode()
    except urllib.error.HTTPError as error:
        if "Location" not in error.headers:
            raise
        return urllib.parse.urljoin(url, error.headers["Location"])


def until(condition):
    end = time.monotonic() + 30
    while not (value := condition()):
        if time.monotonic() > end:
            sys.exit("never happened")
        time.sleep(0.1)
    return value


def form():
    """Return the form when the application is ready."""
    try:
        return send(APPLICATION)
    except urllib.error.URLError:
        return None


def title():
    return re.search("<title>(.*) \N{EN DASH}", send(f"{APPLICATION}/status")).group(1)


page = until(form)
token = re.search('name="csrf_token" value="(.*?)"', page).group(1)
send(APPLICATION, urllib.parse.urlencode({**PERSON, "csrf_token": token}).encode())
status = send(f"{APPLICATION}/status")
session_url = html.unescape(re.search('class="button" href="(.*?)"', status).group(1))
public = urllib.parse.urlsplit(session_url)._replace(path="", query="").geturl()
session = urllib.parse.urlsplit(session_url).path.rpartition("/")[2]
hosted_page = send(session_url)
callback = send(f"{public}/session/{session}/finish", b"outcome=success")
after = send(callback)
checking = title()
decision = json.dumps({"new_status": "VERIFIED"}).encode()
send(f"{public}/v1/sessions/{session}/update-status", decision, "PATCH", KEY.items())


def delivered():
    """Return the types of the webhooks that the application has accepted."""
    found = json.loads(send(f"{public}/emulator/deliveries?session={session}"))["deliveries"]
    return sorted(one["type"] for one in found if one["status"] == "delivered")


until(lambda: "session.status.verified" in delivered())
until(lambda: title() == "You are verified")
print(json.dumps({
    "public": public, "hosted_page": "Ada" in hosted_page, "callback": callback, "after": after, "checking": checking,
    "webhooks": delivered(),
}))  # fmt: skip
