"""Scripts of other origins: they may call the emulator only if an option says so."""

import pytest

ORIGIN = "http://localhost:5173"
PREFLIGHT = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type,x-api-key"}


def cors(response):
    """Returns the CORS headers of a response."""
    return {n.lower(): v for n, v in response.headers.items() if n.lower().startswith("access-control-")}


def test_off_by_default(emulator):
    response = emulator.request("OPTIONS", "/v1/sessions", headers={"Origin": ORIGIN, **PREFLIGHT})
    assert response.status == 405 and not cors(response)
    response = emulator.request("GET", "/v1/sessions", headers={"Origin": ORIGIN, "x-api-key": "dk_emulator"})
    assert response.status == 200 and not cors(response) and "Vary" not in response.headers


@pytest.fixture
def open_to(start):
    return start("--allow-origin", ORIGIN, "--allow-origin", "https://shop.example")


@pytest.mark.parametrize("origin", [ORIGIN, "https://shop.example"])
@pytest.mark.parametrize(
    "target, methods",
    [
        ("/v1/sessions", "GET, HEAD, POST"),
        ("/v1/sessions/sess_a/update-status", "PATCH"),
        ("/emulator/faults", "GET, HEAD, POST, DELETE"),
    ],
)
def test_allowed_origins(open_to, origin, target, methods):
    preflight = open_to.request("OPTIONS", target, headers={"Origin": origin, **PREFLIGHT})
    assert preflight.status == 204
    assert preflight.body == b"" and "Content-Length" not in preflight.headers
    allowed = cors(preflight)
    assert allowed["access-control-allow-origin"] == origin
    assert allowed["access-control-allow-methods"] == methods
    assert allowed["access-control-allow-headers"] == "content-type, x-api-key"
    assert preflight.headers["Vary"] == "Origin"
    # Errors can be read, too.
    for key in ("dk_emulator", "wrong"):
        response = open_to.request("GET", target, headers={"Origin": origin, "x-api-key": key})
        assert cors(response)["access-control-allow-origin"] == origin
        assert response.headers["Vary"] == "Origin"
    # Not a question of a browser.
    assert open_to.request("OPTIONS", target, headers={"Origin": origin}).status == 405


@pytest.mark.parametrize(
    "origin", ["null", "https://localhost:5173", "http://localhost", "http://localhost:5173.evil.example"]
)
def test_other_origins(open_to, origin):
    preflight = open_to.request("OPTIONS", "/v1/sessions", headers={"Origin": origin, **PREFLIGHT})
    assert preflight.status == 405 and not cors(preflight)
    response = open_to.request("GET", "/v1/sessions", headers={"Origin": origin, "x-api-key": "dk_emulator"})
    assert not cors(response)
    # A cache must not give this response to an allowed origin.
    assert response.headers["Vary"] == "Origin"


def test_pages_are_not_for_scripts(open_to):
    session = open_to.session()
    for target in ("/", f"/session/{session}", "/dashboard/clock"):
        assert not cors(open_to.request("GET", target, headers={"Origin": ORIGIN}))
        assert open_to.request("OPTIONS", target, headers={"Origin": ORIGIN, **PREFLIGHT}).status == 405
    form = {"Origin": ORIGIN}
    assert open_to.post_form("/dashboard/clock", {"change": "freeze"}, form).status == 403


def test_preflights_are_not_calls(open_to):
    open_to.command("faults", kind="status", status=503)
    open_to.request("OPTIONS", "/v1/sessions", headers={"Origin": ORIGIN, **PREFLIGHT})
    assert open_to.inspect("requests")["total"] == 0
    # An injected fault can be read by the script as well.
    response = open_to.request("GET", "/v1/sessions", headers={"Origin": ORIGIN, "x-api-key": "dk_emulator"})
    assert response.status == 503
    assert cors(response)["access-control-allow-origin"] == ORIGIN
