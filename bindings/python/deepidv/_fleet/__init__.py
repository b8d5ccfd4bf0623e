"""``deepidv fleet``: many machines create the sessions of one work list, a table of a database."""
