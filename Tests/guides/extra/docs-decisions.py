# ruff: noqa: F821
assert (found.status, found.type) == ("VERIFIED", "verification"), (found.status, found.type)
assert found.created_at.year >= 2026
