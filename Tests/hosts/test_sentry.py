"""Sentry's SDK reports the exceptions without personal data and without the key."""

import json

APPLICANT = {
    "first_name": "canary-first",
    "last_name": "canary-last",
    "email": "canary@private.example",
    "phone": "+15550001111",
}
SECRETS = ("canary", "5550001111", "dk_emulator")


def test_what_sentry_reports(run, service, tmp_path):
    for number in range(4):
        # Four different applicants, so that no create is a repeat.
        (tmp_path / str(number)).write_text(json.dumps({**APPLICANT, "last_name": f"canary-{number}"}))
    service.lose_the_answer(searches=1000, count=3)
    service.refuse(400, {"message": " ".join(APPLICANT.values()), "hints": list(APPLICANT.values())})
    *lost, refused = json.loads(run("tracked", APPLICANTS=str(tmp_path)))
    assert len(lost) == 3
    for event in lost:
        check(event, "OutcomeUnknown", "DEEPIDV_E_OUTCOME_UNKNOWN")
    check(refused, "BadRequest", "DEEPIDV_E_BAD_REQUEST, HTTP 400")


def check(event, kind, text):
    (reported,) = event["exception"]["values"]
    assert (reported["type"], reported["module"]) == (kind, "deepidv")
    assert text in reported["value"]
    # The event contains the package's frames and local variables.
    frames = reported["stacktrace"]["frames"]
    assert any(frame["vars"] for frame in frames)
    assert any(frame["module"] == "deepidv._operation" for frame in frames)
    whole = json.dumps(event)
    for secret in SECRETS:
        assert secret not in whole
