"""``deepidv bulk``: a file of applicants in, a file of sessions out, and no row is executed twice."""
