"""``deepidv doctor``: checks everything between this program and the service."""
