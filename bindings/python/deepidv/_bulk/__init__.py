"""``deepidv bulk``: creates a session for each row of a file, and never executes a row twice."""
