"""Secrets and personal data that the tests use, and that no test may print: scripts/check-canaries looks for them."""

KEY = "dk_canary_5b1e9c47"
"""An API key, which the emulators of the tests accept beside their default."""

APPLICANT = {
    "first_name": "Quillabel",
    "last_name": "Zarnowicz",
    "email": "quillabel@canary.example",
    "phone": "+15195550148",
}

PARTS = ("dk_canary_5b1e9c47", "quillabel", "zarnowicz", "canary.example", "5195550148")
"""What of these survives any encoding of JSON, URLs and forms, in lower case."""

EMULATOR_OPTIONS = ("--api-key", "dk_emulator", "--api-key", KEY)
"""Options of an emulator that accepts both keys."""
