"""Which host names requests may be for, and the host names in links."""

import http.client
import socket
import urllib.parse

import pytest

EVERY_KIND = [
    "/",
    "/dashboard/requests",
    "/emulator.css",
    "/emulator/requests",
    "/emulator/clock",
    "/v1/sessions",
    "/v1/sessions/sess_abc",
    "/session/sess_abc",
    "/none",
]


def get(running, target, host, **headers):
    return running.request("GET", target, headers={"Host": host, "x-api-key": "dk_emulator", **headers})


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST:1",
        "localhost.",
        "shop.localhost",
        "127.0.0.1:1",
        "[::1]:80",
        # Port mappings have addresses that the emulator cannot know. No name can be bound to them again.
        "192.168.1.7:9000",
        "[fe80::1]",
    ],
)
def test_this_computer(emulator, host):
    for target in EVERY_KIND:
        assert get(emulator, target, host).status in (200, 404), target


FOREIGN = [
    "evil.example",
    "evil.example:80",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "evil.example#localhost",
    "user@localhost",
    "localhost:80:80",
    "localhost:x",
    "localhost, evil.example",
    "[::1",
    "emulator",
    "0x7f.1",
    "",
]


@pytest.mark.parametrize("host", FOREIGN)
def test_foreign_names(emulator, host):
    """A web site can let its own name resolve to this computer, but its scripts must not get anything."""
    for target in EVERY_KIND:
        response = get(emulator, target, host)
        assert response.status == 403, target
        assert response.json["error"].startswith("This host name is not allowed")
        assert "--allow-host" in response.text
    page = get(emulator, "/", host, Accept="text/html,*/*;q=0.8")
    assert page.headers["Content-Type"].startswith("text/html")
    assert "--allow-host" in page.text


def test_foreign_names_change_nothing(start):
    running = start("--rate", "0")
    running.command("faults", kind="status", status=503, path="/v1/")
    created = running.request(
        "POST",
        "/v1/sessions",
        '{"first_name": "a", "last_name": "b", "email": "a@b.example", "phone": "+15192223333"}',
        {"Host": "evil.example", "Content-Type": "application/json", "x-api-key": "dk_emulator"},
    )
    assert created.status == 403
    assert running.inspect("executions")["total"] == 0
    # The fault is still armed.
    assert running.create().status == 503


def test_the_host_of_a_request_through_a_proxy(emulator):
    """The host in the first line counts, not the one in the header."""
    for host, status in (("localhost", 200), ("evil.example", 403)):
        response = emulator.request(
            "GET", f"http://{host}/v1/sessions", headers={"Host": "localhost", "x-api-key": "dk_emulator"}
        )
        assert response.status == status
    response = emulator.request("GET", "http://localhost", headers={"Host": "evil.example"})
    assert response.status == 200 and "<title>Sessions" in response.text


@pytest.mark.parametrize("options", [[], ["--host", "0.0.0.0"], ["--host", "::"]])
def test_allowed_names(start, options):
    running = start(*options, "--allow-host", "emulator", "--allow-host", "Host.Docker.Internal")
    for host in ("emulator", "emulator:8080", "EMULATOR", "host.docker.internal:9000", "localhost"):
        assert get(running, "/v1/sessions", host).status == 200
    for host in ("evil.example", "emulator.evil.example", "docker.internal", "x.emulator"):
        assert get(running, "/v1/sessions", host).status == 403


class ByName(http.client.HTTPConnection):
    """A connection to a service name, as containers have them, which resolves to this computer."""

    def __init__(self, url, port):
        super().__init__(urllib.parse.urlsplit(url).netloc, timeout=20)
        self._port = port

    def connect(self):
        self.sock = socket.create_connection(("127.0.0.1", self._port), timeout=20)


def test_an_application_beside_it(start):
    """As with docker compose: an application calls it by its service name, a browser by a mapped port."""
    running = start("--host", "0.0.0.0", "--allow-host", "emulator", "--public-url", "http://localhost:9000/")
    application = ByName("http://emulator:8080", running.address.port)
    application.request(
        "POST",
        "/v1/sessions",
        '{"first_name": "a", "last_name": "b", "email": "a@b.example", "phone": "+15192223333"}',
        {"Content-Type": "application/json", "x-api-key": "dk_emulator"},
    )
    response = application.getresponse()
    body = response.read().decode()
    assert response.status == 200
    assert '"session_url":"http://localhost:9000/session/' in body
    application.close()
    link = running.inspect("outbox")["messages"][0]["link"]
    browser = ByName(link, running.address.port)
    browser.request("GET", urllib.parse.urlsplit(link).path)
    assert browser.getresponse().status == 200
    browser.close()


def links(running, host):
    """Returns the origins of all links in responses to requests for this host."""
    headers = {"Host": host, "x-api-key": "dk_emulator", "Content-Type": "application/json"}
    body = '{"first_name": "a", "last_name": "b", "email": "a@b.example", "phone": "+15192223333"}'
    created = running.request("POST", "/v1/sessions", body, headers).json
    session = created["id"]
    found = [created["session_url"], created["links"][0]["href"]]
    found.append(running.request("GET", f"/emulator/sessions/{session}", headers=headers).json["session_url"])
    messages = running.request("GET", f"/emulator/outbox?session={session}", headers=headers).json["messages"]
    found += [message["link"] for message in messages]
    assert all(message["link"] in message["text"] for message in messages)
    page = running.request("GET", f"/dashboard/outbox?session={session}", headers=headers).text
    assert f'href="{found[-1].replace("&", "&amp;")}"' in page
    clock = running.request("GET", "/dashboard/clock", headers=headers).text
    found.append(clock.split("curl ")[1].split(" ")[0])
    return {url.split("/session/")[0].split("/emulator/")[0] for url in found}


@pytest.mark.parametrize("host", ["localhost:9000", "127.0.0.1", "[::1]:9000", "shop.localhost:80"])
def test_links_have_the_host_of_the_call(start, host):
    assert links(start("--open", "links=rel"), host) == {f"http://{host}"}


@pytest.mark.parametrize("url", ["https://verify.example", "https://verify.example:8443", "http://[::1]:9000"])
def test_links_have_the_public_url(start, url):
    running = start("--open", "links=rel", "--public-url", url)
    assert links(running, "localhost:9000") == {url}
    # Requests for it are expected, too.
    assert get(running, "/v1/sessions", urllib.parse.urlsplit(url).netloc).status == 200


def test_forms_through_the_public_url(start):
    """A proxy in front of the emulator may put another name into Host."""
    running = start("--public-url", "https://verify.example")
    for origin, status in (("https://verify.example", 303), ("https://evil.example", 403)):
        headers = {"Host": "127.0.0.1:8080", "Origin": origin}
        assert running.post_form("/dashboard/clock", {"change": "freeze"}, headers).status == status
